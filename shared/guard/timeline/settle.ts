/** What a read shows that no edit explains: steps by nobody known. */
import type { FindingChange } from '../../findings/finding.ts';
import { bear, comeBack, end, type Place, step } from './place.ts';
import {
  asUntil,
  type Content,
  changedParts,
  type Edit,
  holdingOf,
  isOther,
  isPart,
  isSamePart,
  isVague,
  namesFor,
  type Part,
  partOf,
  type Read,
  type Touch,
  type Writer,
  withPart,
  withUniqueId,
} from './timeline.ts';

type Settling = {
  /** What held before the edits. */
  readonly anchor: Pick<Place, 'content' | 'writers'>;
  readonly pending: readonly Edit[];
};

/**
 * The read ends the segment: whatever the edits do not explain is a step of its own. That an edit which no read showed
 * took effect is its event's word alone: that its part is again what it was is told, and nothing is written on it.
 */
export function settleOn(place: Place, read: Read, { anchor, pending }: Settling): void {
  const { content, at } = read;
  if (!content.exists) {
    end(place, at);
    place.content = content;
    place.stood = content;
    return;
  }
  if (place.content.exists && isOther(place.content, content)) end(place, at);
  if (!place.content.exists) comeBack(place, content);
  if (!place.content.exists) bear(place, { at: Math.min(at, read.createdAt ?? at), isMadeByEvent: false });
  place.content = withUniqueId(place.content, content.uniqueId);
  const changed = changedParts(place.content, content);
  const vague = pending.filter(isVague);
  const touched = (id: string): Touched => ({ id, content });
  const by = handsOn(changed.map(touched), vague);
  const isProved = by.length > 0 || isOther(anchor.content, content);
  const isUnsure = (id: string) => !isProved && pending.some((edit) => isWriting(edit, id));
  let doubtful = place.content;
  for (const id of changed) {
    const writer = isUnsure(id) ? writerOfText(id, content, { anchor, pending }) : undefined;
    if (writer === 'unwritten') place.writers.delete(id);
    else place.writers.set(id, writer ?? { at, ...whoTouched(touched(id), vague, by) });
    if (isUnsure(id)) doubtful = asUntil(doubtful, id, writer === undefined ? anchor.content : content);
  }
  const left = new Map(doubtful.parts.map((part) => [part.id, part]));
  // What the edits took away may have granted it already when it came: nobody knows which was first.
  const isEarlier = !isProved && anchor.content.parts.some((part) => !isKept(part, left.get(part.id)));
  step(place, doubtful, { at, by, isCertain: false });
  step(place, content, { at, by, isCertain: !isEarlier });
  place.stood = content;
  place.isSeen = true;
}

type Touched = { readonly id: string; readonly content: Content };

/** True iff the call can have made the part what the read shows, as far as its record tells. */
function mayTouch({ touches }: Edit, { id, content }: Touched): boolean {
  return touches.some((touch) => namesFor(touch, id, content).some((name) => isPart(name, { id })));
}

/** True iff it can have done so if its record spells the part otherwise than AWS shows it. */
function mayMean({ touches }: Edit, { id, content }: Touched): boolean {
  const sortOf = (text: string) => text.replace(/:.*/s, ':');
  return touches.some((touch) => namesFor(touch, id, content).some((name) => sortOf(name) === sortOf(id)));
}

/**
 * Of calls whose records hide what they did, those that can have changed one of the parts. What follows from the named
 * parts tells nothing.
 */
function handsOn(changed: readonly Touched[], vague: readonly Edit[]): readonly FindingChange[] {
  const told = changed.filter(({ id }) => id !== 'document');
  const untold = told.filter((one) => !vague.some((edit) => mayTouch(edit, one)));
  const hands = vague.filter(
    (edit) =>
      told.length === 0 ||
      told.some((one) => mayTouch(edit, one)) ||
      untold.some((one) => mayMean(edit, one)),
  );
  return hands.map(({ change }) => change);
}

/** The callers whose events name the part, or else those that may have touched it; none if every event names other parts. */
function whoTouched(
  touched: Touched,
  vague: readonly Edit[],
  by: readonly FindingChange[],
): Omit<Writer, 'at'> {
  const { id, content } = touched;
  if (id === 'document') return { by, isShown: false };
  const naming = vague.filter(({ touches }) =>
    touches.some((touch) => namesFor(touch, id, content).includes(id)),
  );
  const hands = naming.length > 0 ? naming : vague.filter((edit) => mayTouch(edit, touched));
  return { by: hands.map(({ change }) => change), isShown: naming.length > 0 };
}

/** The text is the same, or has every statement. */
function isKept(part: Part, left: Part | undefined): boolean {
  return isSamePart(part, left) || part.statements?.every((one) => left?.statements?.includes(one)) === true;
}

/** True iff the call wrote or removed the part, and not only a text that the target holds by it. */
function isWriting({ life, isWhole, touches }: Edit, id: string): boolean {
  return (
    life === 'ended' || isWhole || touches.some(({ part, to }) => to !== 'hidden' && isPart(part, { id }))
  );
}

/**
 * Whoever is known to have written the very text that stands, which may never have been away. `unwritten`: it stood when
 * all was looked at first; undefined: nobody is known to have.
 */
function writerOfText(
  id: string,
  content: Content,
  { anchor, pending }: Pick<Settling, 'anchor' | 'pending'>,
): Writer | 'unwritten' | undefined {
  const [stands, stood] = [partOf(content, id), partOf(anchor.content, id)];
  const edit = pending.findLast(({ touches }) =>
    touches.some(({ part, to }) => part === id && typeof to === 'object' && isSamePart(to, stands)),
  );
  if (edit !== undefined) return { at: edit.at, by: [edit.change], isShown: true };
  return isSamePart(stood, stands) ? (anchor.writers.get(id) ?? 'unwritten') : undefined;
}

/** A read that misses an edit still tells of parts that no edit names. */
export function addUnexplained(place: Place, read: Read, pending: readonly Edit[]): void {
  addShown(place, read, pending, (part) => touchesOf(pending, part).length === 0);
}

/** Whatever a read may show that comes late. */
type Recent = { readonly edits: readonly Edit[]; readonly reads: readonly Read[] };

/**
 * Where an edit names a part, such a read may show a text of it that no edit and no earlier read holds, which was there
 * before the edit or came after it. It is taken to have been there before, because the next read may not show it any more.
 */
export function addOvertaken(place: Place, read: Read, pending: readonly Edit[], recent: Recent): void {
  addShown(place, read, pending, (part) => {
    const touches = touchesOf([...pending, ...recent.edits], part);
    return (
      // A text that is another target's is told by the events of that one.
      holdingOf(part.id) === undefined &&
      touchesOf(pending, part).length > 0 &&
      touches.every(({ to }) => to !== 'hidden' && (to === 'gone' || !isSamePart(to, part))) &&
      !recent.reads.some(({ content }) => isSamePart(partOf(content, part.id), part))
    );
  });
}

/** A step by nobody to what the read shows of such parts, unless edits hide what they did. */
function addShown(
  place: Place,
  { content, at }: Read,
  pending: readonly Edit[],
  isTold: (part: Part) => boolean,
): void {
  const isUnsure = pending.some((edit) => isVague(edit) || edit.isWhole || edit.life !== 'kept');
  if (isUnsure || !content.exists || !place.content.exists || isOther(place.content, content)) return;
  const known = new Map(place.content.parts.map((part) => [part.id, part]));
  const after = content.parts
    .filter((part) => !isSamePart(known.get(part.id), part) && isTold(part))
    .reduce((changed, part) => withPart(changed, part.id, part), place.content);
  step(place, after, { at, by: [], isCertain: true });
}

function touchesOf(edits: readonly Edit[], part: Part): Touch[] {
  return edits.flatMap(({ touches }) => touches.filter((touch) => isPart(touch.part, part)));
}
