/** What a Region must have before the guard is deployed there, one check each. Reads only. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  type ContextEntry,
  GetAccountSummaryCommand,
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, GetFunctionCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { DescribeHubCommand } from '@aws-sdk/client-securityhub';
import type { Check, DoctorClients, Place, Seen } from './check.ts';
import { DescribeLogGroupsCommand } from './logGroups.ts';

/** What is asked for with `--param`, as far as it needs something of the account. */
export type Wanted = { readonly reservedConcurrency: boolean; readonly securityHub: boolean };

/** What the template reserves when asked to, and what Lambda wants left unreserved. Source: Lambda Developer Guide, "Lambda quotas". */
const RESERVED = 10;
const UNRESERVED = 10;
/** Detect takes four batches at once, rollback two, sweep and approve one each. */
const AT_ONCE = 8;
/** What the template adds to the account. A test holds it against the template. */
export const ADDED = { roles: 4, policies: 9, onRole: 7 } as const;
const FUNCTIONS = ['detect', 'rollback', 'sweep', 'approve'] as const;

/** A call of each kind of resource that the stack makes, on a name that the stack gives; `infra/deployer.json` has them all. */
const CALLS: readonly (readonly [arn: (place: Place) => string, actions: readonly string[]])[] = [
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stack}/*`,
    ['cloudformation:CreateStack', 'cloudformation:CreateChangeSet', 'cloudformation:SetStackPolicy'],
  ],
  [
    ({ partition, accountId, stack }) =>
      `arn:${partition}:iam::${accountId}:role/ratchet/${stack}-DetectRole`,
    ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:PassRole'],
  ],
  [
    ({ partition, accountId, stack }) =>
      `arn:${partition}:iam::${accountId}:policy/ratchet/${stack}-Read1Policy`,
    ['iam:CreatePolicy'],
  ],
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:lambda:${region}:${accountId}:function:${stack}-detect`,
    ['lambda:CreateFunction', 'lambda:AddPermission'],
  ],
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${stack}-detect:*`,
    ['logs:CreateLogGroup', 'logs:PutMetricFilter'],
  ],
  [
    ({ partition, stack }) => `arn:${partition}:s3:::${stack}-versionsbucket`,
    ['s3:CreateBucket', 's3:PutBucketPolicy'],
  ],
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:sqs:${region}:${accountId}:${stack}-EventQueue`,
    ['sqs:CreateQueue', 'sqs:SetQueueAttributes'],
  ],
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:sns:${region}:${accountId}:${stack}-FindingsTopic`,
    ['sns:CreateTopic', 'sns:SetTopicAttributes'],
  ],
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:events:${region}:${accountId}:rule/${stack}-IamEvents`,
    ['events:PutRule', 'events:PutTargets'],
  ],
  [
    ({ partition, region, accountId, stack }) =>
      `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${stack}-HeartbeatAlarm`,
    ['cloudwatch:PutMetricAlarm'],
  ],
];

/** What CloudFormation adds to a call that it makes in the deployer's name, and IAM to a role that is passed. */
const AS_CLOUDFORMATION = [
  {
    ContextKeyName: 'aws:CalledVia',
    ContextKeyType: 'stringList',
    ContextKeyValues: ['cloudformation.amazonaws.com'],
  },
  {
    ContextKeyName: 'iam:PassedToService',
    ContextKeyType: 'string',
    ContextKeyValues: ['lambda.amazonaws.com'],
  },
] as const satisfies readonly ContextEntry[];

/** Returns the checks. `wanted`: absent, as the template comes. */
export function preflightChecks(
  wanted: Wanted = { reservedConcurrency: false, securityHub: false },
): readonly Check[] {
  return [
    {
      name: 'stack',
      remedy:
        'wait until it is done; where its creation failed, delete it: `aws cloudformation delete-stack --stack-name NAME --region REGION`',
      ask: askStack,
    },
    {
      name: 'concurrency',
      remedy:
        'leave out `--param reservedConcurrency=on`, or ask for more in Service Quotas: Lambda, Concurrent executions',
      async ask({ lambda }) {
        const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
        const { ConcurrentExecutions: all = 0, UnreservedConcurrentExecutions: free = 0 } =
          AccountLimit ?? {};
        const needed = wanted.reservedConcurrency ? RESERVED + UNRESERVED : AT_ONCE;
        return { ok: free >= needed, seen: `${free} of ${all} are not reserved, ${needed} are needed` };
      },
    },
    {
      name: 'quotas of IAM',
      remedy: 'delete roles or policies that nobody uses, or ask for more in Service Quotas: IAM',
      ask: askQuotas,
    },
    {
      name: 'names',
      remedy:
        'delete what an earlier deployment left, or deploy another stage: `npm run deploy -- --stage NAME`; a log group goes with `aws logs delete-log-group --log-group-name NAME --region REGION`',
      ask: askNames,
    },
    {
      name: 'Security Hub',
      remedy: 'enable it here, or leave out `--param securityHub=on`',
      async ask({ securityHub }) {
        const isOn = await securityHub.send(new DescribeHubCommand({})).then(
          () => true,
          (error) => {
            // So it answers where the hub is not enabled. Source: Security Hub API Reference, "DescribeHub".
            if (['InvalidAccessException', 'ResourceNotFoundException'].includes(error.name)) return false;
            throw error;
          },
        );
        const seen = `${isOn ? 'on' : 'off'}, ${wanted.securityHub ? 'and asked for' : 'not asked for'}`;
        return { ok: isOn || !wanted.securityHub, seen };
      },
    },
    {
      name: 'permissions',
      remedy: 'use a role with `infra/deployer.json`, or have its statements added to yours',
      ask: askPermissions,
    },
  ];
}

async function askStack({ cloudFormation }: DoctorClients, { stack }: Place): Promise<Seen> {
  const found = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack })).then(
    ({ Stacks = [] }) => Stacks[0],
    (error: unknown) => {
      if (error instanceof Error && error.message.includes('does not exist')) return undefined;
      throw error;
    },
  );
  if (found?.StackStatus === undefined) return { ok: true, seen: `${stack} will be made` };
  const isBroken = /_IN_PROGRESS$|^ROLLBACK_|_FAILED$/.test(found.StackStatus);
  return { ok: !isBroken, seen: `${stack} is there: ${found.StackStatus}` };
}

async function askQuotas({ iam }: DoctorClients): Promise<Seen> {
  const { SummaryMap: summary } = await iam.send(new GetAccountSummaryCommand({}));
  const of = (name: string) => Number((summary as { readonly [name: string]: number } | undefined)?.[name]);
  const lacking = [
    ['Roles', of('Roles') + ADDED.roles, of('RolesQuota')],
    ['Policies', of('Policies') + ADDED.policies, of('PoliciesQuota')],
    ['AttachedPoliciesPerRole', ADDED.onRole, of('AttachedPoliciesPerRoleQuota')],
  ] as const;
  const seen = lacking.map(([name, needed, most]) => `${name} ${needed} of ${most}`).join(', ');
  return { ok: lacking.every(([, needed, most]) => needed <= most), seen };
}

/** Names that the template gives itself; of a stack that is there they are its own. */
async function askNames(clients: DoctorClients, place: Place): Promise<Seen> {
  const { stack } = place;
  const { seen } = await askStack(clients, place);
  if (seen.includes('is there')) return { ok: true, seen: 'the stack has them' };
  const prefix = `/aws/lambda/${stack}-`;
  const { logGroups = [] } = await clients.logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }),
  );
  const taken = logGroups
    .map(({ logGroupName }) => logGroupName ?? '')
    .filter((name) => FUNCTIONS.some((fn) => name === `${prefix}${fn}`))
    .map((name) => `log group ${name}`);
  for (const fn of FUNCTIONS) {
    const FunctionName = `${stack}-${fn}`;
    await clients.lambda.send(new GetFunctionCommand({ FunctionName })).then(
      () => taken.push(`function ${FunctionName}`),
      (error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
      },
    );
  }
  const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
  const kept = Buckets.map(({ Name = '' }) => Name).filter((name) =>
    name.startsWith(`${stack.toLowerCase()}-versionsbucket-`),
  );
  // It is in nobody's way, but its memory is not taken over.
  const old = kept.length === 0 ? '' : `; kept from earlier, and not read any more: ${kept.join(', ')}`;
  return { ok: taken.length === 0, seen: `${taken.length === 0 ? 'all free' : taken.join(', ')}${old}` };
}

async function askPermissions({ iam }: DoctorClients, place: Place): Promise<Seen> {
  const { callerArn } = place;
  if (callerArn.endsWith(':root')) return { ok: true, seen: 'the root user may do everything' };
  const source = await principalOf(iam, callerArn);
  const denied: string[] = [];
  for (const [arn, ActionNames] of CALLS) {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: source,
        ActionNames: [...ActionNames],
        ResourceArns: [arn(place)],
        ContextEntries: AS_CLOUDFORMATION.map((entry) => ({
          ...entry,
          ContextKeyValues: [...entry.ContextKeyValues],
        })),
      }),
    );
    for (const { EvalActionName, EvalDecision } of EvaluationResults)
      if (EvalDecision !== 'allowed') denied.push(EvalActionName ?? '');
  }
  const asked = CALLS.flatMap(([, actions]) => actions).length;
  return {
    ok: denied.length === 0,
    seen: denied.length === 0 ? `${asked} calls, all allowed` : `denied: ${denied.join(', ')}`,
  };
}

/** A session's ARN names its role without the path, by which it is simulated. */
async function principalOf(iam: DoctorClients['iam'], callerArn: string): Promise<string> {
  const [, RoleName] = /:assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
  if (RoleName === undefined) return callerArn;
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return Role?.Arn ?? callerArn;
}
