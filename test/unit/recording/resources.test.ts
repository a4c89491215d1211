/** Trails of resource policies and settings, as the services write them, done again in memory. */
import { ListGrantsCommand } from '@aws-sdk/client-kms';
import {
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand as GetAccountBlockCommand } from '@aws-sdk/client-s3-control';
import { describe, expect, it } from 'vitest';
import { createRecordedAccount } from '../../../shared/recording/recordedAccount.ts';
import { RECORDED_SERVICES } from '../../../shared/services/recorded.ts';

const ACCOUNT = '111122223333';
const PLACE = { accountId: ACCOUNT, region: 'eu-west-1' };

type Event = readonly [source: string, name: string, request: object | null, more?: object];

function clientsAfter(...events: readonly Event[]) {
  const account = createRecordedAccount({ services: RECORDED_SERVICES });
  events.forEach(([source, eventName, requestParameters, more], second) => {
    account.applyRecord({
      eventSource: `${source}.amazonaws.com`,
      eventName,
      eventTime: `2026-10-05T09:00:${String(second).padStart(2, '0')}Z`,
      awsRegion: PLACE.region,
      recipientAccountId: ACCOUNT,
      requestParameters,
      ...more,
    });
  });
  return account.clientsFor(PLACE);
}

const BLOCK = {
  RestrictPublicBuckets: true,
  BlockPublicPolicy: false,
  BlockPublicAcls: false,
  IgnorePublicAcls: true,
};

describe('public access blocks in a trail', () => {
  it('are a bucket’s and an account’s apart, though both calls have one name', async () => {
    const { s3, s3Control } = clientsAfter(
      ['s3', 'CreateBucket', { bucketName: 'b' }],
      ['s3', 'PutBucketPublicAccessBlock', { bucketName: 'b', PublicAccessBlockConfiguration: BLOCK }],
      ['s3', 'PutAccountPublicAccessBlock', { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }],
    );

    const bucket = await s3.send(new GetPublicAccessBlockCommand({ Bucket: 'b' }));
    const account = await s3Control.send(new GetAccountBlockCommand({ AccountId: ACCOUNT }));

    expect(bucket.PublicAccessBlockConfiguration).toEqual(BLOCK);
    expect(account.PublicAccessBlockConfiguration).toEqual({ BlockPublicAcls: true });
  });
});

describe('a call whose parameters CloudTrail left out', () => {
  it('changes nothing', async () => {
    const { s3 } = clientsAfter(
      ['s3', 'CreateBucket', { bucketName: 'b' }],
      ['s3', 'PutBucketOwnershipControls', { bucketName: 'b' }],
    );

    const { OwnershipControls: controls } = await s3.send(
      new GetBucketOwnershipControlsCommand({ Bucket: 'b' }),
    );

    expect(controls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  });
});

describe('ACLs in a trail', () => {
  const aclAfter = async (request: object) => {
    const { s3 } = clientsAfter(['s3', 'PutBucketAcl', { bucketName: 'b', ...request }]);
    const { Grants: grants = [] } = await s3.send(new GetBucketAclCommand({ Bucket: 'b' }));
    return grants.map(({ Grantee, Permission }) => [Grantee?.URI ?? Grantee?.Type, Permission]);
  };
  const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';

  it('are read canned, as a text or a list', async () => {
    const expected = [
      ['CanonicalUser', 'FULL_CONTROL'],
      [EVERYBODY, 'READ'],
    ];

    expect(await aclAfter({ 'x-amz-acl': 'public-read' })).toEqual(expected);
    expect(await aclAfter({ 'x-amz-acl': ['public-read'], acl: [''] })).toEqual(expected);
  });

  it('are read whole, one grant or several', async () => {
    const grant = {
      Grantee: {
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:type': 'Group',
        URI: EVERYBODY,
      },
      Permission: 'WRITE',
    };
    const whole = (Grant: unknown) => ({ AccessControlPolicy: { AccessControlList: { Grant } } });

    expect(await aclAfter(whole(grant))).toEqual([[EVERYBODY, 'WRITE']]);
    expect(await aclAfter(whole([grant, grant]))).toHaveLength(2);
  });

  it('are read header by header', async () => {
    expect(
      await aclAfter({
        'x-amz-grant-read-acp': [`uri="${EVERYBODY}"`],
        'x-amz-grant-full-control': 'id=0123, id="4567"',
      }),
    ).toEqual([
      ['CanonicalUser', 'FULL_CONTROL'],
      ['CanonicalUser', 'FULL_CONTROL'],
      [EVERYBODY, 'READ_ACP'],
    ]);
  });
});

describe('grants in a trail', () => {
  it('are gone when they are retired, though that record names the key in its answer alone', async () => {
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;
    const grant = {
      keyId: key,
      granteePrincipal: 'arn:aws:iam::444455556666:role/r',
      operations: ['Decrypt'],
    };
    const { kms } = clientsAfter(
      ['kms', 'CreateKey', {}, { responseElements: { keyMetadata: { arn: key, keyId: '1234' } } }],
      ['kms', 'CreateGrant', grant, { responseElements: { grantId: 'g1', keyId: key } }],
      ['kms', 'CreateGrant', grant, { responseElements: { grantId: 'g2', keyId: key } }],
      [
        'kms',
        'RetireGrant',
        null,
        { responseElements: { keyId: key }, additionalEventData: { grantId: 'g1' } },
      ],
    );

    const { Grants: grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: key }));

    expect(grants.map(({ GrantId }) => GrantId)).toEqual(['g2']);
  });
});
