/**
 * Operations of ECR and of public ECR in memory, on repositories, creation templates, the registry and their policies.
 * Source: ECR API Reference, ECR Public API Reference.
 */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import {
  type Documented,
  deleting,
  reading,
  removing,
  resourceNamed,
  writing,
} from '../../recording/documentOperations.ts';

function repositoryArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return `arn:${account.partition}:ecr:${region}:${account.accountId}:repository/${required(input, 'repositoryName')}`;
}

function publicRepositoryArn({ partition, accountId }: Account, input: Input): string {
  return `arn:${partition}:ecr-public::${accountId}:repository/${required(input, 'repositoryName')}`;
}

function templateArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return `arn:${account.partition}:ecr:${region}:${account.accountId}:repository-creation-template/${required(input, 'prefix')}`;
}

const REPOSITORY: Documented = {
  arnOf: repositoryArn,
  notFound: 'RepositoryNotFoundException',
  noPolicy: 'RepositoryPolicyNotFoundException',
};
const PUBLIC_REPOSITORY: Documented = { ...REPOSITORY, arnOf: publicRepositoryArn };
const TEMPLATE: Documented = { arnOf: templateArn, notFound: 'TemplateNotFoundException' };
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

const describedTemplate = ({ arn, created, policy }: Resource): Input => ({
  prefix: arn.slice(arn.indexOf('/') + 1),
  createdAt: created,
  ...(policy === undefined ? {} : { repositoryPolicy: policy }),
});

/** The calls that ECR and public ECR have in common. */
const repositories = (documented: Documented, service: string): OperationTable => ({
  CreateRepository: (account, input, context) => ({
    repository: described(makeResource(account, documented.arnOf(account, input, context), context.now)),
  }),
  DeleteRepository: deleting(documented),
  DescribeRepositories(account, input, context) {
    const names = input['repositoryNames'];
    const found = Array.isArray(names)
      ? names.map((repositoryName: unknown) =>
          resourceNamed(documented, account, { repositoryName }, { ...context, lenient: false }),
        )
      : resourcesOf(account, service, service === 'ecr' ? context.region : '').filter(({ arn }) =>
          arn.includes(':repository/'),
        );
    return { repositories: found.map(described) };
  },
  GetRepositoryPolicy: reading(documented, (policyText) => ({ policyText })),
  SetRepositoryPolicy: writing(documented, 'policyText'),
  DeleteRepositoryPolicy: removing(documented),
});

const OPERATIONS: OperationTable = {
  ...repositories(REPOSITORY, 'ecr'),
  CreateRepositoryCreationTemplate(account, input, context) {
    const template = makeResource(account, templateArn(account, input, context), context.now);
    template.policy = optional(input, 'repositoryPolicy');
    return { repositoryCreationTemplate: describedTemplate(template) };
  },
  UpdateRepositoryCreationTemplate(account, input, context) {
    // What is left out stays as it is.
    if (input['repositoryPolicy'] === undefined) return {};
    return writing(TEMPLATE, 'repositoryPolicy')(account, input, context);
  },
  DeleteRepositoryCreationTemplate: deleting(TEMPLATE),
  DescribeRepositoryCreationTemplates(account, input, context) {
    const prefixes = input['prefixes'];
    const found = Array.isArray(prefixes)
      ? prefixes.map((prefix: unknown) =>
          resourceNamed(TEMPLATE, account, { prefix }, { ...context, lenient: false }),
        )
      : resourcesOf(account, 'ecr', context.region).filter(({ arn }) =>
          arn.includes(':repository-creation-template/'),
        );
    return { repositoryCreationTemplates: found.map(describedTemplate) };
  },
  GetRegistryPolicy: reading(REGISTRY, (policyText) => ({ policyText })),
  PutRegistryPolicy: writing(REGISTRY, 'policyText'),
  DeleteRegistryPolicy: removing(REGISTRY),
};

/** Parameters keep their names. */
const asIs = { toInput: (request: Input) => request, toRequest: (input: Input) => input };

/** ECR. */
export const ECR: RecordedService = {
  client: 'ecr',
  source: 'ecr.amazonaws.com',
  operations: OPERATIONS,
  ...asIs,
};

/** Public ECR. */
export const ECR_PUBLIC: RecordedService = {
  client: 'ecrPublic',
  source: 'ecr-public.amazonaws.com',
  operations: repositories(PUBLIC_REPOSITORY, 'ecr-public'),
  ...asIs,
};
