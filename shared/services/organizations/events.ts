/**
 * Events of Organizations on control policies, where they are attached, and the policy of the organization itself, told in the management account. Policies and
 * what they are attached to are named by their ids alone.
 */

import {
  ends,
  hidden,
  makes,
  puts,
  putsIfGiven,
  type ReadEdit,
  removes,
  touchesNamed,
} from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';

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

const attachment = (name: string, restore: string, edit: ReadEdit, field = 'targetId'): EventRow => ({
  ...base,
  name,
  kind: 'organizations-attachment',
  target: arnBelow('target', field),
  needs: `requestParameters.${field}`,
  edit,
  restore,
});

function madePolicy({ response }: EventFields): string | undefined {
  return textOf(membersOf(membersOf(response, 'policy'), 'policySummary'), 'arn');
}

const SWITCHED =
  'not restored: switching a type of policy off detaches all of it, for the whole organization';

export const ORGANIZATIONS_EVENTS: ServiceEvents = {
  ...base,
  rows: [
    policy('UpdatePolicy', 'UpdatePolicy', { edit: putsIfGiven(requestText('content')) }),
    policy('CreatePolicy', 'not restored', {
      target: madePolicy,
      needs: 'responseElements.policy.policySummary.arn',
      edit: makes({ document: requestText('content') }),
    }),
    policy('DeletePolicy', 'not restored', { edit: ends }),
    attachment(
      'AttachPolicy',
      'DetachPolicy',
      touchesNamed(requestText('policyId'), (id) => [{ part: `attached:${id}`, to: { reference: id } }]),
    ),
    attachment(
      'DetachPolicy',
      'AttachPolicy',
      touchesNamed(requestText('policyId'), (id) => [{ part: `attached:${id}`, to: 'gone' }]),
    ),
    attachment('EnablePolicyType', SWITCHED, hidden, 'rootId'),
    attachment('DisablePolicyType', SWITCHED, hidden, 'rootId'),
    resourcePolicy('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      edit: puts(requestText('content')),
    }),
    resourcePolicy('DeleteResourcePolicy', 'PutResourcePolicy', { edit: removes() }),
  ],
};
