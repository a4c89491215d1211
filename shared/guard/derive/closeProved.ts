/** Open findings → what is left of each, and the end of those of which nothing is. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Addition, Finding } from '../../findings/finding.ts';
import { present } from '../../findings/present.ts';
import type { TargetState } from '../state.ts';
import type { Ms, Read } from '../timeline/timeline.ts';
import { alter, close, type Ledger } from './ledger.ts';
import type { AnswerTo } from './needs.ts';
import { sayDone, sayUnfinished } from './plan.ts';

/** What is known of what AWS holds. */
export type Proving = {
  /** What AWS holds; absent: no read shows everything that is known, and nothing is proved gone. */
  readonly settled: Read | undefined;
  /** What is left of the addition; undefined: not known yet. */
  readonly remains: (addition: Addition) => AnswerTo['remains'] | undefined;
  /** The last restore by which the guard began to remove what the finding tells, but for those that sent nothing; undefined: none. */
  readonly restoreOf: (finding: Finding) => Restored | undefined;
  /** A restore of it is at work, and will say how it went. */
  readonly isAtWork: (finding: Finding) => boolean;
  /** Deleting such a target can be taken back. */
  readonly isReversible: boolean;
  /** The configuration asked the addition's question otherwise at that time, or not at all. */
  readonly isAskedAnew: (addition: Addition, at: Ms) => boolean;
  /** ISO 8601. */
  readonly now: string;
};

/** `stood`: a read since has shown all that it was to leave, and nothing else. */
type Restored = TargetState['restores'][number] & { readonly stood: boolean };

const NOTHING_LEFT = 'nothing that the change added is still granted';
const NOTHING_ASKED = 'nothing of it that the configuration asks for now is still granted';

/** True iff some of what the finding tells may still be granted, and is only not asked for any more. */
function isAskedForLess(
  { additions = [], openedAt }: Finding,
  { isAskedAnew }: Pick<Proving, 'isAskedAnew'>,
): boolean {
  const wholes = additions.filter(({ check }) => check === 'no-new-access');
  return additions.some(
    (one) =>
      isAskedAnew(one, Date.parse(openedAt)) &&
      !wholes.some(({ versions }) => isDeepStrictEqual(versions, one.versions)),
  );
}

function standing(addition: Addition, answer: AnswerTo['remains'] | undefined): Addition {
  if (answer === undefined) return addition;
  const { left: _, ...whole } = addition;
  return typeof answer === 'string' ? { ...whole, now: answer } : { ...whole, now: 'granted', left: answer };
}

const LEFT = '; what this finding shows now is still granted';

/** A restore that is done, and after which some of what the finding tells is still granted, says that. */
function sayLeft(
  { additions = [], action }: Finding,
  settled: Read,
  restored: Restored | undefined,
): Finding['action'] {
  const isLeft = additions.some((addition) => addition.now === 'granted');
  const isRead = Date.parse(action.at) < settled.at;
  if (restored?.says === undefined || action.kind !== 'done' || !isRead || !isLeft) return action;
  const why = `${sayDone(restored.says)}${LEFT}`;
  return action.why === why ? action : { ...action, why };
}

/** Everything has been removed: says how the restore ended, where that was not recorded, or only in part. */
function ended({ action }: Finding, { says = action.why, stood }: Restored, at: string): Partial<Finding> {
  const isDone = action.kind === 'done';
  if (isDone && !action.why.endsWith(LEFT)) return {};
  if (isDone || stood) return { action: { ...action, kind: 'done', why: sayDone(says), at } };
  return { action: { ...action, kind: 'partial', why: sayUnfinished(says), at } };
}

/** Returns the ledger in which each open finding tells what is left of it, and what is proved gone is closed. */
export function closeProved(ledger: Ledger, proving: Proving): Ledger {
  const { settled, remains, restoreOf, isAtWork, isReversible, now } = proving;
  if (settled === undefined) return ledger;
  const { exists } = settled.content;
  if (!exists && isReversible) return ledger;
  let updated = ledger;
  for (const finding of ledger.open) {
    if (finding.additions === undefined) continue;
    const additions = finding.additions.map((addition) => standing(addition, remains(addition)));
    const isBack = additions.some(
      (one, at) => one.now === 'granted' && finding.additions?.[at]?.now === 'gone',
    );
    const action: Finding['action'] =
      isBack && finding.action.kind === 'done'
        ? { kind: 'waiting', why: 'some of it is granted again', at: now }
        : sayLeft({ ...finding, additions }, settled, restoreOf(finding));
    const isNews = action !== finding.action || !isDeepStrictEqual(additions, finding.additions);
    // A finding that has closed says what it was; its additions are all gone.
    if (isNews) updated = alter(updated, finding.id, () => present({ ...finding, additions, action }), now);
  }
  return close(
    updated,
    (finding) => {
      const { additions } = finding;
      if (additions === undefined || additions.some((addition) => addition.now !== 'gone')) return undefined;
      if (isAtWork(finding)) return undefined;
      if (!exists) return { status: 'RESOLVED', why: 'the target is not there any more' };
      const restored = restoreOf(finding);
      if (restored === undefined)
        return isAskedForLess(finding, proving)
          ? { status: 'RESOLVED', why: NOTHING_ASKED }
          : { status: 'RESOLVED', why: NOTHING_LEFT, says: 'it was reversed' };
      return {
        status: 'ROLLED_BACK',
        why: 'the guard removed what the change added',
        alteration: ended(finding, restored, now),
      };
    },
    now,
  );
}
