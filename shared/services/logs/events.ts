/** Events of CloudWatch Logs on the policies of an account and Region, which have names and no ARNs. */
import { puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type ReadText, requestText, textOf } from '../../changes/fields.ts';

const source = 'logs.amazonaws.com';

const policyArn: ReadText = ({ request, partition, region, accountId }) => {
  const name = textOf(request, 'policyName');
  return name && `arn:${partition}:logs:${region}:${accountId}:resource-policy:${name}`;
};

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'log-resource-policy',
  target: policyArn,
  needs: 'requestParameters.policyName',
  restore,
  ...more,
});

export const LOGS_EVENTS: ServiceEvents = {
  source,
  rows: [
    row('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      edit: puts(requestText('policyDocument')),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy', { edit: removes() }),
  ],
};
