/** Policies of EventBridge event buses. */
import {
  DescribeEventBusCommand,
  ListEventBusesCommand,
  PutPermissionCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import type { TargetRef } from '../../targets/target.ts';

export const eventBusPolicy = documentTarget({
  kind: 'event-bus-policy',
  service: 'eventBridge',
  noun: 'event bus',
  async read(eventBridge, target) {
    const found = await unless(
      ['ResourceNotFoundException'],
      eventBridge.send(new DescribeEventBusCommand({ Name: nameOf(target) })),
    );
    return (
      found && {
        document: found.Policy,
        uniqueId: found.CreationTime?.toISOString(),
        created: found.CreationTime,
      }
    );
  },
  async *list(eventBridge) {
    const buses = allPages(async (NextToken) => {
      const page = await orFault(eventBridge.send(new ListEventBusesCommand({ NextToken })));
      return { items: page.EventBuses ?? [], next: page.NextToken };
    });
    for await (const { Arn: arn } of buses) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutPermission',
    send: (eventBridge, { target, document: Policy }) =>
      eventBridge.send(new PutPermissionCommand({ EventBusName: nameOf(target), Policy })),
  },
  remove: {
    operation: 'RemovePermission',
    send: (eventBridge, { target }) =>
      eventBridge.send(
        new RemovePermissionCommand({ EventBusName: nameOf(target), RemoveAllPermissions: true }),
      ),
  },
});

/** Names of partners' buses hold slashes. */
function nameOf({ arn }: TargetRef): string {
  return arn.slice(arn.indexOf('/') + 1);
}
