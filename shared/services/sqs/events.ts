/** Events of SQS queues. A queue is named by its URL, a new one by its name; an empty policy takes it away. */

import { addsStatement, ends, makes, putsIfGiven, removes, takesStatement } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, textOf } from '../../changes/fields.ts';

/** Returns the ARN of the queue that the request names. */
export function queueArn({ request, partition, region, accountId }: EventFields): string | undefined {
  const url = textOf(request, 'queueUrl');
  const name = url === undefined ? textOf(request, 'queueName') : url.slice(url.lastIndexOf('/') + 1);
  return name && `arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

/** The names of attributes keep their capitals. */
function policyAttribute({ request }: EventFields): string | undefined {
  return textOf(membersOf(request, 'attributes'), 'Policy');
}

/** Source: SQS API Reference, AddPermission; the actions go without the service's name. */
function permissionStatement(fields: EventFields): string | undefined {
  const { request } = fields;
  const accounts = request['aWSAccountIds'] ?? request['awsAccountIds'];
  const actions = request['actions'];
  if (!Array.isArray(accounts) || !Array.isArray(actions)) return undefined;
  return JSON.stringify({
    Sid: textOf(request, 'label'),
    Effect: 'Allow',
    Principal: { AWS: accounts },
    Action: actions.map((action) => `SQS:${action}`),
    Resource: queueArn(fields),
  });
}

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'sqs.amazonaws.com',
  name,
  kind: 'queue-policy',
  target: queueArn,
  needs: 'requestParameters.queueUrl',
  restore,
  ...more,
});

export const SQS_EVENTS: ServiceEvents = {
  source: 'sqs.amazonaws.com',
  rows: [
    row('SetQueueAttributes', 'SetQueueAttributes', {
      edit: (fields) =>
        membersOf(fields.request, 'attributes')['Policy'] === ''
          ? removes()(fields)
          : putsIfGiven(policyAttribute)(fields),
    }),
    row('AddPermission', 'SetQueueAttributes', { edit: addsStatement(permissionStatement) }),
    row('RemovePermission', 'SetQueueAttributes', { edit: takesStatement }),
    row('CreateQueue', 'not restored', {
      needs: 'requestParameters.queueName',
      edit: makes({ document: policyAttribute, life: 'found-or-made' }),
    }),
    row('DeleteQueue', 'not restored', { edit: ends }),
  ],
};
