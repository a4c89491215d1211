/** May this rollback begin, and who carries it out? Settled in one swap of the state, so that one of many begins. */
import { randomUUID } from 'node:crypto';
import type { Finding, FindingAction } from '../findings/finding.ts';
import type { Snapshot } from '../targets/target.ts';
import type { GuardDependencies, RollbackOutcome, RollbackRequest } from './contract.ts';
import { ledgerOf, open } from './ledger.ts';
import { modeOf } from './planRollback.ts';
import { alterUndoing } from './recordRestore.ts';
import { isRunning, type KeptVersion, type RollbackClaim, type TargetState, versionBefore } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';
import { composeBreakerNotice } from './tell.ts';

/** Tries of one restore; what is left by then is for a person. */
const MAX_ATTEMPTS = 3;

/** Why it does not begin. */
export type Refusal =
  | Extract<RollbackOutcome, { readonly kind: 'not-needed' | 'busy' | 'declined' }>
  /** The state has seen another content since: it is to be examined. */
  | { readonly kind: 'moved' };

/** It is ours to carry out. */
export type Claimed = {
  readonly kind: 'claimed';
  readonly claim: RollbackClaim;
  /** What is to be put back. */
  readonly before: KeptVersion;
};

/**
 * Returns the claim, kept in the state, iff the finding is still to be undone, nothing speaks against it by now and nobody
 * else is at work on the target; else why not. A claim that a crash or a partial restore left is taken over.
 */
export function claimRollback(
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
    const { claim, observed } = state;
    const before = versionBefore(state);
    if (before?.contentHash !== request.acceptedHash || finding.liveHash !== request.offendingHash) {
      return refuse({
        kind: 'not-needed',
        why: 'another version is to be put back since the rollback was asked for',
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
      result: { kind: 'claimed', claim: next, before },
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
  const ledger = alterUndoing(ledgerOf(state), finding.liveHash, action);
  const live: Pick<Snapshot, 'target' | 'contentHash'> = {
    target: state.target,
    contentHash: finding.liveHash,
  };
  const notice = composeBreakerNotice({ live, change: undefined, now }, state.accepted?.contentHash ?? '');
  const told = against.trips === undefined ? ledger : open(ledger, notice);
  return { ...state, openFindings: told.open, closedFindings: told.closed };
}
