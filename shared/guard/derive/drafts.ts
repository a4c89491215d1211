/**
 * Steps and their verdicts → findings as they would be if nothing had been told before. A step that added nothing makes
 * none; the steps of a target's first minutes make one. Pure: ids are functions of their facts.
 */
import {
  type Addition,
  additionKey,
  FINDING_SCHEMA_VERSION,
  type Finding,
  type FindingChange,
  findingId,
  handsOf,
} from '../../findings/finding.ts';
import { present } from '../../findings/present.ts';
import type { TargetRef } from '../../targets/target.ts';
import type { Step } from '../timeline/place.ts';
import type { Replay } from '../timeline/replay.ts';
import { type Ms, SECOND } from '../timeline/timeline.ts';
import type { StepVerdict } from './needs.ts';

export type Judged = { readonly step: Step; readonly verdict: StepVerdict };

/** More additions than this make another finding. */
const MAX_ADDITIONS = 30;

type Drafting = {
  readonly target: TargetRef;
  readonly writers: Replay['writers'];
  /** Findings that have ended. */
  readonly closed: readonly Finding[];
  /** The steps of a new target within this time make one finding, by what was in force when the step was made. */
  readonly groupingMsAt: (at: Ms) => Ms;
  /** Ids of the guard's own roles. */
  readonly ownActorIds: readonly string[];
  /** The target is part of the guard itself. */
  readonly isOwnTarget: boolean;
  /** ISO 8601. */
  readonly now: string;
};

/** Returns one finding for each step, or group of steps, that added something: open, waiting, unpublished. */
export function draftFindings(judged: readonly Judged[], drafting: Drafting): Finding[] {
  const drafts = new Map<string, Finding>();
  for (const one of judged) {
    if (one.verdict.answers.length === 0) continue;
    let part = 0;
    let draft = draftOf(one, drafting, part);
    let known = drafts.get(draft.id);
    while (
      (known?.additions?.length ?? 0) >= MAX_ADDITIONS ||
      drafting.closed.some((ended) => ended.id === draft.id && isOver(ended, draft))
    ) {
      draft = draftOf(one, drafting, ++part);
      known = drafts.get(draft.id);
    }
    drafts.set(draft.id, known === undefined ? draft : merge(known, draft));
  }
  return [...drafts.values()].map(present);
}

/**
 * True iff the group's finding ended before the step was made, or a person approved it without it. Any other step is the
 * same finding again.
 */
function isOver(
  { status, closedAt = '', additions }: Finding,
  { step, additions: added = [] }: Finding,
): boolean {
  if (step?.isNew !== true || status === 'SUPERSEDED') return false;
  const told = new Set(additions?.map(additionKey));
  return (
    Date.parse(step.at) > Date.parse(closedAt) + SECOND ||
    (status === 'APPROVED' && added.some((one) => !told.has(additionKey(one))))
  );
}

function draftOf(
  { step, verdict }: Judged,
  { target, writers, groupingMsAt, ownActorIds, isOwnTarget, now }: Drafting,
  /** Of a group, counted from 0. */
  part: number,
): Finding {
  const { life, parts, by, basis, bornAt, isFirstLook, at } = step;
  const isNew = bornAt !== undefined && (isFirstLook === true || at - bornAt <= groupingMsAt(at));
  const [change, ...others] = by;
  const isOwn = isOwnStep(step, ownActorIds);
  const isInitial = isNew && !parts.some((part) => step.before.parts.some((one) => one.id === part));
  const additions = verdict.answers.map(
    (answer): Addition => ({
      ...answer,
      ...(isNew ? { by: by.map(({ eventId }) => eventId) } : {}),
      ...(isInitial ? { isInitial } : {}),
      ...(isNew && !step.isRestorable ? { isGuess: true as const } : {}),
      // Its own hand must never add anything; somebody got in between.
      ...(isOwn || isOwnTarget ? { grade: 'CRITICAL' as const } : {}),
      versions: verdict.versions,
      now:
        answer.result === 'UNKNOWN' ? 'unknown' : answer.check === 'dormant-access' ? 'dormant' : 'granted',
    }),
  );
  const sources = additions.flatMap((addition) => addition.sources).filter((id) => !parts.includes(id));
  const carriers =
    basis === 'lists'
      ? []
      : uniqueChanges(
          sources.flatMap((id) => writers.get(id)?.by ?? []),
          by,
        );
  const [first] = additions;
  if (first === undefined) throw new Error('a finding without an addition');
  const id = findingId({
    target,
    facts: [life, ...factsOf(step, isNew), ...(part === 0 ? [] : [String(part)])],
  });
  return {
    schemaVersion: FINDING_SCHEMA_VERSION,
    id,
    target,
    check: first.check,
    result: first.result,
    severity: first.grade,
    status: 'ACTIVE',
    title: first.title,
    message: first.message,
    statements: [],
    removedDenies: [],
    notes: [],
    acceptedHash: verdict.hashes.before,
    liveHash: verdict.hashes.after,
    versions: {
      ...(verdict.versions.before === undefined ? {} : { accepted: verdict.versions.before }),
      live: verdict.versions.after,
    },
    step: {
      life,
      parts,
      at: new Date(at).toISOString(),
      ...(isNew ? { isNew } : {}),
      ...(step.isRestorable ? {} : { isGuess: true as const }),
    },
    additions,
    ...(change === undefined ? {} : { change }),
    ...(others.length === 0 ? {} : { others }),
    ...(carriers.length === 0 ? {} : { carriers }),
    action: { kind: 'waiting', why: 'not decided yet', at: now },
    acceptWith: `ratchet approve ${id}`,
    undoWith: verdict.undoWith,
    openedAt: now,
    updatedAt: now,
    occurrences: 1,
    revision: 1,
    publishedRevision: 0,
  };
}

/** Returns true iff the guard itself did all of it. */
export function isOwnStep({ by }: Step, ownActorIds: readonly string[]): boolean {
  return by.length > 0 && by.every(({ actorId }) => ownActorIds.includes(actorId));
}

/** What makes it this finding: what the touched parts held before and hold afterwards. */
function factsOf({ basis, parts, before, after }: Step, isNew: boolean): readonly string[] {
  if (isNew) return ['new'];
  const [were, are] = [before, after].map(
    (content) => new Map(content.parts.map(({ id, form }) => [id, form])),
  );
  return [basis, ...parts.flatMap((id) => [id, were?.get(id) ?? 'none', are?.get(id) ?? 'gone'])];
}

/** Returns each change once, without those that are known otherwise. */
function uniqueChanges(
  changes: readonly FindingChange[],
  without: readonly FindingChange[],
): FindingChange[] {
  const known = new Set(without.map(({ eventId }) => eventId));
  return changes.filter(({ eventId }) => !known.has(eventId) && known.add(eventId));
}

type FoundStep = NonNullable<Finding['step']>;

/** Several steps told as one: all their additions, all their hands, the contents before the first and after the last. */
function merge(one: Finding, next: Finding): Finding {
  const known = new Set(one.additions?.map(additionKey));
  const fresh = next.additions?.filter((addition) => !known.has(additionKey(addition))) ?? [];
  // When a step is made again, whoever made it last is named first.
  const inOrder = one.step?.isNew === true ? [one, next] : [next, one];
  const [change, ...others] = uniqueChanges(inOrder.flatMap(handsOf), []);
  const { others: _, change: _change, step, ...rest } = one;
  return {
    ...rest,
    liveHash: next.liveHash,
    versions: { ...one.versions, live: next.versions?.live ?? '' },
    additions: [...(one.additions ?? []), ...fresh],
    ...(step === undefined || next.step === undefined ? {} : { step: mergeSteps(step, next.step) }),
    ...(change === undefined ? {} : { change }),
    ...(others.length === 0 ? {} : { others }),
    undoWith: next.undoWith,
  };
}

function mergeSteps({ isGuess, ...step }: FoundStep, next: FoundStep): FoundStep {
  return {
    ...step,
    // The same step is made when it was made last; what a new target was made with, from the first on.
    ...(step.isNew === true ? {} : { at: next.at, firstAt: step.firstAt ?? step.at }),
    ...(isGuess === true && next.isGuess === true ? { isGuess } : {}),
    parts: [...new Set([...step.parts, ...next.parts])],
  };
}
