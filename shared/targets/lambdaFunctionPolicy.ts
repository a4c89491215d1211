/** Function policies of Lambda: statements added and removed one by one. */
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetPolicyCommand,
  ListFunctionsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { allPages, orFault, restoreByWrites, unless, type Write } from './aws.ts';
import { canonicalDocument, documentPart, makeSnapshot, partDocument } from './snapshot.ts';
import type { AwsClients, Snapshot, TargetOperations, TargetRef } from './target.ts';

export const lambdaFunctionPolicy: TargetOperations = {
  read: (target, { lambda }) => read(target, lambda),
  async *list({ lambda }, { accountId, region }) {
    const functions = allPages(async (marker) => {
      const page = await orFault(lambda.send(new ListFunctionsCommand({ Marker: marker })));
      return { items: page.Functions ?? [], next: page.NextMarker };
    });
    for await (const { FunctionArn: arn } of functions) {
      if (arn !== undefined) yield { kind: 'lambda-function-policy', arn, accountId, region };
    }
  },
  restore: ({ accepted, offending }, { lambda }) =>
    restoreByWrites({
      accepted,
      offending,
      read: () => read(accepted.target, lambda),
      plan: (live) => planStatements({ accepted, live }, lambda),
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
    parts: documentPart(found?.Policy),
  });
}

function functionOf({ arn }: TargetRef): { readonly name: string; readonly qualifier: string | undefined } {
  const parts = arn.split(':');
  return { name: parts.slice(0, 7).join(':'), qualifier: parts[7] };
}

type LambdaStatement = { readonly [element: string]: unknown };

/** Removes the statements that were not accepted and adds those that are missing. Only the first write can name the revision read. */
function planStatements(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  lambda: AwsClients['lambda'],
): Write[] {
  const { name, qualifier } = functionOf(accepted.target);
  const wanted = statementsOf(accepted);
  const there = statementsOf(live);
  const target = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
  let revision = live.revision;
  const takeRevision = () => {
    const RevisionId = revision;
    revision = undefined;
    return RevisionId === undefined ? {} : { RevisionId };
  };
  const same = (a: LambdaStatement, b: LambdaStatement | undefined) =>
    b !== undefined &&
    canonicalDocument(JSON.stringify({ Statement: [a] })) ===
      canonicalDocument(JSON.stringify({ Statement: [b] }));
  const writes: Write[] = [];
  for (const [sid, statement] of there) {
    if (same(statement, wanted.get(sid))) continue;
    writes.push({
      operation: 'RemovePermission',
      summary: `remove statement ${sid} from the policy of ${name}`,
      send: () =>
        lambda.send(new RemovePermissionCommand({ ...target, ...takeRevision(), StatementId: sid })),
    });
  }
  for (const [sid, statement] of wanted) {
    if (same(statement, there.get(sid))) continue;
    writes.push({
      operation: 'AddPermission',
      summary: `put back statement ${sid} of the policy of ${name}`,
      send: () =>
        lambda.send(
          new AddPermissionCommand({ ...target, ...takeRevision(), ...permissionOf(sid, statement) }),
        ),
    });
  }
  return writes;
}

function statementsOf(snapshot: Snapshot): Map<string, LambdaStatement> {
  const document = partDocument(snapshot, 'document');
  if (document === undefined) return new Map();
  const { Statement: list = [] } = JSON.parse(document) as { Statement?: LambdaStatement[] };
  return new Map(list.map((statement) => [String(statement['Sid'] ?? ''), statement]));
}

/** The inverse of how Lambda renders a permission as a statement. Source: Lambda API Reference, AddPermission. */
function permissionOf(
  sid: string,
  statement: LambdaStatement,
): Omit<AddPermissionCommandInput, 'FunctionName'> {
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
  return {
    StatementId: sid,
    Action: String(statement['Action']),
    Principal: String(named),
    ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
    ...(sourceAccount === undefined ? {} : { SourceAccount: sourceAccount }),
    ...(organization === undefined ? {} : { PrincipalOrgID: organization }),
  };
}
