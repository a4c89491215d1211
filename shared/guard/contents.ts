/** Contents by the hashes of their texts, and the same with the texts: what a timeline keeps, and what is judged. */

import { sha256 } from '../store/objectKey.ts';
import { findStoredSnapshot, keepSnapshot } from '../store/snapshotDocument.ts';
import { StoreFault } from '../store/store.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot } from '../targets/snapshot.ts';
import type { Snapshot, TargetPart, TargetRef } from '../targets/target.ts';
import type { GuardStore } from './state.ts';
import { type Statement, statementsOf, withText } from './statements.ts';
import { type Content, formsOf, type Ms, type Part, type Read } from './timeline/timeline.ts';

/** In the place of a text's hash and form. */
export const UNREADABLE = 'unreadable';

/** Keeps the texts and returns what a timeline keeps of a read. What `before` holds was kept with it. */
export async function toRead(snapshot: Snapshot, at: Ms, store: GuardStore, before?: Content): Promise<Read> {
  const kept = new Map(before?.parts.map((part) => [part.text, part]));
  const [snapshotHash, ...parts] = await Promise.all([
    keepSnapshot(store, snapshot, before?.snapshot),
    ...snapshot.parts.map((part) => toPart(part, store, kept)),
  ]);
  const createdAt = snapshot.createdAt === undefined ? Number.NaN : Date.parse(snapshot.createdAt);
  return {
    kind: 'read',
    at,
    content: {
      exists: snapshot.exists,
      ...(snapshot.uniqueId === undefined ? {} : { uniqueId: snapshot.uniqueId }),
      parts,
      snapshot: snapshotHash,
    },
    ...(Number.isNaN(createdAt) ? {} : { createdAt }),
  };
}

/** `kept`: parts by the hashes of texts that the store has. */
export async function toPart(
  { id, role, uid, document }: TargetPart,
  store: GuardStore,
  kept: ReadonlyMap<string, Part> = new Map(),
): Promise<Part> {
  const named = { id, role, ...(uid === undefined ? {} : { uid }) };
  if (document === undefined) return { ...named, text: UNREADABLE, form: UNREADABLE };
  const known = kept.get(sha256(document));
  const text = known?.text ?? (await store.putDocument(document));
  const statements = role === 'resource' ? { statements: known?.statements ?? hashesOf(document) } : {};
  return { ...named, text, form: known?.form ?? formOf(document), ...statements };
}

/** Returns what `formsOf` says of the content in which AWS holds the snapshot. */
export function formsOfSnapshot({ parts }: Snapshot): string {
  return formsOf({
    parts: parts.map(({ id, document }) => ({
      id,
      form: document === undefined ? UNREADABLE : formOf(document),
    })),
  });
}

/** Returns what every spelling of the same text has. */
export function formOf(document: string): string {
  return sha256(canonicalDocument(document)).slice(0, 32);
}

/** Returns the content with its texts; one that the store has lost is as unreadable as one that AWS does not show. */
export async function toSnapshot(content: Content, target: TargetRef, store: GuardStore): Promise<Snapshot> {
  if (!content.exists) return absentSnapshot(target);
  const kept = content.snapshot === undefined ? undefined : await findStoredSnapshot(store, content.snapshot);
  if (kept !== undefined) return kept;
  const parts: TargetPart[] = [];
  for (const { id, role, uid, text, without = [] } of content.parts) {
    const document = await textOf(text, store);
    const part = { id, role, ...(uid === undefined ? {} : { uid }), document };
    const meant = statementsOf(document).filter((one) => !without.includes(hashOf(one)));
    parts.push(without.length === 0 ? part : withText(part, meant));
  }
  const { uniqueId } = content;
  return makeSnapshot({ target, exists: true, ...(uniqueId === undefined ? {} : { uniqueId }), parts });
}

async function textOf(text: string, store: GuardStore): Promise<string | undefined> {
  if (text === UNREADABLE) return undefined;
  try {
    return await store.getDocument(text);
  } catch (error) {
    if (error instanceof StoreFault && error.code.startsWith('DOCUMENT_')) return undefined;
    throw error;
  }
}

/** Returns a hash of each statement. */
export function hashesOf(document: string): string[] {
  return statementsOf(document).map(hashOf);
}

/** Equal for every spelling of the same statement. */
function hashOf(statement: Statement): string {
  return sha256(canonicalDocument(JSON.stringify({ Statement: [statement] }))).slice(0, 16);
}
