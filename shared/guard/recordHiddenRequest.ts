/**
 * A call whose parameters CloudTrail left out names no target. It is told all the same, under the account's root: no
 * adapter reads that, so nothing is judged or accepted there; only a sweep finds what was changed.
 */
import type { Change } from '../changes/change.ts';
import { isUnpublished } from '../findings/finding.ts';
import type { TargetRef } from '../targets/target.ts';
import type { ExamineOutcome, GuardDependencies } from './guard.ts';
import { ledgerOf, trim } from './ledger.ts';
import { emptyState } from './prepareState.ts';
import { publishDue } from './publish.ts';
import { findingsOf, swapState } from './swapState.ts';
import { tellOmission } from './tell.ts';

/** Records and publishes the finding; a duplicate of the event changes nothing. Throws store faults only. */
export async function recordHiddenRequest(
  change: Change,
  dependencies: GuardDependencies,
): Promise<ExamineOutcome> {
  const { store, clock } = dependencies;
  const target = rootOf(change);
  const nextState = await swapState(store, target, async (found) => {
    const state = found ?? emptyState(target);
    const live = { target, contentHash: '' };
    const told = tellOmission(ledgerOf(state), { change, live, now: clock.now().toISOString() });
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
