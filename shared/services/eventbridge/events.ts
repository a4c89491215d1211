/** Events of event buses. Without a name it is the default one. */
import {
  type EventFields,
  type EventRow,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

/** By name, or by its ARN. */
function busArn({ request, partition, region, accountId }: EventFields): string {
  const name = textOf(request, 'eventBusName') ?? textOf(request, 'name') ?? 'default';
  return name.startsWith('arn:') ? name : `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`;
}

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'events.amazonaws.com',
  name,
  kind: 'event-bus-policy',
  target: busArn,
  needs: 'requestParameters.eventBusName',
  restore,
  ...more,
});

export const EVENT_BRIDGE_EVENTS: ServiceEvents = {
  source: 'events.amazonaws.com',
  rows: [
    row('PutPermission', 'PutPermission or RemovePermission', { document: requestText('policy') }),
    row('RemovePermission', 'PutPermission'),
    row('CreateEventBus', 'not restored', { effect: 'creates' }),
    row('DeleteEventBus', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
