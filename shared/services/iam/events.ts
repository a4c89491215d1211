/** Events of IAM. */

import {
  ends,
  makes,
  puts,
  type ReadEdit,
  removes,
  touchesNamed,
  touchesNothing,
} from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';
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
  const row = (name: string, restore: string, edit: ReadEdit): EventRow => ({
    source: 'iam.amazonaws.com',
    name,
    kind: 'iam-principal',
    target: iamArn(lower, field),
    needs: `requestParameters.${field}`,
    edit,
    restore,
  });
  const inline = requestText('policyName');
  const attached = requestText('policyArn');
  const rows = [
    row(
      `Put${type}Policy`,
      `Put${type}Policy or Delete${type}Policy`,
      touchesNamed(inline, (name, { request }) => {
        const document = textOf(request, 'policyDocument');
        return [{ part: `inline:${name}`, to: document === undefined ? 'hidden' : { document } }];
      }),
    ),
    row(
      `Delete${type}Policy`,
      `Put${type}Policy`,
      touchesNamed(inline, (name) => [{ part: `inline:${name}`, to: 'gone' }]),
    ),
    row(
      `Attach${type}Policy`,
      `Detach${type}Policy`,
      touchesNamed(attached, (arn) => [{ part: `attached:${arn}`, to: { reference: arn } }]),
    ),
    row(
      `Detach${type}Policy`,
      `Attach${type}Policy`,
      touchesNamed(attached, (arn) => [{ part: `attached:${arn}`, to: 'gone' }]),
    ),
    row(`Create${type}`, 'not restored', createsPrincipal(lower)),
    row(`Delete${type}`, 'not restored', ends),
  ];
  if (type === 'Group') return rows;
  return [
    ...rows,
    row(
      `Put${type}PermissionsBoundary`,
      `Put${type}PermissionsBoundary or Delete${type}PermissionsBoundary`,
      touchesNamed(requestText('permissionsBoundary'), (arn) => [
        { part: 'boundary:*', to: 'gone' },
        { part: `boundary:${arn}`, to: { reference: arn } },
      ]),
    ),
    row(`Delete${type}PermissionsBoundary`, `Put${type}PermissionsBoundary`, removes('boundary:*')),
  ];
}

/**
 * A user or group that takes another name keeps its unique id and all that it holds. Under the old name nothing is left;
 * what stands under the new one was not written by the call. Source: IAM User Guide, "Rename or delete IAM users in AWS".
 */
function renameRows(type: 'User' | 'Group'): EventRow[] {
  const lower = type.toLowerCase() as 'user' | 'group'; // the two names above, in small letters
  const [before, after] = [iamArn(lower, `${lower}Name`), iamArn(lower, `new${type}Name`)];
  const row = (target: EventRow['target'], edit: ReadEdit): EventRow => ({
    source: 'iam.amazonaws.com',
    name: `Update${type}`,
    kind: 'iam-principal',
    target,
    needs: `requestParameters.${lower}Name`,
    edit,
    restore: 'not restored',
  });
  const isOther = (fields: EventFields) => {
    const name = after(fields);
    return name !== undefined && name !== before(fields);
  };
  return [
    row(before, (fields) => (isOther(fields) ? ends : touchesNothing)(fields)),
    row((fields) => after(fields) ?? before(fields), touchesNothing),
  ];
}

/** A new principal holds nothing but the boundary that it may be given. */
const createsPrincipal =
  (type: 'role' | 'user' | 'group'): ReadEdit =>
  ({ request, response }) => {
    const boundary = textOf(request, 'permissionsBoundary');
    const uniqueId = textOf(membersOf(response, type), `${type}Id`);
    return {
      life: 'made',
      isWhole: true,
      ...(uniqueId === undefined ? {} : { uniqueId }),
      touches: boundary === undefined ? [] : [{ part: `boundary:${boundary}`, to: { reference: boundary } }],
    };
  };

const membership = (name: string, restore: string, edit: ReadEdit): EventRow => ({
  source: 'iam.amazonaws.com',
  name,
  kind: 'iam-principal',
  target: iamArn('user', 'userName'),
  needs: 'requestParameters.userName',
  edit,
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
  const arn = textOf(membersOf(response, 'policy'), 'arn');
  const name = textOf(request, 'policyName');
  if (arn !== undefined || name === undefined) return arn;
  return `arn:${partition}:iam::${accountId}:policy${textOf(request, 'path') ?? '/'}${name}`;
}

export const IAM_EVENTS: ServiceEvents = {
  source: 'iam.amazonaws.com',
  rows: [
    trust('UpdateAssumeRolePolicy', { edit: puts(requestText('policyDocument')) }),
    trust('CreateRole', {
      edit: makes({
        document: requestText('assumeRolePolicyDocument'),
        uniqueId: ({ response }) => textOf(membersOf(response, 'role'), 'roleId'),
      }),
      restore: 'not restored',
    }),
    trust('DeleteRole', { edit: ends, restore: 'not restored' }),
    ...principalRows('Role'),
    ...principalRows('User'),
    ...principalRows('Group'),
    ...renameRows('User'),
    ...renameRows('Group'),
    membership(
      'AddUserToGroup',
      'RemoveUserFromGroup',
      touchesNamed(requestText('groupName'), (group) => [
        { part: `group:${group}`, to: { reference: group } },
      ]),
    ),
    membership(
      'RemoveUserFromGroup',
      'AddUserToGroup',
      touchesNamed(requestText('groupName'), (group) => [
        { part: `group:${group}`, to: 'gone' },
        { part: `group:${group}/*`, to: 'gone' },
      ]),
    ),
    managed('CreatePolicyVersion', 'SetDefaultPolicyVersion, DeletePolicyVersion', {
      // Without setAsDefault the document is stored but grants nothing.
      edit: (fields) =>
        fields.request['setAsDefault'] === true
          ? puts(requestText('policyDocument'))(fields)
          : touchesNothing(fields),
    }),
    managed('SetDefaultPolicyVersion', 'SetDefaultPolicyVersion', {
      edit: touchesNamed(requestText('versionId'), (version) => [
        { part: 'document', to: { reference: version } },
      ]),
    }),
    // The default version cannot be deleted.
    managed('DeletePolicyVersion', 'not restored', { edit: touchesNothing }),
    managed('CreatePolicy', 'not restored', {
      target: createdPolicyArn,
      needs: 'requestParameters.policyName',
      edit: makes({
        document: requestText('policyDocument'),
        uniqueId: ({ response }) => textOf(membersOf(response, 'policy'), 'policyId'),
      }),
    }),
    managed('DeletePolicy', 'not restored', { edit: ends }),
    ...IAM_FEDERATION_ROWS,
  ],
};
