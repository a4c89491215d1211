/**
 * The order of a timeline. Events tell whole seconds and come in any order; reads tell milliseconds. A read stands before
 * an edit of the same second unless it shows that edit. Pure: the same entries in any order give the same order.
 */
import {
  type Content,
  changedParts,
  type Edit,
  type Entry,
  isPart,
  type Ms,
  type Read,
  type Touch,
} from './timeline.ts';

const SECOND = 1_000;

/** Returns the entries in order. `readLagMs`: 0 where reads show every write at once. */
export function orderEntries(entries: readonly Entry[], readLagMs: Ms): readonly Entry[] {
  const reads = entries
    .filter((entry) => entry.kind === 'read')
    .toSorted((a, b) => a.at - b.at || compare(a.content.snapshot ?? '', b.content.snapshot ?? ''));
  const edits = entries
    .filter((entry) => entry.kind === 'edit')
    .toSorted((a, b) => a.at - b.at || madeFirst(a, b) || compare(a.change.eventId, b.change.eventId));
  const before = new Map<Read | undefined, Edit[]>();
  for (const edit of edits) {
    const read = readAfter(edit, { reads, edits, readLagMs });
    before.set(read, [...(before.get(read) ?? []), edit]);
  }
  const placed = (read: Read | undefined) => settleTies(before.get(read) ?? [], read);
  return [...reads.flatMap((read): Entry[] => [...placed(read), read]), ...placed(undefined)];
}

type Placing = { readonly reads: readonly Read[]; readonly edits: readonly Edit[]; readonly readLagMs: Ms };

/** Returns the first read after the edit: of its own second one that shows it, or what was done to the same part since. */
function readAfter(edit: Edit, { reads, edits, readLagMs }: Placing): Read | undefined {
  const same = reads.filter(({ at }) => at >= edit.at && at < edit.at + SECOND);
  const next = reads.find(({ at }) => at >= edit.at + SECOND);
  const isShown = (read: Read, one: Edit) =>
    showsNow(read.content, reads[reads.indexOf(read) - 1]?.content, one);
  const firstShowing = (one: Edit) => {
    const showing = same.filter((read) => isShown(read, one));
    // What the records hide is told apart by its order alone.
    const before = edits.filter((other) => other.at === one.at && isHiding(other) && isHiding(one));
    return showing[Math.min(before.indexOf(one), showing.length - 1)] ?? showing[0];
  };
  const shown = firstShowing(edit);
  const others = edits.filter((one) => one !== edit && one.at === edit.at);
  const overwriting = others
    .filter((one) => isOver(one, edit))
    .map(firstShowing)
    .find((read) => read !== undefined);
  // The same text was written twice: what shows it last is the later call.
  const isRepeated = others.some((one) => one.change.eventId > edit.change.eventId && isSameTouch(one, edit));
  const isBefore =
    isRepeated &&
    overwriting !== undefined &&
    shown !== undefined &&
    reads.indexOf(overwriting) < reads.indexOf(shown);
  if (shown !== undefined) return isBefore ? overwriting : shown;
  if (overwriting !== undefined || (next !== undefined && isShown(next, edit))) return overwriting ?? next;
  // Where reads never lag, what none of them shows was overwritten.
  return (readLagMs === 0 ? same[0] : undefined) ?? next;
}

function isSameTouch(one: Edit, other: Edit): boolean {
  return one.touches.some(
    ({ part, to }) =>
      typeof to === 'object' &&
      other.touches.some(
        (touch) => touch.part === part && typeof touch.to === 'object' && touch.to.form === to.form,
      ),
  );
}

function isHiding({ touches }: Edit): boolean {
  return touches.some(({ to }) => to === 'hidden');
}

/** True iff one edit may hide what another did. */
function isOver(one: Edit, other: Edit): boolean {
  if (one.life === 'ended' || (one.isWhole && one.life !== 'made')) return true;
  return one.touches.some(({ part }) =>
    other.touches.some((touch) => touch.part === part || isPart(part, { id: touch.part })),
  );
}

/** Nothing can be done to a thing before it is made. */
function madeFirst(a: Edit, b: Edit): number {
  const isKept = [a, b].some(({ life }) => life === 'kept');
  return isKept ? Number(b.life === 'made') - Number(a.life === 'made') : 0;
}

/** True iff the read shows the edit, and what the record hides has changed since the read before. */
function showsNow(content: Content, former: Content | undefined, edit: Edit): boolean {
  if (!shows(content, edit)) return false;
  const hides = edit.touches.filter(({ to }) => to === 'hidden');
  if (hides.length === 0 || former === undefined) return true;
  return changedParts(former, content).some((id) => hides.some(({ part }) => isPart(part, { id })));
}

/** Of edits of one part in one second, what the next read shows came last. */
function settleTies(edits: readonly Edit[], read: Read | undefined): readonly Edit[] {
  if (read === undefined || edits.length < 2) return edits;
  const isShown = (edit: Edit) => edit.touches.some((touch) => showsTouch(read.content, touch) === true);
  return edits.toSorted((a, b) => {
    const isTie =
      a.at === b.at && a.touches.some(({ part }) => b.touches.some((other) => other.part === part));
    return isTie ? Number(isShown(a)) - Number(isShown(b)) : 0;
  });
}

/** Returns true iff a content shows what the edit did, as far as can be told. */
export function shows(content: Content, edit: Edit): boolean {
  if (edit.life === 'ended') return !content.exists;
  if (!content.exists) return false;
  const isOther =
    edit.uniqueId !== undefined && content.uniqueId !== undefined && edit.uniqueId !== content.uniqueId;
  if (isOther) return false;
  return edit.touches.every((touch) => showsTouch(content, touch) !== false);
}

/** Undefined: it cannot be told. */
function showsTouch({ parts }: Content, { part, to }: Touch): boolean | undefined {
  const there = parts.filter((one) => isPart(part, one));
  if (to === 'gone') return there.length === 0;
  if (to === 'hidden') return there.length === 0 && !part.endsWith('*') ? false : undefined;
  return there.some(({ id, form }) => id === to.id && form === to.form);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
