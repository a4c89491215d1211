/** Where a replay stands: what there is, since when, whoever wrote it, and the steps so far. */
import type { FindingChange } from '../../findings/finding.ts';
import { ABSENT, type Content, changedParts, type Ms, type Writer, withUniqueId } from './timeline.ts';

/** Two neighbours in time. */
export type Step = {
  readonly at: Ms;
  /** `lists`: what was there before is not known, so only the questions that need none are asked. */
  readonly basis: 'step' | 'lists';
  readonly before: Content;
  readonly after: Content;
  /**
   * The target was made again: what stood under this name until some minutes before, by all that is known and as reads
   * showed it. What only an event says of it is not what it had.
   */
  readonly predecessors: readonly Content[];
  /** The parts that differ. */
  readonly parts: readonly string[];
  /** Whoever did it; none: nobody knows. */
  readonly by: readonly FindingChange[];
  /** Unique id of the target, else the number of its life under this name. */
  readonly life: string;
  /** When this life began, where that is known. */
  readonly bornAt?: Ms;
  /** Nobody had looked at this life before, so it may have been made with it: nobody knows when it was added. */
  readonly isFirstLook?: true;
  /** False: what the parts were before is a guess, and nothing is written on that. */
  readonly isRestorable: boolean;
  /** What the last settled read showed, where no read shows what the parts were just before: events alone say so. */
  readonly stood?: Content;
};

export type ReplayOptions = {
  /** A read may miss edits that are younger than this. */
  readonly readLagMs: Ms;
  /** A target that was made again within this time after its end is compared with what it was. */
  readonly groupingMs: Ms;
};

/** Where the replay stands. */
export type Place = {
  readonly groupingMs: Ms;
  content: Content;
  /** As the last settled read shows it. */
  stood: Content;
  lives: number;
  bornAt: Ms | undefined;
  /** A settled read has shown this life. */
  isSeen: boolean;
  /** An event tells that it began; a user or group that a read shows first may be an old one that was renamed. */
  isMadeByEvent: boolean;
  /** Since when all has been looked through, and nothing was there under the name. */
  readonly watchedSince: Ms | undefined;
  /** What stood under the name until its end, and what of that reads have shown. */
  predecessor:
    | {
        readonly content: Content;
        readonly stood: Content;
        readonly at: Ms;
        /** The last writer of each part; absent where that is no longer known. */
        readonly writers?: ReadonlyMap<string, Writer>;
      }
    | undefined;
  readonly writers: Map<string, Writer>;
  readonly steps: Step[];
};

/** Returns the unique id of the target, else the number of its life under this name. */
export function lifeOf({ content, lives }: Pick<Place, 'content' | 'lives'>): string {
  return content.uniqueId ?? `#${lives}`;
}

/** The target is not there any more. */
export function end(place: Place, at: Ms): void {
  if (place.content.exists)
    place.predecessor = {
      content: place.content,
      stood: place.stood,
      at,
      writers: new Map(place.writers),
    };
  place.content = ABSENT;
  place.stood = ABSENT;
  place.bornAt = undefined;
  place.writers.clear();
}

/** A deletion was taken back: what bears the same unique id is what it was. */
export function comeBack(place: Place, { uniqueId }: Content): void {
  const { predecessor } = place;
  if (uniqueId === undefined || predecessor?.content.uniqueId !== uniqueId) return;
  place.content = predecessor.content;
  place.stood = predecessor.content;
  place.isSeen = true;
  for (const [id, writer] of predecessor.writers ?? []) place.writers.set(id, writer);
}

type Birth = { readonly at: Ms; readonly uniqueId?: string | undefined; readonly isMadeByEvent: boolean };

/** A life begins, with nothing in it. */
export function bear(place: Place, { at, uniqueId, isMadeByEvent }: Birth): void {
  place.lives++;
  place.isSeen = false;
  place.isMadeByEvent = isMadeByEvent;
  place.bornAt = at;
  place.content = withUniqueId({ exists: true, parts: [] }, uniqueId);
}

/** Returns what stands as a step that only the questions are asked of which need no comparison. */
export function listsStep(content: Content, { at, by, life }: Pick<Step, 'at' | 'by' | 'life'>): Step {
  return {
    at,
    basis: 'lists',
    before: ABSENT,
    after: content,
    predecessors: [],
    parts: content.parts.map(({ id }) => id),
    by,
    life,
    isRestorable: false,
  };
}

/** Who takes a step, when, and how sure it is. */
export type Stepping = {
  /** False: what the parts were before is a guess. */
  readonly isCertain: boolean;
  readonly at: Ms;
  readonly by: readonly FindingChange[];
};

/** Users and groups keep their unique ids when they are renamed. Source: IAM User Guide, "IAM identifiers" (prefixes), "Rename an IAM user". */
function isRenamable({ uniqueId = '' }: Content): boolean {
  return /^(AIDA|AGPA)/.test(uniqueId);
}

/** Goes on to the content after; a step iff something differs. */
export function step(place: Place, after: Content, { at, by, isCertain }: Stepping): void {
  const before = place.content;
  const parts = changedParts(before, after);
  place.content = after;
  if (parts.length === 0) return;
  const { predecessor, bornAt, stood, groupingMs, isSeen, isMadeByEvent, watchedSince } = place;
  const isFirstLook = bornAt !== undefined && !isSeen && by.length === 0;
  const isOlder = isFirstLook && watchedSince !== undefined && bornAt < watchedSince;
  const unread = changedParts(stood, before);
  const isRemade =
    predecessor?.stood.exists === true && bornAt !== undefined && bornAt - predecessor.at <= groupingMs;
  place.steps.push({
    at,
    basis: 'step',
    before,
    after,
    predecessors: isRemade ? [predecessor.content, predecessor.stood] : [],
    parts,
    by,
    life: lifeOf(place),
    ...(bornAt === undefined ? {} : { bornAt }),
    ...(isFirstLook ? { isFirstLook } : {}),
    isRestorable: isCertain && (!isFirstLook || isMadeByEvent || (!isRenamable(after) && !isOlder)),
    ...(parts.some((id) => unread.includes(id)) ? { stood } : {}),
  });
}
