/** Events of the Glue Data Catalog. */
import { type EventRow, requestText, type ServiceEvents } from '../../changes/eventRow.ts';

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
      document: requestText('policyInJson'),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy'),
  ],
  notJudged: [],
};
