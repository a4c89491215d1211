/** Reading, judging, deriving and recording one target: the round that every event, sweep and doubt ends in. */
import { isUnpublished } from '../findings/finding.ts';
import { rememberDocuments } from '../store/rememberDocuments.ts';
import { loadSnapshot } from '../store/snapshotDocument.ts';
import { isElsewhere } from '../targets/aws.ts';
import type { Snapshot, TargetRef } from '../targets/target.ts';
import { toRead, toSnapshot } from './contents.ts';
import type { ExamineOutcome, GuardDependencies } from './contract.ts';
import { type Derived, derive, type Facts } from './derive/derive.ts';
import { ledgerOf } from './derive/ledger.ts';
import { composeNotice, omissionOf, openOnce } from './derive/notices.ts';
import { READ_LAG_MS } from './derive/plan.ts';
import { type Occasion, toEdit } from './edits.ts';
import { nameReached } from './holders.ts';
import { answerNeeds } from './judge/answerNeeds.ts';
import { budgetOf } from './judge/budget.ts';
import { type KeptVerdicts, readVerdicts } from './judge/keptVerdicts.ts';
import { noteAdministrator } from './judge/knowledge.ts';
import { publishDue } from './publish.ts';
import { scannedAt } from './scans.ts';
import { emptyState, type TargetState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';
import { addEdit, addRead } from './timeline/fold.ts';
import { replay } from './timeline/replay.ts';
import { lastReadOf, type Read } from './timeline/timeline.ts';
import { noteWake } from './wakes.ts';

/** Returns what was found and done. Throws faults only; the same call may then be made again. */
export async function examine(
  target: TargetRef,
  occasion: Occasion | undefined,
  given: GuardDependencies,
): Promise<ExamineOutcome> {
  const store = rememberDocuments(given.store);
  const dependencies = { ...given, store };
  const { result: examined, state: written } = await swapState(store, target, async (state) => {
    const round = await examineOnce({ target, state, occasion }, dependencies);
    return round === undefined
      ? { nextState: undefined, result: undefined }
      : { nextState: round.nextState, archived: round.archived, result: round };
  });
  if (examined === undefined) return { target, kind: 'gone', findings: [], unpublished: 0 };
  const { nextState, plan, isSettled, wakeAt } = examined;
  if (wakeAt !== undefined) await noteWake(store, target, wakeAt);
  const findings = findingsOf(nextState).filter(isUnpublished);
  const unpublished = await publishDue(written, dependencies);
  const outcome = { target, kind: kindOf(nextState, isSettled), findings, unpublished };
  if (plan === undefined) return outcome;
  const { digest, findingIds } = plan;
  return { ...outcome, rollback: { target, digest, findingIds } };
}

function kindOf({ timeline, openFindings }: TargetState, isSettled: boolean): ExamineOutcome['kind'] {
  if (!isSettled) return 'unsettled';
  if (lastReadOf(timeline)?.content.exists === false) return 'gone';
  return openFindings.length > 0 ? 'findings' : 'clean';
}

type Round = {
  readonly target: TargetRef;
  readonly state: TargetState | undefined;
  readonly occasion: Occasion | undefined;
};

/** Returns what follows from the state, what led here and what AWS holds; undefined: there is nothing to remember. */
export async function examineOnce(
  { target, state: found, occasion }: Round,
  dependencies: GuardDependencies,
): Promise<Extract<Derived, { readonly kind: 'derived' }> | undefined> {
  const { clock } = dependencies;
  const placed =
    found === undefined ? await firstState(target, dependencies) : await inPlace(found, target, dependencies);
  const state = await withoutLegacy(placed, dependencies);
  // Invariant: what AWS holds is read after the state. A state older than the content only costs another round.
  const [{ live, timeline }, kept] = await Promise.all([
    readSettled({ state, occasion }, dependencies),
    readVerdicts(dependencies.store, target),
  ]);
  await noteAdministrator(live, dependencies);
  const isNothing =
    found === undefined && !live.exists && timeline.entries.every(({ kind }) => kind === 'read');
  const omission = occasion && omissionOf(occasion.change);
  if (isNothing && omission === undefined) return undefined;
  const known = ledgerOf(state);
  const { open, closed } =
    omission === undefined
      ? known
      : openOnce(known, composeNotice({ target, ...omission }, clock.now().toISOString()));
  const next = { ...state, timeline, openFindings: open, closedFindings: closed };
  const derived = await deriveFully({ state: next, before: lastReadOf(state.timeline), kept }, dependencies);
  const nextState = await nameReached(derived.nextState, state, dependencies);
  return { ...derived, nextState };
}

type Deriving = {
  readonly state: TargetState;
  /** What AWS held until this round. */
  readonly before: Read | undefined;
  readonly kept: KeptVerdicts;
};

/** Derives, answers what is asked, and derives again until nothing is. */
async function deriveFully(
  { state, before, kept }: Deriving,
  dependencies: GuardDependencies,
): Promise<Extract<Derived, { readonly kind: 'derived' }>> {
  const { config, ownActorIds, adapters, clock, leftMs } = dependencies;
  const { target } = state;
  const facts: Facts = {
    config,
    ownActorIds,
    whyNotRestorable: adapters[target.kind].whyNotRestorable(target),
    isReversible: REVERSIBLE.has(target.kind),
    readLagMs: lagOf(dependencies),
  };
  const budget = budgetOf(leftMs);
  const now = clock.now().getTime();
  for (;;) {
    const derived = derive(state, kept, facts, now);
    if (derived.kind === 'needs')
      await answerNeeds(derived.needs, kept, { ...dependencies, target, budget, before });
    else if (await kept.save()) return derived;
  }
}

/** Kinds whose deletion can be taken back for a while: what they grant sleeps. */
const REVERSIBLE: ReadonlySet<string> = new Set(['secret-policy', 'kms-key']);

/** A target that appears after its kind was looked through is new, whether its making was seen or not. */
async function firstState(target: TargetRef, { store }: GuardDependencies): Promise<TargetState> {
  const state = emptyState(target);
  const since = await scannedAt(store, target);
  if (since === undefined) return state;
  return { ...state, timeline: { ...state.timeline, horizon: { kind: 'nothing', since } } };
}

/**
 * The name of a bucket may come to stand for one in another account or Region. Nothing is known of that one: findings
 * that are open go on until it is proved that nothing of them is granted there.
 */
async function inPlace(
  state: TargetState,
  target: TargetRef,
  dependencies: GuardDependencies,
): Promise<TargetState> {
  const { accountId, region } = state.target;
  const isSame = accountId === target.accountId && region === target.region;
  if (isSame || (await isIn(state.target, dependencies)) || !(await isIn(target, dependencies))) return state;
  const first = await firstState(target, dependencies);
  const openFindings = state.openFindings.map((finding) => ({ ...finding, target }));
  return { ...first, openFindings, closedFindings: state.closedFindings };
}

/** Returns true iff it is there, as far as its place tells: what is somebody else's by now is not shown. */
async function isIn(target: TargetRef, { adapters, clientsFor }: GuardDependencies): Promise<boolean> {
  try {
    return (await adapters[target.kind].read(target, clientsFor(target))).exists;
  } catch (error) {
    if (isElsewhere(error)) return false;
    throw error;
  }
}

async function withoutLegacy(
  { legacy, ...state }: TargetState,
  { store }: GuardDependencies,
): Promise<TargetState> {
  if (legacy === undefined) return state;
  const read = await toRead(await loadSnapshot(store, legacy.snapshot), legacy.at, store);
  return { ...state, timeline: { ...state.timeline, horizon: { kind: 'read', read, lives: 0 } } };
}

const WAITS_MS = [1_000, 2_000, 4_000] as const;

/** Where nobody waits, reads show every write at once. */
function lagOf({ wait }: GuardDependencies): number {
  return wait === undefined ? 0 : READ_LAG_MS;
}

type Reading = { readonly state: TargetState; readonly occasion: Occasion | undefined };

/** Reads, and reads again while an event that just happened does not show: IAM's reads lag behind its writes. */
async function readSettled(
  { state, occasion }: Reading,
  dependencies: GuardDependencies,
): Promise<{ readonly live: Snapshot; readonly timeline: TargetState['timeline'] }> {
  const { adapters, clientsFor, clock, store, wait, config } = dependencies;
  const { target } = state;
  const [adapter, clients] = [adapters[target.kind], clientsFor(target)];
  const options = { readLagMs: lagOf(dependencies), groupingMs: config.groupingMinutes * 60_000 };
  const last = lastReadOf(state.timeline);
  const isAdding = occasion?.change.edits[occasion.index ?? -1]?.touches.some(
    ({ adds }) => adds !== undefined,
  );
  const before = last && isAdding === true ? await toSnapshot(last.content, target, store) : undefined;
  for (const milliseconds of [...WAITS_MS, undefined]) {
    const live = await adapter.read(target, clients);
    const [edit, read] = await Promise.all([
      occasion && toEdit(occasion, { live, before }, dependencies),
      toRead(live, clock.now().getTime(), store, last?.content),
    ]);
    const edited = edit === undefined ? state.timeline : addEdit(state.timeline, edit);
    const timeline = addRead(edited, read, options.readLagMs);
    const isSettled = replay(timeline, options).live?.isSettled === true;
    if (isSettled || wait === undefined || milliseconds === undefined || occasion === undefined)
      return { live, timeline };
    await wait(milliseconds);
  }
  throw new Error('the last wait ends the loop');
}
