/** Events of DynamoDB tables and streams. */

import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

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
      edit: puts(requestText('policy')),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy', { edit: removes() }),
    row('CreateTable', 'not restored', {
      ...byName,
      edit: makes({ document: requestText('resourcePolicy') }),
    }),
    row('DeleteTable', 'not restored', { ...byName, edit: ends }),
  ],
};
