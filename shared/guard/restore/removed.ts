/** The steps whose additions are to go, with the contents that they are about. */
import type { Addition } from '../../findings/finding.ts';
import { findStoredSnapshot } from '../../store/snapshotDocument.ts';
import { absentSnapshot, partDocument, replaceParts } from '../../targets/snapshot.ts';
import type { Snapshot, TargetAdapter, TargetPart } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import type { LaterPart, Removal, RestoreNeed } from '../derive/needs.ts';
import type { Answering, JudgeDependencies } from '../judge/judging.ts';
import type { GuardStore } from '../state.ts';
import { beyond, withoutStatements, withStatements, withText } from '../statements.ts';
import { holdingOf, isPart } from '../timeline/timeline.ts';

/** An addition that is to go, and the contents of its step. */
export type Unwanted = {
  readonly addition: Addition;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What events alone say of the time before the step, where that is less. */
  readonly told?: Snapshot;
};

/** One step whose additions are to go. */
type Removed = {
  readonly parts: readonly string[];
  readonly unwanted: readonly Unwanted[];
  /** Parts of it that may go, and were not there before. */
  readonly came: readonly string[];
};

/** What a restore is built from. */
export type Proposing = {
  readonly need: RestoreNeed;
  readonly live: Snapshot;
  readonly removed: readonly Removed[];
  /** What stands without the parts that came, of a setting that can be without them. */
  readonly without: Snapshot | undefined;
  readonly answering: Answering;
  readonly dependencies: JudgeDependencies;
};

/** Returns whose text the part is, as its kind says; undefined: the kind names no such part. */
export function textOf({ id }: Pick<TargetPart, 'id'>, { adapter }: JudgeDependencies) {
  return adapter.parts?.find((part) => isPart(part.id, { id }))?.text;
}

/** Returns true iff the part is another target's text, which stands there whole or not at all. */
export function isOfOthers(part: Pick<TargetPart, 'id'>, dependencies: JudgeDependencies): boolean {
  return textOf(part, dependencies) === 'shared';
}

/** Returns the steps that are to be removed, in order; undefined: one of their contents is lost. */
export async function loadRemoved(
  { removals, spared, left, free }: RestoreNeed,
  live: Snapshot,
  { store, target, adapters }: Answering,
): Promise<Removed[] | undefined> {
  const { isWrittenAsRead, withoutParts } = adapters[target.kind];
  const removed: Removed[] = [];
  const kept: TargetPart[] = [];
  for (const { part, adds } of spared)
    kept.push({ id: part, role: 'resource', document: await store.getDocument(adds) });
  // What exempt steps have written since stays, whatever the removed steps granted of it.
  const stays = live.parts.filter(({ id }) => left.includes(id));
  for (const { parts, additions, woken, stood } of removals) {
    const unwanted: Unwanted[] = [];
    const came = new Set<string>();
    for (const addition of additions) {
      const { versions } = addition;
      const before =
        versions.before === undefined
          ? absentSnapshot(target)
          : await findStoredSnapshot(store, versions.before);
      const after = await findStoredSnapshot(store, versions.after);
      if (before === undefined || after === undefined) return undefined;
      const fresh = after.parts.filter(({ id }) => parts.includes(id) && !isThere(before, id));
      const theirs = fresh.filter(({ id }) => free.includes(id));
      for (const { id } of theirs) came.add(id);
      // Of a setting that an exempt role changed with them, only what these parts grant is to go.
      const without =
        theirs.length < fresh.length
          ? withoutParts?.(
              after,
              theirs.map(({ id }) => id),
            )
          : undefined;
      // Parts that grant nothing leave what the step added as it was.
      const exempts = without?.contentHash === after.contentHash ? undefined : without;
      const asleep =
        exempts ??
        (woken.length === 0
          ? await withStood(before, { stood, live, store, isWrittenAsRead })
          : await withFormer(after, woken, store));
      const written = stays.filter(
        ({ id, role, document }) => role !== 'boundary' && document !== partDocument(after, id),
      );
      const others = asleep.parts.filter(({ id }) => !written.some((part) => part.id === id));
      const spares = replaceParts(asleep, [...others, ...written]);
      const isStood = asleep !== before && woken.length === 0 && exempts === undefined;
      const told = isStood ? { told: before } : {};
      unwanted.push({ addition, before: withStatements(spares, kept, live), after, ...told });
    }
    removed.push({ parts, unwanted, came: [...came] });
  }
  return removed;
}

/** Returns true iff the content has a part of that id. */
export function isThere({ parts }: Snapshot, id: string): boolean {
  return parts.some((part) => part.id === id);
}

type Standing = Pick<Removal, 'stood'> & {
  readonly live: Snapshot;
  readonly store: GuardStore;
  readonly isWrittenAsRead: TargetAdapter['isWrittenAsRead'];
};

/**
 * What events alone say of the time before the step is not written: the parts are as the last read shows them, with what
 * else those events say was allowed, since somebody exempt may have written that.
 */
async function withStood(
  before: Snapshot,
  { stood, live, store, isWrittenAsRead }: Standing,
): Promise<Snapshot> {
  if (stood.length === 0) return before;
  // What is held of others is there whole or not at all.
  const isText = ({ id }: { readonly id: string }) => holdingOf(id) === undefined;
  const parts = stood.filter((one) => isText(one) || one.was !== undefined);
  const told = before.parts.filter((part) => isText(part) && stood.some(({ id }) => id === part.id));
  const asRead = await withFormer(before, parts, store);
  // A Deny that somebody exempt took away stays away.
  const dropped = asRead.parts
    .filter(({ id }) => stood.some((one) => one.isOfExempt === true && one.id === id))
    .map((part) => withText(part, beyond(part.document, partDocument(before, part.id), 'Deny')));
  const made = withStatements(withoutStatements(asRead, dropped), told, live);
  if (made.contentHash === before.contentHash) return before;
  // The settings that were read with it are not those of after the events.
  if (isWrittenAsRead) return made;
  // As it was read, with everything that writing it needs.
  const read = await findStoredSnapshot(store, stood[0]?.snapshot ?? '');
  return read?.contentHash === made.contentHash ? read : made;
}

/** Returns the content with the parts as they were. */
export async function withFormer(
  content: Snapshot,
  parts: readonly LaterPart[],
  store: GuardStore,
): Promise<Snapshot> {
  const were = await toSnapshot(
    { exists: true, parts: parts.flatMap(({ was }) => was ?? []) },
    content.target,
    store,
  );
  const kept: TargetPart[] = [];
  for (const { id, snapshot } of parts) {
    const found = snapshot === undefined ? were : await findStoredSnapshot(store, snapshot);
    kept.push(...(found?.parts.filter((part) => part.id === id) ?? []));
  }
  const others = content.parts.filter(({ id }) => !parts.some((part) => part.id === id));
  return replaceParts(content, [...others, ...kept]);
}
