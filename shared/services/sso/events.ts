/** Events of IAM Identity Center on permission sets and who is assigned them, in its home Region. */
import {
  type EventRow,
  type Fields,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

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
const assignment = (name: string, restore: string): EventRow => ({
  source: 'sso.amazonaws.com',
  name,
  kind: 'account-assignment',
  target: ({ request, partition }) => {
    const account = textOf(request, 'targetId');
    return account && `arn:${partition}:sso:::account/${account}`;
  },
  needs: 'requestParameters.targetId',
  restore,
});

const INLINE =
  'PutInlinePolicyToPermissionSet or DeleteInlinePolicyFromPermissionSet, ProvisionPermissionSet';
const BOUNDARY =
  'PutPermissionsBoundaryToPermissionSet or DeletePermissionsBoundaryFromPermissionSet, ProvisionPermissionSet';

export const SSO_ADMIN_EVENTS: ServiceEvents = {
  source: 'sso.amazonaws.com',
  rows: [
    set('PutInlinePolicyToPermissionSet', INLINE, {
      document: requestText('inlinePolicy'),
      documentPart: () => 'inline',
    }),
    set('DeleteInlinePolicyFromPermissionSet', INLINE),
    set('AttachManagedPolicyToPermissionSet', 'DetachManagedPolicyFromPermissionSet'),
    set('DetachManagedPolicyFromPermissionSet', 'AttachManagedPolicyToPermissionSet'),
    set(
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
    ),
    set(
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
    ),
    set('PutPermissionsBoundaryToPermissionSet', BOUNDARY),
    set('DeletePermissionsBoundaryFromPermissionSet', BOUNDARY),
    // Changes nothing of the set: it brings into force what was changed, whose own event may have been lost.
    set('ProvisionPermissionSet', INLINE),
    set('CreatePermissionSet', 'not restored', {
      target: ({ response }) => {
        const made = response['permissionSet'];
        return typeof made === 'object' && made !== null
          ? textOf(made as Fields, 'permissionSetArn')
          : undefined;
      },
      needs: 'responseElements.permissionSet.permissionSetArn',
      effect: 'creates',
    }),
    set('DeletePermissionSet', 'not restored', { effect: 'deletes' }),
    assignment('CreateAccountAssignment', 'DeleteAccountAssignment'),
    assignment('DeleteAccountAssignment', 'CreateAccountAssignment'),
  ],
  notJudged: [
    // Calls of the console from before there was an API. What their records hold is documented nowhere.
    'PutPermissionsPolicy',
    'DeletePermissionsPolicy',
  ],
};
