/** What there is to know of the kinds of ECR and public ECR. */
import { afterSlash } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const ECR_CLIENTS: readonly ClientDefinition[] = [
  { name: 'ecr', module: '@aws-sdk/client-ecr', class: 'ECRClient', scope: 'ecr', protocol: 'awsJson' },
  {
    name: 'ecrPublic',
    module: '@aws-sdk/client-ecr-public',
    class: 'ECRPUBLICClient',
    scope: 'ecr-public',
    protocol: 'awsJson',
  },
];

export const ECR_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'repository-policy',
    words: 'policy of repository',
    client: 'ecr',
    resourceType: 'AWS::ECR::Repository',

    identity: 'creation-time',
    errors: { gone: ['RepositoryNotFoundException'], notNow: [] },
    permissions: {
      read: [
        {
          actions: ['ecr:DescribeRepositories', 'ecr:GetRepositoryPolicy'],
          resources: ['arn:{partition}:ecr:*:{account}:repository/*'],
        },
      ],
      list: [{ actions: ['ecr:DescribeRepositories'], resources: ['*'] }],
      write: [
        {
          actions: ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'],
          resources: ['arn:{partition}:ecr:*:{account}:repository/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws ecr set-repository-policy --repository-name ${afterSlash(arn)} --policy-text file://before.json`,
      (arn) => `aws ecr delete-repository-policy --repository-name ${afterSlash(arn)}`,
    ),
    findingType: 'AwsEcrRepository',
    places: {
      cloudFormation: ['AWS::ECR::Repository.RepositoryPolicyText'],
      terraform: ['aws_ecr_repository_policy.policy'],
    },

    load: async () => (await import('./repositoryPolicy.ts')).repositoryPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'public-repository-policy',
    words: 'policy of public repository',
    client: 'ecrPublic',
    resourceType: 'AWS::ECR::PublicRepository',
    // Public ECR is told, and answers, in one Region alone.
    scope: 'global',

    identity: 'creation-time',
    errors: { gone: ['RepositoryNotFoundException'], notNow: [] },
    permissions: {
      read: [
        {
          actions: ['ecr-public:DescribeRepositories', 'ecr-public:GetRepositoryPolicy'],
          resources: ['arn:{partition}:ecr-public::{account}:repository/*'],
        },
      ],
      list: [{ actions: ['ecr-public:DescribeRepositories'], resources: ['*'] }],
      write: [
        {
          actions: ['ecr-public:SetRepositoryPolicy', 'ecr-public:DeleteRepositoryPolicy'],
          resources: ['arn:{partition}:ecr-public::{account}:repository/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws ecr-public set-repository-policy --region us-east-1 --repository-name ${afterSlash(arn)} --policy-text file://before.json`,
      (arn) =>
        `aws ecr-public delete-repository-policy --region us-east-1 --repository-name ${afterSlash(arn)}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::ECR::PublicRepository.RepositoryPolicyText'],
      terraform: ['aws_ecrpublic_repository_policy.policy'],
    },

    load: async () => (await import('./publicRepositoryPolicy.ts')).publicRepositoryPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'repository-creation-template',
    words: 'policy of repositories made under',
    client: 'ecr',
    resourceType: 'AWS::ECR::RepositoryCreationTemplate',

    identity: 'creation-time',
    errors: { gone: ['TemplateNotFoundException'], notNow: [] },
    permissions: {
      read: [{ actions: ['ecr:DescribeRepositoryCreationTemplates'], resources: ['*'] }],
      list: [],
      write: [],
    },
    undo: oneDocument(
      (arn) =>
        `aws ecr update-repository-creation-template --prefix ${afterSlash(arn)} --repository-policy file://before.json`,
      (arn) =>
        `aws ecr update-repository-creation-template --prefix ${afterSlash(arn)} --repository-policy ''`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::ECR::RepositoryCreationTemplate.RepositoryPolicy'],
      terraform: ['aws_ecr_repository_creation_template.repository_policy'],
    },
    whyNotRestorable: () =>
      'a creation template is only reported: whoever updates one sets its tag mutability and role anew; what is made from it is judged and restored by itself',
    load: async () => (await import('./repositoryCreationTemplate.ts')).repositoryCreationTemplate,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'registry-policy',
    words: 'policy of the image',
    client: 'ecr',
    resourceType: 'AWS::ECR::RegistryPolicy',

    identity: 'none',
    errors: { gone: ['RegistryPolicyNotFoundException'], notNow: [] },
    permissions: {
      read: [{ actions: ['ecr:GetRegistryPolicy'], resources: ['*'] }],
      list: [],
      write: [
        {
          actions: ['ecr:PutRegistryPolicy', 'ecr:DeleteRegistryPolicy'],
          resources: ['*'],
          why: 'the registry belongs to no resource',
        },
      ],
    },
    undo: oneDocument(
      () => 'aws ecr put-registry-policy --policy-text file://before.json',
      () => 'aws ecr delete-registry-policy',
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::ECR::RegistryPolicy.PolicyText'],
      terraform: ['aws_ecr_registry_policy.policy'],
    },

    load: async () => (await import('./registryPolicy.ts')).registryPolicy,
  },
];
