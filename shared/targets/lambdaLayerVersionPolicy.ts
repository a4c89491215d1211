/** Policies of layer versions: who else may put the layer into functions. */
import {
  AddLayerVersionPermissionCommand,
  GetLayerVersionPolicyCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  RemoveLayerVersionPermissionCommand,
} from '@aws-sdk/client-lambda';
import { allPages, orFault, restoreByWrites, unless } from './aws.ts';
import { inOrder, isHalfway, planStatements, type Statement, withStatement } from './lambdaStatements.ts';
import { documentPart, makeSnapshot } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

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
  restore({ accepted, offending, isResumed }, { lambda }) {
    const version = versionOf(accepted.target);
    return restoreByWrites({
      accepted,
      offending,
      isResumed,
      read: () => read(accepted.target, lambda),
      isHalfway: (live) => isHalfway(live, { accepted, offending }),
      plan: (live) =>
        planStatements(
          { accepted, live },
          {
            whose: `the policy of layer version ${version.LayerName}:${version.VersionNumber}`,
            operations: { add: 'AddLayerVersionPermission', remove: 'RemoveLayerVersionPermission' },
            add: (StatementId, statement, revision) =>
              lambda.send(
                new AddLayerVersionPermissionCommand({
                  ...version,
                  ...revision,
                  StatementId,
                  ...permissionOf(statement),
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
  const parts = arn.split(':');
  return { LayerName: parts.slice(0, 7).join(':'), VersionNumber: Number(parts[7]) };
}

/** The inverse of how Lambda renders a permission as a statement. Source: Lambda API Reference, AddLayerVersionPermission. */
function permissionOf(statement: Statement): {
  readonly Action: string;
  readonly Principal: string;
  readonly OrganizationId?: string;
} {
  const principal = statement['Principal'];
  const named = typeof principal === 'object' && principal !== null ? Object.values(principal)[0] : principal;
  const conditions = JSON.stringify(statement['Condition'] ?? {});
  const [, organization] = /"aws:PrincipalOrgID":"([^"]+)"/i.exec(conditions) ?? [];
  return {
    Action: String(statement['Action']),
    // An account is shown as the ARN of its root and given as its number.
    Principal: /^arn:[^:]*:iam::(\d{12}):root$/.exec(String(named))?.[1] ?? String(named),
    ...(organization === undefined ? {} : { OrganizationId: organization }),
  };
}
