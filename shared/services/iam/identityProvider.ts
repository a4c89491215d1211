/** SAML and OpenID Connect providers of IAM: read and reported. Putting one back is a person's matter (see index.ts). */
import {
  GetOpenIDConnectProviderCommand,
  GetSAMLProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
} from '@aws-sdk/client-iam';
import { orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { openIdConnectDocument, samlDocument } from './identityProviderDocument.ts';

type Iam = AwsClients['iam'];

const NOT_THERE = ['NoSuchEntityException', 'NoSuchEntity'];

export const identityProvider: TargetOperations = {
  read: (target, { iam }) => (isSaml(target) ? readSaml(target, iam) : readOpenIdConnect(target, iam)),
  async *list({ iam }, place) {
    // Neither list has pages.
    const { SAMLProviderList: saml = [] } = await orFault(iam.send(new ListSAMLProvidersCommand({})));
    const { OpenIDConnectProviderList: oidc = [] } = await orFault(
      iam.send(new ListOpenIDConnectProvidersCommand({})),
    );
    for (const { Arn: arn } of [...saml, ...oidc])
      if (arn !== undefined) yield { kind: 'identity-provider', arn, ...place };
  },
  restore: async () => ({ kind: 'cannot-undo', cause: 'identity providers are only reported' }),
};

function isSaml({ arn }: TargetRef): boolean {
  return arn.includes(':saml-provider/');
}

async function readSaml(target: TargetRef, iam: Iam): Promise<Snapshot> {
  const found = await unless(
    NOT_THERE,
    iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: target.arn })),
  );
  if (found === undefined) return absentSnapshot(target);
  const { SAMLMetadataDocument: metadata = '', SAMLProviderUUID: uniqueId, CreateDate: created } = found;
  return snapshotOf(target, { document: samlDocument(target.arn, metadata), uniqueId, created });
}

async function readOpenIdConnect(target: TargetRef, iam: Iam): Promise<Snapshot> {
  const found = await unless(
    NOT_THERE,
    iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: target.arn })),
  );
  if (found === undefined) return absentSnapshot(target);
  const { Url: url = '', ClientIDList: clientIds = [], ThumbprintList: thumbprints = [] } = found;
  const document = openIdConnectDocument(target.arn, {
    url: url.replace(/^https?:\/\//, ''),
    clientIds,
    thumbprints,
  });
  return snapshotOf(target, { document, uniqueId: undefined, created: found.CreateDate });
}

type Found = {
  readonly document: string | undefined;
  readonly uniqueId: string | undefined;
  readonly created: Date | undefined;
};

function snapshotOf(target: TargetRef, { document, uniqueId, created }: Found): Snapshot {
  return makeSnapshot({
    target,
    exists: true,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts: [{ id: 'document', role: 'resource', document }],
  });
}
