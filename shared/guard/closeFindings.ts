/** When does a finding end? Pure. Where the checks do not say, it stays. */
import { type Finding, type FindingAction, isFact } from '../findings/finding.ts';
import type { Snapshot } from '../targets/target.ts';
import type { Judgement } from './judge.ts';
import { type Closing, close, type Ledger } from './ledger.ts';
import type { TargetState } from './state.ts';

/** Returns the ledger when the thing is gone: everything resolves, but for what somebody must still look at. */
export function closeGone(ledger: Ledger, now: string): Ledger {
  return close(ledger, ({ check }) => (isFact(check) ? undefined : resolved('the target was deleted')), now);
}

/**
 * Returns the ledger when AWS holds the accepted version: every change away from it is undone, by the guard iff there
 * is a claim on it. What the accepted version itself was found to have stays.
 */
export function closeSettled(
  ledger: Ledger,
  { claim }: TargetState,
  { live, now }: { live: Snapshot; now: string },
): Ledger {
  return close(
    ledger,
    ({ check, liveHash, action }): Closing | undefined => {
      if (isFact(check) || check === 'expired-exception') return undefined;
      if (check === 'rollback-breaker') return resolved('the accepted version is back');
      if (liveHash === live.contentHash) return undefined;
      if (claim?.offendingHash !== liveHash) return resolved('the change was undone');
      const done: FindingAction = {
        ...action,
        kind: 'done',
        why: 'the accepted version was put back',
        at: now,
      };
      return {
        status: 'ROLLED_BACK',
        why: 'the guard put the accepted version back',
        alteration: { action: done },
      };
    },
    now,
  );
}

type Following = { readonly judgement: Judgement; readonly isAccepted: boolean; readonly now: string };

/** Returns the ledger when AWS holds something that was judged: what it grants no more, or is accepted now, resolves. */
export function closeJudged(ledger: Ledger, { judgement, isAccepted, now }: Following): Ledger {
  return close(ledger, (finding) => closingOf(finding, judgement, isAccepted), now);
}

function closingOf(finding: Finding, judgement: Judgement, isAccepted: boolean): Closing | undefined {
  const { id, check, listName, result, liveHash } = finding;
  if (isFact(check) || check === 'expired-exception') return undefined;
  if (check === 'rollback-breaker')
    return isAccepted ? resolved('what is there now was accepted') : undefined;
  const { assessments, snapshot, stillGranted } = judgement;
  const answer = assessments.find((one) => one.check === check && one.listName === listName)?.verdict.result;
  const isSame = liveHash === snapshot.contentHash;
  const unreadable = assessments.some((one) => one.check === 'document');
  if (result === 'UNKNOWN') {
    if (answer === 'UNKNOWN')
      return isSame ? undefined : resolved('the content changed again; see the newer finding');
    return unreadable ? undefined : resolved('what is there now could be judged');
  }
  if (unreadable || answer === 'UNKNOWN') return undefined;
  if (answer === 'PASS') return resolved('what is there now passes the check');
  if (answer === 'FAIL' && isSame) return undefined;
  if (!stillGranted.has(id)) return resolved('the request is no longer granted');
  return answer === undefined && isAccepted ? resolved('what is there now was accepted') : undefined;
}

function resolved(why: string): Closing {
  return { status: 'RESOLVED', why };
}
