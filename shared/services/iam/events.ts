/** Events of IAM. */
import {
  type EventFields,
  type EventRow,
  type Fields,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';
import { IAM_FEDERATION_ROWS } from './federationEvents.ts';

const iamArn =
  (type: 'role' | 'user' | 'group', field: string) =>
  ({ request, partition, accountId }: EventFields): string | undefined => {
    const name = textOf(request, field);
    return name === undefined ? undefined : `arn:${partition}:iam::${accountId}:${type}/${name}`;
  };

/** Events on one type of principal: the same names for roles, users and groups. */
function principalRows(type: 'Role' | 'User' | 'Group'): EventRow[] {
  const lower = type.toLowerCase() as 'role' | 'user' | 'group'; // the three names above, in small letters
  const field = `${lower}Name`;
  const row = (name: string, restore: string): EventRow => ({
    source: 'iam.amazonaws.com',
    name,
    kind: 'iam-principal',
    target: iamArn(lower, field),
    needs: `requestParameters.${field}`,
    restore,
  });
  const rows = [
    {
      ...row(`Put${type}Policy`, `Put${type}Policy or Delete${type}Policy`),
      document: requestText('policyDocument'),
      documentPart: ({ request }: EventFields) => {
        const name = textOf(request, 'policyName');
        return name === undefined ? undefined : `inline:${name}`;
      },
    },
    row(`Delete${type}Policy`, `Put${type}Policy`),
    { ...row(`Attach${type}Policy`, `Detach${type}Policy`), addition: added('attached', 'policyArn') },
    row(`Detach${type}Policy`, `Attach${type}Policy`),
    { ...row(`Create${type}`, 'not restored'), effect: 'creates' as const },
    { ...row(`Delete${type}`, 'not restored'), effect: 'deletes' as const },
  ];
  if (type === 'Group') return rows;
  return [
    ...rows,
    row(`Put${type}PermissionsBoundary`, `Put${type}PermissionsBoundary or Delete${type}PermissionsBoundary`),
    row(`Delete${type}PermissionsBoundary`, `Put${type}PermissionsBoundary`),
  ];
}

/** Returns a reader of the id of the part that the call made. */
function added(part: 'attached' | 'group', field: string) {
  return ({ request }: EventFields): string | undefined => {
    const name = textOf(request, field);
    return name === undefined ? undefined : `${part}:${name}`;
  };
}

const membership = (name: string, restore: string): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'iam-principal',
  target: iamArn('user', 'userName'),
  needs: 'requestParameters.userName',
  restore,
});

const trust = (name: string, more: Partial<EventRow>): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'role-trust',
  target: iamArn('role', 'roleName'),
  needs: 'requestParameters.roleName',
  restore: 'UpdateAssumeRolePolicy',
  ...more,
});

const managed = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'managed-policy',
  target: requestText('policyArn'),
  needs: 'requestParameters.policyArn',
  restore,
  ...more,
});

/** CreatePolicy names no ARN in its request; the response does, else path and name give it. */
function createdPolicyArn({ request, response, partition, accountId }: EventFields): string | undefined {
  const policy = response['policy'];
  const arn = typeof policy === 'object' && policy !== null ? textOf(policy as Fields, 'arn') : undefined;
  const name = textOf(request, 'policyName');
  if (arn !== undefined || name === undefined) return arn;
  return `arn:${partition}:iam::${accountId}:policy${textOf(request, 'path') ?? '/'}${name}`;
}

export const IAM_EVENTS: ServiceEvents = {
  source: 'iam.amazonaws.com',
  rows: [
    trust('UpdateAssumeRolePolicy', { document: requestText('policyDocument') }),
    trust('CreateRole', {
      document: requestText('assumeRolePolicyDocument'),
      effect: 'creates',
      restore: 'not restored',
    }),
    trust('DeleteRole', { effect: 'deletes', restore: 'not restored' }),
    ...principalRows('Role'),
    ...principalRows('User'),
    ...principalRows('Group'),
    {
      ...membership('AddUserToGroup', 'RemoveUserFromGroup'),
      addition: added('group', 'groupName'),
    },
    membership('RemoveUserFromGroup', 'AddUserToGroup'),
    managed('CreatePolicyVersion', 'SetDefaultPolicyVersion, DeletePolicyVersion', {
      // Without setAsDefault the document is stored but grants nothing.
      document: ({ request }) =>
        request['setAsDefault'] === true ? textOf(request, 'policyDocument') : undefined,
    }),
    managed('SetDefaultPolicyVersion', 'SetDefaultPolicyVersion'),
    managed('DeletePolicyVersion', 'not restored'),
    managed('CreatePolicy', 'not restored', {
      target: createdPolicyArn,
      needs: 'requestParameters.policyName',
      document: requestText('policyDocument'),
      effect: 'creates',
    }),
    managed('DeletePolicy', 'not restored', { effect: 'deletes' }),
    ...IAM_FEDERATION_ROWS,
  ],
  notJudged: [],
};
