/** CodeArtifact’s API, as far as it is called. Source: CodeArtifact API Reference. */
import { inQuery, STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'codeartifact',
  namespace: 'com.amazonaws.codeartifact',
  version: '2018-09-22',
  scope: 'codeartifact',
});

type Domain = { readonly domain: string };
type Repository = Domain & { readonly repository: string };
type Held = { readonly policy?: { readonly document?: string; readonly revision?: string } };
type Written = { readonly policyDocument: string; readonly policyRevision?: string | undefined };
type Page = { readonly nextToken?: string | undefined };
type Named = { readonly arn?: string };

const HELD = { policy: shapes.structure('ResourcePolicy', { document: STRING, revision: STRING }) };
const DOMAIN = { domain: inQuery('domain') };
const REPOSITORY = { ...DOMAIN, repository: inQuery('repository') };
const POLICY = { policyDocument: STRING, policyRevision: STRING };
const ARN = shapes.structure('Summary', { arn: STRING });

/** The policy of a domain. */
export const GetDomainPermissionsPolicyCommand = shapes.command<Domain, Held>('GetDomainPermissionsPolicy', {
  http: ['GET', '/v1/domain/permissions/policy'],
  input: DOMAIN,
  output: HELD,
});
/** Writes the policy of a domain. */
export const PutDomainPermissionsPolicyCommand = shapes.command<Domain & Written, Held>(
  'PutDomainPermissionsPolicy',
  { http: ['PUT', '/v1/domain/permissions/policy'], input: { domain: STRING, ...POLICY }, output: HELD },
);
/** Takes the policy of a domain away. */
export const DeleteDomainPermissionsPolicyCommand = shapes.command<Domain, Held>(
  'DeleteDomainPermissionsPolicy',
  { http: ['DELETE', '/v1/domain/permissions/policy'], input: DOMAIN, output: HELD },
);
/** The policy of a repository. */
export const GetRepositoryPermissionsPolicyCommand = shapes.command<Repository, Held>(
  'GetRepositoryPermissionsPolicy',
  { http: ['GET', '/v1/repository/permissions/policy'], input: REPOSITORY, output: HELD },
);
/** Writes the policy of a repository. */
export const PutRepositoryPermissionsPolicyCommand = shapes.command<Repository & Written, Held>(
  'PutRepositoryPermissionsPolicy',
  { http: ['PUT', '/v1/repository/permissions/policy'], input: { ...REPOSITORY, ...POLICY }, output: HELD },
);
/** Takes the policy of a repository away. */
export const DeleteRepositoryPermissionsPolicyCommand = shapes.command<Repository, Held>(
  'DeleteRepositoryPermissionsPolicy',
  { http: ['DELETE', '/v1/repository/permissions/policies'], input: REPOSITORY, output: HELD },
);
/** A page of domains. */
export const ListDomainsCommand = shapes.command<Page, Page & { readonly domains?: readonly Named[] }>(
  'ListDomains',
  {
    http: ['POST', '/v1/domains'],
    input: { nextToken: STRING },
    output: { domains: shapes.listOf('Domains', ARN), nextToken: STRING },
  },
);
/** A page of the repositories of all domains. */
export const ListRepositoriesCommand = shapes.command<
  Page,
  Page & { readonly repositories?: readonly Named[] }
>('ListRepositories', {
  http: ['POST', '/v1/repositories'],
  input: { nextToken: inQuery('next-token') },
  output: { repositories: shapes.listOf('Repositories', ARN), nextToken: STRING },
});

/** The client. Takes what every client of the SDK takes. */
export class CodeArtifactClient extends shapes.Client {}
