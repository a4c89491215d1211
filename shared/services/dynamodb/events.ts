/** Events of DynamoDB tables and streams. */
import { type EventRow, requestText, type ServiceEvents, textOf } from '../../changes/eventRow.ts';

const byName: Pick<EventRow, 'target' | 'needs'> = {
  target: ({ request, partition, region, accountId }) => {
    const name = textOf(request, 'tableName');
    return name && `arn:${partition}:dynamodb:${region}:${accountId}:table/${name}`;
  },
  needs: 'requestParameters.tableName',
};

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'dynamodb.amazonaws.com',
  name,
  kind: 'table-policy',
  target: requestText('resourceArn'),
  needs: 'requestParameters.resourceArn',
  restore,
  ...more,
});

export const DYNAMODB_EVENTS: ServiceEvents = {
  source: 'dynamodb.amazonaws.com',
  rows: [
    row('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      document: requestText('policy'),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy'),
    row('CreateTable', 'not restored', {
      ...byName,
      document: requestText('resourcePolicy'),
      effect: 'creates',
    }),
    row('DeleteTable', 'not restored', { ...byName, effect: 'deletes' }),
  ],
  notJudged: [],
};
