/** CodeArtifact’s operations on domains and repositories in memory. Source: CodeArtifact API Reference. */
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
  type Resource,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

function arnOf(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return [
    `arn:${account.partition}:codeartifact:${region}:${optional(input, 'domainOwner') ?? account.accountId}`,
    optional(input, 'repository') === undefined
      ? `domain/${required(input, 'domain')}`
      : `repository/${required(input, 'domain')}/${required(input, 'repository')}`,
  ].join(':');
}

const HELD: Documented = {
  arnOf,
  notFound: 'ResourceNotFoundException',
  noPolicy: 'ResourceNotFoundException',
};

const make: Operation = (account, input, context) => {
  makeResource(account, arnOf(account, input, context), context.now);
  return {};
};

const shown = (document: string | undefined, { revision }: Resource): Input => ({
  policy: { document, revision: String(revision) },
});

const named = (account: Account, region: string, type: string) =>
  resourcesOf(account, 'codeartifact', region)
    .filter(({ arn }) => parseArn(arn).resource.startsWith(type))
    .map(({ arn }) => ({ arn }));

const OPERATIONS: OperationTable = {
  ...Object.fromEntries(
    ['Domain', 'Repository'].flatMap((what) => [
      [`Create${what}`, make],
      [`Delete${what}`, deleting(HELD)],
      [`Get${what}PermissionsPolicy`, reading(HELD, shown)],
      [`Put${what}PermissionsPolicy`, writing(HELD, 'policyDocument')],
      [`Delete${what}PermissionsPolicy`, removing(HELD)],
    ]),
  ),
  ListDomains: (account, _, { region }) => ({ domains: named(account, region, 'domain/') }),
  ListRepositories: (account, _, { region }) => ({ repositories: named(account, region, 'repository/') }),
};

export const CODEARTIFACT: RecordedService = {
  client: 'codeArtifact',
  source: 'codeartifact.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({ ...request, ...response }),
  toRequest: (input) => input,
};
