/** Function policies of Lambda: statements added and removed one by one. */

import {
  AddPermissionCommand,
  GetPolicyCommand,
  ListFunctionsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentPart, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import {
  FUNCTION_PARAMETERS,
  inOrder,
  isHalfway,
  type Permission,
  planStatements,
  type Versions,
  whyNotSayable,
  withStatement,
} from './lambdaStatements.ts';

export const lambdaFunctionPolicy: TargetOperations = {
  read: (target, { lambda }) => read(target, lambda),
  withAddition: async (live, statement) => withStatement(live, statement),
  async *list({ lambda }, { accountId, region }) {
    const functions = allPages(async (marker) => {
      const page = await orFault(lambda.send(new ListFunctionsCommand({ Marker: marker })));
      return { items: page.Functions ?? [], next: page.NextMarker };
    });
    for await (const { FunctionArn: arn } of functions) {
      if (arn !== undefined) yield { kind: 'lambda-function-policy', arn, accountId, region };
    }
  },
  async restore({ accepted, from }, { lambda }) {
    const cause = whyNotSayable({ accepted, from }, FUNCTION_PARAMETERS);
    if (cause !== undefined) return { kind: 'cannot-undo', cause };
    return restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, lambda),
      plan: (live) => plan({ accepted, live }, lambda),
      isHalfway: (live) => isHalfway(live, { accepted, from }),
    });
  },
};

/** A function without a policy and one that is gone look the same to `GetPolicy`, and both grant nothing. */
async function read(target: TargetRef, lambda: AwsClients['lambda']): Promise<Snapshot> {
  const { name, qualifier } = functionOf(target);
  const found = await unless(
    ['ResourceNotFoundException'],
    lambda.send(new GetPolicyCommand({ FunctionName: name, Qualifier: qualifier })),
  );
  return makeSnapshot({
    target,
    exists: true,
    ...(found?.RevisionId === undefined ? {} : { revision: found.RevisionId }),
    parts: documentPart(inOrder(found?.Policy)),
  });
}

function functionOf({ arn }: TargetRef): { readonly name: string; readonly qualifier: string | undefined } {
  const { head, resource } = parseArn(arn);
  const [type, name, qualifier] = resource.split(':');
  return { name: `${head}:${type}:${name}`, qualifier };
}

function plan(versions: Versions, lambda: AwsClients['lambda']): Write[] {
  const { name, qualifier } = functionOf(versions.accepted.target);
  const target = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
  return planStatements(versions, {
    whose: `the policy of ${name}`,
    operations: { add: 'AddPermission', remove: 'RemovePermission' },
    parameters: FUNCTION_PARAMETERS,
    add: (StatementId, permission, revision) =>
      lambda.send(new AddPermissionCommand({ ...target, ...revision, StatementId, ...typed(permission) })),
    remove: (StatementId, revision) =>
      lambda.send(new RemovePermissionCommand({ ...target, ...revision, StatementId })),
  });
}

/** The parameter that is no text. */
function typed({ InvokedViaFunctionUrl: viaUrl, ...permission }: Permission) {
  return viaUrl === undefined ? permission : { ...permission, InvokedViaFunctionUrl: viaUrl === 'true' };
}
