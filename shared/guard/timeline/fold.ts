/** What a timeline keeps: entries of the last day, and where they begin. Open findings do not depend on it. Pure. */
import { orderEntries } from './order.ts';
import type { Anchor, Replay } from './replay.ts';
import {
  type Edit,
  type Entry,
  isSameContent,
  lastReadOf,
  type Ms,
  type Read,
  type Timeline,
} from './timeline.ts';

/** An event that is older has long come: EventBridge tries for a day. */
const KEPT_MS = 24 * 3_600_000;
/** More entries than this are cut at the earliest read that leaves fewer. */
export const MAX_ENTRIES = 200;
/** Ids of events that are remembered after their edits are gone, so that one that is sent again changes nothing. */
export const MAX_FOLDED_IDS = 500;

/** A timeline and the events that it has outlived. */
export type Kept = Timeline & { readonly foldedIds: readonly string[] };

/** Returns the timeline with another edit; the same one iff the event is known or older than everything kept. */
export function addEdit(timeline: Kept, edit: Edit): Kept {
  const { eventId } = edit.change;
  const isKnown =
    timeline.foldedIds.includes(eventId) ||
    timeline.entries.some((entry) => entry.kind === 'edit' && entry.change.eventId === eventId);
  if (isKnown) return timeline;
  const { horizon } = timeline;
  if (horizon.kind === 'read' && edit.at < horizon.read.at)
    return { ...timeline, foldedIds: [...timeline.foldedIds, eventId].slice(-MAX_FOLDED_IDS) };
  return { ...timeline, entries: [...timeline.entries, edit] };
}

/**
 * Returns the timeline with another read. Of a run of equal ones the first, the first that is settled and the last say all:
 * what no edit explains has the time of the settled one, which must not move. It is later than every read before it,
 * whatever a clock says.
 */
export function addRead(timeline: Kept, { at, ...read }: Read, readLagMs: Ms): Kept {
  const entries = orderEntries(timeline, readLagMs);
  const former = lastReadOf({ ...timeline, entries });
  const next: Read = { ...read, at: former === undefined ? at : Math.max(at, former.at + 1) };
  const [before, last] = entries.slice(-2);
  const isSame = (entry: Entry | undefined): entry is Read =>
    entry?.kind === 'read' && isSameContent(entry.content, next.content);
  const edited = entries.findLast((entry) => entry.kind === 'edit')?.at ?? Number.NEGATIVE_INFINITY;
  const isYoung = (entry: Read) => entry.at - edited < readLagMs;
  const isRun = isSame(before) && isSame(last) && (!isYoung(before) || isYoung(last));
  return { ...timeline, entries: [...(isRun ? entries.slice(0, -1) : entries), next] };
}

/** Returns the timeline cut at the last settled read that is a day old, or where there are too many entries. */
export function fold(
  timeline: Kept,
  { entries, anchors }: Pick<Replay, 'entries' | 'anchors'>,
  now: Ms,
): Kept {
  const isOld = ({ read }: Anchor) => read.at <= now - KEPT_MS;
  const leavesFew = ({ read }: Anchor) => entries.length - entries.indexOf(read) <= MAX_ENTRIES / 2;
  const cut = anchors.findLast(isOld) ?? (entries.length > MAX_ENTRIES ? anchors.find(leavesFew) : undefined);
  if (cut === undefined) return timeline;
  const { read, lives, predecessor } = cut;
  const at = entries.indexOf(read);
  const gone = entries
    .slice(0, at)
    .flatMap((entry: Entry) => (entry.kind === 'edit' ? [entry.change.eventId] : []));
  return {
    horizon: { kind: 'read', read, lives, ...(predecessor === undefined ? {} : { predecessor }) },
    entries: entries.slice(at + 1),
    writers: Object.fromEntries(cut.writers),
    foldedIds: [...timeline.foldedIds, ...gone].slice(-MAX_FOLDED_IDS),
  };
}
