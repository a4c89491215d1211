/** What there is to know of the kinds of Amazon MSK. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const KAFKA_CLIENTS: readonly ClientDefinition[] = [
  { name: 'kafka', module: './kafkaClient.ts', class: 'KafkaClient', scope: 'kafka', protocol: 'restJson' },
];

export const KAFKA_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'kafka-cluster-policy',
    words: 'policy of Kafka cluster',
    client: 'kafka',
    resourceType: 'AWS::MSK::Cluster',

    identity: 'none',
    errors: { gone: ['NotFoundException'], notNow: ['TooManyRequestsException'] },
    permissions: {
      read: [
        { actions: ['kafka:GetClusterPolicy'], resources: ['arn:{partition}:kafka:*:{account}:cluster/*'] },
      ],
      list: [{ actions: ['kafka:ListClustersV2'], resources: ['*'] }],
      write: [
        {
          actions: ['kafka:PutClusterPolicy', 'kafka:DeleteClusterPolicy'],
          resources: ['arn:{partition}:kafka:*:{account}:cluster/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) => `aws kafka put-cluster-policy --cluster-arn ${arn} --policy file://before.json`,
      (arn) => `aws kafka delete-cluster-policy --cluster-arn ${arn}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::MSK::ClusterPolicy.Policy'],
      terraform: ['aws_msk_cluster_policy.policy'],
    },
    load: async () => (await import('./kafkaClusterPolicy.ts')).kafkaClusterPolicy,
  },
];
