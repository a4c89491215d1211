/**
 * What happened and names no target is told under the account's root: a call whose parameters CloudTrail left out, a
 * call that touched the guard itself. No adapter reads that, so nothing is judged or undone there.
 */
import type { Change } from '../changes/change.ts';
import { isUnpublished } from '../findings/finding.ts';
import { partitionOf } from '../policy/arn.ts';
import type { TargetRef } from '../targets/target.ts';
import type { ExamineOutcome, GuardDependencies } from './contract.ts';
import { ledgerOf, trim } from './derive/ledger.ts';
import { type CallNotice, composeNotice, openOnce } from './derive/notices.ts';
import { publishDue } from './publish.ts';
import { emptyState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';

/** Records the notice of the change, and publishes it; a duplicate of the event changes nothing. Throws store faults only. */
export async function recordUnderAccount(
  change: Change,
  notice: CallNotice,
  dependencies: GuardDependencies,
): Promise<ExamineOutcome> {
  const { store, clock } = dependencies;
  const target = rootOf(change);
  const { result: nextState, state } = await swapState(store, target, async (found) => {
    const known = found ?? emptyState(target);
    const now = clock.now().toISOString();
    const { ledger, archived } = trim(
      openOnce(ledgerOf(known), composeNotice({ target, ...notice }, now)),
      now,
    );
    const next = { ...known, openFindings: ledger.open, closedFindings: ledger.closed };
    return { nextState: next, archived, result: next };
  });
  const findings = findingsOf(nextState).filter(isUnpublished);
  const unpublished = await publishDue(state, dependencies);
  return { target, kind: 'findings', findings, unpublished };
}

function rootOf({ event: { accountId, region } }: Change): TargetRef {
  const arn = `arn:${partitionOf(region)}:iam::${accountId}:root`;
  return { kind: 'iam-principal', arn, accountId, region };
}
