/** Events of SNS topics. An attribute that is no policy only says "look there". */

import { addsStatement, ends, makes, puts, takesStatement, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';

/** Source: SNS API Reference, AddPermission; the actions go without the service's name. */
function permissionStatement({ request }: EventFields): string | undefined {
  const [accounts, actions] = [request['aWSAccountId'], request['actionName']];
  if (!Array.isArray(accounts) || !Array.isArray(actions)) return undefined;
  return JSON.stringify({
    Sid: textOf(request, 'label'),
    Effect: 'Allow',
    Principal: { AWS: accounts },
    Action: actions.map((action) => `SNS:${action}`),
    Resource: textOf(request, 'topicArn'),
  });
}

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
      // An empty policy brings the default back.
      edit: (fields) =>
        fields.request['attributeName'] === 'Policy'
          ? puts(requestText('attributeValue'))(fields)
          : touchesNothing(fields),
    }),
    row('AddPermission', 'SetTopicAttributes', { edit: addsStatement(permissionStatement) }),
    row('RemovePermission', 'SetTopicAttributes', { edit: takesStatement }),
    row('CreateTopic', 'not restored', {
      target: ({ request, response, partition, region, accountId }) => {
        const name = textOf(request, 'name');
        return (
          textOf(response, 'topicArn') ?? (name && `arn:${partition}:sns:${region}:${accountId}:${name}`)
        );
      },
      needs: 'requestParameters.name',
      edit: makes({
        document: ({ request }) => textOf(membersOf(request, 'attributes'), 'Policy'),
        otherwise: 'default',
        life: 'found-or-made',
      }),
    }),
    row('DeleteTopic', 'not restored', { edit: ends }),
  ],
};
