/** Snapshots as kept documents. What comes back is checked: a restore writes it to AWS. */
import * as v from 'valibot';
import { DOCUMENT_ROLES } from '../checks/proveRestore.ts';
import type { Snapshot, TargetPart } from '../targets/target.ts';
import { sha256 } from './objectKey.ts';
import { type Store, StoreFault } from './store.ts';
import { targetRefSchema } from './targetSchema.ts';

const partSchema = v.strictObject({
  id: v.string(),
  role: v.picklist(DOCUMENT_ROLES),
  uid: v.exactOptional(v.string()),
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

/** Where documents are kept. */
type Documents = Pick<Store<never, never>, 'putDocument' | 'getDocument'>;

/** Keeps the snapshot and returns the hash of its document. `kept` is the hash of one that the store has. */
export async function keepSnapshot(store: Documents, snapshot: Snapshot, kept?: string): Promise<string> {
  const text = JSON.stringify(snapshot);
  return kept !== undefined && sha256(text) === kept ? kept : store.putDocument(text);
}

/** Returns the snapshot that the document holds. Throws `DOCUMENT_CORRUPT` when it holds none. */
export async function loadSnapshot(store: Documents, snapshotHash: string): Promise<Snapshot> {
  const result = v.safeParse(
    v.pipe(v.string(), v.parseJson(), snapshotSchema),
    await store.getDocument(snapshotHash),
  );
  if (!result.success)
    throw new StoreFault(
      'DOCUMENT_CORRUPT',
      `the document \`${snapshotHash}\` is not the snapshot that a state names`,
    );
  const { parts, ...rest } = result.output;
  return {
    ...rest,
    parts: parts.map(
      ({ id, role, uid, document }): TargetPart => ({
        id,
        role,
        ...(uid === undefined ? {} : { uid }),
        document,
      }),
    ),
  };
}

/** Returns the snapshot; undefined when the store has none such. */
export async function findStoredSnapshot(
  store: Documents,
  snapshotHash: string,
): Promise<Snapshot | undefined> {
  try {
    return await loadSnapshot(store, snapshotHash);
  } catch (error) {
    if (error instanceof StoreFault && error.code.startsWith('DOCUMENT_')) return undefined;
    throw error;
  }
}
