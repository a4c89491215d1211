/** What there is to know of the kinds of SNS. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const SNS_CLIENTS: readonly ClientDefinition[] = [
  { name: 'sns', module: '@aws-sdk/client-sns', class: 'SNSClient', scope: 'sns', protocol: 'awsQuery' },
];

export const SNS_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'topic-policy',
    words: 'policy of topic',
    client: 'sns',
    resourceType: 'AWS::SNS::Topic',

    parts: [{ id: 'document', role: 'resource', text: 'own', absence: 'default' }],
    identity: 'none',
    errors: { gone: ['NotFoundException', 'NotFound'], notNow: [] },
    permissions: {
      read: [{ actions: ['sns:GetTopicAttributes'], resources: ['arn:{partition}:sns:*:{account}:*'] }],
      list: [{ actions: ['sns:ListTopics'], resources: ['*'] }],
      write: [{ actions: ['sns:SetTopicAttributes'], resources: ['arn:{partition}:sns:*:{account}:*'] }],
    },
    undo: oneDocument(
      (arn) =>
        `aws sns set-topic-attributes --topic-arn ${arn} --attribute-name Policy --attribute-value file://before.json`,
      // A topic always has a policy; there is none to go back to where there was no topic.
      (arn) => ({
        command: `aws sns set-topic-attributes --topic-arn ${arn} --attribute-name Policy --attribute-value file://before.json`,
        document: undefined,
      }),
    ),
    findingType: 'AwsSnsTopic',
    places: {
      cloudFormation: ['AWS::SNS::TopicPolicy.PolicyDocument', 'AWS::SNS::TopicInlinePolicy.PolicyDocument'],
      terraform: ['aws_sns_topic.policy', 'aws_sns_topic_policy.policy'],
    },

    load: async () => (await import('./topicPolicy.ts')).topicPolicy,
  },
];
