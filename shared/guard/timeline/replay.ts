/**
 * A timeline → its steps: each edit on the content before it, and whatever reads show beside. Between two settled reads
 * the edits are replayed on the first; what still differs from the second is a step by nobody known. Pure.
 */
import { applyEdits } from './applyEdits.ts';
import { orderEntries, shows } from './order.ts';
import { lifeOf, listsStep, type Place, type ReplayOptions, type Step } from './place.ts';
import { addOvertaken, addUnexplained, settleOn } from './settle.ts';
import { guessStart } from './start.ts';
import {
  ABSENT,
  type Content,
  changedParts,
  type Edit,
  type Entry,
  holdingOf,
  isPart,
  isSameContent,
  type Ms,
  type Read,
  type Timeline,
  type Writer,
  withUniqueId,
} from './timeline.ts';

export type Replay = {
  readonly steps: readonly Step[];
  /** The last read, and whether it shows everything that is known. */
  readonly live: { readonly read: Read; readonly isSettled: boolean } | undefined;
  readonly writers: ReadonlyMap<string, Writer>;
  readonly life: string;
  /** In order. */
  readonly entries: readonly Entry[];
  /** Settled reads in order, each with what is known then: where the timeline can be cut. */
  readonly anchors: readonly Anchor[];
};

export type Anchor = {
  readonly read: Read;
  readonly lives: number;
  readonly writers: ReadonlyMap<string, Writer>;
  readonly predecessor: Content | undefined;
};

/** Returns the steps of the timeline, and where it ends. */
export function replay(timeline: Timeline, options: ReplayOptions): Replay {
  const known = replays.get(timeline);
  if (known?.readLagMs === options.readLagMs && known.groupingMs === options.groupingMs) return known.replay;
  const made = replayOnce(timeline, options);
  replays.set(timeline, { ...options, replay: made });
  return made;
}

/** A round looks at one timeline several times: is it settled, what is asked, and again once that is answered. */
const replays = new WeakMap<Timeline, ReplayOptions & { readonly replay: Replay }>();

function replayOnce(timeline: Timeline, options: ReplayOptions): Replay {
  const entries = orderEntries(timeline, options.readLagMs);
  const { horizon } = timeline;
  const place: Place = {
    groupingMs: options.groupingMs,
    content: horizon.kind === 'read' ? horizon.read.content : ABSENT,
    stood: horizon.kind === 'read' ? horizon.read.content : ABSENT,
    lives: horizon.kind === 'read' ? horizon.lives : 0,
    bornAt: undefined,
    isSeen: horizon.kind === 'read',
    isMadeByEvent: false,
    watchedSince: horizon.kind === 'nothing' ? horizon.since : undefined,
    predecessor:
      horizon.kind === 'read' && horizon.predecessor !== undefined
        ? { content: horizon.predecessor, stood: horizon.predecessor, at: horizon.read.at }
        : undefined,
    writers: new Map(Object.entries(timeline.writers)),
    steps: [],
  };
  const anchors: Anchor[] = [];
  const recent: Recent[] = [];
  let isStarted = horizon.kind === 'read';
  let pending: Edit[] = [];
  let last: Read | undefined = horizon.kind === 'read' ? horizon.read : undefined;
  let unsettled: Read | undefined;
  /** Returns true iff what was before the pending edits is a guess. */
  const start = (read: Read): boolean => {
    if (isStarted) return false;
    isStarted = true;
    // It appeared after everything was looked through. Where AWS says that it is older, it was overlooked, or had another
    // name: all of it is told, and what it held before the edits stays a guess.
    if (horizon.kind === 'nothing') return read.createdAt !== undefined && read.createdAt < horizon.since;
    const guessed = guessStart(pending, read);
    begin(place, guessed, read.at);
    return !guessed.isKnown;
  };
  for (const entry of entries) {
    if (entry.kind === 'edit') {
      pending.push(entry);
      recent.push({ edit: entry, before: last });
      continue;
    }
    const isSettled = showsRecent(entry, recent, options.readLagMs);
    last = entry;
    unsettled = isSettled ? undefined : entry;
    if (!isSettled) continue;
    const isFirst = start(entry);
    const anchor = { content: place.content, writers: new Map(place.writers) };
    applyEdits(place, pending, { until: entry.content, shown: entry, isFirst });
    settleOn(place, entry, { anchor, pending });
    const predecessor = entry.content.exists ? undefined : place.predecessor?.content;
    anchors.push({ read: entry, lives: place.lives, writers: new Map(place.writers), predecessor });
    pending = [];
  }
  const isOpen = pending.length > 0 || unsettled !== undefined;
  if (isOpen && last !== undefined) {
    const isFirst = start(last);
    const { content } = last;
    if (unsettled !== undefined)
      addOvertaken(place, unsettled, pending, mayShow(unsettled, { entries, recent }, options));
    applyEdits(place, pending, { until: undefined, shown: last, isFirst });
    if (unsettled !== undefined) addUnexplained(place, unsettled, pending);
    place.content = withUniqueId(place.content, place.content.uniqueId ?? content.uniqueId);
  }
  return {
    steps: place.steps,
    live: last && { read: last, isSettled: !isOpen },
    writers: place.writers,
    life: lifeOf(place),
    entries,
    anchors,
  };
}

type Recent = { readonly edit: Edit; readonly before: Read | undefined };

/** What a read may show that comes late by the lag: edits of that time, and reads since the last one before it. */
function mayShow(
  { at }: Read,
  { entries, recent }: { readonly entries: readonly Entry[]; readonly recent: readonly Recent[] },
  { readLagMs }: ReplayOptions,
): { readonly edits: readonly Edit[]; readonly reads: readonly Read[] } {
  const earlier = entries.filter((entry) => entry.kind === 'read').filter((read) => read.at < at);
  const since = earlier.findLastIndex((read) => read.at <= at - readLagMs);
  const young = recent.filter(({ edit }) => at - edit.at < readLagMs);
  return { edits: young.map(({ edit }) => edit), reads: earlier.slice(Math.max(0, since)) };
}

/**
 * True iff the read shows every edit that is younger than the lag: of each part, the last one, which did not only bring
 * back what was there before another of them.
 */
function showsRecent(read: Read, recent: readonly Recent[], readLagMs: Ms): boolean {
  const young = recent.filter(({ edit }) => read.at - edit.at < readLagMs);
  const isOver = ({ edit: later }: Recent, { edit }: Recent) =>
    later.life === 'ended' ||
    later.isWhole ||
    edit.touches.some(({ part }) => later.touches.some((touch) => touch.part === part));
  const isLast = (one: Recent, index: number) => !young.slice(index + 1).some((later) => isOver(later, one));
  return young.filter(isLast).every((last) => {
    const { edit, before } = last;
    if (!shows(read.content, edit, before?.content)) return false;
    const earlier = young.slice(0, young.indexOf(last)).filter((one) => isOver(last, one));
    if (earlier.some((one) => isUndone(one, read))) return false;
    const isPlain = edit.touches.every(({ to }) => to !== 'hidden');
    // What the record does not show is seen by a change alone, since the read before the call.
    return isPlain || (before !== undefined && !isSameContent(before.content, read.content));
  });
}

/**
 * True iff the read has the shared text that was there before the edit, and not what the edit made of it: the read may be
 * of before it, and the text another since.
 */
function isUndone({ edit, before }: Recent, read: Read): boolean {
  const held = edit.touches.filter(({ part }) => holdingOf(part) !== undefined);
  if (before === undefined || held.length === 0 || shows(read.content, edit, before.content)) return false;
  const changed = changedParts(before.content, read.content);
  return !held.some(({ part }) => changed.some((id) => isPart(part, { id })));
}

/** What was there before anything is known is judged once, by the questions that need no comparison. */
function begin(place: Place, { content, by }: ReturnType<typeof guessStart>, at: Ms): void {
  place.content = content;
  place.stood = content;
  if (!content.exists) return;
  const since = by[0] === undefined ? at : Date.parse(by[0].eventTime);
  place.steps.push(listsStep(content, { at: since, by, life: lifeOf(place) }));
}
