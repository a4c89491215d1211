/** Policies of table buckets. A bucket without a policy and one that is gone look the same, and both let in nobody beside. */
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeleteTableBucketPolicyCommand,
  GetTableBucketPolicyCommand,
  ListTableBucketsCommand,
  PutTableBucketPolicyCommand,
} from './s3TablesClient.ts';

export const tableBucketPolicy = documentTarget({
  kind: 'table-bucket-policy',
  service: 's3Tables',
  noun: 'table bucket',
  async read(s3Tables, { arn: tableBucketARN }) {
    const held = await unless(
      ['NotFoundException'],
      s3Tables.send(new GetTableBucketPolicyCommand({ tableBucketARN })),
    );
    return { document: held?.resourcePolicy };
  },
  async *list(s3Tables) {
    const buckets = allPages(async (continuationToken) => {
      const page = await orFault(s3Tables.send(new ListTableBucketsCommand({ continuationToken })));
      return { items: page.tableBuckets ?? [], next: page.continuationToken };
    });
    for await (const { arn } of buckets) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutTableBucketPolicy',
    send: (s3Tables, { target: { arn: tableBucketARN }, document: resourcePolicy }) =>
      s3Tables.send(new PutTableBucketPolicyCommand({ tableBucketARN, resourcePolicy })),
  },
  remove: {
    operation: 'DeleteTableBucketPolicy',
    send: (s3Tables, { target: { arn: tableBucketARN } }) =>
      s3Tables.send(new DeleteTableBucketPolicyCommand({ tableBucketARN })),
  },
});
