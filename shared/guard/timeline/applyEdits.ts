/** Edits on a content: what each call did to which part, whoever wrote it since, and where a life begins and ends. Pure. */
import type { FindingChange } from '../../findings/finding.ts';
import { bear, end, type Place, type Stepping, step } from './place.ts';
import {
  ABSENT,
  asUntil,
  type Content,
  type Edit,
  holdingOf,
  isOther,
  isPart,
  isSamePart,
  isSameUid,
  type Part,
  partOf,
  type Read,
  SECOND,
  type Writer,
  withPart,
  withParts,
  withUniqueId,
} from './timeline.ts';

type Applying = {
  /** What a settled read shows at the end; hidden edits are known by it alone. */
  readonly until: Content | undefined;
  /** The read after them. */
  readonly shown: Read;
  /** What was before these edits is a guess. */
  readonly isFirst: boolean;
};

type ApplyingOne = Applying & {
  /** The edits after it. */
  readonly later: readonly Edit[];
};

/** Goes on through the edits, in order: each makes a step on the content before it. */
export function applyEdits(place: Place, edits: readonly Edit[], applying: Applying): void {
  const hidden = new Map<string, FindingChange[]>();
  const since = place.content;
  for (const [index, edit] of edits.entries()) {
    const later = edits.slice(index + 1);
    const one: ApplyingOne = { ...applying, later };
    // A name that an inline policy takes may have held another before; an attachment adds what it adds.
    const isCertain =
      !applying.isFirst ||
      (!edit.isWhole && edit.touches.every(({ part }) => /^(attached|group):/.test(part)));
    beginAnew(place, edit, one);
    live(place, edit, one);
    const isAdding = edit.life !== 'ended' && edit.touches.some(({ to }) => to !== 'gone');
    if (isAdding && !place.content.exists) bear(place, { at: edit.at, isMadeByEvent: false });
    // What is taken from something that is not there any more was taken before it ended.
    if (!place.content.exists) continue;
    // A call of somebody else came since the read. It may have changed what no part tells of.
    if (edits.slice(0, index).some(({ change }) => change.actorArn !== edit.change.actorArn))
      place.content = withParts(place.content, place.content.parts);
    let next = edit.isWhole ? withParts(place.content, []) : place.content;
    let by: readonly FindingChange[] = [edit.change];
    for (const { part, to, adds, heldBy } of edit.touches) {
      let isBeside = false;
      // What such a call did is what the read shows and nothing else explains.
      if (part === '*' && to === 'hidden') continue;
      if (heldBy !== undefined && !isHeldOn(heldBy, place.content, applying)) continue;
      const isShown = to !== 'hidden';
      if (isShown) next = withPart(next, part, asRead(part, to, { ...one, before: next }));
      else {
        const hands = [...(hidden.get(part) ?? []), edit.change];
        hidden.set(part, hands);
        const isOverwritten = later.some(
          ({ touches, isWhole }) => isWhole || touches.some((touch) => isPart(touch.part, { id: part })),
        );
        if (isOverwritten && adds !== undefined)
          showAlone(
            place,
            { id: `${part}+`, role: 'resource', text: adds, form: adds },
            { at: edit.at, by: [edit.change], isCertain },
          );
        if (isOverwritten || applying.until === undefined) continue;
        by = hands;
        const told = asTold(part, edits, { since, until: applying.until });
        next =
          told.part === undefined ? asUntil(next, part, applying.until) : withPart(next, part, told.part);
        isBeside = told.isBeside;
      }
      for (const id of partsNamed(part, place, next)) {
        const writer: Writer = {
          at: edit.at,
          by: isShown ? [edit.change] : by,
          // A text that is shared is shown by the event of its own target.
          isShown: isShown || heldBy !== undefined,
          ...(isBeside ? { isBeside } : {}),
        };
        place.writers.set(
          id,
          isShown && isAsBefore(id, place.content, next) ? beside(writer, place.writers.get(id)) : writer,
        );
      }
    }
    step(place, next, { at: edit.at, by, isCertain });
  }
}

/**
 * The text that a part brought with it is another target's, and was read when the event came: by then it may have been
 * changed. What the next read shows is nearer, unless somebody changed it before that.
 */
function asRead(
  part: string,
  to: Part | 'gone',
  { until, shown, later, before }: ApplyingOne & { readonly before: Content },
): Part | 'gone' {
  const held = holdingOf(part);
  if (to === 'gone' || held === undefined || later.some((edit) => mayChange(edit, part))) return to;
  const content = until ?? shown.content;
  const is = partOf(content, held);
  if (is === undefined) return to;
  // A settled read shows the policy that had the name at the time; any other read may show what was there before.
  const hasCome = until !== undefined && !isSamePart(partOf(before, held), is);
  if (held === part && !isSameUid(is, to) && !hasCome) return to;
  return partOf(content, part) ?? 'gone';
}

/**
 * Where the calls add statements to a text, and the read holds others beside, somebody else wrote those, of whom no event
 * tells. Where the events show all that the calls added, the part is without them.
 */
function asTold(
  id: string,
  edits: readonly Edit[],
  { since, until }: { readonly since: Content; readonly until: Content },
): { readonly part?: Part | 'gone'; readonly isBeside: boolean } {
  const [was, is] = [partOf(since, id), partOf(until, id)];
  const touches = edits.flatMap((edit) => edit.touches.filter(({ part }) => isPart(part, { id })));
  const added = touches.flatMap(({ statements }) => statements ?? []);
  const { statements: held = [] } = is ?? {};
  const isSpelled =
    added.every((one) => held.includes(one)) && (was === undefined || was.statements !== undefined);
  const without = held.filter((one) => !added.includes(one) && was?.statements?.includes(one) !== true);
  if (is === undefined || !isSpelled || without.length === 0) return { isBeside: false };
  const isAll = touches.every(({ addsOnly }) => addsOnly) && !edits.some(({ isWhole }) => isWhole);
  if (!isAll) return { isBeside: touches.some(({ statements }) => statements !== undefined) };
  const statements = held.filter((one) => !without.includes(one));
  if (statements.length === 0) return { part: 'gone', isBeside: false };
  return { part: { ...is, form: [is.form, ...without].join('-'), statements, without }, isBeside: false };
}

function mayChange({ life, isWhole, touches }: Edit, id: string): boolean {
  return life !== 'kept' || isWhole || touches.some(({ part }) => isPart(part, { id }));
}

/** The part was there before and is afterwards, with the same unique id. */
function isHeldOn(id: string, before: Content, { until, shown }: Applying): boolean {
  const [was, is] = [partOf(before, id), partOf(until ?? shown.content, id)];
  return was !== undefined && is !== undefined && isSameUid(was, is);
}

function isAsBefore(id: string, before: Content, after: Content): boolean {
  const was = partOf(before, id);
  return was !== undefined && isSamePart(was, partOf(after, id));
}

/** Who writes what stands already takes it from nobody. */
function beside(writer: Writer, known: Writer | undefined): Writer {
  if (known === undefined) return writer;
  const others = writer.by.filter(({ actorArn }) => !known.by.some((one) => one.actorArn === actorArn));
  return { ...known, by: [...known.by, ...others], isShown: true };
}

/** What a call added to a text that others wrote before anybody read it is judged by itself. */
function showAlone(place: Place, added: Part, stepping: Stepping): void {
  const before = place.content;
  step(place, withPart(before, added.id, added), stepping);
  place.content = before;
}

/** Whatever the name stands for now, afterwards, or did before it was taken away. */
function partsNamed(part: string, { content, writers }: Place, next: Content): string[] {
  const ids = [...content.parts, ...next.parts].map(({ id }) => id);
  return [...new Set([...ids, ...writers.keys()])].filter((id) => isPart(part, { id }));
}

/** The read shows another target under the name, made by then: the edit is of that one, though no event told of its making. */
function beginAnew(
  place: Place,
  { at, life }: Edit,
  { shown: { content, createdAt }, later }: ApplyingOne,
): void {
  // What ends or begins by a later event has not done so yet.
  if (later.some((edit) => edit.life !== 'kept')) return;
  const isMade = createdAt !== undefined && Math.floor(createdAt / SECOND) * SECOND <= at;
  if (life !== 'kept' || !isMade || !place.content.exists || !isOther(place.content, content)) return;
  end(place, createdAt);
  bear(place, { at: createdAt, uniqueId: content.uniqueId, isMadeByEvent: false });
}

/** The target ends or begins. That a Create call succeeded does not tell: many say yes to what is there. */
function live(place: Place, edit: Edit, { until, later }: ApplyingOne): void {
  const { life, at } = edit;
  if (life === 'ended') end(place, at);
  if (life !== 'made' && life !== 'found-or-made') return;
  const isLast = !later.some((one) => one.life !== 'kept');
  const uniqueId = edit.uniqueId ?? (isLast ? until?.uniqueId : undefined);
  if (place.content.exists && isOther(place.content, withUniqueId(ABSENT, uniqueId))) end(place, at);
  if (!place.content.exists) bear(place, { at, uniqueId, isMadeByEvent: true });
}
