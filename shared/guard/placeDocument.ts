/** The content an event speaks of: what AWS holds, with the event's document in its place. */
import type { Change } from '../changes/change.ts';
import { makeSnapshot } from '../targets/snapshot.ts';
import type { PartRole, Snapshot, TargetAdapter } from '../targets/target.ts';

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
  const { contentHash: _, parts, ...rest } = live;
  const role = parts.find((part) => part.id === id)?.role ?? roleOf(id, adapter);
  return makeSnapshot({
    ...rest,
    parts: [...parts.filter((part) => part.id !== id), { id, role, document }],
  });
}

function roleOf(id: string, { policyType }: Pick<TargetAdapter, 'policyType'>): PartRole {
  if (id.startsWith('boundary:')) return 'boundary';
  return policyType === 'RESOURCE_POLICY' ? 'resource' : 'grant';
}
