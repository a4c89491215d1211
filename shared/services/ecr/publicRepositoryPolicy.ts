/** Policies of public ECR's repositories: who may push to them, since everybody may pull. */
import {
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr-public';
import { partitionOf } from '../../policy/arn.ts';
import { repositoryTarget } from './repositoryTarget.ts';

export const publicRepositoryPolicy = repositoryTarget({
  kind: 'public-repository-policy',
  service: 'ecrPublic',
  noun: 'public repository',
  describe: (ecr, input) => ecr.send(new DescribeRepositoriesCommand(input)),
  get: (ecr, repositoryName) => ecr.send(new GetRepositoryPolicyCommand({ repositoryName })),
  set: (ecr, policy) => ecr.send(new SetRepositoryPolicyCommand(policy)),
  remove: (ecr, repositoryName) => ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName })),
  // Other partitions have no public ECR.
  isIn: (region) => partitionOf(region) === 'aws',
});
