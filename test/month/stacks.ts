/** Stacks that CDK deploys: CloudFormation makes the calls, with names that end in letters of its own. */
import * as account from './account.ts';
import {
  ACCOUNT,
  allow,
  arn,
  awsPolicy,
  document,
  grant,
  iamArn,
  type Statement,
  service,
  trust,
} from './account.ts';
import * as calls from './calls.ts';
import { at, type Call, type Draw, type Run } from './calls.ts';

const lambdaTrust = trust(service('lambda'));
const basic = awsPolicy('service-role/AWSLambdaBasicExecutionRole');

/** What a stack's handler may do; each deployment of new code adds or takes away one. */
const NEEDS: readonly Statement[] = [
  allow(
    ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:Scan'],
    arn('dynamodb', 'table/Portal-Users'),
  ),
  allow(['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], arn('sqs', 'portal-mail')),
  allow(
    ['s3:GetObject*', 's3:GetBucket*', 's3:List*'],
    ['arn:aws:s3:::acme-portal-uploads', 'arn:aws:s3:::acme-portal-uploads/*'],
  ),
  allow(
    ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    calls.secretArn('acme/partner-api'),
  ),
  allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
  allow('events:PutEvents', arn('events', 'event-bus/acme')),
];

type Stack = { readonly name: string; generation: number; needs: Statement[] };
const suffix = ({ name, generation }: Stack, use: string) =>
  account.digest(`${name}/${use}/${generation}`, 12).toUpperCase();
const handler = (stack: Stack) => `${stack.name}-HandlerServiceRole-${suffix(stack, 'role')}`;
const functionOf = (stack: Stack) => `${stack.name}-Handler-${suffix(stack, 'function')}`;
const provider = (stack: Stack) =>
  `${stack.name}-CustomS3AutoDeleteObjectsCustomR-${suffix(stack, 'provider')}`;
const retention = (stack: Stack) => `${stack.name}-LogRetentionServiceRole-${suffix(stack, 'retention')}`;
const bucketOf = ({ name, generation }: Stack) =>
  `${name.toLowerCase()}-site-${account.digest(`${name}${generation}`, 12)}`;
const policyName = (stack: Stack) =>
  `HandlerServiceRoleDefaultPolicy${account.digest(stack.name, 8).toUpperCase()}`;

function putNeeds(stack: Stack): Call {
  return calls.putRolePolicy(handler(stack), policyName(stack), document(...stack.needs));
}

function bucketPolicy(stack: Stack): Call {
  const bucket = `arn:aws:s3:::${bucketOf(stack)}`;
  const cleaner = { AWS: iamArn(`role/${provider(stack)}`) };
  const cleans = ['s3:PutBucketPolicy', 's3:GetBucket*', 's3:List*', 's3:DeleteObject*'];
  const distribution = `arn:aws:cloudfront::${ACCOUNT}:distribution/E${suffix(stack, 'distribution')}`;
  return calls.putBucketPolicy(
    bucketOf(stack),
    document(
      grant('Clean', cleaner, cleans, [bucket, `${bucket}/*`]),
      grant('Site', service('cloudfront'), 's3:GetObject', `${bucket}/*`, {
        StringEquals: { 'AWS:SourceArn': distribution },
      }),
    ),
  );
}

const create = (stack: Stack): Call[] => [
  calls.createRole(provider(stack), lambdaTrust),
  calls.attachRolePolicy(provider(stack), basic),
  calls.createBucket(bucketOf(stack)),
  calls.putPublicAccessBlock(bucketOf(stack), true),
  bucketPolicy(stack),
  calls.createRole(handler(stack), lambdaTrust),
  calls.attachRolePolicy(handler(stack), basic),
  putNeeds(stack),
  calls.createRole(retention(stack), lambdaTrust),
  calls.attachRolePolicy(retention(stack), basic),
  calls.putRolePolicy(
    retention(stack),
    'LogRetentionServiceRoleDefaultPolicy',
    document(allow(['logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'], '*')),
  ),
  calls.createFunction(functionOf(stack), handler(stack)),
  calls.addPermission(functionOf(stack), `${stack.name}-Rule`, {
    by: 'events.amazonaws.com',
    sourceArn: arn('events', `rule/${stack.name}-Every5Minutes`),
  }),
];

const destroy = (stack: Stack): Call[] => [
  calls.removePermission(functionOf(stack), `${stack.name}-Rule`),
  calls.deleteBucketPolicy(bucketOf(stack)),
  calls.deleteBucket(bucketOf(stack)),
  calls.detachRolePolicy(retention(stack), basic),
  calls.deleteRolePolicy(retention(stack), 'LogRetentionServiceRoleDefaultPolicy'),
  calls.deleteRole(retention(stack)),
  calls.detachRolePolicy(provider(stack), basic),
  calls.deleteRole(provider(stack)),
  calls.deleteRolePolicy(handler(stack), policyName(stack)),
  calls.detachRolePolicy(handler(stack), basic),
  calls.deleteRole(handler(stack)),
];

/** Returns the stacks' deployments: two made at the start, one later deleted and made again. */
export function deployStacks(draw: Draw): Run[] {
  const portal: Stack = { name: 'AcmePortal', generation: 0, needs: NEEDS.slice(0, 2) };
  const intake: Stack = { name: 'AcmeIntake', generation: 0, needs: NEEDS.slice(1, 3) };
  const run = (day: number, hour: number, made: Call[]): Run => ({
    minute: at(day, hour, 35),
    actor: account.cloudFormation,
    calls: made,
  });
  const runs = [run(1, 9, create(portal)), run(1, 10, create(intake))];
  for (const [day, stack] of [
    [5, portal],
    [7, intake],
    [8, portal],
    [12, portal],
    [14, intake],
    [15, portal],
    [19, intake],
    [20, portal],
    [22, intake],
    [26, portal],
    [28, intake],
  ] as const) {
    if (day === 19) {
      runs.push(run(18, 8, destroy(stack)));
      stack.generation += 1;
      runs.push(run(18, 11, create(stack)));
    }
    const need = draw.one(NEEDS);
    const has = stack.needs.includes(need);
    stack.needs =
      has && stack.needs.length > 1 ? stack.needs.filter((one) => one !== need) : [...stack.needs, need];
    runs.push(run(day, 17, [putNeeds(stack), ...(draw.number(3) === 0 ? [bucketPolicy(stack)] : [])]));
  }
  return runs;
}
