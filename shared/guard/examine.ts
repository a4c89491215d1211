/** Reading, judging, deciding and recording one target: the round that every event, sweep and doubt ends in. */
import type { Change } from '../changes/change.ts';
import { isUnpublished } from '../findings/finding.ts';
import type { Snapshot, TargetRef } from '../targets/target.ts';
import type { ExamineOutcome, GuardDependencies } from './contract.ts';
import { type Decision, decide } from './decide.ts';
import { type Basis, type JudgeRequest, judge } from './judge.ts';
import { nameReached } from './nameReached.ts';
import { placeChange, placeDocument } from './placeDocument.ts';
import { isSameObject } from './prepareState.ts';
import { publishDue } from './publish.ts';
import { rebase } from './rebase.ts';
import { findSnapshot, keepSnapshot } from './snapshotDocument.ts';
import {
  type AcceptedVersion,
  type KeptVersion,
  type TargetState,
  type ToleratedVersion,
  versionBefore,
  versionsOf,
} from './state.ts';
import { findingsOf, swapState } from './swapState.ts';
import type { PastJudgement } from './tell.ts';
import { isExempt, sharedVersions, toleratedVersions, toleratePast, withoutVersions } from './tolerate.ts';

/** Returns what was found and done. Throws faults only; the same call may then be made again. */
export async function examine(
  target: TargetRef,
  change: Change | undefined,
  dependencies: GuardDependencies,
): Promise<ExamineOutcome> {
  const { store } = dependencies;
  const { nextState, kind, rollback } = await swapState(store, target, async (state) => {
    const decided = await examineOnce({ target, state, change }, dependencies);
    const decision = await nameReached(decided, state, dependencies);
    return { nextState: decision.nextState, archived: decision.archived, result: decision };
  });
  const findings = findingsOf(nextState).filter(isUnpublished);
  const { unpublished } = await publishDue(nextState, dependencies);
  return { target, kind, findings, unpublished, ...(rollback === undefined ? {} : { rollback }) };
}

type Round = {
  readonly target: TargetRef;
  readonly state: TargetState | undefined;
  readonly change: Change | undefined;
};

async function examineOnce(round: Round, dependencies: GuardDependencies): Promise<Decision> {
  const { target, change } = round;
  const { adapters, engine, config, clock, ownActorIds } = dependencies;
  const adapter = adapters[target.kind];
  // Invariant: what AWS holds is read after the state. A state older than the content only costs another round; a
  // content older than the state could close a finding that is still true.
  const live = await readSettled(round, dependencies);
  const state = await withoutShared({ ...round, live }, dependencies);
  const now = clock.now();
  const inForce = acceptedInForce(state, { live, change, now: now.toISOString() });
  const needsJudging = live.exists && inForce?.contentHash !== live.contentHash;
  const compared = needsJudging ? await comparedWith(inForce, dependencies) : NOTHING;
  const judging = { engine, config, adapter };
  const createdAt =
    live.createdAt ?? state?.createdAt ?? (change?.creates ? change.event.eventTime : undefined);
  const setup = { createdAt, minutes: config.setupWindowMinutes };
  const openFindings = state?.openFindings ?? [];
  const basis = basisOf(compared, setup, now);
  const placed = await placeChange(adapter, live, { change, clients: dependencies.clientsFor(target) });
  const isShown = placed === undefined || placed.contentHash === live.contentHash;
  const judgement = needsJudging
    ? await judge({ snapshot: live, ...compared, basis, openFindings }, judging)
    : undefined;
  const past = await judgePast({ target, state, change, live, placed, setup }, dependencies);
  return decide({
    state,
    live,
    liveSnapshotHash: await snapshotHashOf(live, state, dependencies),
    isReread: await isReread(live, state, dependencies),
    judgement,
    accepted: compared.accepted,
    past,
    change,
    exceeded:
      judgement !== undefined && state !== undefined
        ? await exceededBy(
            live,
            toleratedVersions(toleratePast(state, { past, change, config }).tolerated),
            dependencies,
          )
        : new Set(),
    // A principal's document is one of several, and what is not there may be gone by somebody else's doing.
    showsAll:
      placed?.contentHash === live.contentHash &&
      live.parts.length === 1 &&
      change?.documentPart === undefined &&
      change?.addition === undefined,
    isExcuseEnded: state !== round.state,
    author: isShown && !isOver(change, state, live) ? change : undefined,
    config,
    ownActorIds,
    whyNotRestorable: adapter.whyNotRestorable(target),
    now,
  });
}

/**
 * Returns the state without what a deployer left and somebody else turns out to have had a hand in. What AWS holds
 * stays: the findings on it tell whose it is.
 */
async function withoutShared(
  { target, state, change, live }: Round & { readonly live: Snapshot },
  dependencies: GuardDependencies,
): Promise<TargetState | undefined> {
  const { store, adapters, clientsFor } = dependencies;
  const hashes = new Set<string>();
  for (const version of sharedVersions(state, change, dependencies)) {
    if (version.contentHash === live.contentHash) continue;
    const found = await findSnapshot(store, version);
    if (found.kind === 'lost') continue;
    const clients = clientsFor(target);
    const placed = await placeChange(adapters[target.kind], found.snapshot, { change, clients });
    if (placed === undefined || placed.contentHash === version.contentHash) hashes.add(version.contentHash);
  }
  return state === undefined || hashes.size === 0 ? state : withoutVersions(state, hashes);
}

/**
 * True iff the event cannot have led to what AWS holds: it was over when the accepted version was read, or what is
 * tolerated beside it; or it is a late duplicate, told with another content. Event times are whole seconds.
 */
function isOver(change: Change | undefined, state: TargetState | undefined, live: Snapshot): boolean {
  if (change === undefined || state?.accepted === undefined) return false;
  const { eventId, eventTime } = change.event;
  return (
    [state.accepted, state.tolerated].some(
      (known) =>
        known !== undefined &&
        known.contentHash !== live.contentHash &&
        Date.parse(eventTime) + 1_000 <= Date.parse(known.at),
    ) ||
    findingsOf(state).some(
      (finding) =>
        finding.change?.eventId === eventId &&
        finding.result !== 'NOTICE' &&
        finding.liveHash !== live.contentHash,
    )
  );
}

/** What the content is compared with. A thing that came back under the same unique id has its version back. */
function acceptedInForce(
  state: TargetState | undefined,
  reading: Parameters<typeof isSameObject>[1],
): AcceptedVersion | undefined {
  if (state === undefined || !reading.live.exists || !isSameObject(state, reading)) return undefined;
  return state.gone === undefined ? state.accepted : state.gone.accepted;
}

type Compared = Pick<JudgeRequest, 'accepted' | 'lost'>;

const NOTHING: Compared = { accepted: undefined };

async function comparedWith(
  version: KeptVersion | undefined,
  { store }: GuardDependencies,
): Promise<Compared> {
  if (version === undefined) return NOTHING;
  const found = await findSnapshot(store, version);
  if (found.kind === 'found') return { accepted: found.snapshot };
  return { accepted: undefined, lost: { contentHash: version.contentHash, cause: found.cause } };
}

type SetUp = { readonly createdAt: string | undefined; readonly minutes: number };

function basisOf({ accepted, lost }: Compared, { createdAt, minutes }: SetUp, at: Date): Basis {
  if (lost !== undefined) return 'accepted';
  if (accepted === undefined) return 'first-seen';
  const age = createdAt === undefined ? Number.NaN : at.getTime() - Date.parse(createdAt);
  // A time that is unknown or lies ahead makes no window: the stricter comparison holds.
  return age >= 0 && age <= minutes * 60_000 ? 'setup-window' : 'accepted';
}

function snapshotHashOf(
  live: Snapshot,
  state: TargetState | undefined,
  { store }: GuardDependencies,
): Promise<string> | string {
  const kept = [state?.observed, state?.accepted].find(
    (version) => version?.contentHash === live.contentHash,
  );
  return kept?.snapshotHash ?? keepSnapshot(store, live);
}

/** Returns the content hashes of what exempt roles left that the content is proved to grant more than. */
async function exceededBy(
  live: Snapshot,
  tolerated: readonly ToleratedVersion[],
  dependencies: GuardDependencies,
): Promise<ReadonlySet<string>> {
  const { engine, config, adapters } = dependencies;
  const exceeded = new Set<string>();
  for (const version of tolerated) {
    if (version.contentHash === live.contentHash) continue;
    const { assessments } = await judge(
      {
        snapshot: live,
        ...(await comparedWith(version, dependencies)),
        basis: 'accepted',
        openFindings: [],
      },
      { engine, config, adapter: adapters[live.target.kind] },
    );
    if (assessments.some(({ verdict, isNew }) => verdict.result === 'FAIL' && isNew))
      exceeded.add(version.contentHash);
  }
  return exceeded;
}

/** True iff what was seen last differs from what AWS holds in nothing but texts that the target shares with others. */
async function isReread(
  live: Snapshot,
  state: TargetState | undefined,
  { store }: GuardDependencies,
): Promise<boolean> {
  const seen = state?.observed;
  const isTold = state?.openFindings.some(({ liveHash }) => liveHash === seen?.contentHash) === true;
  if (seen === undefined || seen.contentHash === live.contentHash || !isTold || !live.exists) return false;
  const found = await findSnapshot(store, seen);
  return found.kind === 'found' && rebase(found.snapshot, live).contentHash === live.contentHash;
}

type PastRound = Round & {
  readonly live: Snapshot;
  /** What the event tells of. */
  readonly placed: Snapshot | undefined;
  readonly setup: SetUp;
};

/**
 * Judges what the event tells of, unless AWS still holds it: against the version that was accepted when it was
 * made, so that an old event that comes late is not measured by what was accepted since.
 */
async function judgePast(
  round: PastRound,
  dependencies: GuardDependencies,
): Promise<PastJudgement | undefined> {
  const { target, state, change, live, placed: snapshot, setup } = round;
  const { adapters, engine, config } = dependencies;
  const adapter = adapters[target.kind];
  if (change === undefined || snapshot === undefined || snapshot.contentHash === live.contentHash)
    return undefined;
  const made = new Date(change.event.eventTime);
  const known = [...(state?.acceptedBefore ?? []), state?.accepted ?? state?.gone?.accepted];
  const version = known.findLast((one) => one !== undefined && Date.parse(one.at) < made.getTime());
  if (version?.contentHash === snapshot.contentHash) return undefined;
  const compared = await comparedWith(version, dependencies);
  const basis = basisOf(compared, setup, made);
  const judging = { engine, config, adapter };
  const judgement = await judge({ snapshot, ...compared, basis, openFindings: [] }, judging);
  const snapshotHash = await keepSnapshot(dependencies.store, snapshot);
  return {
    ...judgement,
    accepted: compared.accepted,
    versions: versionsOf(version, judgement.acceptedHash, snapshotHash),
    left: (await leftAlone(round, dependencies)) ?? { contentHash: snapshot.contentHash, snapshotHash },
  };
}

/**
 * Returns the version in force with the part that the event shows: what else AWS holds may be somebody else's. Undefined:
 * the event shows all there is, or there is no such version.
 */
async function leftAlone(
  { target, state, change, live }: PastRound,
  { adapters, config, store }: GuardDependencies,
): Promise<PastJudgement['left'] | undefined> {
  const before = state === undefined ? undefined : versionBefore(state);
  if (before === undefined || change?.documentPart === undefined) return undefined;
  if (!isExempt(config, change.event.actor.arn)) return undefined;
  const found = await findSnapshot(store, before);
  if (found.kind === 'lost') return undefined;
  const placed = placeDocument(adapters[target.kind], rebase(found.snapshot, live), change);
  return placed && { contentHash: placed.contentHash, snapshotHash: await keepSnapshot(store, placed) };
}

/** An event older than this has long been seen by every reader. */
const READ_LAG_MS = 30_000;
const WAITS_MS = [1_000, 2_000, 4_000] as const;

/** Reads, and reads again while an event that just happened does not show: IAM's reads lag behind its writes. */
async function readSettled(
  { target, state, change }: Round,
  dependencies: GuardDependencies,
): Promise<Snapshot> {
  const { adapters, clientsFor, clock, wait } = dependencies;
  const adapter = adapters[target.kind];
  const clients = clientsFor(target);
  let live = await adapter.read(target, clients);
  if (wait === undefined || change === undefined) return live;
  const made = Date.parse(change.event.eventTime);
  for (const milliseconds of WAITS_MS) {
    const expected = placeDocument(adapter, live, change)?.contentHash;
    const observed = state?.observed;
    const unmoved = observed?.contentHash === live.contentHash && Date.parse(observed.at) < made;
    const shows = expected === undefined ? !unmoved : expected === live.contentHash;
    if (shows || clock.now().getTime() - made > READ_LAG_MS) return live;
    await wait(milliseconds);
    live = await adapter.read(target, clients);
  }
  return live;
}
