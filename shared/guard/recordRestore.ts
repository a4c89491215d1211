/** What a restore did, into the state: findings that end, or say how far it got. */
import type { Finding, FindingAction } from '../findings/finding.ts';
import type { RestoreOutcome } from '../targets/target.ts';
import type { GuardDependencies, RollbackRequest } from './contract.ts';
import { alter, close, type Ledger, ledgerOf } from './ledger.ts';
import { keepSnapshot } from './snapshotDocument.ts';
import { nameVersionBefore, type RollbackClaim } from './state.ts';
import { swapState } from './swapState.ts';

type Carried = {
  readonly request: RollbackRequest;
  readonly claim: RollbackClaim;
  readonly outcome: RestoreOutcome;
};

/** Records what the restore did, unless somebody took the claim over meanwhile. */
export async function recordRestore(
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
    const name = nameVersionBefore(state);
    const ledger = recordIn(ledgerOf(state), { claim, outcome, now, name });
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

type Recording = {
  readonly claim: RollbackClaim;
  readonly outcome: RestoreOutcome;
  readonly now: string;
  /** What was to be put back, as people know it. */
  readonly name: string;
};

function recordIn(ledger: Ledger, { claim, outcome, now, name }: Recording): Ledger {
  const calls = 'calls' in outcome ? outcome.calls.map(({ summary }) => summary) : [];
  switch (outcome.kind) {
    case 'restored': {
      const action: FindingAction = {
        kind: 'done',
        why: `${name} was put back`,
        calls,
        at: now,
      };
      const closed = close(
        ledger,
        ({ liveHash, action: { kind } }) =>
          liveHash === claim.offendingHash && (kind === 'planned' || kind === 'partial')
            ? {
                status: 'ROLLED_BACK',
                why: `the guard put ${name} back`,
                alteration: { action },
              }
            : undefined,
        now,
      );
      return { ...closed, closed: closed.closed.map((finding) => withCalls(finding, claim, action)) };
    }
    case 'partial':
      return alterUndoing(ledger, claim.offendingHash, {
        kind: 'partial',
        why: outcome.cause,
        calls,
        at: now,
      });
    case 'cannot-undo':
      return alterUndoing(ledger, claim.offendingHash, { kind: 'declined', why: outcome.cause, at: now });
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

/** Returns the ledger in which every finding that is to be undone with this content says the same: one content, one fate. */
export function alterUndoing(ledger: Ledger, liveHash: string, action: FindingAction): Ledger {
  return ledger.open
    .filter(
      (finding) =>
        finding.liveHash === liveHash &&
        (finding.action.kind === 'planned' || finding.action.kind === 'partial'),
    )
    .reduce((altered, { id }) => alter(altered, id, { action }, action.at), ledger);
}
