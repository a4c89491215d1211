/** What the kinds share that hold a list of those whom a snapshot or an image is shared with. */
import { restoreByWrites, type Write } from './aws.ts';
import type { AwsClients } from './clients.ts';
import { SHARED_WITH, sharingDocument } from './sharingDocument.ts';
import { absentSnapshot, makeSnapshot } from './snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from './target.ts';

type Sharing = {
  /** What being on the list allows. */
  readonly actions: readonly string[];
  /** Returns the list (`all`, account numbers, ARNs of organizations and units); undefined when the resource is gone. */
  readonly read: (target: TargetRef, clients: AwsClients) => Promise<readonly string[] | undefined>;
  readonly list: TargetOperations['list'];
  /** The call that changes the list. */
  readonly operation: string;
  /** Adds to the list, or takes off it: EC2 does not do both in one call. */
  readonly change: (
    change: { readonly add: readonly string[] } | { readonly remove: readonly string[] },
    target: TargetRef,
    clients: AwsClients,
  ) => Promise<unknown>;
};

/** Returns the operations of such a kind. */
export function sharingTarget(sharing: Sharing): TargetOperations {
  const read = async (target: TargetRef, clients: AwsClients): Promise<Snapshot> => {
    const found = await sharing.read(target, clients);
    if (found === undefined) return absentSnapshot(target);
    const { actions } = sharing;
    return makeSnapshot({
      target,
      exists: true,
      // A part each, so that a restore that was cut short is known for what it is.
      parts: [...new Set(found)].map((sharee) => ({
        id: `${SHARED_WITH}${sharee}`,
        role: 'resource',
        document: sharingDocument(sharee, { actions, resource: target.arn }),
      })),
    });
  };
  return {
    read,
    list: sharing.list,
    restore({ accepted, from }, clients) {
      const { target } = accepted;
      return restoreByWrites({
        accepted,
        from,
        read: () => read(target, clients),
        plan(live) {
          const wanted = sharedWithOf(accepted);
          const there = sharedWithOf(live);
          const surplus = there.filter((sharee) => !wanted.includes(sharee));
          const missing = wanted.filter((sharee) => !there.includes(sharee));
          const writes: Write[] = [];
          if (surplus.length > 0)
            writes.push({
              operation: sharing.operation,
              summary: `stop sharing ${target.arn} with ${surplus.join(', ')}`,
              send: () => sharing.change({ remove: surplus }, target, clients),
            });
          if (missing.length > 0)
            writes.push({
              operation: sharing.operation,
              summary: `share ${target.arn} with ${missing.join(', ')} again`,
              send: () => sharing.change({ add: missing }, target, clients),
            });
          return writes;
        },
      });
    },
  };
}

/** Returns whom the snapshot says that the resource is shared with. */
function sharedWithOf({ parts }: Snapshot): readonly string[] {
  return parts.map(({ id }) => id.slice(SHARED_WITH.length));
}
