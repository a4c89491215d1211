/** DynamoDB's operations on tables and resource policies in memory. Source: DynamoDB API Reference. */
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

const TABLE: Documented = {
  arnOf: (_, input) => required(input, 'ResourceArn'),
  notFound: 'ResourceNotFoundException',
  noPolicy: 'PolicyNotFoundException',
};

function tableArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  const given = required(input, 'TableName');
  return given.startsWith('arn:')
    ? given
    : `arn:${account.partition}:dynamodb:${region}:${account.accountId}:table/${given}`;
}

const revisionOf = ({ revision }: Resource) => String(revision);

function checkRevision(table: Resource, input: Input): void {
  const expected = optional(input, 'ExpectedRevisionId');
  const current = table.policy === undefined ? 'NO_POLICY' : revisionOf(table);
  if (expected !== undefined && expected !== current)
    throw new AwsError('PolicyNotFoundException', 'the policy is not of the revision that was expected');
}

const OPERATIONS: OperationTable = {
  CreateTable(account, input, context) {
    const table = makeResource(account, tableArn(account, input, context), context.now);
    table.policy = optional(input, 'ResourcePolicy');
    return { TableDescription: { TableArn: table.arn } };
  },
  DeleteTable: deleting({ ...TABLE, arnOf: tableArn }),
  GetResourcePolicy: reading(TABLE, (Policy, table) => ({ Policy, RevisionId: revisionOf(table) })),
  PutResourcePolicy: writing(TABLE, 'Policy', checkRevision),
  DeleteResourcePolicy: removing(TABLE, checkRevision),
  ListTables: (account, _, { region }) => ({
    TableNames: resourcesOf(account, 'dynamodb', region).map(({ arn }) => arn.slice(arn.indexOf('/') + 1)),
  }),
};

export const DYNAMODB: RecordedService = {
  client: 'dynamodb',
  source: 'dynamodb.amazonaws.com',
  operations: OPERATIONS,
};
