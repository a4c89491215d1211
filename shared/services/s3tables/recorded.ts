/** S3 Tables’ operations on table buckets in memory. Source: S3 API Reference, "Amazon S3 Tables". */
import {
  type Account,
  type Input,
  makeResource,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

const arnOf = (_: Account, input: Input) => required(input, 'tableBucketARN');

const HELD: Documented = { arnOf, notFound: 'NotFoundException', noPolicy: 'NotFoundException' };

const OPERATIONS: OperationTable = {
  CreateTableBucket(account, input, { now, region }) {
    const arn =
      optional(input, 'arn') ??
      `arn:${account.partition}:s3tables:${region}:${account.accountId}:bucket/${required(input, 'name')}`;
    return { arn: makeResource(account, arn, now).arn };
  },
  DeleteTableBucket: deleting(HELD),
  GetTableBucketPolicy: reading(HELD, (resourcePolicy) => ({ resourcePolicy })),
  PutTableBucketPolicy: writing(HELD, 'resourcePolicy'),
  DeleteTableBucketPolicy: removing(HELD),
  ListTableBuckets: (account, _, { region }) => ({
    tableBuckets: resourcesOf(account, 's3tables', region).map(({ arn }) => ({ arn })),
  }),
};

export const S3_TABLES: RecordedService = {
  client: 's3Tables',
  source: 's3tables.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({ ...request, ...response }),
  toRequest: (input) => input,
};
