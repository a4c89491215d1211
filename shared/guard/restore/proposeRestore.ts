/**
 * Which content is to be written so that what a change added goes? In order: the content without the removed edits, which
 * is often exactly the previous text; then what stands, tightened. One proof decides of both.
 */

import { keepSnapshot } from '../../store/snapshotDocument.ts';
import { toPolicySet } from '../../targets/policySet.ts';
import { replaceParts } from '../../targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import type { RestoreNeed, RestoreVerdict } from '../derive/needs.ts';
import { judgeStep } from '../judge/judgeStep.ts';
import { type Answering, judging } from '../judge/judging.ts';
import { beyond, withoutStatements, withStatements, withText } from '../statements.ts';
import { holdingOf, isSameUid } from '../timeline/timeline.ts';
import { isOfOthers, isThere, loadRemoved, type Proposing, withFormer } from './removed.ts';
import { isIn, isNeverWithout, leastPart, tighten } from './tighten.ts';
import { isKeepingRead, isLosingOld, whyNotProved } from './whyNotProved.ts';

/** Returns the content to write, kept and proved, or why there is none. */
export async function proposeRestore(need: RestoreNeed, answering: Answering): Promise<RestoreVerdict> {
  const { store, target } = answering;
  const live = await toSnapshot(need.live.content, target, store);
  const removed = await loadRemoved(need, live, answering);
  if (removed === undefined) return none('a version that the guard remembers cannot be read');
  const dependencies = judging(answering);
  const came = [...new Set(removed.flatMap((one) => one.came))].filter((id) => isThere(live, id));
  const without = came.length === 0 ? undefined : answering.adapters[target.kind].withoutParts?.(live, came);
  const proposing: Proposing = { need, live, removed, without, answering, dependencies };
  let why = whyNotFree(need, target.arn);
  // What was written later counts where the step's own parts are not enough.
  for (const named of [need.free, [...need.free, ...need.later.map(({ id }) => id)]]) {
    const free = named.filter((id) => !isSharedText(id, proposing));
    if (free.length === 0) continue;
    const { added, dropped } = await doneByOthers(free, proposing);
    const previouses = await withoutEdits(free, proposing);
    const befores = previouses.map((previous) => withoutStatements(previous, dropped));
    const isDropped = befores.some((one, index) => one.contentHash !== previouses[index]?.contentHash);
    let whyNot =
      added.length > 0
        ? 'it lacks what others added since'
        : isDropped
          ? 'it denies what others have not denied since'
          : undefined;
    for (const previous of whyNot === undefined ? befores : []) {
      const whyNotThis = await whyNotProved(previous, proposing, need.mayRestorePrevious);
      // What stood before is written all the same where others have narrowed the rest meanwhile; it is said.
      if (whyNotThis === undefined) {
        const losesOld = await isLosingOld(previous, proposing);
        return propose(previous, { how: 'previous', losesOld }, proposing);
      }
      whyNot ??= whyNotThis;
    }
    const isWithout = without !== undefined && (await whyNotProved(without, proposing, false)) === undefined;
    const kept = isWithout
      ? ({ kind: 'tightened', candidate: without } as const)
      : await tighten(
          free,
          befores.map((previous) => withStatements(previous, added, live)),
          proposing,
        );
    const isLast = kept.kind === 'tightened' || added.length === 0;
    const tightened = isLast ? kept : await tighten(free, befores, proposing);
    if (tightened.kind === 'tightened') {
      const { candidate } = tightened;
      const losesOld = !isLast || (await isLosingOld(candidate, proposing));
      if (!losesOld || need.mayLoseOld) return propose(candidate, { how: 'tighten', losesOld }, proposing);
      why =
        'removing what the change added would also remove access that was granted before, or that others added since';
    } else
      why = `neither the previous version (${whyNot}) nor a tightened one (${tightened.why}) may be written`;
  }
  return none(why);
}

function none(why: string): RestoreVerdict {
  return { kind: 'none', why };
}

async function propose(
  candidate: Snapshot,
  said: { readonly how: 'previous' | 'tighten'; readonly losesOld: boolean },
  proposing: Proposing,
): Promise<RestoreVerdict> {
  // Nothing to write, and nothing that could be said to have been done.
  if (await isIdle(candidate, proposing))
    return none('what reads showed all the time stays, since only an event says that it had gone');
  return {
    kind: 'candidate',
    ...said,
    ...((await isKeepingRead(candidate, proposing)) ? { keepsRead: true } : {}),
    snapshot: await keepSnapshot(proposing.answering.store, candidate),
    contentHash: candidate.contentHash,
  };
}

/** True iff AWS holds nothing that the candidate is without. */
async function isIdle(candidate: Snapshot, { live, dependencies }: Proposing): Promise<boolean> {
  if (candidate.contentHash === live.contentHash) return true;
  const [next, now] = [candidate, live].map(toPolicySet);
  if (next?.kind !== 'set' || now?.kind !== 'set') return false;
  const { engine } = dependencies;
  const step = { before: next.set, after: now.set };
  const { result } = await engine.remains(step, { check: 'no-new-access' }, { resultOnly: true });
  if (result !== 'PASS') return false;
  return (await judgeStep({ before: candidate, after: live }, dependencies)).length === 0;
}

/** An attached policy, a boundary or what a group gives: its text is written at its own target, and never here. */
function isSharedText(id: string, { live, removed, dependencies }: Proposing): boolean {
  if (!isOfOthers({ id }, dependencies)) return false;
  const held = holdingOf(id);
  if (held !== id) return held !== undefined;
  const before = removed.find(({ parts }) => parts.includes(id))?.unwanted[0]?.before;
  const [now, then] = [live, before].map((content) => content?.parts.find((part) => part.id === id));
  return now !== undefined && then !== undefined && isSameUid(now, then);
}

function whyNotFree({ free }: RestoreNeed, arn: string): string {
  return free.length === 0
    ? 'somebody exempt wrote what stands there since'
    : `it comes from a text that \`${arn}\` shares with others, and may be removed only there`;
}

/**
 * What AWS holds, with each free part as it was before the first of the steps that touched it; and where others changed
 * it between two of them, as it was before the next.
 */
async function withoutEdits(
  free: readonly string[],
  { need, live, removed, answering }: Proposing,
): Promise<readonly Snapshot[]> {
  const later = await withFormer(live, need.later, answering.store);
  const stepsOn = (id: string) =>
    removed.flatMap(({ parts, unwanted: [first] }) => (parts.includes(id) && first ? [first.before] : []));
  const found = new Map<string, Snapshot>();
  for (let step = 0; step < Math.max(1, removed.length); step++) {
    const befores = free.map((id) => stepsOn(id).at(step) ?? stepsOn(id).at(-1) ?? later);
    const parts: TargetPart[] = live.parts.filter((part) => !isIn(free, part));
    for (const [index, id] of free.entries()) {
      const was = befores[index]?.parts.find((one) => one.id === id);
      const there = live.parts.find((part) => part.id === id);
      if (was === undefined && there !== undefined && isNeverWithout(there, live))
        parts.push(leastPart(there));
      else parts.push(...(await asOfNow(was, live, answering)));
    }
    const content = replaceParts(live, parts);
    // As it was read, with everything that writing it needs.
    const read = befores.find(({ contentHash }) => contentHash === content.contentHash);
    if (!found.has(content.contentHash)) found.set(content.contentHash, read ?? content);
  }
  return [...found.values()];
}

type Others = { readonly added: readonly TargetPart[]; readonly dropped: readonly TargetPart[] };

/**
 * What steps that are not to go did to the free parts: each part with the statements that allow what they added, and with
 * the Denies that they took away. Between two removed steps, and after the last, is somebody else's doing.
 */
async function doneByOthers(
  free: readonly string[],
  { live, removed, dependencies }: Proposing,
): Promise<Others> {
  const isFree = ({ id }: TargetPart) => free.includes(id);
  const beside = live.parts.filter((part) => !isFree(part));
  const added: TargetPart[] = [];
  const dropped: TargetPart[] = [];
  for (const [index, { unwanted }] of removed.entries()) {
    const earlier = unwanted[0]?.after.parts.filter(isFree) ?? [];
    const later = (removed[index + 1]?.unwanted[0]?.before ?? live).parts.filter(isFree);
    const [before, after] = [earlier, later].map((parts) => replaceParts(live, [...beside, ...parts]));
    if (before === undefined || after === undefined || before.contentHash === after.contentHash) continue;
    for (const part of earlier) {
      const denies = beyond(part.document, later.find(({ id }) => id === part.id)?.document, 'Deny');
      if (denies.length > 0) dropped.push(withText(part, denies));
    }
    if ((await judgeStep({ before, after }, dependencies)).length === 0) continue;
    for (const part of later) {
      const was = earlier.find(({ id }) => id === part.id);
      added.push(withText(part, beyond(part.document, was?.document, 'Allow')));
    }
  }
  return { added, dropped };
}

/** A text that is shared may say something else by now, or be another one under the same name. */
async function asOfNow(
  part: TargetPart | undefined,
  live: Snapshot,
  { adapters, clientsFor, target }: Answering,
): Promise<readonly TargetPart[]> {
  if (part === undefined) return [];
  const [, kind, name] = /^(attached|boundary|group):(.*)$/.exec(part.id) ?? [];
  if (target.kind !== 'iam-principal' || kind === undefined) return [part];
  const asked = kind === 'group' ? part.id : `attached:${name}`;
  const without = replaceParts(
    live,
    live.parts.filter(({ id }) => id !== asked),
  );
  const added = await adapters[target.kind].withAddition?.(without, asked, clientsFor(target));
  const now = (added?.parts ?? []).filter(({ id }) => id === asked || id.startsWith(`${asked}/`));
  const [found] = now;
  if (found === undefined || !isSameUid(found, part)) return [{ ...part, document: undefined }];
  return kind === 'boundary' ? [{ ...found, id: part.id, role: part.role }] : now;
}
