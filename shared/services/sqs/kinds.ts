/** What there is to know of the kinds of SQS. */
import { apiDomainOf, parseArn } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const SQS_CLIENTS: readonly ClientDefinition[] = [
  { name: 'sqs', module: '@aws-sdk/client-sqs', class: 'SQSClient', scope: 'sqs', protocol: 'awsJson' },
];

export const SQS_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'queue-policy',
    words: 'policy of queue',
    client: 'sqs',
    resourceType: 'AWS::SQS::Queue',

    identity: 'creation-time',
    errors: { gone: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'], notNow: [] },
    permissions: {
      read: [
        {
          actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
          resources: ['arn:{partition}:sqs:*:{account}:*'],
        },
      ],
      list: [{ actions: ['sqs:ListQueues'], resources: ['*'] }],
      write: [{ actions: ['sqs:SetQueueAttributes'], resources: ['arn:{partition}:sqs:*:{account}:*'] }],
    },
    undo: oneDocument(
      (arn) => `aws sqs set-queue-attributes --queue-url ${urlOf(arn)} --attributes file://before.json`,
      (arn) => `aws sqs set-queue-attributes --queue-url ${urlOf(arn)} --attributes Policy=`,
      (Policy) => JSON.stringify({ Policy }),
    ),
    findingType: 'AwsSqsQueue',
    places: {
      cloudFormation: ['AWS::SQS::QueuePolicy.PolicyDocument', 'AWS::SQS::QueueInlinePolicy.PolicyDocument'],
      terraform: ['aws_sqs_queue.policy', 'aws_sqs_queue_policy.policy'],
    },

    load: async () => (await import('./queuePolicy.ts')).queuePolicy,
  },
];

/** Source: Amazon SQS Developer Guide, "Amazon SQS queue and message identifiers". */
function urlOf(arn: string): string {
  const { region, accountId, resource } = parseArn(arn);
  return `https://sqs.${region}.${apiDomainOf(region)}/${accountId}/${resource}`;
}
