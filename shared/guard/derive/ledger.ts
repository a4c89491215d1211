/** The life of the findings of one target: opened, changed, closed, opened again. Pure. */
import { worst } from '../../consequences/grade.ts';
import { additionKey, type Finding, type FindingStatus, isAtLeast } from '../../findings/finding.ts';
import type { TargetState } from '../state.ts';

/** Open ones, and the latest closed ones, newest last. */
export type Ledger = { readonly open: readonly Finding[]; readonly closed: readonly Finding[] };

/** Closed findings that a state keeps once they are published; the rest goes to the archive. */
const MAX_CLOSED_FINDINGS = 20;
/** As long as a timeline keeps its entries. */
const KEPT_MS = 25 * 3_600_000;
const MAX_YOUNG = 80;

/** Returns the ledger with one open finding as it is now, due to be told. */
export function alter(
  ledger: Ledger,
  id: string,
  change: (finding: Finding) => Finding,
  now: string,
): Ledger {
  const altered = (finding: Finding): Finding => {
    if (finding.id !== id) return finding;
    const next = change(finding);
    const revision = finding.revision + 1;
    return {
      ...next,
      ...(isNews(finding, next) ? { newsRevision: revision } : {}),
      updatedAt: now,
      revision,
    };
  };
  return { ...ledger, open: ledger.open.map(altered) };
}

/** True iff whoever knows the finding is to hear of it again at once, as far as its grade is worth that. */
function isNews(finding: Finding, { severity, status, additions = [], action }: Finding): boolean {
  const told = new Set(finding.additions?.map(additionKey));
  const isGraver = worst([severity, finding.severity]) !== finding.severity;
  const isBack = status === 'ACTIVE' && finding.status !== 'ACTIVE';
  const hasMore = additions.some(
    (one) => !told.has(additionKey(one)) && isAtLeast(one.grade, finding.severity),
  );
  const isWritten =
    ['done', 'partial', 'declined'].includes(action.kind) &&
    (action.kind !== finding.action.kind || action.why !== finding.action.why);
  return isGraver || isBack || hasMore || isWritten;
}

/**
 * Returns the ledger with the finding open. One that is open already stays as it is; one that was closed is the same
 * finding again, with another occurrence.
 */
export function open(ledger: Ledger, finding: Finding): Ledger {
  if (ledger.open.some(({ id }) => id === finding.id)) return ledger;
  return {
    open: [...ledger.open, renew(ledger, finding)],
    closed: ledger.closed.filter(({ id }) => id !== finding.id),
  };
}

type Closing = {
  readonly status: Exclude<FindingStatus, 'ACTIVE' | 'SUPPRESSED'>;
  readonly why: string;
  /** What had happened before the guard acted, where it had not yet. */
  readonly says?: string;
  readonly alteration?: Partial<Finding>;
};

/** Returns the ledger with every open finding closed for which `closing` gives a reason. */
export function close(
  ledger: Ledger,
  closing: (finding: Finding) => Closing | undefined,
  now: string,
): Ledger {
  const stay: Finding[] = [];
  const closed: Finding[] = [];
  for (const finding of ledger.open) {
    const reason = closing(finding);
    if (reason === undefined) {
      stay.push(finding);
      continue;
    }
    const { status, why: statusWhy, alteration = {} } = reason;
    const { suppression: _, ...unsuppressed } = finding;
    closed.push({
      ...unsuppressed,
      ...overtaken(finding, reason, now),
      ...alteration,
      status,
      statusWhy,
      updatedAt: now,
      closedAt: now,
      revision: finding.revision + 1,
      ...(status === 'ROLLED_BACK' ? { newsRevision: finding.revision + 1 } : {}),
    });
  }
  return closed.length === 0 ? ledger : { open: stay, closed: [...ledger.closed, ...closed] };
}

/** What became of a finding about which the guard had not acted yet. */
const BEFORE: { readonly [status in Closing['status']]: string } = {
  APPROVED: 'a person approved it',
  SUPERSEDED: 'other findings told all of it',
  RESOLVED: 'it ended',
  ROLLED_BACK: 'it ended',
};

/** A closed finding says no longer that something will be done about it. */
function overtaken({ action }: Finding, { status, says = BEFORE[status] }: Closing, at: string) {
  const before = { waiting: 'the guard could look', planned: 'the guard acted' };
  const what = action.kind === 'waiting' || action.kind === 'planned' ? before[action.kind] : undefined;
  return what === undefined
    ? {}
    : { action: { kind: 'observed' as const, why: `${says} before ${what}`, at } };
}

/** Returns the ledger with no more closed findings than a state keeps, and those that are to be archived. */
export function trim(
  { open: opened, closed }: Ledger,
  now: string,
): {
  readonly ledger: Ledger;
  readonly archived: readonly Finding[];
} {
  const surplus = Math.max(0, closed.length - MAX_CLOSED_FINDINGS);
  const isYoung = ({ closedAt = now }: Finding) => Date.parse(now) - Date.parse(closedAt) < KEPT_MS;
  // What was not published yet stays where it is looked for, and so does what the timeline may tell of again.
  const isArchived = (finding: Finding, index: number) =>
    index < surplus &&
    finding.publishedRevision >= finding.revision &&
    (!isYoung(finding) || surplus - index > MAX_YOUNG);
  return {
    ledger: { open: opened, closed: closed.filter((finding, index) => !isArchived(finding, index)) },
    archived: closed.filter(isArchived),
  };
}

function renew({ closed }: Ledger, finding: Finding): Finding {
  const before = closed.find(({ id }) => id === finding.id);
  if (before === undefined) return finding;
  return {
    ...finding,
    // What others told meanwhile was never away.
    occurrences: before.occurrences + (before.status === 'SUPERSEDED' ? 0 : 1),
    revision: before.revision + 1,
    newsRevision: before.revision + 1,
    publishedRevision: before.publishedRevision,
    statusWhy: `seen again after it was ${before.status}`,
  };
}

/** Returns true iff what is done about the finding may still change. */
export function isUndecided({ action }: Finding): boolean {
  return ['waiting', 'planned', 'partial'].includes(action.kind) || action.isOpen === true;
}

/** Returns the findings of a state. */
export function ledgerOf({ openFindings, closedFindings }: TargetState): Ledger {
  return { open: openFindings, closed: closedFindings };
}
