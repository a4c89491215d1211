/** OpenSearch's operations on domains in memory, under their names before and after. Source: OpenSearch Service API Reference. */
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
} from '../../recording/account.ts';
import { type Documented, deleting, resourceNamed } from '../../recording/documentOperations.ts';

function domainArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return `arn:${account.partition}:es:${region}:${account.accountId}:domain/${required(input, 'DomainName')}`;
}

const DOMAIN: Documented = { arnOf: domainArn, notFound: 'ResourceNotFoundException' };

const create: Operation = (account, input, context) => {
  const domain = makeResource(account, domainArn(account, input, context), context.now);
  domain.policy = optional(input, 'AccessPolicies');
  return { DomainStatus: { ARN: domain.arn } };
};

const update: Operation = (account, input, context) => {
  const domain = resourceNamed(DOMAIN, account, input, context);
  // What a call does not name it leaves as it is.
  if (typeof input['AccessPolicies'] === 'string') domain.policy = optional(input, 'AccessPolicies');
  return {};
};

const OPERATIONS: OperationTable = {
  CreateDomain: create,
  CreateElasticsearchDomain: create,
  UpdateDomainConfig: update,
  UpdateElasticsearchDomainConfig: update,
  DeleteDomain: deleting(DOMAIN),
  DeleteElasticsearchDomain: deleting(DOMAIN),
  DescribeDomain(account, input, context) {
    const { arn, policy } = resourceNamed(DOMAIN, account, input, { ...context, lenient: false });
    return { DomainStatus: { ARN: arn, AccessPolicies: policy ?? '' } };
  },
  ListDomainNames: (account, _, { region }) => ({
    DomainNames: resourcesOf(account, 'es', region).map(({ arn }) => ({
      DomainName: arn.slice(arn.indexOf('/') + 1),
    })),
  }),
};

export const OPEN_SEARCH: RecordedService = {
  client: 'openSearch',
  source: 'es.amazonaws.com',
  operations: OPERATIONS,
};
