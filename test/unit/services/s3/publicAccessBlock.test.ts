import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { describe, expect, it } from 'vitest';
import { publicAccessDocument } from '../../../../shared/services/s3/publicAccessDocument.ts';
import { ACCOUNT, awsError, describeKind } from '../kindCase.ts';

type Block = { readonly [flag: string]: boolean };

const ON: Block = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const OFF = { ...ON, RestrictPublicBuckets: false };
const HALF = { ...ON, BlockPublicPolicy: false };

const PUT = (
  { PublicAccessBlockConfiguration }: { PublicAccessBlockConfiguration: Block },
  _: unknown,
  hold: (next: Block) => void,
) => {
  hold(PublicAccessBlockConfiguration);
  return {};
};
const GET = (_: unknown, held: Block | 'none' | 'gone') => {
  if (held === 'gone') throw awsError('NoSuchBucket');
  if (held === 'none') throw awsError('NoSuchPublicAccessBlockConfiguration');
  return { PublicAccessBlockConfiguration: held };
};

const bucketPages = {
  ListBuckets: ({ ContinuationToken: token }: { ContinuationToken?: string }) =>
    token === undefined ? { Buckets: [{ Name: 'a' }], ContinuationToken: '2' } : { Buckets: [{ Name: 'b' }] },
};
const bucketCalls = [
  ['ListBuckets', { BucketRegion: 'eu-west-1' }],
  ['ListBuckets', { BucketRegion: 'eu-west-1', ContinuationToken: '2' }],
] as const;

const bucket = {
  kind: 'bucket-public-access-block',
  arn: 'arn:aws:s3:::a',
  service: 's3',
  client: S3Client,
  answers: {
    ...bucketPages,
    GetPublicAccessBlock: GET,
    PutPublicAccessBlock: PUT,
    DeletePublicAccessBlock: (_: unknown, __: unknown, hold: (next: 'none') => void) => {
      hold('none');
      return {};
    },
  },
  reads: [['GetPublicAccessBlock', { Bucket: 'a' }]],
  listCalls: bucketCalls,
  listed: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
} as const;

describeKind<Block | 'none' | 'gone'>('a bucket’s public access block', {
  ...bucket,
  accepted: ON,
  from: OFF,
  another: HALF,
  missing: 'gone',
  writes: [['PutPublicAccessBlock', { Bucket: 'a', PublicAccessBlockConfiguration: ON }]],
});

describeKind<Block | 'none' | 'gone'>('a bucket’s public access block that was taken away', {
  ...bucket,
  accepted: HALF,
  from: 'none',
  another: OFF,
  missing: 'gone',
  writes: [['PutPublicAccessBlock', { Bucket: 'a', PublicAccessBlockConfiguration: HALF }]],
});

describeKind<Block | 'none' | 'gone'>('a bucket that had no public access block', {
  ...bucket,
  accepted: 'none',
  from: ON,
  another: OFF,
  missing: 'gone',
  writes: [['DeletePublicAccessBlock', { Bucket: 'a' }]],
});

describeKind<Block | 'none' | 'gone'>('an account’s public access block', {
  kind: 'account-public-access-block',
  arn: `arn:aws:s3::${ACCOUNT}:public-access-block`,
  service: 's3Control',
  client: S3ControlClient,
  answers: { GetPublicAccessBlock: GET, PutPublicAccessBlock: PUT },
  accepted: ON,
  from: 'none',
  another: OFF,
  missing: undefined,
  reads: [['GetPublicAccessBlock', { AccountId: ACCOUNT }]],
  listCalls: [],
  listed: [`arn:aws:s3::${ACCOUNT}:public-access-block`],
  writes: [['PutPublicAccessBlock', { AccountId: ACCOUNT, PublicAccessBlockConfiguration: ON }]],
});

describe('what a public access block keeps out', () => {
  const covered = { accountId: ACCOUNT, resources: ['arn:aws:s3:::a'] };

  it('is a Deny for each flag that is on', () => {
    const { Statement: statements } = JSON.parse(publicAccessDocument(ON, covered) ?? '') as {
      Statement: readonly { readonly Sid: string; readonly Effect: string }[];
    };

    expect(statements.map(({ Sid }) => Sid)).toEqual(Object.keys(ON));
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Deny']));
  });

  it('is nothing when every flag is off or missing', () => {
    expect(publicAccessDocument({ BlockPublicAcls: false }, covered)).toBeUndefined();
  });
});
