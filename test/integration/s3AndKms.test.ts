/** Rounds of S3's and KMS's kinds: done, found, restored, heard of without a word. */
import {
  CreateGrantCommand,
  CreateKeyCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  PutBucketAclCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import {
  CreateAccessPointCommand,
  CreateAccessPointForObjectLambdaCommand,
  CreateMultiRegionAccessPointCommand,
  DeletePublicAccessBlockCommand as DeleteAccountBlockCommand,
  PutAccessPointPolicyCommand,
  PutAccessPointPolicyForObjectLambdaCommand,
  PutPublicAccessBlockCommand as PutAccountBlockCommand,
  PutMultiRegionAccessPointPolicyCommand,
} from '@aws-sdk/client-s3-control';
import { describe, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, expectRestored, PLACE, type Round, text } from './setting.ts';

const Bucket = 'reports';
const ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const POINT = { AccountId: ACCOUNT, Name: 'point' };
const pointArn = (service: string) => `arn:aws:${service}:${PLACE.region}:${ACCOUNT}:accesspoint/point`;
const opened = (service: string) =>
  text({
    Effect: 'Allow',
    Principal: '*',
    Action: `${service}:GetObject`,
    Resource: `${pointArn(service)}/object/*`,
  });

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const OWN = { Effect: 'Allow', Principal: ROOT, Action: 'kms:*', Resource: '*' };

/** The key that was made before. */
async function onlyKey(kms: AwsClients['kms']): Promise<string> {
  const { Keys: keys = [] } = await kms.send(new ListKeysCommand({}));
  return keys[0]?.KeyArn ?? '';
}

const multiRegionPolicy = (Principal: unknown) =>
  new PutMultiRegionAccessPointPolicyCommand({
    AccountId: ACCOUNT,
    ClientToken: undefined,
    Details: {
      Name: 'everywhere',
      Policy: text({
        Effect: 'Allow',
        Principal,
        Action: 's3:GetObject',
        Resource: `arn:aws:s3::${ACCOUNT}:accesspoint/mfzwi23gnjvgw.mrap/object/*`,
      }),
    },
  });

const rounds: readonly Round[] = [
  {
    name: 'a bucket’s public access block that is taken away',
    before: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket })),
    change: ({ s3 }) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
    check: 'no-new-access',
  },
  ...(['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const).map(
    (flag): Round => ({
      name: `a bucket’s \`${flag}\` that is switched off`,
      before: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket })),
      change: ({ s3 }) =>
        s3.send(
          new PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: { ...ALL, [flag]: false },
          }),
        ),
      check: 'no-new-access',
    }),
  ),
  {
    name: 'an account’s public access block that is taken away',
    before: ({ s3Control }) =>
      s3Control.send(new PutAccountBlockCommand({ AccountId: ACCOUNT, PublicAccessBlockConfiguration: ALL })),
    change: ({ s3Control }) => s3Control.send(new DeleteAccountBlockCommand({ AccountId: ACCOUNT })),
    check: 'no-new-access',
  },
  {
    name: 'a bucket’s ACL that everybody may read by',
    before: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket, ObjectOwnership: 'ObjectWriter' })),
    change: ({ s3 }) => s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' })),
    check: 'no-public-access',
  },
  {
    name: 'ACLs that count again',
    before: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket })),
    change: ({ s3 }) => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
    check: 'no-new-access',
  },
  {
    name: 'an access point that is opened to everybody',
    before: ({ s3Control }) => s3Control.send(new CreateAccessPointCommand({ ...POINT, Bucket })),
    change: ({ s3Control }) =>
      s3Control.send(new PutAccessPointPolicyCommand({ ...POINT, Policy: opened('s3') })),
    check: 'no-public-access',
  },
  {
    name: 'a Multi-Region Access Point that is opened to everybody',
    before: async ({ s3Control }) => {
      await s3Control.send(
        new CreateMultiRegionAccessPointCommand({
          AccountId: ACCOUNT,
          ClientToken: undefined,
          Details: { Name: 'everywhere', Regions: [{ Bucket }] },
        }),
      );
      await s3Control.send(multiRegionPolicy({ AWS: ACCOUNT }));
    },
    change: ({ s3Control }) => s3Control.send(multiRegionPolicy('*')),
    check: 'no-public-access',
  },
  {
    name: 'an Object Lambda access point that is opened to everybody',
    before: ({ s3Control }) =>
      s3Control.send(new CreateAccessPointForObjectLambdaCommand({ ...POINT, Configuration: undefined })),
    change: ({ s3Control }) =>
      s3Control.send(
        new PutAccessPointPolicyForObjectLambdaCommand({ ...POINT, Policy: opened('s3-object-lambda') }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'a key policy that lets in another account',
    before: ({ kms }) => kms.send(new CreateKeyCommand({ Policy: text(OWN) })),
    change: async ({ kms }) =>
      kms.send(
        new PutKeyPolicyCommand({
          KeyId: await onlyKey(kms),
          Policy: text(OWN, { ...OWN, Principal: { AWS: '444455556666' }, Action: 'kms:Decrypt' }),
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a grant to another account',
    before: ({ kms }) => kms.send(new CreateKeyCommand({ Policy: text(OWN) })),
    change: async ({ kms }) =>
      kms.send(
        new CreateGrantCommand({
          KeyId: await onlyKey(kms),
          GranteePrincipal: 'arn:aws:iam::444455556666:role/reader',
          Operations: ['Decrypt'],
        }),
      ),
    check: 'no-external-access',
  },
];

describe('the guard of buckets, access points and keys', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));
});
