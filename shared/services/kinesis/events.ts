/** Events of Kinesis data streams. */

import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const byName: Pick<EventRow, 'target' | 'needs'> = {
  target: ({ request, partition, region, accountId }) => {
    const name = textOf(request, 'streamName');
    return (
      textOf(request, 'streamARN') ??
      (name && `arn:${partition}:kinesis:${region}:${accountId}:stream/${name}`)
    );
  },
  needs: 'requestParameters.streamName',
};

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'kinesis.amazonaws.com',
  name,
  kind: 'stream-policy',
  target: requestText('resourceARN'),
  needs: 'requestParameters.resourceARN',
  restore,
  ...more,
});

export const KINESIS_EVENTS: ServiceEvents = {
  source: 'kinesis.amazonaws.com',
  rows: [
    row('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      edit: puts(requestText('policy')),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy', { edit: removes() }),
    row('CreateStream', 'not restored', { ...byName, edit: makes() }),
    row('DeleteStream', 'not restored', { ...byName, edit: ends }),
  ],
};
