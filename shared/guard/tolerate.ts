/**
 * What exempt roles made of a target stands, though nobody accepted it: a pipeline's deployment, an emergency's repair.
 * Whatever somebody else does after it is undone to it, not to the accepted version under it. Pure.
 */
import type { Change } from '../changes/change.ts';
import type { Snapshot } from '../targets/target.ts';
import type { Config } from './config.ts';
import type { Ledger } from './ledger.ts';
import { matchesAny } from './matchName.ts';
import { type TargetState, type ToleratedVersion, wasUndone } from './state.ts';
import type { PastJudgement } from './tell.ts';

type Past = {
  /** The event, whatever it shows. */
  readonly change: Change | undefined;
  /** Of the event's document, when AWS holds another content by now. */
  readonly past: PastJudgement | undefined;
  readonly config: Pick<Config, 'deployers' | 'breakGlass'>;
};

type Moment = Past & {
  readonly live: Snapshot;
  /** Hash of the document that holds `live`. */
  readonly liveSnapshotHash: string;
  /** The event shows the whole of what AWS holds. */
  readonly showsAll: boolean;
  readonly ownActorIds: readonly string[];
  /** ISO 8601. */
  readonly now: string;
};

/** Returns true iff the changes of this role are told and not undone. */
export function isExempt(
  { deployers, breakGlass }: Pick<Config, 'deployers' | 'breakGlass'>,
  actorArn: string,
): boolean {
  return matchesAny(deployers, actorArn) || matchesAny(breakGlass, actorArn);
}

/**
 * Returns the state with the content that stands for the sake of its maker: what AWS holds, iff the findings on it name
 * exempt roles alone, or what the event of one shows that held after everything else that is known.
 */
export function tolerate(state: TargetState, ledger: Ledger, moment: Moment): TargetState {
  const { live, liveSnapshotHash, change, showsAll, config, ownActorIds, now } = moment;
  const { contentHash } = live;
  const known = state.tolerated?.contentHash === contentHash ? state.tolerated : undefined;
  const makers = ledger.open.flatMap(({ liveHash, result, change: told }) => {
    if (liveHash !== contentHash || result === 'NOTICE' || told === undefined) return [];
    // The guard made it so by putting it back, and whoever came after it was seen did not make it.
    const isLater = known !== undefined && Date.parse(told.eventTime) > Date.parse(known.at);
    return ownActorIds.includes(told.actorId) || isLater ? [] : [told.actorArn];
  });
  const [maker] = makers;
  if (maker === undefined) return toleratePast(state, moment);
  if (!makers.every((arn) => isExempt(config, arn)))
    return known === undefined ? toleratePast(state, moment) : fallBack(state);
  const isSole = showsAll && change !== undefined && isExempt(config, change.event.actor.arn);
  if (known !== undefined) return isSole ? { ...state, tolerated: { ...known, isSole } } : state;
  const version = { contentHash, snapshotHash: liveSnapshotHash, at: now, by: maker };
  return { ...state, tolerated: over(state.tolerated, isSole ? { ...version, isSole } : version) };
}

/**
 * Returns the state in which what the event left stands, iff an exempt role made it after everything that is known
 * and somebody else changed it before it was read: that change is undone to it.
 */
export function toleratePast(state: TargetState, { past, change, config }: Past): TargetState {
  const { accepted, tolerated } = state;
  if (past === undefined || change === undefined || accepted === undefined) return state;
  // What was added and is gone may have been taken away by the same role: nothing puts that back.
  if (change.addition !== undefined) return state;
  const { actor, eventTime } = change.event;
  const isLatest = [accepted, tolerated].every(
    (known) => known === undefined || Date.parse(known.at) < Date.parse(eventTime),
  );
  if (!isLatest || !isExempt(config, actor.arn)) return state;
  if (past.left.contentHash === accepted.contentHash) return state;
  return { ...state, tolerated: over(tolerated, { ...past.left, at: eventTime, by: actor.arn }) };
}

/** Versions that are remembered beneath the one that stands. */
const MAX_UNDER = 4;

/** Returns the version and what stood before it, each for the sake of its maker, the latest first. */
export function toleratedVersions(version: ToleratedVersion | undefined): ToleratedVersion[] {
  return version === undefined ? [] : [version, ...toleratedVersions(version.under)];
}

/** Returns the version with what stood before it; the oldest are forgotten where there are too many. */
function over(before: ToleratedVersion | undefined, version: ToleratedVersion): ToleratedVersion {
  const under = toleratedVersions(before)
    .filter(({ contentHash }) => contentHash !== version.contentHash)
    .slice(0, MAX_UNDER)
    .reduceRight<ToleratedVersion | undefined>((below, one) => onTopOf(below, one), undefined);
  return onTopOf(under, version);
}

function onTopOf(
  under: ToleratedVersion | undefined,
  { under: _, ...version }: ToleratedVersion,
): ToleratedVersion {
  return under === undefined ? version : { ...version, under };
}

/**
 * Returns the versions that a deployer left after the event, which somebody without an excuse made: unless they show
 * that nothing of it was left, that one had a hand in them. Event times are whole seconds; an emergency's excuse never
 * ends, and neither does a deployer's whose own event shows all there is.
 */
export function sharedVersions(
  state: TargetState | undefined,
  change: Change | undefined,
  {
    config,
    ownActorIds,
  }: { readonly config: Pick<Config, 'deployers' | 'breakGlass'>; readonly ownActorIds: readonly string[] },
): ToleratedVersion[] {
  if (state?.accepted === undefined || change === undefined) return [];
  const { eventId, eventTime, actor } = change.event;
  const made = Date.parse(eventTime);
  if (isExempt(config, actor.arn) || ownActorIds.includes(actor.uniqueId)) return [];
  if (made <= Date.parse(state.accepted.at)) return [];
  // A late duplicate: what it did was told as another content, and is undone or judged by now.
  const told = [...state.openFindings, ...state.closedFindings].filter(
    (finding) => finding.change?.eventId === eventId && finding.result !== 'NOTICE',
  );
  return toleratedVersions(state.tolerated).filter(
    ({ contentHash, at, by, isSole }) =>
      made + 1_000 <= Date.parse(at) &&
      !wasUndone(state, made, Date.parse(at)) &&
      isSole !== true &&
      !matchesAny(config.breakGlass, by) &&
      told.every(({ liveHash }) => liveHash === contentHash),
  );
}

/** Returns the state in which these versions, by their content hashes, are tolerated no more. */
export function withoutVersions(
  { tolerated, ...state }: TargetState,
  hashes: ReadonlySet<string>,
): TargetState {
  const kept = toleratedVersions(tolerated)
    .filter(({ contentHash }) => !hashes.has(contentHash))
    .reduceRight<ToleratedVersion | undefined>((under, one) => onTopOf(under, one), undefined);
  return kept === undefined ? state : { ...state, tolerated: kept };
}

/** The excuse of who made it has ended: what stood before it is what rollbacks go back to. */
function fallBack({ tolerated, ...state }: TargetState): TargetState {
  return tolerated?.under === undefined ? state : { ...state, tolerated: tolerated.under };
}

/** Returns the state in which nothing is tolerated: the accepted version is back, or another was accepted. */
export function withoutTolerated({ tolerated: _, ...state }: TargetState): TargetState {
  return state;
}
