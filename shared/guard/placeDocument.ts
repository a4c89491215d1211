/** The content an event speaks of: what AWS holds, with the event's document in its place. */
import type { Change } from '../changes/change.ts';
import { makeSnapshot } from '../targets/snapshot.ts';
import type { Snapshot, TargetAdapter } from '../targets/target.ts';

/**
 * Returns `live` as it would be had the event's document stood, with the hash that reading it would have given.
 * Undefined: the event holds no document, the thing is gone, or the event does not say which of a principal's
 * documents it is.
 */
export function placeDocument(
  adapter: TargetAdapter,
  live: Snapshot,
  change: Change | undefined,
): Snapshot | undefined {
  if (change?.document === undefined || !live.exists) return undefined;
  const { document, documentPart } = change;
  const placed = adapter.withDocument?.(live, document, documentPart);
  if (placed !== undefined) return placed;
  const id = documentPart ?? (adapter.kind === 'iam-principal' ? undefined : 'document');
  if (id === undefined) return undefined;
  const role = id.startsWith('boundary:')
    ? 'boundary'
    : adapter.policyType === 'RESOURCE_POLICY'
      ? 'resource'
      : 'grant';
  const { contentHash: _, parts, ...rest } = live;
  return makeSnapshot({
    ...rest,
    parts: [...parts.filter((part) => part.id !== id), { id, role, document }],
  });
}
