/** Events of SQS queues. A queue is named by its URL, a new one by its name; an empty policy takes it away. */
import {
  type EventFields,
  type EventRow,
  type Fields,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

/** Returns the ARN of the queue that the request names. */
export function queueArn({ request, partition, region, accountId }: EventFields): string | undefined {
  const url = textOf(request, 'queueUrl');
  const name = url === undefined ? textOf(request, 'queueName') : url.slice(url.lastIndexOf('/') + 1);
  return name && `arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

/** The names of attributes keep their capitals. */
function policyAttribute({ request }: EventFields): string | undefined {
  const attributes = request['attributes'];
  return typeof attributes === 'object' && attributes !== null
    ? textOf(attributes as Fields, 'Policy')
    : undefined;
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
    row('SetQueueAttributes', 'SetQueueAttributes', { document: policyAttribute }),
    row('AddPermission', 'SetQueueAttributes'),
    row('RemovePermission', 'SetQueueAttributes'),
    row('CreateQueue', 'not restored', { needs: 'requestParameters.queueName', effect: 'creates' }),
    row('DeleteQueue', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
