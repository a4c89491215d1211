/** S3's operations on an account in memory. Source: S3 API Reference. */
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  capitalised,
  type Input,
  type OperationContext,
  type OperationTable,
  type RecordedService,
  required,
  uncapitalised,
} from './account.ts';

function bucketOf(account: Account, input: Input, { lenient }: OperationContext) {
  const name = required(input, 'Bucket');
  let bucket = account.buckets.get(name);
  if (bucket === undefined) {
    if (!lenient) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    bucket = { created: BEFORE_THE_TRAIL, policy: undefined };
    account.buckets.set(name, bucket);
  }
  return bucket;
}

const OPERATIONS: OperationTable = {
  CreateBucket(account, input, { now }) {
    const name = required(input, 'Bucket');
    account.buckets.set(name, { created: now, policy: account.buckets.get(name)?.policy });
    return {};
  },
  DeleteBucket(account, input) {
    account.buckets.delete(required(input, 'Bucket'));
    return {};
  },
  GetBucketPolicy(account, input, context) {
    const { policy } = bucketOf(account, input, { ...context, lenient: false });
    if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist');
    return { Policy: policy };
  },
  PutBucketPolicy(account, input, context) {
    bucketOf(account, input, context).policy = required(input, 'Policy');
    return {};
  },
  DeleteBucketPolicy(account, input, context) {
    bucketOf(account, input, context).policy = undefined;
    return {};
  },
  ListBuckets: (account) => ({
    Buckets: [...account.buckets].map(([name, { created }]) => ({ Name: name, CreationDate: created })),
  }),
};

/** S3 calls its bucket and its policy by other names in records, and the policy is a JSON object there. */
export const S3: RecordedService = {
  source: 's3.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request) => ({
    ...capitalised(request),
    Bucket: request['bucketName'],
    ...(typeof request['bucketPolicy'] === 'object'
      ? { Policy: JSON.stringify(request['bucketPolicy']) }
      : {}),
  }),
  toRequest: (input) => ({
    ...uncapitalised(input),
    bucketName: input['Bucket'],
    ...(typeof input['Policy'] === 'string' ? { bucketPolicy: JSON.parse(input['Policy']) as unknown } : {}),
  }),
};
