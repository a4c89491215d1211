/** Events of CodeArtifact on domains and repositories. */
import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type ReadText, requestText, textOf } from '../../changes/fields.ts';

const source = 'codeartifact.amazonaws.com';

/** A domain may be another account's. */
const below =
  (type: string, names: readonly string[]): ReadText =>
  ({ request, partition, region, accountId }) => {
    const found = names.map((name) => textOf(request, name));
    const owner = textOf(request, 'domainOwner') ?? accountId;
    return found.includes(undefined)
      ? undefined
      : `arn:${partition}:codeartifact:${region}:${owner}:${type}/${found.join('/')}`;
  };

const domain = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'package-domain-policy',
  target: below('domain', ['domain']),
  needs: 'requestParameters.domain',
  restore,
  ...more,
});
const repository = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'package-repository-policy',
  target: below('repository', ['domain', 'repository']),
  needs: 'requestParameters.repository',
  restore,
  ...more,
});

export const CODEARTIFACT_EVENTS: ServiceEvents = {
  source,
  rows: [
    domain('PutDomainPermissionsPolicy', 'PutDomainPermissionsPolicy or DeleteDomainPermissionsPolicy', {
      edit: puts(requestText('policyDocument')),
    }),
    domain('DeleteDomainPermissionsPolicy', 'PutDomainPermissionsPolicy', { edit: removes() }),
    domain('CreateDomain', 'not restored', { edit: makes() }),
    domain('DeleteDomain', 'not restored', { edit: ends }),
    repository(
      'PutRepositoryPermissionsPolicy',
      'PutRepositoryPermissionsPolicy or DeleteRepositoryPermissionsPolicy',
      { edit: puts(requestText('policyDocument')) },
    ),
    repository('DeleteRepositoryPermissionsPolicy', 'PutRepositoryPermissionsPolicy', { edit: removes() }),
    repository('CreateRepository', 'not restored', { edit: makes() }),
    repository('DeleteRepository', 'not restored', { edit: ends }),
  ],
};
