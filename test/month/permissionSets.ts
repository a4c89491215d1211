/** IAM Identity Center: permission sets, assignments, and the roles that the service keeps for them in the account. */
import * as account from './account.ts';
import { allow, awsPolicy, document, iamArn, REGION, reservedRole, type Statement } from './account.ts';
import * as calls from './calls.ts';
import { at, type Call, type Run } from './calls.ts';

const SAML = iamArn('saml-provider/AWSSSO_3f6b1c8e9d20a745_DO_NOT_DELETE');
const reservedTrust = account.trust(
  { Federated: SAML },
  { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
  ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
);
const path = `/aws-reserved/sso.amazonaws.com/${REGION}/`;
const developer: Statement[] = [
  allow(['logs:*', 'cloudwatch:*', 'xray:*'], '*'),
  allow(['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], iamArn('role/acme-*-task')),
  allow('iam:PutRolePolicy', iamArn('role/acme-*-worker')),
];

type Set = {
  readonly name: string;
  readonly managed: readonly string[];
  readonly inline?: string;
  readonly groups: readonly string[];
};
const SETS: readonly Set[] = [
  { name: 'PlatformAdmin', managed: ['AdministratorAccess'], groups: ['platform'] },
  {
    name: 'DeveloperAccess',
    managed: ['ReadOnlyAccess'],
    inline: document(...developer),
    groups: ['developers'],
  },
  { name: 'BillingView', managed: ['job-function/Billing'], groups: ['finance'] },
];

const INLINE = 'AwsSSOInlinePolicy';

/** Provisioning: Identity Center's own role writes what the set says into the account. */
function provisioned({ minute }: Run, ...made: Call[]): Run {
  return { minute: minute + 1, actor: account.identityCenter, calls: made };
}

function make({ name, managed, inline, groups }: Set, minute: number): Run[] {
  const role = reservedRole(name);
  const asked: Run = {
    minute,
    actor: account.setUp,
    calls: [
      calls.createPermissionSet(name),
      ...managed.map((policy) => calls.attachSetPolicy(name, awsPolicy(policy))),
      ...(inline === undefined ? [] : [calls.putSetInline(name, inline)]),
      ...groups.map((group) => calls.assign(name, group)),
    ],
  };
  const made = provisioned(
    asked,
    calls.createRole(role, reservedTrust, { path }),
    ...managed.map((policy) => calls.attachRolePolicy(role, awsPolicy(policy))),
    ...(inline === undefined ? [] : [calls.putRolePolicy(role, INLINE, inline)]),
  );
  return [asked, made];
}

function rewrite(day: number, name: string, inline: string): Run[] {
  const asked: Run = {
    minute: at(day, 11, 20),
    actor: account.priya,
    calls: [calls.putSetInline(name, inline), calls.provisionSet(name)],
  };
  return [asked, provisioned(asked, calls.putRolePolicy(reservedRole(name), INLINE, inline))];
}

/** Returns what happens in Identity Center over the month. */
export function runIdentityCenter(): Run[] {
  const withLogs = [...developer, allow(['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'], '*')];
  const withExec = [...withLogs, allow('ecs:ExecuteCommand', account.arn('ecs', 'cluster/staging'))];
  const asked: Run = {
    minute: at(13, 14, 10),
    actor: account.marek,
    calls: [
      calls.attachSetPolicy('BillingView', awsPolicy('AWSSupportAccess')),
      calls.provisionSet('BillingView'),
    ],
  };
  return [
    ...SETS.flatMap((set, index) => make(set, at(0, 10, index * 5))),
    ...rewrite(5, 'DeveloperAccess', document(...withLogs)),
    ...rewrite(12, 'DeveloperAccess', document(...withExec)),
    asked,
    provisioned(asked, calls.attachRolePolicy(reservedRole('BillingView'), awsPolicy('AWSSupportAccess'))),
    ...make({ name: 'Auditor', managed: ['SecurityAudit'], groups: ['security'] }, at(14, 15, 30)),
    { minute: at(19, 9, 50), actor: account.marek, calls: [calls.assign('BillingView', 'controllers')] },
    // A narrower set: no more commands in staging.
    ...rewrite(20, 'DeveloperAccess', document(...withLogs)),
    { minute: at(26, 16, 5), actor: account.marek, calls: [calls.unassign('BillingView', 'controllers')] },
  ];
}
