/** What there is to know of the kinds of Kinesis. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const KINESIS_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'kinesis',
    module: '@aws-sdk/client-kinesis',
    class: 'KinesisClient',
    scope: 'kinesis',
    protocol: 'awsJson',
  },
];

export const KINESIS_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'stream-policy',
    words: 'policy of stream',
    client: 'kinesis',
    resourceType: 'AWS::Kinesis::Stream',

    identity: 'none',
    errors: {
      gone: ['ResourceNotFoundException'],
      notNow: ['ResourceInUseException', 'LimitExceededException'],
    },
    permissions: {
      read: [
        {
          actions: ['kinesis:GetResourcePolicy'],
          resources: ['arn:{partition}:kinesis:*:{account}:stream/*'],
        },
      ],
      list: [{ actions: ['kinesis:ListStreams'], resources: ['*'] }],
      write: [
        {
          actions: ['kinesis:PutResourcePolicy', 'kinesis:DeleteResourcePolicy'],
          resources: ['arn:{partition}:kinesis:*:{account}:stream/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) => `aws kinesis put-resource-policy --resource-arn ${arn} --policy file://before.json`,
      (arn) => `aws kinesis delete-resource-policy --resource-arn ${arn}`,
    ),
    findingType: 'AwsKinesisStream',
    places: {
      cloudFormation: ['AWS::Kinesis::ResourcePolicy.ResourcePolicy'],
      terraform: ['aws_kinesis_resource_policy.policy'],
    },

    load: async () => (await import('./streamPolicy.ts')).streamPolicy,
  },
];
