/**
 * What happened and names no target is told under the account's root: a call whose parameters CloudTrail left out, a
 * call that touched the guard itself. No adapter reads that, so nothing is judged, accepted or undone there.
 */
import type { Change } from '../changes/change.ts';
import { isUnpublished } from '../findings/finding.ts';
import type { TargetRef } from '../targets/target.ts';
import type { ExamineOutcome, GuardDependencies } from './contract.ts';
import { type Ledger, ledgerOf, trim } from './ledger.ts';
import { emptyState } from './prepareState.ts';
import { publishDue } from './publish.ts';
import { findingsOf, swapState } from './swapState.ts';
import type { Moment } from './tell.ts';

/**
 * Records what `tell` tells of the change, and publishes it; a duplicate of the event changes nothing. Throws store
 * faults only.
 */
export async function recordUnderAccount(
  change: Change,
  tell: (ledger: Ledger, moment: Moment) => Ledger,
  dependencies: GuardDependencies,
): Promise<ExamineOutcome> {
  const { store, clock } = dependencies;
  const target = rootOf(change);
  const nextState = await swapState(store, target, async (found) => {
    const state = found ?? emptyState(target);
    const live = { target, contentHash: '' };
    const told = tell(ledgerOf(state), { change, live, now: clock.now().toISOString() });
    const { ledger, archived } = trim(told);
    const next = { ...state, openFindings: ledger.open, closedFindings: ledger.closed };
    return { nextState: next, archived, result: next };
  });
  const findings = findingsOf(nextState).filter(isUnpublished);
  const { unpublished } = await publishDue(nextState, dependencies);
  return { target, kind: 'findings', findings, unpublished };
}

function rootOf({ event: { accountId, region } }: Change): TargetRef {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return { kind: 'iam-principal', arn: `arn:${partition}:iam::${accountId}:root`, accountId, region };
}
