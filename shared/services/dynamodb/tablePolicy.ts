/** Policies of DynamoDB tables and of their streams. Each write names the revision it was decided on. */
import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListTablesCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-dynamodb';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';

export const tablePolicy = documentTarget({
  kind: 'table-policy',
  service: 'dynamodb',
  noun: 'table',
  async read(dynamodb, { arn: ResourceArn }) {
    const found = await unless(
      ['ResourceNotFoundException', 'PolicyNotFoundException'],
      dynamodb.send(new GetResourcePolicyCommand({ ResourceArn })),
    );
    // A table without a policy and one that is gone both grant nothing.
    return { document: found?.Policy, revision: found?.RevisionId };
  },
  async *list(dynamodb, { accountId, region }) {
    const names = allPages(async (ExclusiveStartTableName) => {
      const page = await orFault(dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName })));
      return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
    });
    for await (const name of names)
      yield `arn:${partitionOf(region)}:dynamodb:${region}:${accountId}:table/${name}`;
  },
  put: {
    operation: 'PutResourcePolicy',
    // `NO_POLICY`: only while there is none.
    send: (dynamodb, { target: { arn: ResourceArn }, document: Policy, live }) =>
      dynamodb.send(
        new PutResourcePolicyCommand({
          ResourceArn,
          Policy,
          ExpectedRevisionId: live.revision ?? 'NO_POLICY',
        }),
      ),
  },
  remove: {
    operation: 'DeleteResourcePolicy',
    send: (dynamodb, { target: { arn: ResourceArn }, live }) =>
      dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: live.revision })),
  },
});
