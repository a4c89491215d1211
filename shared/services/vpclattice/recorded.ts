/** VPC Lattice’s operations on services and their networks in memory. Source: VPC Lattice API Reference. */
import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  type Input,
  makeResource,
  type Operation,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

function arnOf(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  const given =
    optional(input, 'resourceIdentifier') ??
    optional(input, 'serviceIdentifier') ??
    required(input, 'serviceNetworkIdentifier');
  return given.startsWith('arn:')
    ? given
    : `arn:${account.partition}:vpc-lattice:${region}:${account.accountId}:${given.startsWith('sn-') ? 'servicenetwork' : 'service'}/${given}`;
}

const HELD: Documented = { arnOf, notFound: 'ResourceNotFoundException' };

const make =
  (prefix: string): Operation =>
  (account, input, { now, region }) => {
    const id = uniqueIdOf('', `lattice ${account.resources.size}`, now).toLowerCase();
    const arn =
      optional(input, 'arn') ??
      `arn:${account.partition}:vpc-lattice:${region}:${account.accountId}:${prefix}${id}`;
    return { arn: makeResource(account, arn, now).arn };
  };

const named = (account: Account, region: string, type: string) =>
  resourcesOf(account, 'vpc-lattice', region)
    .filter(({ arn }) => parseArn(arn).resource.startsWith(type))
    .map(({ arn }) => ({ arn }));

const OPERATIONS: OperationTable = {
  CreateService: make('service/svc-'),
  CreateServiceNetwork: make('servicenetwork/sn-'),
  DeleteService: deleting(HELD),
  DeleteServiceNetwork: deleting(HELD),
  GetAuthPolicy: reading(HELD, (policy) => ({ policy })),
  PutAuthPolicy: writing(HELD, 'policy'),
  DeleteAuthPolicy: removing(HELD),
  ListServices: (account, _, { region }) => ({ items: named(account, region, 'service/') }),
  ListServiceNetworks: (account, _, { region }) => ({ items: named(account, region, 'servicenetwork/') }),
};

export const VPC_LATTICE: RecordedService = {
  client: 'vpcLattice',
  source: 'vpc-lattice.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({ ...request, ...response }),
  toRequest: (input) => input,
};
