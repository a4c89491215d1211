/** What there is to know of the kinds of CodeArtifact. */
import { parseArn, resourceName } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const CODEARTIFACT_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'codeArtifact',
    module: './codeArtifactClient.ts',
    class: 'CodeArtifactClient',
    scope: 'codeartifact',
    protocol: 'restJson',
  },
];

export const CODEARTIFACT_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'package-domain-policy',
    words: 'policy of package domain',
    client: 'codeArtifact',
    resourceType: 'AWS::CodeArtifact::Domain',

    identity: 'none',
    errors: { gone: ['ResourceNotFoundException'], notNow: ['ConflictException'] },
    permissions: {
      read: [
        {
          actions: ['codeartifact:GetDomainPermissionsPolicy'],
          resources: ['arn:{partition}:codeartifact:*:{account}:domain/*'],
        },
      ],
      list: [{ actions: ['codeartifact:ListDomains'], resources: ['*'] }],
      write: [
        {
          actions: ['codeartifact:PutDomainPermissionsPolicy', 'codeartifact:DeleteDomainPermissionsPolicy'],
          resources: ['arn:{partition}:codeartifact:*:{account}:domain/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws codeartifact put-domain-permissions-policy --domain ${resourceName(arn)} --policy-document file://before.json`,
      (arn) => `aws codeartifact delete-domain-permissions-policy --domain ${resourceName(arn)}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::CodeArtifact::Domain.PermissionsPolicyDocument'],
      terraform: ['aws_codeartifact_domain_permissions_policy.policy_document'],
    },
    load: async () => (await import('./packageDomainPolicy.ts')).packageDomainPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'package-repository-policy',
    words: 'policy of package repository',
    client: 'codeArtifact',
    resourceType: 'AWS::CodeArtifact::Repository',

    identity: 'none',
    errors: { gone: ['ResourceNotFoundException'], notNow: ['ConflictException'] },
    permissions: {
      read: [
        {
          actions: ['codeartifact:GetRepositoryPermissionsPolicy'],
          resources: ['arn:{partition}:codeartifact:*:{account}:repository/*'],
        },
      ],
      list: [{ actions: ['codeartifact:ListRepositories'], resources: ['*'] }],
      write: [
        {
          actions: [
            'codeartifact:PutRepositoryPermissionsPolicy',
            'codeartifact:DeleteRepositoryPermissionsPolicy',
          ],
          resources: ['arn:{partition}:codeartifact:*:{account}:repository/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws codeartifact put-repository-permissions-policy ${which(arn)} --policy-document file://before.json`,
      (arn) => `aws codeartifact delete-repository-permissions-policy ${which(arn)}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::CodeArtifact::Repository.PermissionsPolicyDocument'],
      terraform: ['aws_codeartifact_repository_permissions_policy.policy_document'],
    },
    load: async () => (await import('./packageRepositoryPolicy.ts')).packageRepositoryPolicy,
  },
];

function which(arn: string): string {
  const [, domain, repository] = parseArn(arn).resource.split('/');
  return `--domain ${domain} --repository ${repository}`;
}
