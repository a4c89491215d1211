/** The content an event speaks of: what AWS holds, with the event's document in its place or its addition beside it. */
import type { Change } from '../changes/change.ts';
import type { AwsClients } from '../targets/clients.ts';
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
  const id = documentPart ?? (adapter.kind === 'iam-principal' ? undefined : 'document');
  if (id === undefined) return undefined;
  const { contentHash: _, parts, ...rest } = live;
  const role = parts.find((part) => part.id === id)?.role ?? roleOf(id, adapter);
  return makeSnapshot({
    ...rest,
    parts: [...parts.filter((part) => part.id !== id), { id, role, document }],
  });
}

/**
 * Returns `live` as it was when the call was done, as far as its event tells: with its document, or with what it added.
 * Undefined: the event tells neither, or what it added cannot be read any more.
 */
export async function placeChange(
  adapter: TargetAdapter,
  live: Snapshot,
  { change, clients }: { readonly change: Change | undefined; readonly clients: AwsClients },
): Promise<Snapshot | undefined> {
  const { addition } = change ?? {};
  if (addition === undefined || !live.exists) return placeDocument(adapter, live, change);
  return adapter.withAddition?.(live, addition, clients);
}

function roleOf(id: string, { policyType }: Pick<TargetAdapter, 'policyType'>): PartRole {
  if (id.startsWith('boundary:')) return 'boundary';
  return policyType === 'RESOURCE_POLICY' ? 'resource' : 'grant';
}
