/** Events of event buses. Without a name it is the default one. */

import { addsStatement, ends, makes, puts, removes, takesStatement } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';

/** By name, or by its ARN. */
function busArn({ request, partition, region, accountId }: EventFields): string {
  const name = textOf(request, 'eventBusName') ?? textOf(request, 'name') ?? 'default';
  return name.startsWith('arn:') ? name : `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`;
}

/** What `principal`, `action` and `condition` say: an account, or everyone, perhaps of an organization. */
function permissionStatement(fields: EventFields): string | undefined {
  const { request } = fields;
  const principal = textOf(request, 'principal');
  const { key, value, type } = membersOf(request, 'condition');
  if (principal === undefined) return undefined;
  return JSON.stringify({
    Sid: textOf(request, 'statementId'),
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: principal },
    Action: textOf(request, 'action') ?? 'events:PutEvents',
    Resource: busArn(fields),
    ...(typeof key === 'string' && typeof type === 'string'
      ? { Condition: { [type]: { [key]: value } } }
      : {}),
  });
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
    row('PutPermission', 'PutPermission or RemovePermission', {
      edit: (fields) =>
        textOf(fields.request, 'policy') === undefined
          ? addsStatement(permissionStatement)(fields)
          : puts(requestText('policy'))(fields),
    }),
    row('RemovePermission', 'PutPermission', {
      edit: (fields) =>
        fields.request['removeAllPermissions'] === true ? removes()(fields) : takesStatement(fields),
    }),
    row('CreateEventBus', 'not restored', { edit: makes({ document: requestText('policy') }) }),
    row('DeleteEventBus', 'not restored', { edit: ends }),
  ],
};
