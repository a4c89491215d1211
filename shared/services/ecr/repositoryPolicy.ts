/** Policies of ECR repositories. */
import {
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { repositoryTarget } from './repositoryTarget.ts';

export const repositoryPolicy = repositoryTarget({
  kind: 'repository-policy',
  service: 'ecr',
  noun: 'repository',
  describe: (ecr, input) => ecr.send(new DescribeRepositoriesCommand(input)),
  get: (ecr, repositoryName) => ecr.send(new GetRepositoryPolicyCommand({ repositoryName })),
  set: (ecr, policy) => ecr.send(new SetRepositoryPolicyCommand(policy)),
  remove: (ecr, repositoryName) => ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName })),
});
