import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { aclDocument, ownershipDocument } from '../../../../shared/services/s3/aclDocument.ts';
import { awsError, describeKind, type KindCase } from '../kindCase.ts';

type Grant = {
  readonly Grantee: { readonly Type: string; readonly [name: string]: string };
  readonly Permission: string;
};
type Held = { readonly grants: readonly Grant[]; readonly ownership?: string } | 'gone';

const OWNER = 'c'.repeat(64);
const owners: Grant = { Grantee: { Type: 'CanonicalUser', ID: OWNER }, Permission: 'FULL_CONTROL' };
const group = (name: string, Permission: string): Grant => ({
  Grantee: { Type: 'Group', URI: `http://acs.amazonaws.com/groups/${name}` },
  Permission,
});
const everybody = group('global/AllUsers', 'READ');

const held = (one: Held) => {
  if (one === 'gone') throw awsError('NoSuchBucket');
  return one;
};

const bucket: Omit<KindCase<Held>, 'accepted' | 'from' | 'writes'> = {
  kind: 'bucket-acl',
  arn: 'arn:aws:s3:::a',
  service: 's3',
  client: S3Client,
  answers: {
    ListBuckets: ({ ContinuationToken: token }: { ContinuationToken?: string }) =>
      token === undefined
        ? { Buckets: [{ Name: 'a' }], ContinuationToken: '2' }
        : { Buckets: [{ Name: 'b' }] },
    GetBucketAcl: (_: unknown, one: Held) => ({ Owner: { ID: OWNER }, Grants: held(one).grants }),
    GetBucketOwnershipControls: (_: unknown, one: Held) => {
      const { ownership } = held(one);
      if (ownership === undefined) throw awsError('OwnershipControlsNotFoundError');
      return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
    },
    PutBucketAcl: (
      { AccessControlPolicy: { Grants } }: { AccessControlPolicy: { Grants: readonly Grant[] } },
      one: Held,
      hold: (next: Held) => void,
    ) => {
      if (held(one).ownership === 'BucketOwnerEnforced') throw awsError('AccessControlListNotSupported');
      hold({ ...held(one), grants: Grants });
      return {};
    },
    PutBucketOwnershipControls: (
      {
        OwnershipControls: { Rules },
      }: { OwnershipControls: { Rules: readonly { ObjectOwnership: string }[] } },
      one: Held,
      hold: (next: Held) => void,
    ) => {
      const ownership = Rules[0]?.ObjectOwnership ?? '';
      if (ownership === 'BucketOwnerEnforced' && held(one).grants.length > 1)
        throw awsError('InvalidBucketAclWithObjectOwnership');
      hold({ ...held(one), ownership });
      return {};
    },
    DeleteBucketOwnershipControls: (_: unknown, one: Held, hold: (next: Held) => void) => {
      hold({ grants: held(one).grants });
      return {};
    },
  },
  another: { grants: [owners, group('global/AuthenticatedUsers', 'WRITE')] },
  missing: 'gone',
  reads: [
    ['GetBucketAcl', { Bucket: 'a' }],
    ['GetBucketOwnershipControls', { Bucket: 'a' }],
  ],
  listCalls: [
    ['ListBuckets', { BucketRegion: 'eu-west-1' }],
    ['ListBuckets', { BucketRegion: 'eu-west-1', ContinuationToken: '2' }],
  ],
  listed: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
};

const acl = (...grants: readonly Grant[]) => ({
  Bucket: 'a',
  AccessControlPolicy: { Owner: { ID: OWNER }, Grants: grants },
});

describeKind<Held>('a bucket’s ACL', {
  ...bucket,
  accepted: { grants: [owners] },
  from: { grants: [owners, everybody] },
  writes: [['PutBucketAcl', acl(owners)]],
});

describeKind<Held>('a bucket whose owner owned every object', {
  ...bucket,
  accepted: { grants: [owners], ownership: 'BucketOwnerEnforced' },
  from: { grants: [owners, everybody], ownership: 'ObjectWriter' },
  // The ACL first: S3 does not enforce the owner while the ACL grants to others.
  writes: [
    ['PutBucketAcl', acl(owners)],
    [
      'PutBucketOwnershipControls',
      { Bucket: 'a', OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
    ],
  ],
  halfway: {
    held: { grants: [owners], ownership: 'ObjectWriter' },
    writes: [
      [
        'PutBucketOwnershipControls',
        { Bucket: 'a', OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
      ],
    ],
  },
});

describeKind<Held>('a bucket whose ACL counted', {
  ...bucket,
  accepted: { grants: [owners, everybody] },
  from: { grants: [owners], ownership: 'BucketOwnerEnforced' },
  // Ownership first: S3 takes no ACL while the owner is enforced.
  writes: [
    ['DeleteBucketOwnershipControls', { Bucket: 'a' }],
    ['PutBucketAcl', acl(owners, everybody)],
  ],
});

describe('what an ACL grants', () => {
  const place = { arn: 'arn:aws:s3:::a', accountId: '111122223333' };
  const statementsOf = (grants: readonly Grant[]) =>
    (
      JSON.parse(
        // The grants of these tests are those of the SDK.
        aclDocument({ grants: grants as never, ownerId: OWNER }, place) ?? '{"Statement":[]}',
      ) as { Statement: readonly object[] }
    ).Statement;

  it.each([
    [owners, { AWS: '111122223333' }],
    [
      { ...owners, Grantee: { Type: 'CanonicalUser', ID: 'd'.repeat(64) } },
      { CanonicalUser: 'd'.repeat(64) },
    ],
    [everybody, '*'],
    [group('global/AuthenticatedUsers', 'READ'), { AWS: '*' }],
    [group('s3/LogDelivery', 'WRITE'), { Service: 'logging.s3.amazonaws.com' }],
  ])('goes to whom it names: %j', (grant, principal) => {
    expect(statementsOf([grant])).toMatchObject([{ Effect: 'Allow', Principal: principal }]);
  });

  it.each([
    ['READ', 's3:ListBucket'],
    ['WRITE', 's3:PutObject'],
    ['READ_ACP', 's3:GetBucketAcl'],
    ['WRITE_ACP', 's3:PutBucketAcl'],
  ])('is what S3 says that %s lets happen', (permission, action) => {
    expect(statementsOf([{ ...owners, Permission: permission }])).toMatchObject([
      { Action: expect.arrayContaining([action]) },
    ]);
    expect(statementsOf([owners])).toMatchObject([{ Action: expect.arrayContaining([action]) }]);
  });

  it('is kept out where the bucket’s owner owns every object, and nowhere else', () => {
    expect(JSON.parse(ownershipDocument('BucketOwnerEnforced', place.arn) ?? '{}')).toMatchObject({
      Statement: [{ Effect: 'Deny', Condition: { StringEquals: { 'ratchet:GrantedBy': 'acl' } } }],
    });
    for (const ownership of ['BucketOwnerPreferred', 'ObjectWriter', undefined])
      expect(ownershipDocument(ownership, place.arn)).toBeUndefined();
  });

  it('is not told of a grantee that is not known, so that nothing passes', () => {
    const grant = {
      Grantee: { Type: 'AmazonCustomerByEmail', EmailAddress: 'x@example.com' },
      Permission: 'READ',
    };

    expect(aclDocument({ grants: [grant as never], ownerId: OWNER }, place)).toBeUndefined();
  });
});
