/** Policies of CodeArtifact’s domains. A domain without a policy and one that is gone look the same, and both let in nobody. */
import { resourceName } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeleteDomainPermissionsPolicyCommand,
  GetDomainPermissionsPolicyCommand,
  ListDomainsCommand,
  PutDomainPermissionsPolicyCommand,
} from './codeArtifactClient.ts';

export const packageDomainPolicy = documentTarget({
  kind: 'package-domain-policy',
  service: 'codeArtifact',
  noun: 'package domain',
  async read(codeArtifact, { arn }) {
    const held = await unless(
      ['ResourceNotFoundException'],
      codeArtifact.send(new GetDomainPermissionsPolicyCommand({ domain: resourceName(arn) })),
    );
    return { document: held?.policy?.document, revision: held?.policy?.revision };
  },
  async *list(codeArtifact) {
    const domains = allPages(async (nextToken) => {
      const page = await orFault(codeArtifact.send(new ListDomainsCommand({ nextToken })));
      return { items: page.domains ?? [], next: page.nextToken };
    });
    for await (const { arn } of domains) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutDomainPermissionsPolicy',
    // CodeArtifact takes it only while the policy is still of that revision.
    send: (codeArtifact, { target: { arn }, document: policyDocument, live: { revision: policyRevision } }) =>
      codeArtifact.send(
        new PutDomainPermissionsPolicyCommand({ domain: resourceName(arn), policyDocument, policyRevision }),
      ),
  },
  remove: {
    operation: 'DeleteDomainPermissionsPolicy',
    send: (codeArtifact, { target: { arn } }) =>
      codeArtifact.send(new DeleteDomainPermissionsPolicyCommand({ domain: resourceName(arn) })),
  },
});
