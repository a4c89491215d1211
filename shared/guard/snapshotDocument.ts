/** Snapshots as kept documents. What comes back is checked: a restore writes it to AWS. */
import * as v from 'valibot';
import { StoreFault } from '../store/store.ts';
import { targetRefSchema } from '../store/targetSchema.ts';
import type { Snapshot, TargetPart } from '../targets/target.ts';
import type { GuardStore, KeptVersion } from './state.ts';

const partSchema = v.strictObject({
  id: v.string(),
  role: v.picklist(['grant', 'boundary', 'resource', 'limit']),
  document: v.optional(v.string()),
});

const snapshotSchema = v.strictObject({
  target: targetRefSchema,
  exists: v.boolean(),
  uniqueId: v.exactOptional(v.string()),
  createdAt: v.exactOptional(v.string()),
  revision: v.exactOptional(v.string()),
  parts: v.array(partSchema),
  contentHash: v.string(),
  restoreHints: v.exactOptional(v.record(v.string(), v.unknown())),
});

/** Keeps the snapshot and returns the hash of its document. */
export function keepSnapshot(store: GuardStore, snapshot: Snapshot): Promise<string> {
  return store.putDocument(JSON.stringify(snapshot));
}

/** Returns the snapshot of a version. Throws `DOCUMENT_CORRUPT` when the document is no snapshot of that content. */
export async function loadSnapshot(
  store: GuardStore,
  { snapshotHash, contentHash }: Pick<KeptVersion, 'snapshotHash' | 'contentHash'>,
): Promise<Snapshot> {
  const snapshot = parseSnapshot(await store.getDocument(snapshotHash));
  if (snapshot?.contentHash !== contentHash) {
    throw new StoreFault(
      'DOCUMENT_CORRUPT',
      `the document \`${snapshotHash}\` is not the snapshot that a state names`,
    );
  }
  return snapshot;
}

/** Returns the snapshot that the document holds; undefined when the store has none such. For showing, not for restoring. */
export async function findStoredSnapshot(
  store: GuardStore,
  snapshotHash: string,
): Promise<Snapshot | undefined> {
  try {
    return parseSnapshot(await store.getDocument(snapshotHash));
  } catch (error) {
    if (error instanceof StoreFault && error.code.startsWith('DOCUMENT_')) return undefined;
    throw error;
  }
}

function parseSnapshot(text: string): Snapshot | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), snapshotSchema), text);
  if (!result.success) return undefined;
  const { parts, ...rest } = result.output;
  return { ...rest, parts: parts.map(({ id, role, document }): TargetPart => ({ id, role, document })) };
}

/**
 * Returns the snapshot, or why the store can never give it: it is missing or was changed. That is an answer to be told,
 * where a store that does not answer is a fault.
 */
export async function findSnapshot(
  store: GuardStore,
  version: Pick<KeptVersion, 'snapshotHash' | 'contentHash'>,
): Promise<
  { readonly kind: 'found'; readonly snapshot: Snapshot } | { readonly kind: 'lost'; readonly cause: string }
> {
  try {
    return { kind: 'found', snapshot: await loadSnapshot(store, version) };
  } catch (error) {
    const isLost = error instanceof StoreFault && error.code.startsWith('DOCUMENT_');
    if (!isLost) throw error;
    return { kind: 'lost', cause: `a version that the guard remembers cannot be read: ${error.message}` };
  }
}
