/** Events of the Glue Data Catalog. */

import { puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText } from '../../changes/fields.ts';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'glue.amazonaws.com',
  name,
  kind: 'data-catalog-policy',
  target: ({ partition, region, accountId }) => `arn:${partition}:glue:${region}:${accountId}:catalog`,
  needs: 'awsRegion',
  restore,
  ...more,
});

export const GLUE_EVENTS: ServiceEvents = {
  source: 'glue.amazonaws.com',
  rows: [
    row('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      edit: puts(requestText('policyInJson')),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy', { edit: removes() }),
  ],
};
