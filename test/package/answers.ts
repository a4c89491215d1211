/** What AWS tells of a healthy deployment in a new account: its resources, trail, metrics, subscribers and quotas. */
import { AwsError } from '../../shared/recording/account.ts';
import type { OwnOperations, Wire } from '../wire/server.ts';
import type { LambdaFunction } from './lambda.ts';
import type { Deployed } from './template.ts';

/** Concurrent executions of a new account. Source: Lambda Developer Guide, "Lambda quotas". */
const NEW_ACCOUNT_CONCURRENCY = 10;
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management';

export type DeploymentFacts = {
  readonly resources: () => readonly Deployed[];
  readonly stackName: string;
  readonly functionOf: (nameOrArn: string) => LambdaFunction | undefined;
  readonly now: () => number;
  readonly wire: () => Wire;
};

/** Returns the operations. */
export function answersOf({ resources, stackName, functionOf, now, wire }: DeploymentFacts): OwnOperations {
  const ofType = (type: string) => resources().filter(({ Type }) => Type === type);
  const ruleNamed = (name: unknown) => {
    const found = ofType('AWS::Events::Rule').find(({ physicalId }) => physicalId.split('|').at(-1) === name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist.`);
    return found;
  };
  return {
    'lambda:Invoke': async ({ FunctionName: name, Payload: payload }) => {
      const fn = functionOf(String(name));
      if (fn === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`);
      const text = payload instanceof Uint8Array ? new TextDecoder().decode(payload) : '{}';
      const answer = await fn.invoke(JSON.parse(text));
      return { StatusCode: 200, Payload: new TextEncoder().encode(JSON.stringify(answer)) };
    },
    'lambda:GetAccountSettings': () => ({
      AccountLimit: {
        ConcurrentExecutions: NEW_ACCOUNT_CONCURRENCY,
        UnreservedConcurrentExecutions: NEW_ACCOUNT_CONCURRENCY,
      },
    }),
    'cloudFormation:ListStackResources': ({ StackName: name }) => {
      if (name !== stackName) throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
      return {
        StackResourceSummaries: resources().map(({ id, Type, physicalId }) => ({
          LogicalResourceId: id,
          ResourceType: Type,
          PhysicalResourceId: physicalId,
          ResourceStatus: 'CREATE_COMPLETE',
          LastUpdatedTimestamp: new Date(now()),
        })),
      };
    },
    // CloudFormation puts the stack's name on what it makes.
    's3:GetBucketTagging': () => ({ TagSet: [{ Key: 'aws:cloudformation:stack-name', Value: stackName }] }),
    's3:HeadBucket': () => ({ BucketRegion: 'us-east-1' }),
    'cloudTrail:DescribeTrails': () => ({
      trailList: [{ Name: 'management', TrailARN: TRAIL, IsMultiRegionTrail: true, HomeRegion: 'us-east-1' }],
    }),
    'cloudTrail:GetTrailStatus': () => ({ IsLogging: true }),
    'cloudTrail:GetEventSelectors': () => ({
      TrailARN: TRAIL,
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
    }),
    'cloudWatch:GetMetricStatistics': ({ MetricName: metric }) => {
      const filters = ofType('AWS::Logs::MetricFilter').filter(({ Properties }) =>
        JSON.stringify(Properties['MetricTransformations']).includes(`"${metric}"`),
      );
      const Sum = filters.flatMap((filter) => linesOf(filter, functionOf)).length;
      return { Label: metric, Datapoints: Sum === 0 ? [] : [{ Sum, Timestamp: new Date(now()) }] };
    },
    'eventBridge:DescribeRule': ({ Name: name }) => ({
      Name: name,
      State: ruleNamed(name).Properties['State'] ?? 'ENABLED',
    }),
    'eventBridge:ListTargetsByRule': ({ Rule: name }) => ({ Targets: ruleNamed(name).Properties['Targets'] }),
    'sns:ListSubscriptionsByTopic': ({ TopicArn: topic }) => ({
      Subscriptions: [{ SubscriptionArn: `${topic}:0a1b`, Protocol: 'email', TopicArn: topic }],
    }),
    'sqs:GetQueueAttributes': ({ QueueUrl: url, AttributeNames: names }) => {
      // Its policy is the account's own matter.
      if (!String(names).includes('ApproximateNumberOfMessages')) return undefined;
      const waiting = wire().queues.bodies(String(url).split('/').at(-1) ?? '').length;
      return { Attributes: { ApproximateNumberOfMessages: String(waiting) } };
    },
  };
}

/** Lines of the log that a metric filter on a message counts: `{ $.message = "sweep" }`. */
export function linesOf(
  { Properties }: Deployed,
  functionOf: DeploymentFacts['functionOf'],
): readonly string[] {
  const name = String(Properties['LogGroupName']).split('/').at(-1) ?? '';
  const messages = [...String(Properties['FilterPattern']).matchAll(/\$\.message = "([^"]+)"/g)].map(
    ([, m]) => m,
  );
  const isUnknown = /\$\.result = "UNKNOWN"/.test(String(Properties['FilterPattern']));
  return (functionOf(name)?.log() ?? []).filter((line) => {
    const { message, result } = readLine(line);
    return messages.includes(message) && (!isUnknown || result === 'UNKNOWN');
  });
}

function readLine(line: string): { readonly message?: string; readonly result?: string } {
  try {
    return JSON.parse(line) as { readonly message?: string; readonly result?: string }; // The logger's lines have both as texts.
  } catch {
    return {};
  }
}
