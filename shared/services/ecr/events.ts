/** Events of ECR: repositories, what they will be made from, and the registry that holds them; and of public ECR. */

import { ends, makes, puts, putsIfGiven, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const source = 'ecr.amazonaws.com';
const publicSource = 'ecr-public.amazonaws.com';

const repository = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'repository-policy',
  target: ({ request, partition, region, accountId }) => {
    const repositoryName = textOf(request, 'repositoryName');
    return repositoryName && `arn:${partition}:ecr:${region}:${accountId}:repository/${repositoryName}`;
  },
  needs: 'requestParameters.repositoryName',
  restore,
  ...more,
});

const publicRepository = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  ...repository(name, restore, more),
  source: publicSource,
  kind: 'public-repository-policy',
  // Its ARNs tell no Region.
  target: ({ request, partition, accountId }) => {
    const repositoryName = textOf(request, 'repositoryName');
    return repositoryName && `arn:${partition}:ecr-public::${accountId}:repository/${repositoryName}`;
  },
});

const template = (name: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'repository-creation-template',
  target: ({ request, partition, region, accountId }) => {
    const prefix = textOf(request, 'prefix');
    return prefix && `arn:${partition}:ecr:${region}:${accountId}:repository-creation-template/${prefix}`;
  },
  needs: 'requestParameters.prefix',
  restore: 'not restored',
  ...more,
});

const registry = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'registry-policy',
  target: ({ partition, region, accountId }) => `arn:${partition}:ecr:${region}:${accountId}:registry`,
  needs: 'awsRegion',
  restore,
  ...more,
});

export const ECR_EVENTS: ServiceEvents = {
  source,
  rows: [
    repository('SetRepositoryPolicy', 'SetRepositoryPolicy or DeleteRepositoryPolicy', {
      edit: puts(requestText('policyText')),
    }),
    repository('DeleteRepositoryPolicy', 'SetRepositoryPolicy', { edit: removes() }),
    repository('CreateRepository', 'not restored', { edit: makes() }),
    repository('DeleteRepository', 'not restored', { edit: ends }),
    registry('PutRegistryPolicy', 'PutRegistryPolicy or DeleteRegistryPolicy', {
      edit: puts(requestText('policyText')),
    }),
    registry('DeleteRegistryPolicy', 'PutRegistryPolicy', { edit: removes() }),
    template('CreateRepositoryCreationTemplate', {
      edit: makes({ document: requestText('repositoryPolicy') }),
    }),
    template('UpdateRepositoryCreationTemplate', { edit: putsIfGiven(requestText('repositoryPolicy')) }),
    template('DeleteRepositoryCreationTemplate', { edit: ends }),
  ],
};

export const ECR_PUBLIC_EVENTS: ServiceEvents = {
  source: publicSource,
  rows: [
    publicRepository('SetRepositoryPolicy', 'SetRepositoryPolicy or DeleteRepositoryPolicy', {
      edit: puts(requestText('policyText')),
    }),
    publicRepository('DeleteRepositoryPolicy', 'SetRepositoryPolicy', { edit: removes() }),
    publicRepository('CreateRepository', 'not restored', { edit: makes() }),
    publicRepository('DeleteRepository', 'not restored', { edit: ends }),
  ],
};
