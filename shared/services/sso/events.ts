/** Events of IAM Identity Center on permission sets and who is assigned them, in its home Region. */

import { ends, makes, puts, removes, touchesNamed, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, type ReadText, requestText, textOf } from '../../changes/fields.ts';

const set = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'sso.amazonaws.com',
  name,
  kind: 'permission-set',
  target: requestText('permissionSetArn'),
  needs: 'requestParameters.permissionSetArn',
  restore,
  ...more,
});

/** The account that somebody may now sign in to, or no longer; the one that is told of it is the instance's. */
const assignment = (name: string, restore: string, to: 'hidden' | 'gone'): EventRow => ({
  source: 'sso.amazonaws.com',
  name,
  kind: 'account-assignment',
  target: ({ request, partition }) => {
    const account = textOf(request, 'targetId');
    return account && `arn:${partition}:sso:::account/${account}`;
  },
  needs: 'requestParameters.targetId',
  edit: touchesNamed(
    ({ request }) => {
      const [set, type, id] = ['permissionSetArn', 'principalType', 'principalId'].map((field) =>
        textOf(request, field),
      );
      return set && type && id && `${set}/${type}/${id}`;
    },
    (made) => [{ part: `assignment:${made}`, to }],
  ),
  restore,
});

const INLINE =
  'PutInlinePolicyToPermissionSet or DeleteInlinePolicyFromPermissionSet, ProvisionPermissionSet';
const BOUNDARY =
  'PutPermissionsBoundaryToPermissionSet or DeletePermissionsBoundaryFromPermissionSet, ProvisionPermissionSet';

const MANAGED = requestText('managedPolicyArn');
const NAMED: ReadText = ({ request }) => pathIn(request);
const LIMIT: ReadText = ({ request }) => {
  const limit = membersOf(request, 'permissionsBoundary');
  return textOf(limit, 'managedPolicyArn') ?? pathIn(limit);
};

function pathIn(members: EventFields['request']): string | undefined {
  const reference = membersOf(members, 'customerManagedPolicyReference');
  const name = textOf(reference, 'name');
  return name && `${textOf(reference, 'path') ?? '/'}${name}`;
}

export const SSO_ADMIN_EVENTS: ServiceEvents = {
  source: 'sso.amazonaws.com',
  rows: [
    set('PutInlinePolicyToPermissionSet', INLINE, {
      edit: puts(requestText('inlinePolicy'), 'inline'),
    }),
    set('DeleteInlinePolicyFromPermissionSet', INLINE, { edit: removes('inline') }),
    set('AttachManagedPolicyToPermissionSet', 'DetachManagedPolicyFromPermissionSet', {
      edit: touchesNamed(MANAGED, (arn) => [{ part: `attached:${arn}`, to: { reference: arn } }]),
    }),
    set('DetachManagedPolicyFromPermissionSet', 'AttachManagedPolicyToPermissionSet', {
      edit: touchesNamed(MANAGED, (arn) => [{ part: `attached:${arn}`, to: 'gone' }]),
    }),
    set(
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      { edit: touchesNamed(NAMED, (path) => [{ part: `named:${path}`, to: { reference: path } }]) },
    ),
    set(
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      { edit: touchesNamed(NAMED, (path) => [{ part: `named:${path}`, to: 'gone' }]) },
    ),
    set('PutPermissionsBoundaryToPermissionSet', BOUNDARY, {
      edit: touchesNamed(LIMIT, (limit) => [
        { part: 'boundary:*', to: 'gone' },
        { part: `boundary:${limit}`, to: { reference: limit } },
      ]),
    }),
    set('DeletePermissionsBoundaryFromPermissionSet', BOUNDARY, { edit: removes('boundary:*') }),
    // Changes nothing of the set: it brings into force what was changed, whose own event may have been lost.
    set('ProvisionPermissionSet', INLINE, { edit: touchesNothing }),
    set('CreatePermissionSet', 'not restored', {
      target: ({ response }) => {
        return textOf(membersOf(response, 'permissionSet'), 'permissionSetArn');
      },
      needs: 'responseElements.permissionSet.permissionSetArn',
      edit: makes(),
    }),
    set('DeletePermissionSet', 'not restored', { edit: ends }),
    assignment('CreateAccountAssignment', 'DeleteAccountAssignment', 'hidden'),
    assignment('DeleteAccountAssignment', 'CreateAccountAssignment', 'gone'),
  ],
};
