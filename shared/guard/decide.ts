/**
 * What follows from what was read and judged: the next state, what to tell, whether to undo. Pure: the same facts give
 * the same decision, and deciding twice changes nothing more. The guard's promises are kept here.
 */
import type { Change } from '../changes/change.ts';
import type { Finding, FindingAction } from '../findings/finding.ts';
import type { Snapshot } from '../targets/target.ts';
import { closeGone, closeJudged, closeSettled } from './closeFindings.ts';
import { composeFinding, type Opening, toFindingChange } from './composeFinding.ts';
import { condense } from './condense.ts';
import type { Config } from './config.ts';
import type { ExamineOutcome, RollbackRequest } from './contract.ts';
import { applyExceptions, exceptionFor } from './exceptions.ts';
import type { Judgement } from './judge.ts';
import { alter, type Ledger, ledgerOf, open, trim } from './ledger.ts';
import { matchesAny } from './matchName.ts';
import { planRollback } from './planRollback.ts';
import { prepareState } from './prepareState.ts';
import { accept, isRunning, type TargetState, versionBefore, versionsOf, wasUndone } from './state.ts';
import { composeBreakerNotice, type PastJudgement, tellOmission, tellPast } from './tell.ts';
import { isExempt, tolerate, withoutTolerated } from './tolerate.ts';

export type DecideInput = {
  readonly state: TargetState | undefined;
  readonly live: Snapshot;
  /** Hash of the document that holds `live`. */
  readonly liveSnapshotHash: string;
  /** What was seen last differs from `live` in nothing but texts that the target shares: whoever made that made this. */
  readonly isReread: boolean;
  /** Of `live`; undefined when there was nothing to judge: the thing is not there, or holds the accepted content. */
  readonly judgement: Judgement | undefined;
  /** The accepted version's content, to quote from. */
  readonly accepted: Snapshot | undefined;
  /** Of the document inside the event, when it is not what AWS holds any more. */
  readonly past: PastJudgement | undefined;
  readonly change: Change | undefined;
  /** Content hashes of the tolerated versions that `live` is proved to grant more than. */
  readonly exceeded: ReadonlySet<string>;
  /** True iff the event holds the whole of `live`: nobody but its actor had a hand in that. */
  readonly showsAll: boolean;
  /** The event ended the excuse of a deployer: what was left for its sake is decided anew. */
  readonly isExcuseEnded: boolean;
  /** The change, unless its event shows another content than `live`: somebody else made that. */
  readonly author: Change | undefined;
  readonly config: Config;
  readonly ownActorIds: readonly string[];
  /** The adapter's word; undefined: it can be restored. */
  readonly whyNotRestorable: string | undefined;
  readonly now: Date;
};

export type Decision = {
  /** Undefined: there is nothing to remember. */
  readonly nextState: TargetState | undefined;
  /** Closed long ago; to be archived before the state is written. */
  readonly archived: readonly Finding[];
  readonly kind: ExamineOutcome['kind'];
  readonly rollback?: RollbackRequest;
};

type Deciding = Omit<DecideInput, 'now'> & { /** ISO 8601. */ readonly now: string };

/** Returns what follows. A rollback is planned on nothing but a FAIL of what AWS holds now. */
export function decide({ now, ...rest }: DecideInput): Decision {
  const input = { ...rest, now: now.toISOString() };
  const { state, live, past, change } = input;
  if (state === undefined && !live.exists && past === undefined && change?.parametersOmitted !== true) {
    return { nextState: undefined, archived: [], kind: 'gone' };
  }
  const start = prepareState(input);
  const told = tellOmission(tellPast(ledgerOf(start), past, input), input);
  if (!live.exists) return finish(start, closeGone(told, input.now), 'gone');
  // On its way to what an exempt role left, a restore may pass by the accepted content.
  const isPassing = start.tolerated !== undefined && isAtWork(start, input);
  if (start.accepted?.contentHash === live.contentHash && !isPassing) {
    const settled = applyExceptions(closeSettled(told, start, input), contextOf(input));
    return finish(withoutTolerated(withoutClaim(observe(start, input))), settled, 'settled');
  }
  if (isAtWork(start, input)) return hold(start, told);
  return follow(withoutClaim(observe(start, input)), told, input);
}

/**
 * A restore is under way, or stopped half-way and will be taken up again: what it leaves is nobody's change. Whoever
 * restores looks again when done; a claim nobody finishes ends by itself.
 */
function isAtWork({ claim }: TargetState, { live, now }: Deciding): boolean {
  if (claim === undefined) return false;
  return claim.kind === 'running' ? isRunning(claim, now) : claim.expectedHash === live.contentHash;
}

function hold(state: TargetState, ledger: Ledger): Decision {
  const { claim, target } = state;
  const before = versionBefore(state);
  if (claim === undefined || claim.kind === 'running') return finish(state, ledger, 'held');
  const decision = finish(state, ledger, 'findings');
  if (before === undefined) return decision;
  const { findingId, offendingHash } = claim;
  return { ...decision, rollback: { target, findingId, offendingHash, acceptedHash: before.contentHash } };
}

/** The content is not the accepted one, and was judged. */
function follow(looked: TargetState, told: Ledger, given: Deciding): Decision {
  // What AWS holds is put down to nobody but who made it: an excuse covers one's own changes only.
  const input = { ...given, change: given.author };
  const { judgement, live, config, change, now } = input;
  if (judgement === undefined) throw new Error(`what \`${live.target.arn}\` holds was not judged`);
  const failing = judgement.assessments.filter(({ verdict, isNew }) => verdict.result !== 'PASS' && isNew);
  const undecided = failing.some(({ verdict }) => verdict.result === 'UNKNOWN');
  const isStart = judgement.basis === 'first-seen' && config.firstSeen === 'accept' && !undecided;
  const isAccepted = failing.length === 0 || isStart;

  const opening: Opening = { change, now, action: { kind: 'waiting', why: 'not decided yet', at: now } };
  const versions = versionsOf(looked.accepted, judgement.acceptedHash, input.liveSnapshotHash);
  const composed = failing.map((assessment) =>
    composeFinding(assessment, { ...judgement, accepted: input.accepted, versions }, opening),
  );
  const opened = condense(composed, (finding) => exceptionFor(finding, input) !== undefined).reduce(
    (ledger, finding) => introduce(ledger, finding, looked, input),
    told,
  );
  const state = tolerate(looked, opened, given);
  const closed = closeJudged(opened, { judgement, isAccepted, now });
  const considered = input.isExcuseEnded ? reconsider(closed, input) : closed;
  const ledger = planAll(applyExceptions(considered, contextOf(input)), state, input);

  const kind = failing.length > 0 ? 'findings' : 'accepted';
  if (isAccepted) {
    const version = { contentHash: live.contentHash, snapshotHash: input.liveSnapshotHash, at: now };
    return finish(
      accept(state, { ...version, by: 'guard', why: ACCEPTED_WHY[judgement.basis] }),
      ledger,
      kind,
    );
  }
  const decision = finish(state, ledger, kind);
  // What was begun and overtaken, and stands as it was again, is begun anew.
  const planned = ledger.open.find(
    ({ action, status, liveHash }) =>
      (action.kind === 'planned' || action.kind === 'partial') &&
      status === 'ACTIVE' &&
      liveHash === live.contentHash,
  );
  const before = versionBefore(state);
  if (planned === undefined || before === undefined) return decision;
  const hashes = { offendingHash: live.contentHash, acceptedHash: before.contentHash };
  return { ...decision, rollback: { target: live.target, findingId: planned.id, ...hashes } };
}

const ACCEPTED_WHY: { readonly [basis in Judgement['basis']]: string } = {
  accepted: 'it grants nothing new',
  'setup-window': 'the target is still being set up, and nothing that is listed is granted',
  'first-seen': 'it was there when the target was first seen',
};

/**
 * Opens the finding, or gives one that is open the event that was missing: one that a sweep opened, one that waits, or
 * one that is put down to another from now on.
 */
function introduce(ledger: Ledger, finding: Finding, state: TargetState, input: Deciding): Ledger {
  const { change, config, now } = input;
  const known = ledger.open.find(({ id }) => id === finding.id);
  if (known === undefined) {
    const former = authorBefore(ledger, input);
    const severity = severityOf(finding, former?.actorArn ?? change?.event.actor.arn, config);
    if (former === undefined) return open(ledger, { ...finding, severity });
    return introduce(open(ledger, { ...finding, severity, change: former }), finding, state, input);
  }
  if (change === undefined || known.change?.eventId === change.event.eventId) return ledger;
  const author = {
    change: toFindingChange(change),
    severity: severityOf(known, change.event.actor.arn, config),
  };
  const isInherited =
    known.change !== undefined && known.change.eventId === authorBefore(ledger, input)?.eventId;
  if (known.change === undefined || (known.action.kind === 'waiting' && !isInherited))
    return alter(ledger, known.id, author, now);
  if (!takesOver(known, state, input)) return ledger;
  const action: FindingAction = { kind: 'waiting', why: 'somebody else changed it too', at: now };
  return alter(ledger, known.id, { ...author, action }, now);
}

/** Returns whoever what was seen last is put down to, iff that is the same content but for texts that are shared. */
function authorBefore(ledger: Ledger, { state, isReread }: Deciding): Finding['change'] {
  if (!isReread) return undefined;
  return ledger.open.find(
    ({ liveHash, result, change }) =>
      liveHash === state?.observed?.contentHash && result !== 'NOTICE' && change !== undefined,
  )?.change;
}

/**
 * True iff the content is put down to another from now on: it was excused as a deployer's, and somebody without an excuse
 * had a hand in it, or an emergency role, whose excuse nobody ends; or it is to be undone, and an emergency role had, or
 * a deployer made all of it. Whoever it is acted between what was accepted and the first sight of the content. Event
 * times are whole seconds.
 */
function takesOver(
  { change: former, action }: Finding,
  state: TargetState,
  { change, config, ownActorIds, live, showsAll }: Deciding,
): boolean {
  const { accepted, observed, tolerated } = state;
  if (former === undefined || change === undefined || accepted === undefined || observed === undefined)
    return false;
  const { eventTime, actor } = change.event;
  const [made, seen] = [Date.parse(eventTime), Date.parse(observed.at)];
  if (made + 1_000 <= Date.parse(accepted.at) || made > seen) return false;
  // Undone before this was seen, it comes a second time.
  if (wasUndone(state, made, seen)) return false;
  if (tolerated?.contentHash === live.contentHash && tolerated.isSole === true) return false;
  const isExcused = isExempt(config, actor.arn);
  // An emergency is never undone, not even what was slipped in with it: people are told, and at work on it.
  const isEmergency = matchesAny(config.breakGlass, actor.arn);
  const isDeployed =
    matchesAny(config.deployers, former.actorArn) && !matchesAny(config.breakGlass, former.actorArn);
  if (isEmergency && isDeployed) return true;
  if (isEmergency || (isExcused && showsAll)) return action.kind === 'planned' || action.kind === 'waiting';
  // In doubt nothing is undone: it may have come after the content was seen.
  return isDeployed && !isExcused && !ownActorIds.includes(actor.uniqueId) && made + 1_000 <= seen;
}

/** Who changed it, and what it is part of, can make a finding graver; nothing makes it less grave. */
function severityOf(
  { severity, target }: Finding,
  actorArn: string | undefined,
  config: Config,
): Finding['severity'] {
  if (matchesAny(config.ownResources, target.arn)) return 'CRITICAL';
  const isEmergency = actorArn !== undefined && matchesAny(config.breakGlass, actorArn);
  return isEmergency && severity !== 'CRITICAL' ? 'HIGH' : severity;
}

/** What was left for the sake of a deployer whose excuse has ended waits for a decision again. */
function reconsider(ledger: Ledger, { live, config, now }: Deciding): Ledger {
  return ledger.open
    .filter(
      ({ liveHash, status, action, change }) =>
        liveHash === live.contentHash &&
        status === 'ACTIVE' &&
        action.kind === 'observed' &&
        !(change !== undefined && isExempt(config, change.actorArn)),
    )
    .reduce((rest, { id }) => {
      const action: FindingAction = { kind: 'waiting', why: 'somebody else changed it too', at: now };
      return alter(rest, id, { action }, now);
    }, ledger);
}

/** Decides, once for each finding on what AWS holds now, what is done about it. */
function planAll(ledger: Ledger, state: TargetState, input: Deciding): Ledger {
  const { live, now } = input;
  const onLive = ledger.open.filter(
    ({ liveHash, check }) => liveHash === live.contentHash && check !== 'rollback-breaker',
  );
  const waiting = onLive.filter(({ action }) => action.kind === 'waiting');
  if (waiting.length === 0) return ledger;
  // One content is undone as a whole: what was decided for one of its findings holds for all.
  const decided = onLive.find(
    ({ action, status, result }) => action.kind !== 'waiting' && status === 'ACTIVE' && result === 'FAIL',
  )?.action;
  const planned =
    decided === undefined
      ? planFor(ledger, state, { ...input, waiting })
      : { kind: decided.kind, why: decided.why };
  let result = ledger;
  for (const finding of waiting) {
    const action = actionFor(finding, planned, now);
    const isNews = action.kind !== 'waiting' || action.why !== finding.action.why;
    if (isNews) result = alter(result, finding.id, { action }, now);
  }
  const concerns = waiting.some(({ status, result: answer }) => status === 'ACTIVE' && answer === 'FAIL');
  if (!concerns || !('trips' in planned)) return result;
  return open(result, composeBreakerNotice(input, state.accepted?.contentHash ?? ''));
}

type Waiting = Deciding & { readonly waiting: readonly Finding[] };

function planFor(ledger: Ledger, state: TargetState, input: Waiting) {
  const { live, config, change, ownActorIds, whyNotRestorable, waiting, now } = input;
  const author = waiting
    .map((finding) => finding.change)
    .find((told) => told !== undefined && !ownActorIds.includes(told.actorId));
  const openedAt = Math.min(...waiting.map((finding) => Date.parse(finding.openedAt)));
  return planRollback({
    target: live.target,
    config,
    actor: author === undefined ? change?.event.actor : { arn: author.actorArn, uniqueId: author.actorId },
    knownForMs: Date.parse(now) - openedAt,
    ownActorIds,
    hasAccepted: state.accepted !== undefined,
    tolerated: state.tolerated && {
      ...state.tolerated,
      isLive: state.tolerated.contentHash === live.contentHash,
      isExceeded: input.exceeded.has(state.tolerated.contentHash),
    },
    whyNotRestorable,
    recentRollbacks: state.rollbacks.length,
    breakerOpen: ledger.open.some(({ check }) => check === 'rollback-breaker'),
  });
}

function actionFor(
  { result, status }: Finding,
  planned: Pick<FindingAction, 'kind' | 'why'>,
  at: string,
): FindingAction {
  if (result !== 'FAIL')
    return { kind: 'observed', why: 'nothing is undone on an answer that is not proved', at };
  if (status === 'SUPPRESSED') return { kind: 'observed', why: 'an exception holds', at };
  return { kind: planned.kind, why: planned.why, at };
}

function observe(state: TargetState, { live, liveSnapshotHash, now }: Deciding): TargetState {
  if (state.observed?.contentHash === live.contentHash) return state;
  return { ...state, observed: { contentHash: live.contentHash, snapshotHash: liveSnapshotHash, at: now } };
}

function withoutClaim({ claim: _, ...state }: TargetState): TargetState {
  return state;
}

function contextOf({ live, config, now }: Deciding) {
  return { target: live.target, liveHash: live.contentHash, config, now };
}

function finish(state: TargetState, ledger: Ledger, kind: Decision['kind']): Decision {
  const { ledger: kept, archived } = trim(ledger);
  return { nextState: { ...state, openFindings: kept.open, closedFindings: kept.closed }, archived, kind };
}
