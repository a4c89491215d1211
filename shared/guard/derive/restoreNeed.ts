/** What a restore is to remove and may write: the findings that are to go → the question that the engine is asked. Pure. */
import {
  type Addition,
  type Finding,
  type FindingChange,
  handsOf,
  isAtLeast,
} from '../../findings/finding.ts';
import type { TargetRef } from '../../targets/target.ts';
import { type Config, matchesAny, ruleOf } from '../config.ts';
import type { Step } from '../timeline/place.ts';
import {
  type Content,
  type Edit,
  isSamePart,
  isSameUid,
  type Ms,
  partOf,
  type Read,
  type Writer,
} from '../timeline/timeline.ts';
import { type LaterPart, needOfRestore, type Removal, type RestoreNeed } from './needs.ts';

/** What is known of the target's parts: whoever wrote them, and when a person said that they may stay. */
export type Past = {
  readonly target: TargetRef;
  readonly config: Pick<Config, 'targets' | 'deployers' | 'breakGlass'>;
  readonly writers: ReadonlyMap<string, Writer>;
  readonly steps: readonly Step[];
  readonly edits: readonly Edit[];
  /** The content before each part with dormant access was written, as a kept document. */
  readonly slept: ReadonlyMap<string, string>;
  /** When a person last approved what stood in each part. */
  readonly approved: ReadonlyMap<string, Ms>;
  readonly settings: string;
};

/** Returns true iff a restore can remove the addition: it is proved, of use, and granted. */
export function isRestorable({ result, possible, now }: Addition): boolean {
  return result === 'FAIL' && possible && now === 'granted';
}

/** Returns true iff a restore is to remove the addition: nothing on a guess, and of what a target was made with only the gravest. */
export function isToGo(addition: Addition): boolean {
  if (!isRestorable(addition) || addition.isGuess === true) return false;
  return addition.isInitial !== true || addition.grade === 'CRITICAL';
}

/** Returns the question which content is without what these findings tell, in the order of their steps. `live`: what AWS holds. */
export function restoreNeedOf(findings: readonly Finding[], live: Read, past: Past): RestoreNeed {
  const { writers, config, target, settings, edits } = past;
  const removals = findings.flatMap((finding) => removalsOf(finding, live.content, past));
  const touched = [...new Set(removals.flatMap(({ parts }) => parts))].sort();
  const since = Math.min(...findings.map(timeOf));
  // Calls whose events do not show what they did are one step, of the time of the last.
  const hands = new Set(findings.flatMap(handsOf).map(({ eventId }) => eventId));
  const isSpared = ({ at, change }: Edit) =>
    (at >= since || hands.has(change.eventId)) && isExempt([change], config);
  return needOfRestore(
    {
      live,
      removals,
      free: touched.filter((id) => isFree(writers.get(id), config)),
      left: [...writers]
        .flatMap(([id, writer]) => (writer.at >= since && !isFree(writer, config) ? [id] : []))
        .sort(),
      spared: edits
        .filter(isSpared)
        .flatMap(({ touches }) =>
          touches.flatMap(({ part, adds }) =>
            adds !== undefined && touched.includes(part) ? [{ part, adds }] : [],
          ),
        ),
      later: laterParts(touched, since, past),
      mayLoseOld: findings.every(({ severity }) => isAtLeast(severity, 'HIGH')),
      mayRestorePrevious: ruleOf(config, target)?.restore === 'previous',
    },
    settings,
  );
}

/** Returns the other parts that the step woke and that go with it: somebody wrote them who is not exempt. */
export function profitingParts(finding: Finding, past: Past): readonly string[] {
  const sources = (finding.additions ?? []).filter(isToGo).flatMap((addition) => addition.sources);
  // What its writer took away profits from nothing, and is not restored.
  return [...new Set(sources)].filter(
    (id) => finding.step?.parts.includes(id) !== true && isCarried(id, finding, past),
  );
}

/** Returns what is to go of each step that the finding tells of, in order. */
function removalsOf(finding: Finding, live: Content, past: Past): readonly Removal[] {
  const { writers, config } = past;
  const there = new Set(live.parts.map(({ id }) => id));
  const additions = (finding.additions ?? []).filter(isToGo);
  const { parts = [] } = finding.step ?? {};
  const profiting = profitingParts(finding, past)
    .filter((id) => there.has(id))
    .sort();
  // A step that stays took a Deny or limit away: what others put there to wait for that goes, and no more.
  const isLeft = !parts.some((id) => isFree(writers.get(id), config));
  const woken = isLeft ? profiting.map((id) => partBefore(id, makerOf(id, past)?.at ?? 0, past)) : [];
  const touched = [...parts, ...profiting].sort();
  return [...Map.groupBy(additions, ({ versions }) => JSON.stringify(versions)).values()].map((ofStep) => ({
    parts: touched,
    additions: ofStep,
    woken,
    // What has gone, or is another by now, has nothing that could stay.
    stood: unreadBefore(ofStep[0]?.by, finding, past).filter(
      ({ id, was }) => there.has(id) && isSameUid(was, partOf(live, id)),
    ),
  }));
}

/** Returns the parts of which events alone say what they were before the step, as the last read showed them. */
function unreadBefore(made: Addition['by'], finding: Finding, { steps, config }: Past): readonly LaterPart[] {
  const ids = made && JSON.stringify(made);
  const isOfIt = ({ at, by }: Step) =>
    ids === undefined
      ? at === timeOf(finding)
      : at >= timeOf(finding) && ids === JSON.stringify(by.map(({ eventId }) => eventId));
  return steps.flatMap((step, index): LaterPart[] => {
    const { stood } = step;
    if (stood === undefined || !isOfIt(step)) return [];
    return step.parts
      .filter((id) => finding.step?.parts.includes(id))
      .map((id) => {
        const isOfExempt = isWrittenByExempt(id, { steps: steps.slice(0, index), stood, config });
        return { ...partIn(stood, id), ...(isOfExempt ? { isOfExempt } : {}) };
      });
  });
}

/** True iff somebody exempt changed the part after the last read of it. */
function isWrittenByExempt(
  id: string,
  { steps, stood, config }: Pick<Past, 'steps' | 'config'> & { readonly stood: Content },
): boolean {
  const touching = steps.filter((step) => step.parts.includes(id));
  const first = touching.findLastIndex(({ before }) => isSamePart(partOf(before, id), partOf(stood, id)));
  return touching.slice(Math.max(0, first)).some(({ by }) => isExempt(by, config));
}

/** Returns the other parts that somebody who is not exempt wrote since, as they were before. */
function laterParts(touched: readonly string[], since: Ms, past: Past): readonly LaterPart[] {
  return [...past.writers.keys()]
    .flatMap((id): LaterPart[] => {
      const { at, by } = makerOf(id, past) ?? { at: 0, by: [] };
      // What a person approved since is where it begins.
      const from = Math.max(since, past.approved.get(id) ?? 0);
      const isTheirs = at >= from && by.length > 0 && !isExempt(by, past.config);
      return isTheirs && !touched.includes(id) ? [partBefore(id, from, past)] : [];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Returns when the finding's step was made. */
export function timeOf({ step }: Finding): Ms {
  return Date.parse(step?.at ?? '');
}

function partIn(content: Content, id: string): LaterPart {
  const [was, { snapshot }] = [partOf(content, id), content];
  return { id, ...(was === undefined ? {} : { was }), ...(snapshot === undefined ? {} : { snapshot }) };
}

/** Whoever profits: a part that another step woke, last written before it by somebody who is not exempt, and not approved. */
function isCarried(id: string, finding: Finding, past: Past): boolean {
  const known = new Set(finding.carriers?.map(({ eventId }) => eventId));
  const [writer, maker] = [past.writers.get(id), makerOf(id, past)];
  if (writer === undefined || maker === undefined || (past.approved.get(id) ?? 0) > maker.at) return false;
  if (isExempt([...writer.by, ...maker.by], past.config) || isWrittenSince(id, finding, past)) return false;
  return maker.by.length > 0 && writer.by.some(({ eventId }) => known.has(eventId));
}

/** True iff another step on the part came after the finding's. */
function isWrittenSince(id: string, finding: Finding, { steps }: Past): boolean {
  const hands = new Set(handsOf(finding).map(({ eventId }) => eventId));
  const woke = steps.findLastIndex(({ at, by, parts }) =>
    hands.size === 0
      ? at === timeOf(finding) && parts.some((one) => finding.step?.parts.includes(one))
      : by.some(({ eventId }) => hands.has(eventId)),
  );
  return woke !== -1 && steps.slice(woke + 1).some(({ parts }) => parts.includes(id));
}

/** Returns who made the part what it is: its last writer or, where that call changed nothing, whoever made the last step on it. */
function makerOf(id: string, past: Past): Pick<Writer, 'at' | 'by'> | undefined {
  const writer = past.writers.get(id);
  if (writer === undefined || !isRepeat(id, writer, past)) return writer;
  return past.steps.findLast(({ parts }) => parts.includes(id));
}

/** True iff the call changed nothing: the part was there before it. False where the timeline does not hold the call any more. */
function isRepeat(id: string, { at, by }: Pick<Writer, 'at' | 'by'>, { steps, edits }: Past): boolean {
  const isKnown = edits.some(({ change }) => by.some(({ eventId }) => eventId === change.eventId));
  return isKnown && !steps.some((step) => step.at >= at && step.parts.includes(id));
}

/** The part as it was before the first step on it since then that nobody exempt made. */
function partBefore(id: string, since: Ms, { steps, config, slept }: Past): LaterPart {
  const first = steps.find(
    (step) => step.at >= since && step.parts.includes(id) && !isExempt(step.by, config),
  );
  const was = first && partOf(first.before, id);
  if (was !== undefined) return { id, was };
  // The step is older than the timeline; the finding of what it put to sleep is not.
  const snapshot = first === undefined ? slept.get(id) : undefined;
  return { id, ...(snapshot === undefined ? {} : { snapshot }) };
}

/** Returns true iff a deployer or an emergency role had a hand in it. */
export function isExempt(by: readonly FindingChange[], { deployers, breakGlass }: Past['config']): boolean {
  return by.some(({ actorArn }) => matchesAny([...deployers, ...breakGlass], actorArn));
}

/** What the event of somebody exempt shows is never removed. */
function isFree(writer: Writer | undefined, { deployers, breakGlass }: Past['config']): boolean {
  if (writer === undefined) return true;
  if (writer.by.some(({ actorArn }) => matchesAny(breakGlass, actorArn))) return false;
  return !(writer.isShown && writer.by.some(({ actorArn }) => matchesAny(deployers, actorArn)));
}
