/** Trails of IAM calls made in code: who may become more privileged depends on what other roles are. */

const ACCOUNT = '111122223333';

/** One call of IAM: its name, what it asks, and what it answers. */
export type IamCall = readonly [name: string, request: object, response?: object];

const document = (Statement: object | readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });

/** Returns the document of Allows. */
export const allowing = (...statements: readonly object[]) =>
  document(statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })));

/** Returns the trust policy that lets the principal in, under the condition. */
export const trusting = (Principal: object, Condition?: object) =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition && { Condition }) });

/** Returns the call that makes a role. */
export function createRole(roleName: string, assumeRolePolicyDocument: string): IamCall {
  const role = {
    roleName,
    roleId: idOf('AROA', roleName),
    arn: `arn:aws:iam::${ACCOUNT}:role/${roleName}`,
    path: '/',
  };
  return ['CreateRole', { roleName, path: '/', assumeRolePolicyDocument }, { role }];
}

/** Returns the call that writes the role's inline policy. */
export const putRolePolicy = (roleName: string, policyDocument: string): IamCall => [
  'PutRolePolicy',
  { roleName, policyName: 'p', policyDocument },
];

/** Returns the trail of the calls, an hour between each two, so that each is a change of its own. */
export function trailOf(calls: readonly IamCall[]): string {
  const start = Date.parse('2026-10-01T00:00:00Z');
  const Records = calls.map(([eventName, requestParameters, responseElements = null], index) => ({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: idOf('AIDA', 'alice'),
      arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
      accountId: ACCOUNT,
      userName: 'alice',
    },
    eventTime: new Date(start + index * 3_600_000).toISOString().replace('.000', ''),
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli',
    requestParameters,
    responseElements,
    requestID: `r${index}`,
    eventID: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
  }));
  return JSON.stringify({ Records });
}

const idOf = (prefix: string, name: string) =>
  `${prefix}${name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, 'X')
    .padEnd(17, 'X')
    .slice(0, 17)}`;
