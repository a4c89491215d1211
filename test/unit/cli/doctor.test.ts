import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../cli/doctor/check.ts';
import { clientsOf } from '../../../cli/doctor/clients.ts';
import { examineDeployment } from '../../../cli/doctor/examine.ts';
import { renderReports, statusOfReports } from '../../../cli/doctor.ts';
import type { SweepProgress } from '../../../functions/sweep/sweep.ts';

const REGION = 'us-east-1';
const TRAIL = `arn:aws:cloudtrail:${REGION}:111122223333:trail/all`;
const part = (LogicalResourceId: string, ResourceType: string, PhysicalResourceId: string) => ({
  LogicalResourceId,
  ResourceType,
  PhysicalResourceId,
  LastUpdatedTimestamp: new Date(0),
  ResourceStatus: 'CREATE_COMPLETE' as const,
});
const mocks = {
  cloudFormation: mockClient(CloudFormationClient),
  cloudTrail: mockClient(CloudTrailClient),
  cloudWatch: mockClient(CloudWatchClient),
  eventBridge: mockClient(EventBridgeClient),
  // What is asked before a deployment is asked of these; test/wire has it.
  iam: mockClient(IAMClient),
  lambda: mockClient(LambdaClient),
  logs: mockClient(KMSClient),
  securityHub: mockClient(SecurityHubClient),
  s3: mockClient(S3Client),
  sns: mockClient(SNSClient),
  sqs: mockClient(SQSClient),
  sts: mockClient(STSClient),
};

// Clients of other tests derive from these classes, and may run in the same process.
afterAll(() => {
  for (const mock of Object.values(mocks)) mock.restore();
});
const { cloudFormation, cloudTrail, cloudWatch, eventBridge, s3, sns, sqs, sts } = mocks;

/** A deployment that lacks nothing. */
beforeEach(() => {
  for (const mock of Object.values(mocks)) mock.reset();
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/ada' });
  cloudFormation
    .on(ListStackResourcesCommand)
    .resolves({
      StackResourceSummaries: [part('IamRule', 'AWS::Events::Rule', 'ratchet-prod-IamRule-1')],
      NextToken: 'more',
    })
    .on(ListStackResourcesCommand, { NextToken: 'more' })
    .resolves({
      StackResourceSummaries: [
        part('OrganizationRule', 'AWS::Events::Rule', 'ratchet-prod-organization|ratchet-prod-Rule-2'),
        part('VersionsBucket', 'AWS::S3::Bucket', 'versions'),
        part('FindingsTopic', 'AWS::SNS::Topic', 'arn:aws:sns:us-east-1:111122223333:findings'),
        part('EventDeadLetters', 'AWS::SQS::Queue', 'https://sqs/events-dead'),
        part('RollbackDeadLetters', 'AWS::SQS::Queue', 'https://sqs/rollback-dead'),
      ],
    });
  cloudTrail.on(DescribeTrailsCommand).resolves({
    trailList: [{ TrailARN: TRAIL, IsMultiRegionTrail: true, HomeRegion: 'eu-west-1' }],
  });
  cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
  selectors({ EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }] });
  eventBridge.on(DescribeRuleCommand).resolves({ State: 'ENABLED' });
  eventBridge.on(ListTargetsByRuleCommand).resolves({ Targets: [{ Id: 'events', Arn: 'arn' }] });
  sns.on(ListSubscriptionsByTopicCommand).resolves({
    Subscriptions: [{ SubscriptionArn: 'arn:aws:sns:us-east-1:111122223333:findings:1' }],
  });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
  cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [{ Sum: 4 }] });
  lastLook({});
});

function lastLook(differing: Partial<SweepProgress>): void {
  const look = { startedAt: '2026-10-01T00:00:00.000Z', examined: 40, findings: 0, faults: 0, ...differing };
  const at = { Bucket: 'versions', Key: 'sweep/111122223333/us-east-1.json' };
  const Body = { transformToString: async () => JSON.stringify(look) };
  s3.on(GetObjectCommand, at).resolves({ Body: Body as never }); // The one method that is used of a body.
}

function selectors(answer: GetEventSelectorsResponse): void {
  cloudTrail.on(GetEventSelectorsCommand).resolves(answer);
}

const examine = (...regions: string[]) =>
  examineDeployment({ stack: 'ratchet-prod', regions, now: new Date('2026-10-01T12:00:00Z') }, clientsOf);

/** What is not ok, as `check: seen`. */
async function lacks(): Promise<string[]> {
  const reports = await examine(REGION);
  return reports
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, seen }) => `${state} ${check}: ${seen}`);
}

const advanced = (
  ...fields: { readonly Field: string; readonly Equals?: string[]; readonly NotEquals?: string[] }[]
) => ({
  AdvancedEventSelectors: [
    { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...fields] },
  ],
});

describe('examineDeployment', () => {
  it('finds nothing to say of a deployment that lacks nothing', async () => {
    const reports = await examine(REGION);

    expect(reports.map(({ check, state }) => `${check} ${state}`)).toEqual(
      [
        'credentials',
        'hub',
        'stack',
        'trail',
        'events left out',
        'rules',
        'subscriber',
        'dead letters',
        'heartbeat',
        'last look',
      ].map((check) => `${check} ok`),
    );
    expect(reports.find(({ check }) => check === 'rules')?.seen).toBe('2 enabled, with targets');
    expect(statusOfReports(reports)).toBe(0);
  });

  it('asks for a rule of another bus by the name of that bus', async () => {
    await examine(REGION);

    expect(eventBridge.commandCalls(DescribeRuleCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { Name: 'ratchet-prod-IamRule-1' },
      { Name: 'ratchet-prod-Rule-2', EventBusName: 'ratchet-prod-organization' },
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      'no trail',
      () => cloudTrail.on(DescribeTrailsCommand).resolves({}),
      'trail: no trail covers this Region',
    ],
    [
      'a trail of another Region alone',
      () =>
        cloudTrail
          .on(DescribeTrailsCommand)
          .resolves({ trailList: [{ TrailARN: TRAIL, IsMultiRegionTrail: false, HomeRegion: 'eu-west-1' }] }),
      'trail: no trail covers this Region',
    ],
    [
      'a trail that is stopped',
      () => cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: false }),
      `trail: ${TRAIL} is stopped`,
    ],
    [
      'a trail without management events',
      () => selectors({ EventSelectors: [{ IncludeManagementEvents: false }] }),
      `trail: ${TRAIL} logs no management events that write`,
    ],
    [
      'a trail of reads',
      () => selectors({ EventSelectors: [{ ReadWriteType: 'ReadOnly' }] }),
      `trail: ${TRAIL} logs no management events that write`,
    ],
    [
      'a trail of reads, by an advanced selector',
      () => selectors(advanced({ Field: 'readOnly', Equals: ['true'] })),
      `trail: ${TRAIL} logs no management events that write`,
    ],
    [
      'a trail of data events alone',
      () =>
        selectors({
          AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
        }),
      `trail: ${TRAIL} logs no management events that write`,
    ],
  ])('misses %s', async (_, arrange, seen) => {
    arrange();

    expect(await lacks()).toEqual([`missing ${seen}`, 'missing events left out: no trail logs']);
  });

  it.each<[string, () => unknown, string]>([
    [
      'events of KMS that are left out',
      () => selectors({ EventSelectors: [{ ExcludeManagementEventSources: ['kms.amazonaws.com'] }] }),
      'events left out: kms.amazonaws.com',
    ],
    [
      'events of KMS that an advanced selector leaves out',
      () => selectors(advanced({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] })),
      'events left out: kms.amazonaws.com',
    ],
    [
      'a look at every target',
      () => s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'none', $metadata: {} })),
      'last look: there was none yet',
    ],
    [
      'a look of these days',
      () => lastLook({ startedAt: '2026-09-28T00:00:00.000Z' }),
      'last look: begun 2026-09-28T00:00:00.000Z, 40 targets, none lost',
    ],
    [
      'the role of a member account',
      () => lastLook({ faults: 2, firstFault: 'the list of kms-key in 444455556666 us-east-1: RoleRefused' }),
      'last look: begun 2026-10-01T00:00:00.000Z, 40 targets, 2 could not be looked at, first the list of kms-key in 444455556666 us-east-1: RoleRefused',
    ],
    [
      'a rule that is disabled',
      () =>
        eventBridge
          .on(DescribeRuleCommand, { Name: 'ratchet-prod-IamRule-1' })
          .resolves({ State: 'DISABLED' }),
      'rules: IamRule is disabled',
    ],
    [
      'a rule without a target',
      () =>
        eventBridge
          .on(ListTargetsByRuleCommand, { Rule: 'ratchet-prod-IamRule-1' })
          .resolves({ Targets: [] }),
      'rules: IamRule has no target',
    ],
    [
      'a subscriber who confirmed',
      () =>
        sns
          .on(ListSubscriptionsByTopicCommand)
          .resolves({ Subscriptions: [{ SubscriptionArn: 'PendingConfirmation' }] }),
      'subscriber: 0 confirmed, 1 not confirmed',
    ],
    [
      'a queue of dead letters that is empty',
      () =>
        sqs
          .on(GetQueueAttributesCommand, { QueueUrl: 'https://sqs/events-dead' })
          .resolves({ Attributes: { ApproximateNumberOfMessages: '3' } }),
      'dead letters: EventDeadLetters holds 3',
    ],
    [
      'the heartbeat',
      () => cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [] }),
      'heartbeat: 0 turns of the sweep within the hour',
    ],
  ])('tells of %s', async (_, arrange, seen) => {
    arrange();

    expect(await lacks()).toEqual([`missing ${seen}`]);
  });

  it('takes what one selector leaves out and another lets through as seen', async () => {
    const [kms] = advanced({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }).AdvancedEventSelectors;
    const [all] = advanced({ Field: 'readOnly', Equals: ['false'] }).AdvancedEventSelectors;
    selectors({ AdvancedEventSelectors: [kms, all].filter((one) => one !== undefined) });

    expect(await lacks()).toEqual([]);
  });

  it('cannot tell what it may not read, and goes on', async () => {
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    cloudTrail.on(DescribeTrailsCommand).rejects(denied);
    const reports = await examine(REGION);

    expect(await lacks()).toEqual([
      'unknown trail: AccessDeniedException: not authorized',
      'unknown events left out: AccessDeniedException: not authorized',
    ]);
    expect(statusOfReports(reports)).toBe(3);
  });

  it('misses the Region in which events of IAM appear, and the stack where there is none', async () => {
    cloudFormation.reset();
    cloudFormation
      .on(ListStackResourcesCommand)
      .rejects(Object.assign(new Error('Stack with id x does not exist'), { name: 'ValidationError' }));

    const reports = await examine('eu-west-1');

    // Below stands what a deployment needs.
    expect(reports.slice(0, 3).map(({ region, check, state }) => [region, check, state])).toEqual([
      ['eu-west-1', 'credentials', 'ok'],
      ['us-east-1', 'hub', 'missing'],
      ['eu-west-1', 'stack', 'missing'],
    ]);
    expect(statusOfReports(reports)).toBe(1);
  });

  it('asks nothing else without credentials', async () => {
    sts.on(GetCallerIdentityCommand).rejects('no credentials');

    const reports = await examine(REGION);

    expect(reports.map(({ check, state }) => [check, state])).toEqual([['credentials', 'unknown']]);
    expect(cloudFormation.calls()).toEqual([]);
  });
});

describe('renderReports', () => {
  it('says of each check how it stands, and what to do where it is not ok', () => {
    const reports: CheckReport[] = [
      { region: REGION, check: 'rules', state: 'ok', seen: '2 enabled, with targets' },
      { region: REGION, check: 'heartbeat', state: 'missing', seen: '0 turns', remedy: 'look at the log' },
    ];

    expect(renderReports(reports, { width: 80, paint: (_, text) => text })).toBe(
      'ok       us-east-1  rules      2 enabled, with targets\n' +
        'missing  us-east-1  heartbeat  0 turns\n' +
        '         → look at the log\n',
    );
  });
});
