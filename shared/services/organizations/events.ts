/**
 * Events of Organizations on control policies, where they are attached, and the policy of the organization itself, told in the management account. Policies and
 * what they are attached to are named by their ids alone.
 */
import {
  type EventFields,
  type EventRow,
  type Fields,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

const base = { source: 'organizations.amazonaws.com' } as const;

const arnBelow =
  (type: string, field: string) =>
  ({ request, partition, accountId }: EventFields): string | undefined => {
    const id = textOf(request, field);
    return id && `arn:${partition}:organizations::${accountId}:${type}/${id}`;
  };

const policy = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  ...base,
  name,
  kind: 'organizations-policy',
  target: arnBelow('policy', 'policyId'),
  needs: 'requestParameters.policyId',
  restore,
  ...more,
});

/** There is one in an organization; events of its deletion tell no more. */
const resourcePolicy = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  ...base,
  name,
  kind: 'organizations-resource-policy',
  target: ({ partition, accountId }) => `arn:${partition}:organizations::${accountId}:resourcepolicy`,
  needs: 'recipientAccountId',
  restore,
  ...more,
});

const attachment = (name: string, restore: string, field = 'targetId'): EventRow => ({
  ...base,
  name,
  kind: 'organizations-attachment',
  target: arnBelow('target', field),
  needs: `requestParameters.${field}`,
  restore,
});

function madePolicy({ response }: EventFields): string | undefined {
  const made = response['policy'];
  const summary = typeof made === 'object' && made !== null ? (made as Fields)['policySummary'] : undefined;
  return typeof summary === 'object' && summary !== null ? textOf(summary as Fields, 'arn') : undefined;
}

const SWITCHED =
  'not restored: switching a type of policy off detaches all of it, for the whole organization';

export const ORGANIZATIONS_EVENTS: ServiceEvents = {
  ...base,
  rows: [
    policy('UpdatePolicy', 'UpdatePolicy', { document: requestText('content') }),
    policy('CreatePolicy', 'not restored', {
      target: madePolicy,
      needs: 'responseElements.policy.policySummary.arn',
      effect: 'creates',
    }),
    policy('DeletePolicy', 'not restored', { effect: 'deletes' }),
    attachment('AttachPolicy', 'DetachPolicy'),
    attachment('DetachPolicy', 'AttachPolicy'),
    attachment('EnablePolicyType', SWITCHED, 'rootId'),
    attachment('DisablePolicyType', SWITCHED, 'rootId'),
    resourcePolicy('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      document: requestText('content'),
    }),
    resourcePolicy('DeleteResourcePolicy', 'PutResourcePolicy'),
  ],
  notJudged: [
    'MoveAccount',
    'LeaveOrganization',
    'RemoveAccountFromOrganization',
    'RegisterDelegatedAdministrator',
  ],
};
