/** Contents by the hashes of their texts, and the same with the texts: what a timeline keeps, and what is judged. */

import type { Change } from '../changes/change.ts';
import type { Touch as ReadTouch } from '../changes/edit.ts';
import { decodePolicyDocument } from '../policy/parsePolicy.ts';
import { sha256 } from '../store/objectKey.ts';
import { findStoredSnapshot, keepSnapshot } from '../store/snapshotDocument.ts';
import { StoreFault } from '../store/store.ts';
import type { AwsClients } from '../targets/clients.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot, partDocument } from '../targets/snapshot.ts';
import type { PartRole, Snapshot, TargetAdapter, TargetPart, TargetRef } from '../targets/target.ts';
import { toFindingChange } from './derive/notices.ts';
import type { GuardStore } from './state.ts';
import { type Statement, statementsOf, withText } from './statements.ts';
import {
  type Content,
  type Edit,
  isPart,
  type Ms,
  type Part,
  type Read,
  type Touch,
} from './timeline/timeline.ts';

/** In the place of a text's hash and form. */
export const UNREADABLE = 'unreadable';

/** Keeps the texts and returns what a timeline keeps of a read. What `before` holds was kept with it. */
export async function toRead(snapshot: Snapshot, at: Ms, store: GuardStore, before?: Content): Promise<Read> {
  const kept = new Map(before?.parts.map((part) => [part.text, part]));
  const parts: Part[] = [];
  for (const part of snapshot.parts) parts.push(await toPart(part, store, kept));
  const createdAt = snapshot.createdAt === undefined ? Number.NaN : Date.parse(snapshot.createdAt);
  return {
    kind: 'read',
    at,
    content: {
      exists: snapshot.exists,
      ...(snapshot.uniqueId === undefined ? {} : { uniqueId: snapshot.uniqueId }),
      parts,
      snapshot: await keepSnapshot(store, snapshot, before?.snapshot),
    },
    ...(Number.isNaN(createdAt) ? {} : { createdAt }),
  };
}

/** `kept`: parts by the hashes of texts that the store has. */
async function toPart(
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

function formOf(document: string): string {
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

type EditRequest = {
  readonly change: Change;
  /** Which of the change's targets. */
  readonly index: number;
  /** What AWS holds. */
  readonly live: Snapshot;
  /** What it held when it was read last; absent: it never was. */
  readonly former?: Snapshot | undefined;
};

type Neighbours = {
  readonly adapter: TargetAdapter;
  readonly clients: AwsClients;
  readonly store: GuardStore;
  /** Ids of the guard's own roles. */
  readonly ownActorIds: readonly string[];
};

/** Returns what the call did to the target; undefined iff it touched nothing of it. */
export async function toEdit(
  { change, index, live, former }: EditRequest,
  neighbours: Neighbours,
): Promise<Edit | undefined> {
  const edit = change.edits[index];
  if (edit === undefined) return undefined;
  const { life, isWhole, uniqueId, touches } = edit;
  if (life === 'kept' && touches.length === 0) return undefined;
  const read: Touch[] = [];
  for (const touch of touches) read.push(...(await toTouches(touch, { live, former }, neighbours)));
  return {
    kind: 'edit',
    at: Date.parse(change.event.eventTime),
    change: toFindingChange(change),
    life,
    isWhole,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...ownOf(change, neighbours),
    touches: read,
  };
}

/** Returns the mark of a call that the guard itself made. */
export function ownOf(
  { event: { actor } }: Change,
  { ownActorIds }: Pick<Neighbours, 'ownActorIds'>,
): Pick<Edit, 'isOwn'> {
  return ownActorIds.includes(actor.uniqueId) ? { isOwn: true } : {};
}

/** A text that is another target's is read now: what the event shows is that it is there. */
async function toTouches(
  { part, to, adds, addsOnly, takes }: ReadTouch,
  { live, former }: Pick<EditRequest, 'live' | 'former'>,
  { adapter, clients, store }: Neighbours,
): Promise<Touch[]> {
  const role = live.parts.find(({ id }) => id === part)?.role ?? roleOf(part, adapter);
  const was = partDocument(former ?? live, part);
  const more = {
    ...(adds !== undefined && was !== undefined && !hasAll(was, adds) ? { lacks: formOf(was) } : {}),
    ...(adds === undefined
      ? {}
      : {
          adds: await store.putDocument(decodePolicyDocument(adds)),
          statements: hashesOf(decodePolicyDocument(adds)),
          ...(addsOnly === undefined ? {} : { addsOnly }),
        }),
    ...(takes === undefined
      ? {}
      : { takes: await toPart({ id: part === '*' ? 'document' : part, role, document: takes }, store) }),
  };
  if (to === 'gone' || to === 'hidden') return [{ part, to, ...more }];
  if ('document' in to)
    return [
      {
        part,
        to: await toPart({ id: part, role, document: decodePolicyDocument(to.document) }, store),
        ...more,
      },
    ];
  // A membership brings whatever the group gives.
  const named = ({ id }: TargetPart) => id === part || isPart(`${part}/*`, { id });
  const isReadable = /^(attached|group):/.test(part) && live.exists;
  const held =
    live.parts.some(named) || !isReadable ? live : await adapter.withAddition?.(live, part, clients);
  const found = held?.parts.filter(named) ?? [];
  if (found.length === 0) return [{ part, to: 'hidden' }];
  const touched: Touch[] = [];
  for (const one of found) touched.push({ part: one.id, to: await toPart(one, store) });
  return touched;
}

/** True iff the document has what was added, word by word. */
function hasAll(document: string, added: string): boolean {
  const all = hashesOf(document);
  return hashesOf(added).every((one) => all.includes(one));
}

function hashesOf(document: string): string[] {
  return statementsOf(document).map(hashOf);
}

/** Equal for every spelling of the same statement. */
function hashOf(statement: Statement): string {
  return sha256(canonicalDocument(JSON.stringify({ Statement: [statement] }))).slice(0, 16);
}

function roleOf(id: string, { policyType }: Pick<TargetAdapter, 'policyType'>): PartRole {
  if (id.startsWith('boundary:')) return 'boundary';
  return policyType === 'RESOURCE_POLICY' ? 'resource' : 'grant';
}
