/** Policies of layer versions: who else may put the layer into functions. */

import {
  AddLayerVersionPermissionCommand,
  GetLayerVersionPolicyCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  RemoveLayerVersionPermissionCommand,
} from '@aws-sdk/client-lambda';
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, restoreByWrites, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentPart, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import {
  byNumber,
  inOrder,
  isHalfway,
  LAYER_PARAMETERS,
  planStatements,
  whyNotSayable,
  withStatement,
} from './lambdaStatements.ts';

type Client = AwsClients['lambda'];

export const lambdaLayerVersionPolicy: TargetOperations = {
  read: (target, { lambda }) => read(target, lambda),
  withAddition: async (live, statement) => withStatement(live, statement),
  async *list({ lambda }, place) {
    const layers = allPages(async (Marker) => {
      const page = await orFault(lambda.send(new ListLayersCommand({ Marker })));
      return { items: page.Layers ?? [], next: page.NextMarker };
    });
    for await (const { LayerArn: LayerName } of layers) {
      const versions = allPages(async (Marker) => {
        const page = await orFault(lambda.send(new ListLayerVersionsCommand({ LayerName, Marker })));
        return { items: page.LayerVersions ?? [], next: page.NextMarker };
      });
      for await (const { LayerVersionArn: arn } of versions)
        if (arn !== undefined) yield { kind: 'lambda-layer-version-policy', arn, ...place };
    }
  },
  async restore({ accepted, from }, { lambda }) {
    const cause = whyNotSayable({ accepted, from }, LAYER_PARAMETERS);
    if (cause !== undefined) return { kind: 'cannot-undo', cause };
    const version = versionOf(accepted.target);
    return restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, lambda),
      isHalfway: (live) => isHalfway(live, { accepted, from }),
      plan: (live) =>
        planStatements(
          { accepted, live },
          {
            whose: `the policy of layer version ${version.LayerName}:${version.VersionNumber}`,
            operations: { add: 'AddLayerVersionPermission', remove: 'RemoveLayerVersionPermission' },
            parameters: LAYER_PARAMETERS,
            add: (StatementId, permission, revision) =>
              lambda.send(
                new AddLayerVersionPermissionCommand({
                  ...version,
                  ...revision,
                  StatementId,
                  ...byNumber(permission),
                }),
              ),
            remove: (StatementId, revision) =>
              lambda.send(new RemoveLayerVersionPermissionCommand({ ...version, ...revision, StatementId })),
          },
        ),
    });
  },
};

/** A version without a policy and one that is gone look the same, and both let in nobody. */
async function read(target: TargetRef, lambda: Client): Promise<Snapshot> {
  const found = await unless(
    ['ResourceNotFoundException'],
    lambda.send(new GetLayerVersionPolicyCommand(versionOf(target))),
  );
  return makeSnapshot({
    target,
    exists: true,
    ...(found?.RevisionId === undefined ? {} : { revision: found.RevisionId }),
    parts: documentPart(inOrder(found?.Policy)),
  });
}

/** `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION` */
function versionOf({ arn }: TargetRef): { readonly LayerName: string; readonly VersionNumber: number } {
  const { head, resource } = parseArn(arn);
  const [type, name, version] = resource.split(':');
  return { LayerName: `${head}:${type}:${name}`, VersionNumber: Number(version) };
}
