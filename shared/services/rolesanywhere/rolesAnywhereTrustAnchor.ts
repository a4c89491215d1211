/** Trust anchors of IAM Roles Anywhere: whose certificates start sessions. Read and reported (see index.ts). */
import { allPages, collectPages, orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { lastOf } from '../../targets/documentTarget.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { TargetOperations, TargetRef } from '../../targets/target.ts';
import { trustAnchorDocument } from '../iam/identityProviderDocument.ts';
import { GetTrustAnchorCommand, ListCrlsCommand, ListTrustAnchorsCommand } from './rolesAnywhereClient.ts';

export const rolesAnywhereTrustAnchor: TargetOperations = {
  async read(target, { rolesAnywhere }) {
    const found = await unless(
      ['ResourceNotFoundException'],
      rolesAnywhere.send(new GetTrustAnchorCommand({ trustAnchorId: lastOf(target) })),
    );
    if (found?.trustAnchor === undefined) return absentSnapshot(target);
    const { enabled = false, source = {}, createdAt } = found.trustAnchor;
    const revokedBy = await revocationLists(target, rolesAnywhere);
    return makeSnapshot({
      target,
      exists: true,
      // The id of a trust anchor is never used again.
      uniqueId: target.arn,
      ...(createdAt === undefined ? {} : { createdAt: createdAt.toISOString() }),
      // Switched off, it lets nobody in.
      parts: enabled
        ? [
            {
              id: 'document',
              role: 'resource',
              document: trustAnchorDocument(target.arn, { ...source, revokedBy }),
            },
          ]
        : [],
    });
  },
  async *list({ rolesAnywhere }, place) {
    const anchors = allPages(async (nextToken) => {
      const page = await orFault(rolesAnywhere.send(new ListTrustAnchorsCommand({ nextToken })));
      return { items: page.trustAnchors ?? [], next: page.nextToken };
    });
    for await (const { trustAnchorArn: arn } of anchors)
      if (arn !== undefined) yield { kind: 'roles-anywhere-trust-anchor', arn, ...place };
  },
  restore: async () => ({ kind: 'cannot-undo', cause: 'trust anchors are only reported' }),
};

/** The ARNs of the lists of revoked certificates that are in force for the anchor, in order. */
async function revocationLists(
  { arn }: TargetRef,
  rolesAnywhere: AwsClients['rolesAnywhere'],
): Promise<readonly string[]> {
  const lists = await collectPages(async (nextToken) => {
    const page = await orFault(rolesAnywhere.send(new ListCrlsCommand({ nextToken })));
    return { items: page.crls ?? [], next: page.nextToken };
  });
  return lists
    .filter(({ enabled, trustAnchorArn }) => enabled === true && trustAnchorArn === arn)
    .flatMap(({ crlArn }) => crlArn ?? [])
    .sort();
}
