/** ECR's operations on repositories, the registry and their policies in memory. Source: ECR API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
} from './account.ts';
import { type Documented, deleting, reading, removing, thingOf, writing } from './documentOperations.ts';

function repositoryArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return `arn:${account.partition}:ecr:${region}:${account.accountId}:repository/${required(input, 'repositoryName')}`;
}

const REPOSITORY: Documented = {
  arnOf: repositoryArn,
  notFound: 'RepositoryNotFoundException',
  noPolicy: 'RepositoryPolicyNotFoundException',
};
const REGISTRY: Documented = {
  arnOf: ({ partition, accountId }, _, { region }) => `arn:${partition}:ecr:${region}:${accountId}:registry`,
  notFound: 'RegistryPolicyNotFoundException',
  noPolicy: 'RegistryPolicyNotFoundException',
  isSingle: true,
};

const described = ({ arn, created }: Resource): Input => ({
  repositoryArn: arn,
  repositoryName: arn.slice(arn.indexOf('/') + 1),
  createdAt: created,
});

const OPERATIONS: OperationTable = {
  CreateRepository: (account, input, context) => ({
    repository: described(makeResource(account, repositoryArn(account, input, context), context.now)),
  }),
  DeleteRepository: deleting(REPOSITORY),
  DescribeRepositories(account, input, context) {
    const names = input['repositoryNames'];
    const found = Array.isArray(names)
      ? names.map((repositoryName: unknown) =>
          thingOf(REPOSITORY, account, { repositoryName }, { ...context, lenient: false }),
        )
      : resourcesOf(account, 'ecr', context.region).filter(({ arn }) => arn.includes(':repository/'));
    return { repositories: found.map(described) };
  },
  GetRepositoryPolicy: reading(REPOSITORY, (policyText) => ({ policyText })),
  SetRepositoryPolicy: writing(REPOSITORY, 'policyText'),
  DeleteRepositoryPolicy: removing(REPOSITORY),
  GetRegistryPolicy: reading(REGISTRY, (policyText) => ({ policyText })),
  PutRegistryPolicy: writing(REGISTRY, 'policyText'),
  DeleteRegistryPolicy: removing(REGISTRY),
};

/** Parameters keep their names. */
export const ECR: RecordedService = {
  source: 'ecr.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request) => request,
  toRequest: (input) => input,
};
