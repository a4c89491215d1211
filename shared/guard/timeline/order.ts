/**
 * The order of a timeline. Events tell whole seconds and come in any order; reads tell milliseconds. A read stands before
 * an edit of the same second unless it shows that edit. Pure: the same entries in any order give the same order.
 */
import {
  type Content,
  changedParts,
  type Edit,
  type Entry,
  holdingOf,
  isOther,
  isPart,
  isSamePart,
  isSameUid,
  type Ms,
  namesFor,
  type Part,
  partOf,
  type Read,
  SECOND,
  type Timeline,
  type Touch,
} from './timeline.ts';

/** Returns the entries in order. `readLagMs`: 0 where reads show every write at once. */
export function orderEntries(
  { entries, horizon }: Pick<Timeline, 'entries' | 'horizon'>,
  readLagMs: Ms,
): readonly Entry[] {
  const reads = entries
    .filter((entry) => entry.kind === 'read')
    .toSorted((a, b) => a.at - b.at || compare(a.content.snapshot ?? '', b.content.snapshot ?? ''));
  const edits = inTime(entries.filter((entry) => entry.kind === 'edit'));
  const first = horizon.kind === 'read' ? horizon.read : undefined;
  const before = new Map<Read | undefined, Edit[]>();
  const placing = { reads, edits, first, readLagMs };
  for (const edit of edits) {
    const read = readAfter(edit, placing);
    before.set(read, [...(before.get(read) ?? []), edit]);
  }
  const placed = (read: Read | undefined) =>
    settleTies(before.get(read) ?? [], (edit) => firstShowing(edit, placing) ?? read);
  return [...reads.flatMap((read): Entry[] => [...placed(read), read]), ...placed(undefined)];
}

type Placing = {
  readonly reads: readonly Read[];
  readonly edits: readonly Edit[];
  /** Before all of them. */
  readonly first: Read | undefined;
  readonly readLagMs: Ms;
};

/** Returns the first read after the edit: of its own second one that shows it, or what was done to the same part since. */
function readAfter(edit: Edit, placing: Placing): Read | undefined {
  const { reads, edits, readLagMs } = placing;
  const same = reads.filter(({ at }) => at >= edit.at && at < edit.at + SECOND);
  const next = reads.find(({ at }) => at >= edit.at + SECOND);
  const shown = readOf(edit, [...same, ...(next === undefined ? [] : [next])], placing);
  if (shown !== undefined) return shown;
  const over = edits.filter((one) => one !== edit && one.at === edit.at && isOver(one, edit));
  const overwriting = same.find((read) => over.some((one) => readOf(one, same, placing) === read));
  // Where reads never lag, what none of them shows was overwritten.
  const isShown = (read: Read) => shows(read.content, edit);
  return overwriting ?? same.find(isShown) ?? (readLagMs === 0 ? same[0] : undefined) ?? next;
}

/**
 * Returns the read in which the edit first appears. Of calls that did the same, as far as records tell, in one second or
 * since the read before, each has the next of the reads in which it appears; where they are more, the earlier ones were
 * overwritten before anybody looked.
 */
function readOf(edit: Edit, candidates: readonly Read[], { reads, edits, first }: Placing): Read | undefined {
  const readBefore = (read: Read | undefined) => (read && reads[reads.indexOf(read) - 1]) ?? first;
  const isShowing = (one: Edit, read: Read) => appears(read.content, readBefore(read)?.content, one);
  const since = readBefore(candidates[0])?.at ?? edit.at;
  const alike = edits.filter(
    (one) => (one.at === edit.at || (one.at > since && one.at < edit.at)) && isAlike(one, edit),
  );
  const showing = candidates.filter((read) => alike.some((one) => isShowing(one, read)));
  let left = showing;
  for (const one of alike.slice(Math.max(0, alike.length - showing.length))) {
    const read = left.find((read) => isShowing(one, read));
    if (one === edit) return read;
    if (read !== undefined) left = left.slice(left.indexOf(read) + 1);
  }
  return undefined;
}

/** What the records hide is told apart by its order alone. */
function isAlike(one: Edit, other: Edit): boolean {
  return one.touches.some(({ part, to, names }) =>
    other.touches.some((touch) => {
      if (to === 'hidden' || touch.to === 'hidden')
        return to === touch.to && isNamedAlike(names, touch.names);
      return touch.part === part && formOf(touch.to) === formOf(to);
    }),
  );
}

const isNamedAlike = (names: Touch['names'], others: Touch['names']) =>
  names === undefined ||
  others === undefined ||
  (toldBy(names) === toldBy(others) &&
    names[toldBy(names)].some((name) => others[toldBy(names)].includes(name)));

/** What a call puts in tells it from others: what goes by it as well makes room for that. */
const toldBy = ({ comes }: NonNullable<Touch['names']>) => (comes.length > 0 ? 'comes' : 'goes');

const formOf = (to: Part | 'gone') => (to === 'gone' ? to : to.form);

/** True iff one edit may hide what another did. */
function isOver(one: Edit, other: Edit): boolean {
  if (one.life === 'ended' || (one.isWhole && one.life !== 'made')) return true;
  // What is made again within the second shows nothing of its end.
  if (one.life === 'made' && other.life === 'ended') return true;
  return one.touches.some(({ part }) =>
    other.touches.some((touch) => touch.part === part || isPart(part, { id: touch.part })),
  );
}

/**
 * One order for the same edits, however they came. Nothing can be done to a target before it is made; where it is made
 * again within the second, what is taken away is taken before its end, and what is added is added to the new one.
 */
function inTime(edits: readonly Edit[]): readonly Edit[] {
  const [ends, beginnings] = (['ended', 'made'] as const).map(
    (which) => new Set(edits.filter(({ life }) => life === which).map(({ at }) => at)),
  );
  const rank = ({ at, life, touches }: Edit): number => {
    const isMade = life === 'made';
    if (ends?.has(at) !== true || beginnings?.has(at) !== true) return isMade ? 0 : 1;
    if (life === 'ended' || isMade) return isMade ? 2 : 1;
    // What is put there within the second as well may have been taken from the new one.
    const isPut = (part: string) =>
      edits.some(
        (edit) => edit.at === at && edit.touches.some((one) => one.part === part && one.to !== 'gone'),
      );
    return touches.length > 0 && touches.every(({ part, to }) => to === 'gone' && !isPut(part)) ? 0 : 3;
  };
  const own = ({ isOwn }: Edit) => Number(isOwn === true);
  return edits.toSorted(
    (a, b) =>
      a.at - b.at || rank(a) - rank(b) || own(a) - own(b) || compare(a.change.eventId, b.change.eventId),
  );
}

/** True iff the read shows the edit, and what it touched was not so in the read before. */
function appears(content: Content, before: Content | undefined, edit: Edit): boolean {
  if (!shows(content, edit, before)) return false;
  if (before === undefined || edit.life !== 'kept' || edit.touches.length === 0) return true;
  const how = (id: string) => (partOf(content, id) === undefined ? 'goes' : 'comes');
  return changedParts(before, content).some((id) =>
    edit.touches.some(
      (touch) =>
        (touch.names === undefined || toldBy(touch.names) === how(id)) &&
        namesFor(touch, id, content).some((name) => isPart(name, { id })),
    ),
  );
}

const isTie = (a: Edit, b: Edit) =>
  a.at === b.at && a.touches.some(({ part }) => b.touches.some((other) => other.part === part));

/** Of edits of one part in one second, what the read shows came last, whatever else was done between them. */
function settleTies(edits: readonly Edit[], readOf: (edit: Edit) => Read | undefined): readonly Edit[] {
  if (edits.length < 2) return edits;
  const isShown = (edit: Edit) => {
    const read = readOf(edit);
    return read !== undefined && edit.touches.some((touch) => showsTouch(read.content, touch, edit) === true);
  };
  const settled = [...edits];
  for (const edit of edits.filter(isShown).reverse()) {
    const from = settled.indexOf(edit);
    const to = settled.findLastIndex((other) => isTie(edit, other) && !isShown(other));
    if (to > from) settled.splice(to, 0, ...settled.splice(from, 1));
  }
  return settled;
}

/** Where AWS answers late the next read may show none of them: the first read within the lag in which one of them appears. */
function firstShowing(edit: Edit, { reads, edits, first, readLagMs }: Placing): Read | undefined {
  const tied = edits.filter((one) => isTie(one, edit));
  const next = edits.find((one) => one.at > edit.at && isOver(one, edit))?.at ?? Number.POSITIVE_INFINITY;
  return reads.find(
    ({ at, content }, index) =>
      at >= edit.at &&
      at < Math.min(next, edit.at + readLagMs) &&
      tied.some((one) => appears(content, (reads[index - 1] ?? first)?.content, one)),
  );
}

/**
 * Returns true iff a content shows what the edit did, as far as can be told. `before`: the content that was read last before
 * the edit. A record gives the name of a shared policy only, and which policy had the name was read when the record came.
 * Until then another one may have had it: the edit attached that one iff it is new since `before`.
 */
export function shows(content: Content, edit: Edit, before?: Content): boolean {
  if (edit.life === 'ended') return !content.exists;
  if (!content.exists) return false;
  if (isOther(content, edit)) return false;
  return edit.touches.every((touch) => showsTouch(content, touch, edit, before) !== false);
}

/** Undefined: it cannot be told. */
function showsTouch(
  { parts }: Content,
  { part, to, lacks, statements }: Touch,
  { touches }: Edit,
  before?: Content,
): boolean | undefined {
  const there = parts.filter((one) => isPart(part, one));
  // A boundary takes the place of the one before: what the same call put there stands.
  const isPut = (one: Part) => touches.some((other) => other.to !== 'gone' && isPart(other.part, one));
  if (to === 'gone') return there.every(isPut);
  if (lacks !== undefined && there.some(({ form }) => form === lacks)) return false;
  // The last statement is taken away with the text.
  if (to === 'hidden')
    return there.length === 0 && !part.endsWith('*') && statements?.length !== 0 ? false : undefined;
  const held = holdingOf(to.id);
  if (held !== undefined && held !== to.id) return undefined;
  const hasCome = (one: Part) => before !== undefined && !isSamePart(partOf(before, one.id), one);
  return there.some(
    (one) =>
      one.id === to.id && (held === undefined ? one.form === to.form : isSameUid(one, to) || hasCome(one)),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
