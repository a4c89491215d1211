/** Events of ECR: repositories, and the registry that holds them. */
import { type EventRow, requestText, type ServiceEvents, textOf } from '../eventRow.ts';

const source = 'ecr.amazonaws.com';

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
      document: requestText('policyText'),
    }),
    repository('DeleteRepositoryPolicy', 'SetRepositoryPolicy'),
    repository('CreateRepository', 'not restored', { effect: 'creates' }),
    repository('DeleteRepository', 'not restored', { effect: 'deletes' }),
    registry('PutRegistryPolicy', 'PutRegistryPolicy or DeleteRegistryPolicy', {
      document: requestText('policyText'),
    }),
    registry('DeleteRegistryPolicy', 'PutRegistryPolicy'),
  ],
  notJudged: ['CreateRepositoryCreationTemplate', 'UpdateRepositoryCreationTemplate'],
};
