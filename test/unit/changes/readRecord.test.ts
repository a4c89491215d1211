import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../shared/services/readRecord.ts';

const ACCOUNT = '111122223333';

/** A successful record of a call, as CloudTrail writes it, with one or the other field changed. */
function recordOf(
  eventSource: string,
  eventName: string,
  requestParameters: object | null,
  more: object = {},
) {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE00001',
      arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
      accountId: ACCOUNT,
    },
    eventTime: '2026-10-05T09:00:00Z',
    eventSource: `${eventSource}.amazonaws.com`,
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2',
    requestParameters,
    responseElements: null,
    eventID: '00000000-0000-4000-8000-000000000001',
    recipientAccountId: ACCOUNT,
    ...more,
  };
}

function changeOf(record: unknown) {
  const reading = readRecord(record);
  if (reading.kind !== 'change') throw new Error(`expected a change, got ${JSON.stringify(reading)}`);
  return reading.change;
}

const role = `arn:aws:iam::${ACCOUNT}:role/Deploy`;
const DOCUMENT = '{"Version":"2012-10-17","Statement":[]}';

describe('what an event says may have changed', () => {
  const rows: readonly [string, string, object, readonly [kind: string, arn: string][]][] = [
    [
      'iam',
      'PutRolePolicy',
      { roleName: 'Deploy', policyName: 'p', policyDocument: DOCUMENT },
      [['iam-principal', role]],
    ],
    ['iam', 'DeleteRolePolicy', { roleName: 'Deploy', policyName: 'p' }, [['iam-principal', role]]],
    [
      'iam',
      'AttachRolePolicy',
      { roleName: 'Deploy', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      [['iam-principal', role]],
    ],
    [
      'iam',
      'DetachUserPolicy',
      { userName: 'alice', policyArn: 'x' },
      [['iam-principal', `arn:aws:iam::${ACCOUNT}:user/alice`]],
    ],
    [
      'iam',
      'PutGroupPolicy',
      { groupName: 'devs', policyName: 'p', policyDocument: DOCUMENT },
      [['iam-principal', `arn:aws:iam::${ACCOUNT}:group/devs`]],
    ],
    [
      'iam',
      'AddUserToGroup',
      { userName: 'alice', groupName: 'devs' },
      [['iam-principal', `arn:aws:iam::${ACCOUNT}:user/alice`]],
    ],
    ['iam', 'DeleteRolePermissionsBoundary', { roleName: 'Deploy' }, [['iam-principal', role]]],
    [
      'iam',
      'UpdateAssumeRolePolicy',
      { roleName: 'Deploy', policyDocument: DOCUMENT },
      [['role-trust', role]],
    ],
    [
      'iam',
      'CreateRole',
      { roleName: 'Deploy', assumeRolePolicyDocument: DOCUMENT },
      [
        ['role-trust', role],
        ['iam-principal', role],
      ],
    ],
    [
      'iam',
      'CreatePolicyVersion',
      { policyArn: `arn:aws:iam::${ACCOUNT}:policy/p`, policyDocument: DOCUMENT, setAsDefault: true },
      [['managed-policy', `arn:aws:iam::${ACCOUNT}:policy/p`]],
    ],
    [
      'iam',
      'SetDefaultPolicyVersion',
      { policyArn: `arn:aws:iam::${ACCOUNT}:policy/p`, versionId: 'v1' },
      [['managed-policy', `arn:aws:iam::${ACCOUNT}:policy/p`]],
    ],
    [
      'iam',
      'CreatePolicy',
      { policyName: 'p', path: '/team/', policyDocument: DOCUMENT },
      [['managed-policy', `arn:aws:iam::${ACCOUNT}:policy/team/p`]],
    ],
    [
      's3',
      'PutBucketPolicy',
      { bucketName: 'b', bucketPolicy: { Version: '2012-10-17' } },
      [['bucket-policy', 'arn:aws:s3:::b']],
    ],
    ['s3', 'DeleteBucketPolicy', { bucketName: 'b' }, [['bucket-policy', 'arn:aws:s3:::b']]],
    [
      'lambda',
      'AddPermission20150331v2',
      { functionName: 'f', statementId: 's' },
      [['lambda-function-policy', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`]],
    ],
    [
      'lambda',
      'RemovePermission20150331v2',
      { functionName: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f:live` },
      [['lambda-function-policy', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f:live`]],
    ],
    [
      'lambda',
      'AddPermission20150331',
      { functionName: `${ACCOUNT}:function:f`, qualifier: '2' },
      [['lambda-function-policy', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f:2`]],
    ],
  ];

  it.each(rows)('%s %s', (source, name, request, expected) => {
    const { targets } = changeOf(recordOf(source, name, request));

    expect(targets.map(({ kind, arn }) => [kind, arn])).toEqual(expected);
  });
});

describe('what else a record says', () => {
  it('takes a bare record and one in an EventBridge envelope for the same change', () => {
    const record = recordOf('s3', 'DeleteBucketPolicy', { bucketName: 'b' });

    const enveloped = changeOf({
      version: '0',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: record,
    });

    expect(enveloped).toEqual(changeOf(record));
  });

  it('reads the bucket policy, which is an object in records, as a document', () => {
    const change = changeOf(
      recordOf('s3', 'PutBucketPolicy', { bucketName: 'b', bucketPolicy: { Version: '2012-10-17' } }),
    );

    expect(change.document).toBe('{"Version":"2012-10-17"}');
  });

  it('holds no document for a policy version that is not made the default', () => {
    const change = changeOf(
      recordOf('iam', 'CreatePolicyVersion', {
        policyArn: 'arn:aws:iam::111122223333:policy/p',
        policyDocument: DOCUMENT,
      }),
    );

    expect(change.document).toBeUndefined();
  });

  it('says when the resource is made by the very call', () => {
    const lifeOf = (name: string, parameters: object) =>
      changeOf(recordOf('iam', name, parameters)).edits[0]?.life;

    expect(lifeOf('CreateUser', { userName: 'bob' })).toBe('made');
    expect(lifeOf('AttachUserPolicy', { userName: 'bob', policyArn: 'x' })).toBe('kept');
  });

  it.each([true, 'true'])('tells of parameters that were left out (omitted: %j)', (omitted) => {
    const change = changeOf(
      recordOf('iam', 'PutRolePolicy', {
        reason: 'requestParameters too large',
        omitted,
        originalSize: 110_000,
      }),
    );

    expect(change.parametersOmitted).toBe(true);
    expect(change.targets).toEqual([]);
  });

  it('takes the issuer of a session for the actor', () => {
    const record = recordOf(
      's3',
      'DeleteBucketPolicy',
      { bucketName: 'b' },
      {
        userIdentity: {
          type: 'AssumedRole',
          principalId: 'AROAEXAMPLE00001:ci',
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/terraform/ci`,
          accountId: ACCOUNT,
          sessionContext: {
            sessionIssuer: {
              type: 'Role',
              principalId: 'AROAEXAMPLE00001',
              arn: `arn:aws:iam::${ACCOUNT}:role/terraform`,
            },
          },
        },
      },
    );

    expect(changeOf(record).event.actor).toMatchObject({
      arn: `arn:aws:iam::${ACCOUNT}:role/terraform`,
      uniqueId: 'AROAEXAMPLE00001',
      sessionName: 'ci',
    });
  });

  it('gives a record without an id the same name each time', () => {
    const record = { ...recordOf('s3', 'DeleteBucketPolicy', { bucketName: 'b' }), eventID: undefined };

    expect(changeOf(record).event.eventId).toMatch(/^[0-9a-f]{32}$/);
    expect(changeOf(record).event.eventId).toBe(changeOf({ ...record }).event.eventId);
  });

  it('takes the partition from the Region', () => {
    const record = recordOf('s3', 'DeleteBucketPolicy', { bucketName: 'b' }, { awsRegion: 'cn-north-1' });

    expect(changeOf(record).targets[0]?.arn).toBe('arn:aws-cn:s3:::b');
  });
});

describe('records that are no change', () => {
  it('ignores calls that failed', () => {
    const record = recordOf('iam', 'PutRolePolicy', null, { errorCode: 'AccessDenied' });

    expect(readRecord(record)).toEqual({ kind: 'ignored', cause: 'failed-call' });
  });

  it('ignores what has nothing to do with policies', () => {
    expect(readRecord(recordOf('ec2', 'DescribeInstances', null)).kind).toBe('ignored');
  });

  it('names policy events that it does not judge', () => {
    expect(readRecord(recordOf('glacier', 'SetVaultAccessPolicy', { vaultName: 'v' }))).toEqual({
      kind: 'not-covered',
      eventSource: 'glacier.amazonaws.com',
      eventName: 'SetVaultAccessPolicy',
    });
  });

  it('does not take a longer name for an event with an API date', () => {
    expect(readRecord(recordOf('lambda', 'AddPermissionSomething', { functionName: 'f' })).kind).toBe(
      'ignored',
    );
  });

  it('names the field that a change needs and the record lacks', () => {
    expect(readRecord(recordOf('iam', 'PutRolePolicy', { policyName: 'p' }))).toMatchObject({
      kind: 'malformed',
      path: '$.requestParameters.roleName',
    });
  });

  it.each([undefined, null, 3, 'text', [], {}, { detail: null }, { detail: { eventName: 3 } }])(
    'says that %j is no record',
    (value) => {
      expect(readRecord(value).kind).toBe('malformed');
    },
  );
});

describe('a call across accounts, which is recorded in both', () => {
  const THEIRS = '444455556666';
  const twins = (eventSource: string, eventName: string, request: object, more: object = {}) =>
    [ACCOUNT, THEIRS].map((recipientAccountId) =>
      readRecord(
        recordOf(eventSource, eventName, request, {
          eventID: `event of ${recipientAccountId}`,
          sharedEventID: 'both',
          recipientAccountId,
          ...more,
        }),
      ),
    );

  it('is judged by the record of the owner alone, whose account the ARN names', () => {
    const key = `arn:aws:kms:us-east-1:${THEIRS}:key/00000000-0000-4000-8000-000000000001`;

    const [ours, theirs] = twins('kms', 'CreateGrant', { keyId: key });

    expect(ours).toEqual({ kind: 'ignored', cause: 'resource-of-another-account' });
    expect(theirs).toMatchObject({
      kind: 'change',
      change: { event: { sharedEventId: 'both' }, targets: [{ arn: key, accountId: THEIRS }] },
    });
  });

  it('is judged by the record of the owner alone, where the list of resources names it', () => {
    const [ours, theirs] = twins(
      's3',
      'PutBucketPolicy',
      { bucketName: 'b', bucketPolicy: {} },
      { resources: [{ ARN: 'arn:aws:s3:::b', accountId: THEIRS, type: 'AWS::S3::Bucket' }] },
    );

    expect(ours).toEqual({ kind: 'ignored', cause: 'resource-of-another-account' });
    expect(theirs).toMatchObject({ kind: 'change', change: { targets: [{ accountId: THEIRS }] } });
  });
});

describe('the document inside an event on one of several policies', () => {
  it('comes with the part it belongs to', () => {
    const record = recordOf('iam', 'PutRolePolicy', {
      roleName: 'Deploy',
      policyName: 'p',
      policyDocument: DOCUMENT,
    });

    expect(changeOf(record)).toMatchObject({
      document: DOCUMENT,
      edits: [{ touches: [{ part: 'inline:p' }] }],
    });
  });

  it('of a target with one document names no part', () => {
    const record = recordOf('iam', 'UpdateAssumeRolePolicy', {
      roleName: 'Deploy',
      policyDocument: DOCUMENT,
    });

    expect(changeOf(record)).toMatchObject({ edits: [{ touches: [{ part: 'document' }] }] });
  });
});

describe('what a call added', () => {
  it.each<[string, string, object, object | undefined, string]>([
    ['iam', 'AttachRolePolicy', { roleName: 'r', policyArn: 'arn:p' }, undefined, 'attached:arn:p'],
    ['iam', 'AddUserToGroup', { userName: 'u', groupName: 'g' }, undefined, 'group:g'],
    ['lambda', 'AddPermission20150331v2', { functionName: 'f' }, { statement: '{"Sid":"s"}' }, 'document'],
  ])('comes with %s:%s', (source, name, request, response, part) => {
    const record = { ...recordOf(source, name, request), responseElements: response ?? null };

    expect(changeOf(record).edits).toMatchObject([{ touches: [{ part }] }]);
  });

  it('is nothing where the call takes away', () => {
    const record = recordOf('iam', 'DetachRolePolicy', { roleName: 'r', policyArn: 'arn:p' });

    expect(changeOf(record).edits).toMatchObject([{ touches: [{ to: 'gone' }] }]);
  });
});
