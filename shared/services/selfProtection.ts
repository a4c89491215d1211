/**
 * Calls that may blind, silence or stop a guard without changing any policy: rules, functions, queues, topic, bucket,
 * key, trail, alarms, logs, stack. They matter only where what they touch is the guard's own: what the configuration calls so, and any trail.
 * Calls that change a policy are in the event table; on something of the guard's own they are told just the same.
 * Field places: CloudTrail writes API parameters with a small first letter. Source: CloudTrail User Guide, "Logging
 * Amazon … API calls" of each service; Service Authorization Reference for the forms of ARNs.
 */

import type { SelfProtectionRow } from '../changes/eventRow.ts';
import { type Fields, textOf } from '../changes/fields.ts';
import { functionArn } from './lambda/events.ts';
import { queueArn } from './sqs/events.ts';

type Touched = SelfProtectionRow['touched'];

/** Returns rows of one source, each touching the same kind of resource. */
const rows = (source: string, touched: Touched, names: readonly string[]): readonly SelfProtectionRow[] =>
  names.map((name) => ({ source: `${source}.amazonaws.com`, name, touched }));

/** What a field names, by its ARN or by a name that completes one. */
const named =
  (fields: readonly string[], service: string, prefix: string): Touched =>
  ({ request, partition, region, accountId }) =>
    fields
      .flatMap((field) => textsOf(request, field))
      .map((name) =>
        name.startsWith('arn:')
          ? name
          : `arn:${partition}:${service}:${region}:${accountId}:${prefix}${name}`,
      );

function textsOf(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string' && one !== '');
}

/** A rule of the default bus is named alone, one of another bus after it. */
const rule: Touched = ({ request, partition, region, accountId }) => {
  const name = textOf(request, 'name') ?? textOf(request, 'rule');
  const bus = textOf(request, 'eventBusName') ?? 'default';
  const path = bus === 'default' ? name : `${bus.slice(bus.lastIndexOf('/') + 1)}/${name}`;
  return [name && `arn:${partition}:events:${region}:${accountId}:rule/${path}`];
};

const lambdaFunction: Touched = (fields) => [functionArn(fields)];

/** Source mappings are named by an id; the answer says whose they are. */
const sourceMapping: Touched = ({ response }) => [
  textOf(response, 'functionArn'),
  textOf(response, 'eventSourceArn'),
];

const bucket: Touched = ({ request, partition }) => {
  const name = textOf(request, 'bucketName');
  return [name && `arn:${partition}:s3:::${name}`];
};

/** A subscription's ARN is its topic's and an id. */
const topic: Touched = ({ request }) => [
  textOf(request, 'topicArn'),
  textOf(request, 'subscriptionArn')?.replace(/:[^:]*$/, ''),
];

/** By id, alias or ARN; the record's resources have the key's ARN. */
const key: Touched = ({ resources, ...fields }) => [
  ...resources.filter((arn) => arn.includes(':key/')),
  ...named(['keyId'], 'kms', 'key/')({ resources, ...fields }),
];

/** A stack's ARN ends in an id that a call by name leaves out. */
const stack: Touched = (fields) =>
  named(
    ['stackName'],
    'cloudformation',
    'stack/',
  )(fields).map((arn) => (arn?.split('/').length === 2 ? `${arn}/` : arn));

/** The record of a refactoring names no stack. */
const refactoring: Touched = ({ request, partition, region, accountId }) => [
  `arn:${partition}:cloudformation:${region}:${accountId}:stackRefactor/${textOf(request, 'stackRefactorId') ?? '*'}`,
];

/** What may be the guard's own though no configuration says so: the trail that feeds it, and a change of stacks unnamed. */
export const MAY_BE_OWN = ['arn:*:cloudtrail:*:*:trail/*', 'arn:*:cloudformation:*:*:stackRefactor/*'];

/** Every call that is looked at for the guard's own sake alone. */
export const SELF_PROTECTION_TABLE: readonly SelfProtectionRow[] = [
  ...rows('events', rule, ['PutRule', 'DisableRule', 'DeleteRule', 'PutTargets', 'RemoveTargets']),
  ...rows('lambda', lambdaFunction, [
    'UpdateFunctionCode*',
    'UpdateFunctionConfiguration*',
    'PutFunctionConcurrency*',
    'DeleteFunctionConcurrency*',
    'PutFunctionEventInvokeConfig*',
    'UpdateFunctionEventInvokeConfig*',
    'DeleteFunctionEventInvokeConfig*',
    'PutRuntimeManagementConfig*',
    'PutFunctionCodeSigningConfig*',
    'DeleteFunctionCodeSigningConfig*',
    'PublishVersion*',
  ]),
  ...rows('lambda', sourceMapping, [
    'CreateEventSourceMapping*',
    'UpdateEventSourceMapping*',
    'DeleteEventSourceMapping*',
  ]),
  ...rows('s3', bucket, [
    'PutBucketVersioning',
    'PutBucketLifecycle',
    'DeleteBucketLifecycle',
    'PutBucketEncryption',
    'DeleteBucketEncryption',
    'PutBucketReplication',
    'PutBucketObjectLockConfiguration',
    // The configuration in the bucket tells of its changes this way.
    'PutBucketNotification',
  ]),
  ...rows('sns', topic, ['Subscribe', 'Unsubscribe', 'SetSubscriptionAttributes']),
  ...rows('sqs', (fields) => [queueArn(fields)], ['PurgeQueue']),
  ...rows('kms', key, ['DisableKey', 'ScheduleKeyDeletion']),
  ...rows('cloudtrail', named(['name', 'trailName'], 'cloudtrail', 'trail/'), [
    'StartLogging',
    'StopLogging',
    'DeleteTrail',
    'UpdateTrail',
    'PutEventSelectors',
  ]),
  ...rows('monitoring', named(['alarmNames', 'alarmName'], 'cloudwatch', 'alarm:'), [
    'DeleteAlarms',
    'DisableAlarmActions',
    'EnableAlarmActions',
    'SetAlarmState',
    'PutMetricAlarm',
  ]),
  ...rows('logs', named(['logGroupName'], 'logs', 'log-group:'), [
    'DeleteLogGroup',
    'DeleteLogStream',
    'PutRetentionPolicy',
    'DeleteRetentionPolicy',
    'PutSubscriptionFilter',
    'DeleteSubscriptionFilter',
    'DeleteMetricFilter',
    // A filter that is put again under its name may match nothing any more.
    'PutMetricFilter',
  ]),
  ...rows('cloudformation', stack, [
    'UpdateStack',
    'ExecuteChangeSet',
    'DeleteStack',
    'UpdateTerminationProtection',
    'SetStackPolicy',
    'CancelUpdateStack',
    'ContinueUpdateRollback',
    'RollbackStack',
  ]),
  ...rows('cloudformation', refactoring, ['ExecuteStackRefactor']),
];
