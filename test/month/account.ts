/** The account of the made month: its names, who acts in it, and how statements of its policies are written. */
import { createHash } from 'node:crypto';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
/** Tooling and backups; security; the vendor of the monitoring. All three are in the zone of trust. */
export const TOOLING = '444455556666';
export const SECURITY = '555566667777';
export const MONITORING = '464622532012';
/** In no zone of trust. */
export const STRANGER = '999988887777';
export const ORGANIZATION = 'o-a1b2c3d4e5';

export const iamArn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
export const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
export const awsPolicy = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** What a configuration may list as deployers of this account. */
export const DEPLOYERS = [iamArn('role/ci/*'), iamArn('role/cdk-hnb659fds-*')] as const;

export const digest = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
/** Returns a UUID that depends on `text` only. */
export const uuid = (text: string) =>
  digest(text, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
/** Returns an id as IAM gives it: `AROA` and the like, and 17 letters and digits. */
export const uniqueId = (prefix: string, text: string) => `${prefix}${digest(text, 17).toUpperCase()}`;

export type Statement = { readonly [element: string]: unknown };
export type Condition = {
  readonly [operator: string]: { readonly [key: string]: string | readonly string[] };
};
type Names = string | readonly string[];

const when = (Condition?: Condition) => (Condition === undefined ? {} : { Condition });
export const allow = (Action: Names, Resource: Names, condition?: Condition): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...when(condition),
});
/** Returns a statement of a resource policy. */
export const grant = (
  Sid: string,
  Principal: string | { readonly [type: string]: Names },
  Action: Names,
  Resource: Names,
  condition?: Condition,
): Statement => ({ Sid, Effect: 'Allow', Principal, Action, Resource, ...when(condition) });
export const service = (name: string) => ({ Service: `${name}.amazonaws.com` });
export const document = (...Statement: readonly Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });
/** Returns a trust policy. */
export const trust = (
  Principal: { readonly [type: string]: Names },
  condition?: Condition,
  Action: Names = 'sts:AssumeRole',
) => document({ Effect: 'Allow', Principal, Action, ...when(condition) });
export const sourceAccount: Condition = { StringEquals: { 'aws:SourceAccount': ACCOUNT } };
export const fromArn = (source: string): Condition => ({ ArnLike: { 'aws:SourceArn': source } });

/** Who makes a call, from where, and how they write JSON. */
export type Actor = {
  readonly identity: object;
  readonly ip: string;
  readonly agent: string;
  readonly style: 'terraform' | 'plain' | 'console';
};

type From = Omit<Actor, 'identity'>;

/** Returns a session of a role; `role` has its path. */
export function session(
  role: string,
  name: string,
  { ip, agent, style }: From,
  { invokedBy, federated }: { invokedBy?: string; federated?: string } = {},
): Actor {
  const roleName = role.split('/').at(-1) ?? role;
  const principalId = uniqueId('AROA', `role/${roleName}`);
  const identity = {
    type: 'AssumedRole',
    principalId: `${principalId}:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: uniqueId('ASIA', `${roleName}/${name}`).slice(0, 20),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId,
        arn: iamArn(`role/${role}`),
        accountId: ACCOUNT,
        userName: roleName,
      },
      ...(federated === undefined ? {} : { webIdFederationData: { federatedProvider: federated } }),
      attributes: { creationDate: '2026-10-01T06:00:00Z', mfaAuthenticated: 'false' },
    },
    ...(invokedBy === undefined ? {} : { invokedBy }),
  };
  return { identity, ip, agent, style };
}

const github = iamArn('oidc-provider/token.actions.githubusercontent.com');
const TERRAFORM_AGENT =
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.68.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.30.5 os/linux lang/go#1.22.7';
const serviceFrom = (name: string): From => ({
  ip: `${name}.amazonaws.com`,
  agent: `${name}.amazonaws.com`,
  style: 'plain',
});

/** Roles of IAM Identity Center have its path and the end of their permission set's id. */
export const reservedRole = (set: string) => `AWSReservedSSO_${set}_${digest(`set/${set}`, 16)}`;
const SSO_PATH = 'aws-reserved/sso.amazonaws.com';
/** Returns a person with one of the permission sets; through the console unless `agent` says else. */
export const person = (set: string, name: string, ip: string, agent?: string): Actor =>
  session(`${SSO_PATH}/${REGION}/${reservedRole(set)}`, `${name}@acme.example`, {
    ip,
    agent: agent ?? 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/129.0.0.0',
    style: agent === undefined ? 'console' : 'plain',
  });

export const CLI_AGENT = 'aws-cli/2.17.52 md/awscrt#0.21.2 ua/2.0 os/linux#6.8 lang/python#3.11.9';
export const terraform = session(
  'ci/acme-terraform',
  'GitHubActions',
  { ip: '20.81.12.45', agent: TERRAFORM_AGENT, style: 'terraform' },
  { federated: github },
);
export const cloudFormation = session(
  `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`,
  'AWSCloudFormation',
  serviceFrom('cloudformation'),
  { invokedBy: 'cloudformation.amazonaws.com' },
);
export const identityCenter = session(
  'aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO',
  'SSOSLR',
  serviceFrom('sso'),
  { invokedBy: 'sso.amazonaws.com' },
);
export const setUp = session('OrganizationAccountAccessRole', 'platform-bootstrap', {
  ip: '198.51.100.24',
  agent: TERRAFORM_AGENT,
  style: 'terraform',
});
export const lena = person('DeveloperAccess', 'lena.ortiz', '203.0.113.17');
export const amir = person('DeveloperAccess', 'amir.haddad', '203.0.113.41', CLI_AGENT);
export const tove = person('DeveloperAccess', 'tove.lind', '203.0.113.88');
export const priya = person('PlatformAdmin', 'priya.nair', '198.51.100.24', CLI_AGENT);
export const marek = person('PlatformAdmin', 'marek.kral', '198.51.100.31');
