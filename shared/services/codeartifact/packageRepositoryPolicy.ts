/** Policies of CodeArtifact’s repositories. A repository without a policy and one that is gone look the same, and both let in nobody. */
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeleteRepositoryPermissionsPolicyCommand,
  GetRepositoryPermissionsPolicyCommand,
  ListRepositoriesCommand,
  PutRepositoryPermissionsPolicyCommand,
} from './codeArtifactClient.ts';

export const packageRepositoryPolicy = documentTarget({
  kind: 'package-repository-policy',
  service: 'codeArtifact',
  noun: 'package repository',
  async read(codeArtifact, { arn }) {
    const held = await unless(
      ['ResourceNotFoundException'],
      codeArtifact.send(new GetRepositoryPermissionsPolicyCommand(repositoryOf(arn))),
    );
    return { document: held?.policy?.document, revision: held?.policy?.revision };
  },
  async *list(codeArtifact) {
    const repositories = allPages(async (nextToken) => {
      const page = await orFault(codeArtifact.send(new ListRepositoriesCommand({ nextToken })));
      return { items: page.repositories ?? [], next: page.nextToken };
    });
    for await (const { arn } of repositories) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutRepositoryPermissionsPolicy',
    // CodeArtifact takes it only while the policy is still of that revision.
    send: (codeArtifact, { target: { arn }, document: policyDocument, live: { revision: policyRevision } }) =>
      codeArtifact.send(
        new PutRepositoryPermissionsPolicyCommand({ ...repositoryOf(arn), policyDocument, policyRevision }),
      ),
  },
  remove: {
    operation: 'DeleteRepositoryPermissionsPolicy',
    send: (codeArtifact, { target: { arn } }) =>
      codeArtifact.send(new DeleteRepositoryPermissionsPolicyCommand(repositoryOf(arn))),
  },
});

/** `arn:…:repository/DOMAIN/NAME` */
function repositoryOf(arn: string): { readonly domain: string; readonly repository: string } {
  const [, domain = '', repository = ''] = parseArn(arn).resource.split('/');
  return { domain, repository };
}
