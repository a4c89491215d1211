/** Policies of public ECR's repositories: who may push to them, since everybody may pull. */
import {
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr-public';
import { partitionOf } from './arn.ts';
import { allPages, orFault, unless } from './aws.ts';
import { documentTarget } from './documentTarget.ts';
import type { TargetRef } from './target.ts';

export const publicRepositoryPolicy = documentTarget({
  kind: 'public-repository-policy',
  service: 'ecrPublic',
  noun: 'public repository',
  async read(ecr, target) {
    const repositoryName = nameOf(target);
    const found = await unless(
      ['RepositoryNotFoundException'],
      ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] })),
    );
    if (found === undefined) return undefined;
    const held = await unless(
      ['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'],
      ecr.send(new GetRepositoryPolicyCommand({ repositoryName })),
    );
    const created = found.repositories?.[0]?.createdAt;
    return { document: held?.policyText, uniqueId: created?.toISOString(), created };
  },
  async *list(ecr, { region }) {
    // Other partitions have no public ECR.
    if (partitionOf(region) !== 'aws') return;
    const repositories = allPages(async (nextToken) => {
      const page = await orFault(ecr.send(new DescribeRepositoriesCommand({ nextToken })));
      return { items: page.repositories ?? [], next: page.nextToken };
    });
    for await (const { repositoryArn: arn } of repositories) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'SetRepositoryPolicy',
    // Without `force` ECR refuses a policy by which the guard would lock itself out.
    send: (ecr, { target, document: policyText }) =>
      ecr.send(new SetRepositoryPolicyCommand({ repositoryName: nameOf(target), policyText })),
  },
  remove: {
    operation: 'DeleteRepositoryPolicy',
    send: (ecr, { target }) =>
      ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName: nameOf(target) })),
  },
});

/** Names hold slashes. */
function nameOf({ arn }: TargetRef): string {
  return arn.slice(arn.indexOf('/') + 1);
}
