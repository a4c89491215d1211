/** S3 Tables’ API, as far as it is called. Source: S3 API Reference, "Amazon S3 Tables". */
import { IN_PATH, inQuery, STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'S3Tables',
  namespace: 'com.amazonaws.s3tables',
  version: '2018-05-10',
  scope: 's3tables',
});

type Bucket = { readonly tableBucketARN: string };

const BUCKET = { tableBucketARN: IN_PATH };
const PATH = '/buckets/{tableBucketARN}/policy';

/** The policy of a table bucket. */
export const GetTableBucketPolicyCommand = shapes.command<Bucket, { readonly resourcePolicy?: string }>(
  'GetTableBucketPolicy',
  { http: ['GET', PATH], input: BUCKET, output: { resourcePolicy: STRING } },
);
/** Writes the policy. */
export const PutTableBucketPolicyCommand = shapes.command<
  Bucket & { readonly resourcePolicy: string },
  object
>('PutTableBucketPolicy', { http: ['PUT', PATH], input: { ...BUCKET, resourcePolicy: STRING }, output: {} });
/** Takes the policy away. */
export const DeleteTableBucketPolicyCommand = shapes.command<Bucket, object>('DeleteTableBucketPolicy', {
  http: ['DELETE', PATH],
  input: BUCKET,
  output: {},
});
/** A page of table buckets. */
export const ListTableBucketsCommand = shapes.command<
  { readonly continuationToken?: string | undefined },
  { readonly tableBuckets?: readonly { readonly arn?: string }[]; readonly continuationToken?: string }
>('ListTableBuckets', {
  http: ['GET', '/buckets'],
  input: { continuationToken: inQuery('continuationToken') },
  output: {
    tableBuckets: shapes.listOf('TableBuckets', shapes.structure('TableBucket', { arn: STRING })),
    continuationToken: STRING,
  },
});

/** The client. Takes what every client of the SDK takes. */
export class S3TablesClient extends shapes.Client {}
