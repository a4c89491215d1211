/** Amazon MSK’s API, as far as it is called. Source: Amazon MSK API Reference. */
import { IN_PATH, inQuery, STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'Kafka',
  namespace: 'com.amazonaws.kafka',
  version: '2018-11-14',
  scope: 'kafka',
});

type Cluster = { readonly ClusterArn: string };

const CLUSTER = { ClusterArn: IN_PATH };
const PATH = '/v1/clusters/{ClusterArn}/policy';
/** JSON writes members with small first letters. */
const named = (jsonName: string) => [STRING, { jsonName }] as unknown as typeof STRING;

/** The policy of a cluster, and its revision. */
export const GetClusterPolicyCommand = shapes.command<
  Cluster,
  { readonly CurrentVersion?: string; readonly Policy?: string }
>('GetClusterPolicy', {
  http: ['GET', PATH],
  input: CLUSTER,
  output: { CurrentVersion: named('currentVersion'), Policy: named('policy') },
});
/** Writes the policy iff it is still of that revision. */
export const PutClusterPolicyCommand = shapes.command<
  Cluster & { readonly CurrentVersion?: string | undefined; readonly Policy: string },
  object
>('PutClusterPolicy', {
  http: ['PUT', PATH],
  input: { ...CLUSTER, CurrentVersion: named('currentVersion'), Policy: named('policy') },
  output: {},
});
/** Takes the policy away. */
export const DeleteClusterPolicyCommand = shapes.command<Cluster, object>('DeleteClusterPolicy', {
  http: ['DELETE', PATH],
  input: CLUSTER,
  output: {},
});
/** A page of clusters. */
export const ListClustersV2Command = shapes.command<
  { readonly NextToken?: string | undefined },
  { readonly ClusterInfoList?: readonly { readonly ClusterArn?: string }[]; readonly NextToken?: string }
>('ListClustersV2', {
  http: ['GET', '/api/v2/clusters'],
  input: { NextToken: inQuery('nextToken') },
  output: {
    ClusterInfoList: [
      shapes.listOf('Clusters', shapes.structure('Cluster', { ClusterArn: named('clusterArn') })),
      { jsonName: 'clusterInfoList' },
    ] as unknown as typeof STRING,
    NextToken: named('nextToken'),
  },
});

/** The client. Takes what every client of the SDK takes. */
export class KafkaClient extends shapes.Client {}
