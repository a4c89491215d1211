/** Events of S3 Tables on table buckets. */
import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const source = 's3tables.amazonaws.com';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'table-bucket-policy',
  target: requestText('tableBucketARN'),
  needs: 'requestParameters.tableBucketARN',
  restore,
  ...more,
});

export const S3_TABLES_EVENTS: ServiceEvents = {
  source,
  rows: [
    row('PutTableBucketPolicy', 'PutTableBucketPolicy or DeleteTableBucketPolicy', {
      edit: puts(requestText('resourcePolicy')),
    }),
    row('DeleteTableBucketPolicy', 'PutTableBucketPolicy', { edit: removes() }),
    row('CreateTableBucket', 'not restored', {
      target: ({ response }) => textOf(response, 'arn'),
      needs: 'responseElements.arn',
      edit: makes(),
    }),
    row('DeleteTableBucket', 'not restored', { edit: ends }),
  ],
};
