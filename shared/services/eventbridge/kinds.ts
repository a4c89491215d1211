/** What there is to know of the kinds of EventBridge. */
import { afterSlash } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const EVENT_BRIDGE_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'eventBridge',
    module: '@aws-sdk/client-eventbridge',
    class: 'EventBridgeClient',
    scope: 'events',
    protocol: 'awsJson',
  },
];

export const EVENT_BRIDGE_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'event-bus-policy',
    words: 'policy of event bus',
    client: 'eventBridge',
    resourceType: 'AWS::Events::EventBus',

    identity: 'creation-time',
    errors: { gone: ['ResourceNotFoundException'], notNow: ['ConcurrentModificationException'] },
    permissions: {
      read: [
        {
          actions: ['events:DescribeEventBus'],
          resources: ['arn:{partition}:events:*:{account}:event-bus/*'],
        },
      ],
      list: [{ actions: ['events:ListEventBuses'], resources: ['*'] }],
      write: [
        {
          actions: ['events:PutPermission', 'events:RemovePermission'],
          resources: ['arn:{partition}:events:*:{account}:event-bus/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) => `aws events put-permission --event-bus-name ${afterSlash(arn)} --policy file://before.json`,
      (arn) => `aws events remove-permission --event-bus-name ${afterSlash(arn)} --remove-all-permissions`,
    ),
    findingType: 'AwsEventsEventbus',
    places: {
      cloudFormation: ['AWS::Events::EventBusPolicy.Statement', 'AWS::Events::EventBus.Policy'],
      terraform: ['aws_cloudwatch_event_bus_policy.policy', 'aws_cloudwatch_event_permission.principal'],
    },

    load: async () => (await import('./eventBusPolicy.ts')).eventBusPolicy,
  },
];
