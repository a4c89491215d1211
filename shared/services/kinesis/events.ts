/** Events of Kinesis data streams. */
import { type EventRow, requestText, type ServiceEvents, textOf } from '../../changes/eventRow.ts';

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
      document: requestText('policy'),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy'),
    row('CreateStream', 'not restored', { ...byName, effect: 'creates' }),
    row('DeleteStream', 'not restored', { ...byName, effect: 'deletes' }),
  ],
  notJudged: [],
};
