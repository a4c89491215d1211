/** Function policies of Lambda: statements added and removed one by one. */
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetPolicyCommand,
  ListFunctionsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { allPages, orFault, restoreByWrites, unless, type Write } from './aws.ts';
import {
  inOrder,
  isHalfway,
  planStatements,
  type Statement,
  type Versions,
  withStatement,
} from './lambdaStatements.ts';
import { documentPart, makeSnapshot } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

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
  restore: ({ accepted, offending, isResumed }, { lambda }) =>
    restoreByWrites({
      accepted,
      offending,
      isResumed,
      read: () => read(accepted.target, lambda),
      plan: (live) => plan({ accepted, live }, lambda),
      isHalfway: (live) => isHalfway(live, { accepted, offending }),
    }),
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
  const parts = arn.split(':');
  return { name: parts.slice(0, 7).join(':'), qualifier: parts[7] };
}

function plan(versions: Versions, lambda: AwsClients['lambda']): Write[] {
  const { name, qualifier } = functionOf(versions.accepted.target);
  const target = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
  return planStatements(versions, {
    whose: `the policy of ${name}`,
    operations: { add: 'AddPermission', remove: 'RemovePermission' },
    add: (StatementId, statement, revision) =>
      lambda.send(
        new AddPermissionCommand({ ...target, ...revision, StatementId, ...permissionOf(statement) }),
      ),
    remove: (StatementId, revision) =>
      lambda.send(new RemovePermissionCommand({ ...target, ...revision, StatementId })),
  });
}

/** The inverse of how Lambda renders a permission as a statement. Source: Lambda API Reference, AddPermission. */
function permissionOf(statement: Statement): Omit<AddPermissionCommandInput, 'FunctionName' | 'StatementId'> {
  const principal = statement['Principal'];
  const named = typeof principal === 'object' && principal !== null ? Object.values(principal)[0] : principal;
  const condition = (operator: string, key: string): string | undefined => {
    const block = statement['Condition'] as
      | { readonly [operator: string]: { readonly [key: string]: string } }
      | undefined;
    const entry = Object.entries(block?.[operator] ?? {}).find(
      ([name]) => name.toLowerCase() === key.toLowerCase(),
    );
    return entry?.[1];
  };
  const sourceArn = condition('ArnLike', 'AWS:SourceArn');
  const sourceAccount = condition('StringEquals', 'AWS:SourceAccount');
  const organization = condition('StringEquals', 'aws:PrincipalOrgID');
  const authType = condition('StringEquals', 'lambda:FunctionUrlAuthType');
  return {
    Action: String(statement['Action']),
    Principal: String(named),
    ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
    ...(sourceAccount === undefined ? {} : { SourceAccount: sourceAccount }),
    ...(organization === undefined ? {} : { PrincipalOrgID: organization }),
    ...(authType === 'NONE' || authType === 'AWS_IAM' ? { FunctionUrlAuthType: authType } : {}),
  };
}
