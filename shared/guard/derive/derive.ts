/**
 * What follows from what is known of a target: its findings and what is done about them. Pure: the same facts in any
 * order give the same answer. What the engine has to say first is named; the edge asks it and derives again.
 */
import type { Addition, Finding } from '../../findings/finding.ts';
import type { TargetRef } from '../../targets/target.ts';
import { type Config, matchesAny, ruleOf } from '../config.ts';
import { applyExceptions } from '../exceptions.ts';
import { isRunning, type TargetState } from '../state.ts';
import { fold } from '../timeline/fold.ts';
import { listsStep, type Step } from '../timeline/place.ts';
import { replay } from '../timeline/replay.ts';
import { type Content, type Entry, formsOf, type Ms, type Read } from '../timeline/timeline.ts';
import { draftFindings, isOwnStep, type Judged } from './drafts.ts';
import { close, type Ledger, ledgerOf, open, trim } from './ledger.ts';
import { mergeOldest } from './merge.ts';
import { type AnswerTo, type Asked, type Need, needOfRemains, needOfStep, type Verdicts } from './needs.ts';
import { composeBreakerNotice } from './notices.ts';
import { planRestore, type RestorePlan } from './plan.ts';
import { reconcile } from './reconcile.ts';
import { askedAnew, isAskedAnew, settingsAt, settingsOf, withSettings } from './settings.ts';

/** What is true of the target's kind, and of the guard itself. */
export type Facts = {
  readonly config: Config;
  readonly ownActorIds: readonly string[];
  /** The adapter's word; undefined: it can be restored. */
  readonly whyNotRestorable: string | undefined;
  /** Deleting such a thing can be taken back. */
  readonly isReversible: boolean;
  /** A read may miss edits that are younger than this. */
  readonly readLagMs: Ms;
};

export type Derived =
  | { readonly kind: 'needs'; readonly needs: readonly Need[] }
  | {
      readonly kind: 'derived';
      readonly nextState: TargetState;
      /** Closed long ago; to be archived before the state is written. */
      readonly archived: readonly Finding[];
      /** Undefined: nothing is to be restored now. */
      readonly plan: RestorePlan | undefined;
      /** When time alone changes the plan. */
      readonly wakeAt?: Ms;
      /** False: the last read misses something that is known; it is to be read again. */
      readonly isSettled: boolean;
    };

/** Longer ago does not count for the breaker. */
const HOUR_MS = 3_600_000;
/**
 * What was deleted cannot be restored after this: the longest recovery window, and a day that it may take longer. Sources:
 * Secrets Manager API Reference, DeleteSecret, `RecoveryWindowInDays`; KMS API Reference, ScheduleKeyDeletion,
 * `PendingWindowInDays`: 7 to 30 days each; KMS Developer Guide, "Delete an AWS KMS key": up to 24 hours longer.
 */
const RECOVERY_MS = 31 * 24 * HOUR_MS;
/** An approval of a part that is gone counts for no longer. */
const DAY_MS = 24 * HOUR_MS;

/** Returns the state with its findings and the plan, or what has to be asked first. */
export function derive(given: TargetState, verdicts: Verdicts, facts: Facts, now: Ms): Derived {
  const { config, ownActorIds, readLagMs } = facts;
  const { target } = given;
  const at = new Date(now).toISOString();
  const current = settingsOf(config, now);
  const { groupingMs } = current;
  const replayed = replay(given.timeline, { readLagMs, groupingMs });
  const former = given.settings.at(-1);
  const settings = withSettings(given.settings, current);
  const needs: Need[] = [];
  /** Undefined: it is asked first. What follows meanwhile is thrown away. */
  const ask = <Kind extends Need['kind']>(need: Need & Asked<Kind>): AnswerTo[Kind] | undefined => {
    const answer = verdicts.get<Kind>(need);
    if (answer === undefined) needs.push(need);
    return answer;
  };
  const judge = (step: Step): Judged[] => {
    const { hash } = settingsAt(settings, step.at, current);
    const verdict = ask(needOfStep(step, hash, replayed.live?.read.content));
    return verdict === undefined ? [] : [{ step, verdict }];
  };
  const judged = ownAsOne(replayed.steps, ownActorIds).flatMap(judge);
  const settled = replayed.live?.isSettled === true ? replayed.live.read : undefined;
  const asked =
    settled !== undefined && former !== undefined && former.hash !== current.hash
      ? judge(listsStep(settled.content, { at: now, by: [], life: replayed.life }))
      : [];
  if (needs.length > 0) return { kind: 'needs', needs };

  const goneSince = goneSinceOf(given, settled);
  const isOwnTarget = matchesAny(config.ownResources, target.arn);
  const { writers } = replayed;
  const { closedFindings: closed } = given;
  const drafting = {
    target,
    writers,
    closed,
    groupingMsAt: (at: Ms) => settingsAt(settings, at, current).groupingMs,
    ownActorIds,
    isOwnTarget,
    now: at,
  };
  const remains = (addition: Addition): AnswerTo['remains'] | undefined => {
    if (settled === undefined) return undefined;
    if (addition.count !== undefined) return 'unknown';
    return ask(needOfRemains(addition, settled, current.hash));
  };
  const drafts = [
    ...draftFindings(judged, drafting),
    ...(former === undefined
      ? []
      : askedAnew(draftFindings(asked, drafting), {
          before: former,
          current,
          open: given.openFindings,
          remains,
        })),
  ];
  const { horizon } = given.timeline;
  const reads = [
    ...(horizon.kind === 'read' ? [horizon.read] : []),
    ...replayed.anchors.map(({ read }) => read),
  ];
  const addedTo = ({ content }: Read, addition: Addition): AnswerTo['remains'] | undefined =>
    content.exists && content.snapshot !== undefined
      ? remains({ ...addition, versions: { ...addition.versions, before: content.snapshot } })
      : 'unknown';
  const addedSince = (addition: Addition, at: Ms): AnswerTo['remains'] | undefined => {
    const last = reads.findLast((read) => read.at < at);
    return last === undefined ? 'unknown' : addedTo(last, addition);
  };
  const reconciled = reconcile(ledgerOf(given), drafts, {
    since: horizon.kind === 'read' ? horizon.read.at : undefined,
    first: replayed.anchors[0]?.read.at,
    settled,
    remains: (addition) => (settled?.content.exists === false ? 'gone' : remains(addition)),
    wasGranted: (addition, at) => {
      const settledAt = reads.findLast((read) => read.at < at)?.at ?? 0;
      // A read that lacks what an event tells may be right all the same: somebody may have taken it back.
      const lacks = (entry: Entry) =>
        entry.kind === 'read' && entry.at > settledAt && entry.at < at && addedTo(entry, addition) !== 'gone';
      return addedSince(addition, at) === 'gone' && !given.timeline.entries.some(lacks);
    },
    restoreOf: ({ id, openedAt }) => {
      const begun = given.restores.findLast(
        ({ findingIds, at, isUnsent }) =>
          findingIds.includes(id) && at >= Date.parse(openedAt) && isUnsent !== true,
      );
      if (begun === undefined) return undefined;
      const { at, forms } = begun;
      const shows = (read: Read) => read.at >= at && formsOf(read.content) === forms;
      return { ...begun, stood: forms === undefined || reads.some(shows) };
    },
    isAtWork: ({ id }) => isRunning(given.claim, now) && given.claim?.findingIds.includes(id) === true,
    isReversible: facts.isReversible && now - (goneSince ?? now) <= RECOVERY_MS,
    isAskedAnew: (addition, at) => {
      const then = settings.findLast(({ since }) => since <= at);
      return then === undefined || isAskedAnew(addition, then, current);
    },
    now: at,
  });
  if (needs.length > 0) return { kind: 'needs', needs };

  const mode = modeOf(given, target, config, now);
  const excepted = (ledger: Ledger) => applyExceptions(ledger, { target, config, now: at });
  const planned = planRestore(closeBreaker(excepted(reconciled), at), {
    target,
    life: replayed.life,
    config,
    settled,
    drafted: drafts.map(({ id }) => id),
    writers,
    steps: replayed.steps,
    edits: given.timeline.entries.filter((entry) => entry.kind === 'edit'),
    slept: sleepersOf(given.openFindings),
    approved: new Map(Object.entries(given.approvals)),
    modeSince: mode.since,
    whyNotRestorable: facts.whyNotRestorable,
    recentWrites: restoresSince(given, now - HOUR_MS),
    failuresOf: ({ id }) =>
      given.restores.filter(({ findingIds, isUnwritten }) => isUnwritten === true && findingIds.includes(id))
        .length,
    isClaimed: isRunning(given.claim, now),
    addedSince,
    verdictOf: ask,
    settings: current.hash,
    now,
  });
  if (needs.length > 0) return { kind: 'needs', needs };
  const told = planned.trips
    ? open(planned.ledger, composeBreakerNotice(target, replayed.life, at))
    : planned.ledger;
  // What covers one step covers many only where it covers each.
  const { ledger, archived } = trim(excepted(mergeOldest(told, target, at)), at);
  const { plan, wakeAt } = planned;
  // What could not be asked of what stands, or had no answer, is asked again.
  const isAsked =
    former === undefined ||
    (settled !== undefined && asked.every(({ verdict }) => verdict.answers.every(isAnswer)));
  return {
    kind: 'derived',
    nextState: {
      ...withoutOutdated(given, { ledger, live: replayed.live?.read.content, now }),
      ...(goneSince === undefined ? {} : { goneSince }),
      timeline: fold(given.timeline, replayed, now),
      mode,
      settings: isAsked ? settings : given.settings,
    },
    archived,
    plan,
    isSettled: settled !== undefined,
    ...(wakeAt === undefined ? {} : { wakeAt }),
  };
}

type Outdating = { readonly ledger: Ledger; readonly live: Content | undefined; readonly now: Ms };

/** The state with the ledger, without the claim, approvals and restores that count for nothing any more. */
function withoutOutdated(
  { claim, legacy: _, goneSince: _gone, approvals, restores, ...rest }: TargetState,
  { ledger, live, now }: Outdating,
): TargetState {
  const isOpen = new Set(ledger.open.map(({ id }) => id));
  return {
    ...rest,
    ...(claim !== undefined && isRunning(claim, now) ? { claim } : {}),
    openFindings: ledger.open,
    closedFindings: ledger.closed,
    approvals: Object.fromEntries(
      Object.entries(approvals).filter(
        ([id, at]) => now - at < DAY_MS || live?.parts.some((part) => part.id === id),
      ),
    ),
    restores: restores.filter(
      ({ at, findingIds }) => now - at < HOUR_MS || findingIds.some((id) => isOpen.has(id)),
    ),
  };
}

/** The calls of the guard's own hand, one after the other, are one step: a restore is proved as a whole, not call by call. */
function ownAsOne(steps: readonly Step[], ownActorIds: readonly string[]): readonly Step[] {
  const isOwn = (step: Step) => isOwnStep(step, ownActorIds);
  const joined: Step[] = [];
  for (const step of steps) {
    const last = joined.at(-1);
    if (last === undefined || !isOwn(last) || !isOwn(step) || last.life !== step.life) {
      joined.push(step);
      continue;
    }
    const { before, at } = last;
    const parts = [...new Set([...last.parts, ...step.parts])].sort();
    joined[joined.length - 1] = { ...step, before, at, parts, by: [...last.by, ...step.by] };
  }
  return joined;
}

/** The content before each part was written that carries dormant access. */
function sleepersOf(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const dormant = findings.flatMap(({ additions = [], step }) =>
    additions.flatMap(({ check, versions: { before } }) =>
      check !== 'dormant-access' || before === undefined
        ? []
        : (step?.parts ?? []).map((id) => [id, before] as const),
    ),
  );
  return new Map(dormant);
}

/** False: the content could not be read, or there was no time. */
const isAnswer = ({ check }: Pick<Addition, 'check'>) => check !== 'document';

function modeOf({ mode }: TargetState, target: TargetRef, config: Config, now: Ms): TargetState['mode'] {
  const said = ruleOf(config, target)?.mode ?? 'observe';
  if (mode.since !== 0 && mode.mode === said) return mode;
  // What a target's first look finds is new whatever the mode was before it.
  return { mode: said, since: mode.since === 0 ? 1 : now };
}

function goneSinceOf({ goneSince }: TargetState, settled: Read | undefined): Ms | undefined {
  if (settled === undefined) return goneSince;
  return settled.content.exists ? undefined : (goneSince ?? settled.at);
}

/** How many restores were begun since then, and since a person last reset the breaker, and may have written. */
function restoresSince({ restores, closedFindings }: TargetState, since: Ms): number {
  const resets = closedFindings
    .filter(({ check, status }) => check === 'rollback-breaker' && status === 'APPROVED')
    .map(({ closedAt = '' }) => Date.parse(closedAt));
  const from = Math.max(since, ...resets);
  return restores.filter(({ at, isUnwritten }) => at > from && isUnwritten !== true).length;
}

/** The breaker's finding ends when nothing is left to fight about. */
function closeBreaker(ledger: Ledger, now: string): Ledger {
  const isQuiet = !ledger.open.some(({ additions = [] }) =>
    additions.some(({ result, now: state }) => result === 'FAIL' && state === 'granted'),
  );
  if (!isQuiet) return ledger;
  return close(
    ledger,
    ({ check }) =>
      check === 'rollback-breaker'
        ? { status: 'RESOLVED', why: 'none of the repeated access is still granted' }
        : undefined,
    now,
  );
}
