/** Trust anchors of IAM Roles Anywhere: whose certificates start sessions. Read and reported (see index.ts). */
import { allPages, orFault, unless } from './aws.ts';
import { lastOf } from './documentTarget.ts';
import { trustAnchorDocument } from './identityProviderDocument.ts';
import { GetTrustAnchorCommand, ListTrustAnchorsCommand } from './rolesAnywhereClient.ts';
import { absentSnapshot, makeSnapshot } from './snapshot.ts';
import type { TargetOperations } from './target.ts';

export const rolesAnywhereTrustAnchor: TargetOperations = {
  async read(target, { rolesAnywhere }) {
    const found = await unless(
      ['ResourceNotFoundException'],
      rolesAnywhere.send(new GetTrustAnchorCommand({ trustAnchorId: lastOf(target) })),
    );
    if (found?.trustAnchor === undefined) return absentSnapshot(target);
    const { enabled = false, source = {}, createdAt } = found.trustAnchor;
    return makeSnapshot({
      target,
      exists: true,
      // The id of a trust anchor is never used again.
      uniqueId: target.arn,
      ...(createdAt === undefined ? {} : { createdAt: createdAt.toISOString() }),
      // Switched off, it lets nobody in.
      parts: enabled
        ? [{ id: 'document', role: 'resource', document: trustAnchorDocument(target.arn, source) }]
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
