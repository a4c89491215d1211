/** Made CloudTrail records of one role in one account, as small as the guard takes them. */

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;

let made = 0;

/** Returns a record of an IAM call on the role `app`, `minutes` after the beginning of 2026. */
export function roleRecord(
  minutes: number,
  eventName: string,
  more: object = {},
  response: object | null = null,
) {
  made++;
  return {
    eventVersion: '1.08',
    eventID: `10000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    eventTime: new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString().replace('.000Z', 'Z'),
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    recipientAccountId: ACCOUNT,
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEEXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:user/eve`,
      accountId: ACCOUNT,
    },
    sourceIPAddress: '192.0.2.1',
    requestParameters: { roleName: 'app', ...more },
    responseElements: response,
    readOnly: false,
    eventType: 'AwsApiCall',
  };
}

/** Returns the record of an inline policy put on the role. */
export function putPolicy(minutes: number, action: string) {
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: 'arn:aws:s3:::reports/*' }],
  });
  return roleRecord(minutes, 'PutRolePolicy', { policyName: 'reports', policyDocument });
}

/** Returns records in which the role is made and set up, and long after that widened. */
export function wideningTrail() {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const role = {
    arn: ROLE,
    roleName: 'app',
    roleId: 'AROAEXAMPLEEXAMPLE',
    path: '/',
    createDate: 'Jan 1, 2026, 12:00:00 AM',
  };
  return [
    roleRecord(0, 'CreateRole', { assumeRolePolicyDocument: trust }, { role }),
    putPolicy(1, 's3:GetObject'),
    putPolicy(120, 's3:*'),
  ];
}
