/** Amazon MSK’s operations on clusters in memory. Source: Amazon MSK API Reference. */
import {
  type Account,
  capitalised,
  type Input,
  makeResource,
  type Operation,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

const arnOf = (_: Account, input: Input) => required(input, 'ClusterArn');

const HELD: Documented = { arnOf, notFound: 'NotFoundException', noPolicy: 'NotFoundException' };

const make: Operation = (account, input, { now, region }) => {
  const id = uniqueIdOf('', `cluster ${account.resources.size}`, now).toLowerCase();
  const arn =
    optional(input, 'ClusterArn') ??
    `arn:${account.partition}:kafka:${region}:${account.accountId}:cluster/${optional(input, 'ClusterName') ?? 'c'}/${id}`;
  return { ClusterArn: makeResource(account, arn, now).arn };
};

const OPERATIONS: OperationTable = {
  CreateCluster: make,
  CreateClusterV2: make,
  DeleteCluster: deleting(HELD),
  GetClusterPolicy: reading(HELD, (Policy, { revision }) => ({ Policy, CurrentVersion: String(revision) })),
  PutClusterPolicy: writing(HELD, 'Policy'),
  DeleteClusterPolicy: removing(HELD),
  ListClustersV2: (account, _, { region }) => ({
    ClusterInfoList: resourcesOf(account, 'kafka', region).map(({ arn }) => ({ ClusterArn: arn })),
  }),
};

export const KAFKA: RecordedService = {
  client: 'kafka',
  source: 'kafka.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({ ...capitalised(request), ...capitalised(response) }),
};
