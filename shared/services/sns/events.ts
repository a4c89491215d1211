/** Events of SNS topics. An attribute that is no policy only says "look there". */
import { type EventRow, requestText, type ServiceEvents, textOf } from '../../changes/eventRow.ts';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'sns.amazonaws.com',
  name,
  kind: 'topic-policy',
  target: requestText('topicArn'),
  needs: 'requestParameters.topicArn',
  restore,
  ...more,
});

export const SNS_EVENTS: ServiceEvents = {
  source: 'sns.amazonaws.com',
  rows: [
    row('SetTopicAttributes', 'SetTopicAttributes', {
      document: ({ request }) =>
        request['attributeName'] === 'Policy' ? textOf(request, 'attributeValue') : undefined,
    }),
    row('AddPermission', 'SetTopicAttributes'),
    row('RemovePermission', 'SetTopicAttributes'),
    row('CreateTopic', 'not restored', {
      target: ({ request, response, partition, region, accountId }) => {
        const name = textOf(request, 'name');
        return (
          textOf(response, 'topicArn') ?? (name && `arn:${partition}:sns:${region}:${accountId}:${name}`)
        );
      },
      needs: 'requestParameters.name',
      effect: 'creates',
    }),
    row('DeleteTopic', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
