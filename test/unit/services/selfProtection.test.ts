import { describe, expect, it } from 'vitest';
import { namesEvent } from '../../../shared/changes/eventRow.ts';
import { EVENT_TABLE } from '../../../shared/services/eventTable.ts';
import { readRecord } from '../../../shared/services/readRecord.ts';
import { SELF_PROTECTION_TABLE } from '../../../shared/services/selfProtection.ts';

type Fields = { readonly [name: string]: unknown };

const record = (source: string, eventName: string, request: Fields, more: Fields = {}) => ({
  eventVersion: '1.11',
  eventID: '5f0f8a0e-2f1d-4e1c-9a58-1f1b5f1c3a01',
  eventName,
  eventSource: `${source}.amazonaws.com`,
  eventTime: '2026-03-01T12:00:00Z',
  awsRegion: 'eu-west-1',
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/Mallory',
    principalId: 'AIDAMALLORY',
  },
  requestParameters: request,
  ...more,
});

const AT = 'eu-west-1:111122223333';
const FUNCTION = `arn:aws:lambda:${AT}:function:ratchet-prod-detect`;
const TRAIL = `arn:aws:cloudtrail:${AT}:trail/main`;
const STACK = `arn:aws:cloudformation:${AT}:stack/ratchet-prod/5f0f8a0e`;
const TOPIC = `arn:aws:sns:${AT}:findings`;

const RULE_EVENTS = ['PutRule', 'DisableRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'];

const CASES: readonly (readonly [
  source: string,
  name: string,
  request: Fields,
  touched: readonly string[],
  more?: Fields,
])[] = [
  ...RULE_EVENTS.map(
    (name) =>
      [
        'events',
        name,
        { [name.endsWith('Rule') ? 'name' : 'rule']: 'r' },
        [`arn:aws:events:${AT}:rule/r`],
      ] as const,
  ),
  ['events', 'PutRule', { name: 'r', eventBusName: 'b' }, [`arn:aws:events:${AT}:rule/b/r`]],
  ...[
    'UpdateFunctionCode20150331v2',
    'UpdateFunctionConfiguration20150331v2',
    'PutFunctionConcurrency20171031',
    'DeleteFunctionConcurrency20171031',
    'PutFunctionEventInvokeConfig',
    'UpdateFunctionEventInvokeConfig',
    'DeleteFunctionEventInvokeConfig',
    'PutRuntimeManagementConfig20210720',
    'PutFunctionCodeSigningConfig20200630',
    'DeleteFunctionCodeSigningConfig20200630',
    'PublishVersion20150331',
  ].map((name) => ['lambda', name, { functionName: 'ratchet-prod-detect' }, [FUNCTION]] as const),
  ...[
    'CreateEventSourceMapping20150331',
    'UpdateEventSourceMapping20150331',
    'DeleteEventSourceMapping20150331',
  ].map(
    (name) =>
      ['lambda', name, { uUID: '1' }, [FUNCTION], { responseElements: { functionArn: FUNCTION } }] as const,
  ),
  ...[
    'PutBucketVersioning',
    'PutBucketLifecycle',
    'DeleteBucketLifecycle',
    'PutBucketEncryption',
    'DeleteBucketEncryption',
    'PutBucketReplication',
    'PutBucketObjectLockConfiguration',
    'PutBucketNotification',
  ].map((name) => ['s3', name, { bucketName: 'versions' }, ['arn:aws:s3:::versions']] as const),
  ['sns', 'Subscribe', { topicArn: TOPIC }, [TOPIC]],
  ...['Unsubscribe', 'SetSubscriptionAttributes'].map(
    (name) => ['sns', name, { subscriptionArn: `${TOPIC}:5f0f8a0e-2f1d` }, [TOPIC]] as const,
  ),
  [
    'sqs',
    'PurgeQueue',
    { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/events' },
    [`arn:aws:sqs:${AT}:events`],
  ],
  ...['DisableKey', 'ScheduleKeyDeletion'].map(
    (name) => ['kms', name, { keyId: '1234' }, [`arn:aws:kms:${AT}:key/1234`]] as const,
  ),
  ['cloudtrail', 'StartLogging', { name: TRAIL }, [TRAIL]],
  ['cloudtrail', 'StopLogging', { name: TRAIL }, [TRAIL]],
  ['cloudtrail', 'DeleteTrail', { name: 'main' }, [TRAIL]],
  ['cloudtrail', 'UpdateTrail', { name: 'main' }, [TRAIL]],
  ['cloudtrail', 'PutEventSelectors', { trailName: 'main' }, [TRAIL]],
  ...['DeleteAlarms', 'DisableAlarmActions', 'EnableAlarmActions'].map(
    (name) =>
      [
        'monitoring',
        name,
        { alarmNames: ['a', 'b'] },
        [`arn:aws:cloudwatch:${AT}:alarm:a`, `arn:aws:cloudwatch:${AT}:alarm:b`],
      ] as const,
  ),
  ...['PutMetricAlarm', 'SetAlarmState'].map(
    (name) => ['monitoring', name, { alarmName: 'a' }, [`arn:aws:cloudwatch:${AT}:alarm:a`]] as const,
  ),
  ...[
    'DeleteLogGroup',
    'DeleteLogStream',
    'PutRetentionPolicy',
    'DeleteRetentionPolicy',
    'PutSubscriptionFilter',
    'DeleteSubscriptionFilter',
    'DeleteMetricFilter',
    'PutMetricFilter',
  ].map(
    (name) =>
      [
        'logs',
        name,
        { logGroupName: '/aws/lambda/x' },
        [`arn:aws:logs:${AT}:log-group:/aws/lambda/x`],
      ] as const,
  ),
  ...[
    'UpdateStack',
    'ExecuteChangeSet',
    'DeleteStack',
    'UpdateTerminationProtection',
    'SetStackPolicy',
    'CancelUpdateStack',
    'ContinueUpdateRollback',
    'RollbackStack',
  ].map((name) => ['cloudformation', name, { stackName: STACK }, [STACK]] as const),
  [
    'cloudformation',
    'ExecuteStackRefactor',
    { stackRefactorId: '1234' },
    [`arn:aws:cloudformation:${AT}:stackRefactor/1234`],
  ],
  [
    'cloudformation',
    'DeleteStack',
    { stackName: 'ratchet-prod' },
    [`arn:aws:cloudformation:${AT}:stack/ratchet-prod/`],
  ],
];

describe('a call that may touch the guard', () => {
  it.each(CASES.map(([source, name, request, touched, more]) => ({ source, name, request, touched, more })))(
    '$source $name $request touches $touched',
    ({ source, name, request, touched, more }) => {
      const reading = readRecord(record(source, name, request, more));

      expect(reading).toMatchObject({ kind: 'change', change: { targets: [], touched } });
    },
  );

  it('is tried for every row of the table', () => {
    const untried = SELF_PROTECTION_TABLE.filter(
      (row) =>
        !CASES.some(
          ([source, name]) => row.source === `${source}.amazonaws.com` && namesEvent(row.name, name),
        ),
    );

    expect(untried).toEqual([]);
  });

  it('is no policy event: the table of these would lead to it already', () => {
    const both = SELF_PROTECTION_TABLE.filter(({ source, name }) =>
      EVENT_TABLE.some((row) => row.source === source && row.name === name),
    );

    expect(both).toEqual([]);
  });

  it('touches nothing when the record does not say what', () => {
    const reading = readRecord(record('events', 'DisableRule', {}));

    expect(reading).toMatchObject({ kind: 'change', change: { targets: [], touched: [] } });
  });

  it('is ignored when it failed', () => {
    const reading = readRecord(record('events', 'DisableRule', { name: 'r' }, { errorCode: 'AccessDenied' }));

    expect(reading).toEqual({ kind: 'ignored', cause: 'failed-call' });
  });
});
