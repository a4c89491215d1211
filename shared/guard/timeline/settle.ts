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
  const by = handsOn(changed, vague);
  const isProved = by.length > 0 || isOther(anchor.content, content);
  const isUnsure = (id: string) => !isProved && pending.some((edit) => isWriting(edit, id));
  let doubtful = place.content;
  for (const id of changed) {
    const writer = isUnsure(id) ? writerOfText(id, content, { anchor, pending }) : undefined;
    if (writer === 'unwritten') place.writers.delete(id);
    else place.writers.set(id, writer ?? { at, ...whoTouched(id, vague, by) });
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

/** Undefined: it may have touched anything. */
const namesOf = ({ touches }: Edit) => touches.find(({ names }) => names !== undefined)?.names;
const mayTouch = (edit: Edit, id: string) => namesOf(edit)?.some((name) => isPart(name, { id })) !== false;

/**
 * Of calls whose records hide what they did, those that can have changed one of the parts. Where none of them names one, a
 * record may spell it otherwise than AWS shows it: then all. What follows from the named parts tells nothing.
 */
function handsOn(changed: readonly string[], vague: readonly Edit[]): readonly FindingChange[] {
  const told = changed.filter((id) => id !== 'document');
  const isTold = told.length > 0 && told.every((id) => vague.some((edit) => mayTouch(edit, id)));
  const hands = isTold ? vague.filter((edit) => told.some((id) => mayTouch(edit, id))) : vague;
  return hands.map(({ change }) => change);
}

/** The callers whose events name the part, or else those that may have touched it; none if every event names other parts. */
function whoTouched(id: string, vague: readonly Edit[], by: readonly FindingChange[]): Omit<Writer, 'at'> {
  if (id === 'document') return { by, isShown: false };
  const naming = vague.filter((edit) => namesOf(edit)?.includes(id));
  const hands = naming.length > 0 ? naming : vague.filter((edit) => mayTouch(edit, id));
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
