/** CloudWatch Logs’ operations on policies in memory. Source: CloudWatch Logs API Reference. */
import {
  type Account,
  type Input,
  type OperationContext,
  type OperationTable,
  type RecordedService,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, writing } from '../../recording/documentOperations.ts';

function arnOf(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return `arn:${account.partition}:logs:${region}:${account.accountId}:resource-policy:${required(input, 'policyName')}`;
}

const HELD: Documented = { arnOf, notFound: 'ResourceNotFoundException', isSingle: true };

const OPERATIONS: OperationTable = {
  PutResourcePolicy: writing(HELD, 'policyDocument'),
  DeleteResourcePolicy: deleting(HELD),
  DescribeResourcePolicies: (account, _, { region }) => ({
    resourcePolicies: resourcesOf(account, 'logs', region).map(({ arn, policy }) => ({
      policyName: arn.slice(arn.lastIndexOf(':') + 1),
      policyDocument: policy,
    })),
  }),
};

export const LOGS: RecordedService = {
  client: 'logs',
  source: 'logs.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({ ...request, ...response }),
  toRequest: (input) => input,
};
