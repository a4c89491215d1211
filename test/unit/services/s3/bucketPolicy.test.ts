import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { bucketPolicy } from '../../../../shared/services/s3/bucketPolicy.ts';
import { awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

const policyOf = (action: string, effect = 'Allow') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Principal: '*', Action: action, Resource: 'arn:aws:s3:::a/*' }],
  });
const READ = policyOf('s3:GetObject');

const bucket: Omit<KindCase<string>, 'accepted' | 'from' | 'writes'> = {
  kind: 'bucket-policy',
  arn: 'arn:aws:s3:::a',
  service: 's3',
  client: S3Client,
  answers: {
    GetBucketPolicy: (_: unknown, held: string) => {
      if (held === 'gone') throw awsError('NoSuchBucket');
      if (held === 'none') throw awsError('NoSuchBucketPolicy');
      if (held === 'closed')
        throw awsError('AccessDenied', 'with an explicit deny in a resource-based policy');
      return { Policy: held };
    },
    PutBucketPolicy: ({ Policy }: { Policy: string }, _: string, hold: (next: string) => void) => {
      hold(Policy);
      return {};
    },
    DeleteBucketPolicy: (_: unknown, __: string, hold: (next: string) => void) => {
      hold('none');
      return {};
    },
    ListBuckets: ({ ContinuationToken: token }: { ContinuationToken?: string }) =>
      token === undefined
        ? { Buckets: [{ Name: 'a' }], ContinuationToken: '2' }
        : { Buckets: [{ Name: 'b' }] },
  },
  another: policyOf('s3:*'),
  missing: 'gone',
  reads: [['GetBucketPolicy', { Bucket: 'a' }]],
  listCalls: [
    ['ListBuckets', { BucketRegion: 'eu-west-1' }],
    ['ListBuckets', { BucketRegion: 'eu-west-1', ContinuationToken: '2' }],
  ],
  listed: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
};

describeKind<string>('a bucket policy', {
  ...bucket,
  accepted: READ,
  from: policyOf('s3:PutObject'),
  writes: [['PutBucketPolicy', { Bucket: 'a', Policy: READ }]],
});

describeKind<string>('a bucket that had no policy', {
  ...bucket,
  accepted: 'none',
  from: READ,
  writes: [['DeleteBucketPolicy', { Bucket: 'a' }]],
});

describe('a bucket whose policy keeps the guard out', () => {
  it('is there, and cannot be judged', async () => {
    const aws = fakeAws(bucket, 'closed');

    const snapshot = await bucketPolicy.read({ kind: bucket.kind, arn: bucket.arn, ...PLACE }, aws.clients);

    expect(snapshot).toMatchObject({ exists: true, parts: [{ id: 'document', document: undefined }] });
  });
});
