/** What the store holds → what the page shows. The one reader of the store here; it changes nothing. */
import type { Finding } from '../../shared/findings/finding.ts';
import { findStoredSnapshot } from '../../shared/guard/snapshotDocument.ts';
import { type GuardStore, isRunning, type TargetState } from '../../shared/guard/state.ts';
import { TARGET_KINDS } from '../../shared/targets/kindNames.ts';
import type { Snapshot, TargetKind } from '../../shared/targets/target.ts';
import { readStates } from '../store/openStore.ts';

/** A finding with the contents it is about, as far as the store has them. */
export type ReportedFinding = {
  readonly finding: Finding;
  /** What was accepted. */
  readonly before?: Snapshot;
  /** What was judged. */
  readonly after?: Snapshot;
};

/** A content that became the accepted one. */
export type AcceptedChange = {
  readonly arn: string;
  /** ISO 8601. */
  readonly at: string;
  /** `guard`, or the person. */
  readonly by: string;
  readonly why: string;
};

export type Coverage = { readonly kind: TargetKind; readonly targets: number; readonly accepted: number };

export type Health = {
  /** Kinds of which the guard remembers a target. */
  readonly coverage: readonly Coverage[];
  /** ISO 8601: when a content was last seen to differ from the one before; absent when none was seen. */
  readonly lastRead?: string;
  /** Findings that some subscriber was not told yet. */
  readonly unpublished: number;
  /** Restores that were begun and have not ended. */
  readonly restoring: number;
  /** Targets that are there and have no accepted version to go back to. */
  readonly withoutAccepted: number;
};

export type Report = {
  /** Active ones first; among them the most serious, then the newest. */
  readonly findings: readonly Finding[];
  /** The newest first. */
  readonly accepted: readonly AcceptedChange[];
  readonly health: Health;
  /** ISO 8601: when the page was made. */
  readonly at: string;
};

/** Returns the page's content. Versions that the store does not give are left out; it need not be whole to be read. */
export async function collectReport(store: GuardStore, at: string): Promise<Report> {
  const findings: Finding[] = [];
  const accepted: AcceptedChange[] = [];
  const counts = new Map<TargetKind, { targets: number; accepted: number }>();
  let lastRead: string | undefined;
  let unpublished = 0;
  let restoring = 0;
  let withoutAccepted = 0;
  for await (const state of readStates(store)) {
    const { target, observed } = state;
    const ofTarget = [...state.openFindings, ...state.closedFindings];
    findings.push(...ofTarget);
    accepted.push(...acceptedChanges(state));
    const count = counts.get(target.kind) ?? { targets: 0, accepted: 0 };
    count.targets++;
    if (state.accepted !== undefined) count.accepted++;
    counts.set(target.kind, count);
    if (observed !== undefined && observed.at > (lastRead ?? '')) lastRead = observed.at;
    unpublished += ofTarget.filter(({ revision, publishedRevision }) => publishedRevision < revision).length;
    if (state.claim !== undefined && (state.claim.kind === 'partial' || isRunning(state.claim, at)))
      restoring++;
    if (observed !== undefined && state.accepted === undefined) withoutAccepted++;
  }
  findings.sort(byUrgency);
  const coverage = TARGET_KINDS.flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [{ kind, ...count }];
  });
  return {
    findings,
    accepted: accepted.sort((a, b) => (a.at < b.at ? 1 : -1)),
    health: {
      coverage,
      ...(lastRead === undefined ? {} : { lastRead }),
      unpublished,
      restoring,
      withoutAccepted,
    },
    at,
  };
}

const GRADES: readonly Finding['severity'][] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];

/** What needs a person first: active, most serious, newest. */
function byUrgency(a: Finding, b: Finding): number {
  const rank = ({ status, severity }: Finding) => (status === 'ACTIVE' ? 0 : 10) + GRADES.indexOf(severity);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const [at, bt] = [timeOf(a), timeOf(b)];
  return at === bt ? (a.id < b.id ? -1 : 1) : at < bt ? 1 : -1;
}

/** Returns when what led to the finding happened, as ISO 8601. */
export function timeOf({ change, openedAt }: Finding): string {
  return new Date(change?.eventTime ?? openedAt).toISOString();
}

function acceptedChanges({ target, accepted, acceptedBefore }: TargetState): AcceptedChange[] {
  const versions = accepted === undefined ? acceptedBefore : [...acceptedBefore, accepted];
  return versions.map(({ at, by, why }) => ({ arn: target.arn, at, by, why }));
}

/** Returns the finding with the contents that the store still has. */
export async function withVersions(finding: Finding, store: GuardStore): Promise<ReportedFinding> {
  const { versions } = finding;
  if (versions === undefined) return { finding };
  const [before, after] = await Promise.all(
    [versions.accepted, versions.live].map((hash) => hash && findStoredSnapshot(store, hash)),
  );
  return { finding, ...(before ? { before } : {}), ...(after ? { after } : {}) };
}
