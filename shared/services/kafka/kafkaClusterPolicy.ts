/** Policies of clusters of Amazon MSK. A cluster without a policy and one that is gone look the same, and both let in nobody beside. */
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeleteClusterPolicyCommand,
  GetClusterPolicyCommand,
  ListClustersV2Command,
  PutClusterPolicyCommand,
} from './kafkaClient.ts';

export const kafkaClusterPolicy = documentTarget({
  kind: 'kafka-cluster-policy',
  service: 'kafka',
  noun: 'Kafka cluster',
  async read(kafka, { arn: ClusterArn }) {
    const held = await unless(['NotFoundException'], kafka.send(new GetClusterPolicyCommand({ ClusterArn })));
    return { document: held?.Policy, revision: held?.CurrentVersion };
  },
  async *list(kafka) {
    const clusters = allPages(async (NextToken) => {
      const page = await orFault(kafka.send(new ListClustersV2Command({ NextToken })));
      return { items: page.ClusterInfoList ?? [], next: page.NextToken };
    });
    for await (const { ClusterArn: arn } of clusters) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutClusterPolicy',
    // MSK takes it only while the policy is still of that revision.
    send: (kafka, { target: { arn: ClusterArn }, document: Policy, live: { revision: CurrentVersion } }) =>
      kafka.send(new PutClusterPolicyCommand({ ClusterArn, CurrentVersion, Policy })),
  },
  remove: {
    operation: 'DeleteClusterPolicy',
    send: (kafka, { target: { arn: ClusterArn } }) =>
      kafka.send(new DeleteClusterPolicyCommand({ ClusterArn })),
  },
});
