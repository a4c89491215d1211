/** What the platform team owns: roles of pipelines, guards of developers, roles for other accounts, shared resources. */
import * as account from './account.ts';
import {
  ACCOUNT,
  allow,
  arn,
  awsPolicy,
  document,
  grant,
  iamArn,
  REGION,
  service,
  trust,
} from './account.ts';
import * as calls from './calls.ts';
import { at, type Call, type Run } from './calls.ts';

const GITHUB = 'token.actions.githubusercontent.com';
/** Trust in workflows of the own organization's repositories. */
const github = (subject: string) =>
  trust(
    { Federated: iamArn(`oidc-provider/${GITHUB}`) },
    {
      StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${GITHUB}:sub`]: `repo:acme-corp/${subject}` },
    },
    'sts:AssumeRoleWithWebIdentity',
  );

const CDK = `cdk-hnb659fds`;
const cdkRole = (use: string) => `${CDK}-${use}-role-${ACCOUNT}-${REGION}`;
const assets = `${CDK}-assets-${ACCOUNT}-${REGION}`;
const cdkTrust = trust({ AWS: iamArn('root') });
const assetsPolicy = document({
  ...grant('AllowSSLRequestsOnly', '*', 's3:*', [`arn:aws:s3:::${assets}`, `arn:aws:s3:::${assets}/*`], {
    Bool: { 'aws:SecureTransport': 'false' },
  }),
  Effect: 'Deny',
});
const deployPolicy = document(
  allow(
    ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet', 'cloudformation:DescribeStacks'],
    '*',
  ),
  allow('iam:PassRole', iamArn(`role/${cdkRole('cfn-exec')}`)),
);
const publishPolicy = document(
  allow(
    ['s3:GetObject*', 's3:GetBucket*', 's3:List*', 's3:PutObject*', 's3:Abort*'],
    [`arn:aws:s3:::${assets}`, `arn:aws:s3:::${assets}/*`],
  ),
);

/** `cdk bootstrap`; run again it applies what is there. */
const bootstrapAgain = (): Call[] => [
  calls.updateTrust(cdkRole('cfn-exec'), trust(service('cloudformation'))),
  calls.attachRolePolicy(cdkRole('cfn-exec'), awsPolicy('AdministratorAccess')),
  calls.putRolePolicy(cdkRole('deploy'), 'default', deployPolicy),
  calls.putRolePolicy(cdkRole('file-publishing'), `${CDK}-file-publishing`, publishPolicy),
  calls.putBucketPolicy(assets, assetsPolicy),
];

const boundary = document(
  allow(
    ['s3:*', 'dynamodb:*', 'glue:*', 'athena:*', 'sqs:*', 'sns:*', 'logs:*', 'lambda:*', 'cloudwatch:*'],
    '*',
  ),
  { Effect: 'Deny', Action: ['iam:*', 'organizations:*', 'cloudtrail:*', 'kms:PutKeyPolicy'], Resource: '*' },
);
/** What the role of the data team's notebooks holds; the boundary leaves only a part of it. */
const sandbox = document(
  allow(['s3:*', 'glue:*', 'athena:*', 'dynamodb:*', 'lambda:*'], '*'),
  allow(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:PassRole'], '*'),
);
const auditorTrust = trust({ AWS: `arn:aws:iam::${account.SECURITY}:root` });

/** What the log shipper's managed policy says; its second version looks at trails as well. */
export const shipperStatements = [
  allow(['logs:DescribeLogGroups', 'logs:FilterLogEvents', 'logs:GetLogEvents'], '*'),
  allow('firehose:PutRecordBatch', arn('firehose', 'deliverystream/central-logs')),
  allow(['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:LookupEvents'], '*'),
];

/** Returns the runs that set the account up, before anything else. */
export function setUpPlatform(): Run[] {
  const bootstrap: Call[] = [
    calls.createOidcProvider(GITHUB),
    calls.createRole('acme-terraform', github('infrastructure:ref:refs/heads/main'), { path: '/ci/' }),
    calls.attachRolePolicy('acme-terraform', awsPolicy('AdministratorAccess')),
    calls.createRole('acme-cdk', github('*:environment:production'), { path: '/ci/' }),
    calls.putRolePolicy('acme-cdk', 'assume', document(allow('sts:AssumeRole', iamArn(`role/${CDK}-*`)))),
    calls.createRole(
      'break-glass',
      trust({ AWS: iamArn('root') }, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    ),
    calls.attachRolePolicy('break-glass', awsPolicy('AdministratorAccess')),
    calls.createPolicy('acme-developer-boundary', boundary),
    calls.createRole('security-audit', auditorTrust),
    calls.attachRolePolicy('security-audit', awsPolicy('SecurityAudit')),
    calls.createRole(
      'monitoring-integration',
      trust(
        { AWS: `arn:aws:iam::${account.MONITORING}:root` },
        { StringEquals: { 'sts:ExternalId': '6f1c2a40d5' } },
      ),
    ),
    calls.putRolePolicy(
      'monitoring-integration',
      'read-metrics',
      document(allow(['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics', 'tag:GetResources'], '*')),
    ),
  ];
  const cdk: Call[] = [
    calls.createRole(cdkRole('cfn-exec'), trust(service('cloudformation'))),
    calls.attachRolePolicy(cdkRole('cfn-exec'), awsPolicy('AdministratorAccess')),
    calls.createRole(cdkRole('deploy'), cdkTrust),
    calls.createRole(cdkRole('file-publishing'), cdkTrust),
    calls.createBucket(assets),
    calls.putPublicAccessBlock(assets, true),
    ...bootstrapAgain().slice(2),
  ];
  const shared: Call[] = [
    ...['config', 'guardduty', 'elasticloadbalancing', 'ecs', 'rds'].map(calls.createLinkedRole),
    calls.createRole('acme-log-shipper', trust(service('lambda'))),
    calls.createPolicy('acme-log-shipper', document(...shipperStatements.slice(0, 2))),
    calls.attachRolePolicy('acme-log-shipper', iamArn('policy/acme-log-shipper')),
    calls.createRole('acme-ops-automation', trust(service('lambda'))),
    calls.putRolePolicy(
      'acme-ops-automation',
      'operate',
      document(allow(['ec2:*', 'ssm:*', 'iam:*', 's3:*'], '*')),
    ),
    calls.createPolicy(
      'acme-lambda-authoring',
      document(
        allow(
          ['lambda:CreateFunction', 'lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
          arn('lambda', 'function:*'),
        ),
      ),
    ),
    calls.createUser('svc-reporting'),
    calls.putUserPolicy(
      'svc-reporting',
      'reports',
      document(
        allow(['athena:StartQueryExecution', 'athena:GetQueryResults'], '*'),
        allow('iam:PassRole', iamArn('role/acme-*')),
      ),
    ),
    calls.createRepository('acme/base'),
    calls.setRepositoryPolicy(
      'acme/base',
      document(pull('Tooling', { AWS: `arn:aws:iam::${account.TOOLING}:root` })),
    ),
    calls.createEventBus('acme'),
    calls.createSecret('acme/partner-api'),
    calls.createDbSnapshot('payments-weekly-0928', 'payments'),
  ];
  return [
    { minute: at(0, 8), actor: account.setUp, calls: bootstrap },
    { minute: at(0, 8, 30), actor: account.setUp, calls: cdk },
    { minute: at(0, 9, 15), actor: account.terraform, calls: shared },
    {
      minute: at(0, 15, 20),
      actor: account.priya,
      calls: [
        calls.createRole('acme-data-sandbox', trust(service('sagemaker'), account.sourceAccount), {
          boundary: iamArn('policy/acme-developer-boundary'),
        }),
        calls.putRolePolicy('acme-data-sandbox', 'notebooks', sandbox),
      ],
    },
  ];
}

function pull(sid: string, principal: '*' | { readonly AWS: string }, condition?: account.Condition) {
  const actions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
  const { Resource: _, ...statement } = grant(sid, principal, actions, '*', condition);
  return statement;
}

const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': account.ORGANIZATION } };
const platform = (day: number, hour: number, ...made: Call[]): Run => ({
  minute: at(day, hour, 12),
  actor: account.terraform,
  calls: made,
});

/** Returns what the platform team does over the month; much of it looks worse than it is. */
export function changePlatform(): Run[] {
  const deployService = (service_: string, role: string) =>
    document(
      allow(['ecs:UpdateService', 'ecs:RegisterTaskDefinition', 'ecs:DescribeServices'], '*'),
      allow('iam:PassRole', iamArn(`role/${role}`), { StringEquals: { 'iam:PassedToService': service_ } }),
    );
  return [
    platform(4, 11, ...calls.newPolicyVersion('acme-log-shipper', 2, document(...shipperStatements))),
    platform(
      5,
      10,
      calls.createRole('acme-deploy-orders', github('orders:environment:production'), { path: '/ci/' }),
      calls.putRolePolicy(
        'acme-deploy-orders',
        'deploy',
        deployService('ecs-tasks.amazonaws.com', 'acme-orders-task'),
      ),
    ),
    platform(6, 10, calls.updateTrust('acme-cdk', github('*:ref:refs/heads/main'))),
    platform(
      7,
      15,
      calls.createRole(
        'backup-restore',
        trust({ AWS: `arn:aws:iam::${account.TOOLING}:role/backup-copier` }),
      ),
      calls.attachRolePolicy(
        'backup-restore',
        awsPolicy('service-role/AWSBackupServiceRolePolicyForRestores'),
      ),
      calls.shareDbSnapshot('payments-weekly-0928', account.TOOLING),
    ),
    {
      minute: at(8, 15, 40),
      actor: account.marek,
      calls: [
        calls.setEndpointPolicy(
          'vpce-0a4c1d9e8b7f60001',
          document(grant('Org', '*', '*', '*', inOrganization)),
        ),
      ],
    },
    { minute: at(11, 9, 5), actor: account.setUp, calls: bootstrapAgain() },
    platform(
      12,
      10,
      calls.putBusPolicy(
        'acme',
        document(grant('Org', '*', 'events:PutEvents', arn('events', 'event-bus/acme'), inOrganization)),
      ),
    ),
    platform(
      13,
      10,
      calls.putSecretPolicy(
        'acme/partner-api',
        document(
          grant(
            'Tooling',
            { AWS: `arn:aws:iam::${account.TOOLING}:role/ci-runner` },
            'secretsmanager:GetSecretValue',
            '*',
          ),
        ),
      ),
    ),
    platform(14, 13, calls.setRepositoryPolicy('acme/base', document(pull('Org', '*', inOrganization)))),
    platform(
      15,
      10,
      calls.updateTrust('security-audit', trust({ AWS: `arn:aws:iam::${account.SECURITY}:role/auditor` })),
      calls.putRolePolicy(
        'acme-deploy-orders',
        'deploy',
        deployService('ecs-tasks.amazonaws.com', 'acme-orders-*'),
      ),
    ),
    // The vendor asked for one more read, and rotated the external id.
    platform(
      19,
      11,
      calls.putRolePolicy(
        'monitoring-integration',
        'read-metrics',
        document(
          allow(
            [
              'cloudwatch:GetMetricData',
              'cloudwatch:ListMetrics',
              'tag:GetResources',
              'ec2:DescribeInstances',
            ],
            '*',
          ),
        ),
      ),
      calls.updateTrust(
        'monitoring-integration',
        trust(
          { AWS: `arn:aws:iam::${account.MONITORING}:root` },
          { StringEquals: { 'sts:ExternalId': '91be07c3aa' } },
        ),
      ),
    ),
    platform(
      20,
      10,
      ...calls.newPolicyVersion(
        'acme-developer-boundary',
        2,
        boundary.replace('"glue:*",', '"glue:*","states:*",'),
      ),
      calls.putRoleBoundary('acme-invoices-worker', iamArn('policy/acme-developer-boundary')),
    ),
    platform(
      22,
      14,
      calls.createDbSnapshot('payments-weekly-1019', 'payments'),
      calls.shareDbSnapshot('payments-weekly-1019', account.TOOLING),
    ),
    platform(
      25,
      10,
      calls.createRole('config-recorder', trust(service('config'), account.sourceAccount)),
      calls.attachRolePolicy('config-recorder', awsPolicy('service-role/AWS_ConfigRole')),
    ),
    { minute: at(27, 9, 5), actor: account.setUp, calls: bootstrapAgain() },
    platform(
      28,
      10,
      calls.detachRolePolicy(
        'backup-restore',
        awsPolicy('service-role/AWSBackupServiceRolePolicyForRestores'),
      ),
      calls.deleteRole('backup-restore'),
    ),
  ];
}
