/**
 * Carrying out a rollback: claim it in the state, restore, record, tell, look again. The claim is what keeps two from
 * writing for one change; what AWS holds is compared once more by the adapter, just before its first write.
 */
import { randomUUID } from 'node:crypto';
import type { Finding, FindingAction } from '../findings/finding.ts';
import type { RestoreOutcome, Snapshot } from '../targets/target.ts';
import { examine } from './examine.ts';
import type { GuardDependencies, RollbackOutcome, RollbackRequest } from './guard.ts';
import { alter, close, type Ledger, ledgerOf, open } from './ledger.ts';
import { modeOf } from './planRollback.ts';
import { publishDue, requirePublished } from './publish.ts';
import { rebase } from './rebase.ts';
import { findSnapshot, keepSnapshot } from './snapshotDocument.ts';
import { type AcceptedVersion, isRunning, type RollbackClaim, type TargetState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';
import { composeBreakerNotice } from './tell.ts';

/** Tries of one restore; what is left by then is for a person. */
const MAX_ATTEMPTS = 3;

type Refusal =
  | Extract<RollbackOutcome, { readonly kind: 'not-needed' | 'busy' | 'declined' }>
  /** The state has seen another content since: it is to be examined. */
  | { readonly kind: 'moved' };

type Claimed = {
  readonly kind: 'claimed';
  readonly claim: RollbackClaim;
  readonly accepted: AcceptedVersion;
};

/** Returns what became of the request. Throws faults only; the request may then be made again. */
export async function rollback(
  request: RollbackRequest,
  dependencies: GuardDependencies,
): Promise<RollbackOutcome> {
  const { target } = request;
  const claimed = await claimRollback(request, dependencies);
  if (claimed.kind === 'moved')
    return { kind: 'changed-since', examined: await examine(target, undefined, dependencies) };
  if (claimed.kind !== 'claimed') {
    // A former try may have got as far as storing what is to be told.
    await publishStored(request, dependencies);
    return claimed;
  }
  const { claim, accepted } = claimed;
  const outcome = await restore({ claim, accepted, request }, dependencies);
  await record({ request, claim, outcome }, dependencies);
  // What happened to the target meanwhile was left alone because of the claim.
  const examined = await examine(target, undefined, dependencies);
  requirePublished(examined.unpublished, target.arn);
  if (outcome.kind === 'changed-since') return { kind: 'changed-since', examined };
  const finding = await findFinding(request, dependencies);
  if (finding === undefined)
    return { kind: 'not-needed', why: `there is no finding \`${request.findingId}\` any more` };
  switch (outcome.kind) {
    case 'restored':
      return { kind: 'rolled-back', finding, calls: outcome.calls };
    case 'cannot-undo':
      return { kind: 'declined', finding, why: outcome.cause };
    case 'partial':
      return { kind: 'partial', finding, why: outcome.cause };
  }
}

type Restoring = {
  readonly claim: RollbackClaim;
  readonly accepted: AcceptedVersion;
  readonly request: RollbackRequest;
};

async function restore(
  { claim, accepted, request }: Restoring,
  dependencies: GuardDependencies,
): Promise<RestoreOutcome> {
  const { store, adapters, clientsFor } = dependencies;
  const { target } = request;
  const offending = { contentHash: claim.expectedHash, snapshotHash: claim.expectedSnapshotHash };
  const before = await findSnapshot(store, offending);
  if (before.kind === 'lost') return { kind: 'cannot-undo', cause: before.cause };
  const after = await findSnapshot(store, accepted);
  if (after.kind === 'lost') return { kind: 'cannot-undo', cause: after.cause };
  const snapshots = { accepted: rebase(after.snapshot, before.snapshot), offending: before.snapshot };
  return adapters[target.kind].restore(snapshots, clientsFor(target));
}

function claimRollback(
  request: RollbackRequest,
  dependencies: GuardDependencies,
): Promise<Claimed | Refusal> {
  const { store, clock } = dependencies;
  return swapState<Claimed | Refusal>(store, request.target, async (state) => {
    const now = clock.now().toISOString();
    const refuse = (result: Refusal, nextState?: TargetState) => ({ nextState, result });
    const finding = state?.openFindings.find(({ id }) => id === request.findingId);
    if (state === undefined || finding === undefined) {
      return refuse({ kind: 'not-needed', why: `the finding \`${request.findingId}\` is closed` });
    }
    const { accepted, claim, observed } = state;
    if (accepted?.contentHash !== request.acceptedHash || finding.liveHash !== request.offendingHash) {
      return refuse({
        kind: 'not-needed',
        why: 'another version was accepted since the rollback was asked for',
      });
    }
    if (
      finding.status !== 'ACTIVE' ||
      (finding.action.kind !== 'planned' && finding.action.kind !== 'partial')
    ) {
      return refuse({ kind: 'not-needed', why: `the finding is not to be undone: ${finding.action.why}` });
    }
    if (claim !== undefined && isRunning(claim, now)) {
      return refuse({ kind: 'busy', why: 'another rollback of this target is at work' });
    }
    const resumed = claim?.findingId === finding.id ? claim : undefined;
    const against = reasonAgainst({ state, finding, resumed }, dependencies);
    if (against !== undefined) {
      const nextState = declined(state, { finding, against, now });
      const told = findingsOf(nextState).find(({ id }) => id === finding.id) ?? finding;
      return refuse({ kind: 'declined', finding: told, why: against.why }, nextState);
    }
    const expected = resumed ?? claimOf(observed, request);
    if (expected === undefined) return refuse({ kind: 'moved' });
    const next: RollbackClaim = {
      holder: randomUUID(),
      findingId: finding.id,
      offendingHash: request.offendingHash,
      expectedHash: expected.expectedHash,
      expectedSnapshotHash: expected.expectedSnapshotHash,
      startedAt: now,
      attempts: (resumed?.attempts ?? 0) + 1,
      kind: 'running',
    };
    const rollbacks =
      resumed === undefined ? [...state.rollbacks, { at: now, findingId: finding.id }] : state.rollbacks;
    return {
      nextState: { ...state, claim: next, rollbacks },
      result: { kind: 'claimed', claim: next, accepted },
    };
  });
}

function claimOf(observed: TargetState['observed'], { offendingHash }: RollbackRequest) {
  if (observed?.contentHash !== offendingHash) return undefined;
  return { expectedHash: offendingHash, expectedSnapshotHash: observed.snapshotHash };
}

type Against = { readonly why: string; readonly trips?: true };

type Considering = {
  readonly state: TargetState;
  readonly finding: Finding;
  readonly resumed: RollbackClaim | undefined;
};

/** The reasons that may have come up since the rollback was planned. */
function reasonAgainst(
  { state, finding, resumed }: Considering,
  { config, clock }: GuardDependencies,
): Against | undefined {
  if (finding.result !== 'FAIL') return { why: 'nothing is undone on an answer that is not proved' };
  if (modeOf({ target: state.target, config }) === 'observe')
    return { why: 'the configuration says to observe this target' };
  if (resumed !== undefined && resumed.attempts >= MAX_ATTEMPTS) {
    return { why: `the rollback was tried ${MAX_ATTEMPTS} times and did not get through` };
  }
  const hourAgo = clock.now().getTime() - 3_600_000;
  const recent = state.rollbacks.filter(({ at }) => Date.parse(at) > hourAgo).length;
  if (resumed === undefined && recent >= config.breaker.maxRollbacksPerHour) {
    return {
      why: `${recent} rollbacks of this target within an hour are the limit; hands off now`,
      trips: true,
    };
  }
  return undefined;
}

type Declining = { readonly finding: Finding; readonly against: Against; readonly now: string };

function declined({ claim: _, ...state }: TargetState, { finding, against, now }: Declining): TargetState {
  const action: FindingAction = { kind: 'declined', why: against.why, at: now };
  const ledger = alterAll(ledgerOf(state), finding.liveHash, action);
  const live: Pick<Snapshot, 'target' | 'contentHash'> = {
    target: state.target,
    contentHash: finding.liveHash,
  };
  const notice = composeBreakerNotice({ live, change: undefined, now }, state.accepted?.contentHash ?? '');
  const told = against.trips === undefined ? ledger : open(ledger, notice);
  return { ...state, openFindings: told.open, closedFindings: told.closed };
}

/** One content is undone as a whole: all its findings that are to be undone say the same. */
function alterAll(ledger: Ledger, liveHash: string, action: FindingAction): Ledger {
  return ledger.open
    .filter(
      (finding) =>
        finding.liveHash === liveHash &&
        (finding.action.kind === 'planned' || finding.action.kind === 'partial'),
    )
    .reduce((altered, { id }) => alter(altered, id, { action }, action.at), ledger);
}

type Carried = {
  readonly request: RollbackRequest;
  readonly claim: RollbackClaim;
  readonly outcome: RestoreOutcome;
};

/** Records what the restore did, unless somebody took the claim over meanwhile. */
async function record(
  { request, claim, outcome }: Carried,
  { store, clock }: GuardDependencies,
): Promise<void> {
  const left = outcome.kind === 'partial' ? await keepSnapshot(store, outcome.live) : '';
  await swapState(store, request.target, async (state) => {
    if (state === undefined) return { nextState: undefined, result: undefined };
    const now = clock.now().toISOString();
    const isOurs = state.claim?.holder === claim.holder;
    // An examination may have seen the accepted version back and closed the finding before this is written.
    if (!isOurs && outcome.kind !== 'restored') return { nextState: undefined, result: undefined };
    const { claim: current, ...rest } = state;
    const kept = isOurs || current === undefined ? {} : { claim: current };
    const ledger = recordIn(ledgerOf(state), { claim, outcome, now });
    const resumable =
      outcome.kind === 'partial'
        ? {
            claim: {
              ...claim,
              kind: 'partial' as const,
              expectedHash: outcome.live.contentHash,
              expectedSnapshotHash: left,
            },
          }
        : kept;
    return {
      nextState: { ...rest, ...resumable, openFindings: ledger.open, closedFindings: ledger.closed },
      result: undefined,
    };
  });
}

type Recording = { readonly claim: RollbackClaim; readonly outcome: RestoreOutcome; readonly now: string };

function recordIn(ledger: Ledger, { claim, outcome, now }: Recording): Ledger {
  const calls = 'calls' in outcome ? outcome.calls.map(({ summary }) => summary) : [];
  switch (outcome.kind) {
    case 'restored': {
      const action: FindingAction = {
        kind: 'done',
        why: 'the accepted version was put back',
        calls,
        at: now,
      };
      const closed = close(
        ledger,
        ({ liveHash, action: { kind } }) =>
          liveHash === claim.offendingHash && (kind === 'planned' || kind === 'partial')
            ? {
                status: 'ROLLED_BACK',
                why: 'the guard put the accepted version back',
                alteration: { action },
              }
            : undefined,
        now,
      );
      return { ...closed, closed: closed.closed.map((finding) => withCalls(finding, claim, action)) };
    }
    case 'partial':
      return alterAll(ledger, claim.offendingHash, { kind: 'partial', why: outcome.cause, calls, at: now });
    case 'cannot-undo':
      return alterAll(ledger, claim.offendingHash, { kind: 'declined', why: outcome.cause, at: now });
    case 'changed-since':
      return ledger;
  }
}

/** An examination that came first did not know the calls. */
function withCalls(finding: Finding, { findingId }: RollbackClaim, action: FindingAction): Finding {
  const isBare =
    finding.status === 'ROLLED_BACK' && finding.action.kind === 'done' && finding.action.calls === undefined;
  return finding.id === findingId && isBare
    ? { ...finding, action, revision: finding.revision + 1 }
    : finding;
}

async function findFinding(
  { target, findingId }: RollbackRequest,
  { store }: GuardDependencies,
): Promise<Finding | undefined> {
  const state = (await store.readState(target))?.value;
  return findingsOf(state).find(({ id }) => id === findingId) ?? (await store.getArchived(findingId));
}

async function publishStored({ target }: RollbackRequest, dependencies: GuardDependencies): Promise<void> {
  const found = await dependencies.store.readState(target);
  const { unpublished } = await publishDue(found?.value, dependencies);
  requirePublished(unpublished, target.arn);
}
