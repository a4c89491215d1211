/** What the store holds → what the page shows. The one reader of the store here; it changes nothing. */
import type { Finding } from '../../shared/findings/finding.ts';
import { type GuardStore, isRunning, type TargetState } from '../../shared/guard/state.ts';
import { findStoredSnapshot } from '../../shared/store/snapshotDocument.ts';
import { TARGET_KINDS } from '../../shared/targets/kindNames.ts';
import type { Snapshot, TargetKind } from '../../shared/targets/target.ts';
import { readStates } from '../store/openStore.ts';

/** A finding with the contents it is about, as far as the store has them. */
export type ReportedFinding = {
  readonly finding: Finding;
  /** What was there before. */
  readonly before?: Snapshot;
  /** What was judged. */
  readonly after?: Snapshot;
};

/** A change that a person approved. */
export type AcceptedChange = {
  readonly arn: string;
  /** ISO 8601. */
  readonly at: string;
  /** The person. */
  readonly by: string;
  readonly why: string;
};

type Coverage = { readonly kind: TargetKind; readonly targets: number; readonly clean: number };

export type Health = {
  /** Kinds of which the guard remembers a target. */
  readonly coverage: readonly Coverage[];
  /** ISO 8601: when a target was read last; absent when none was. */
  readonly lastRead?: string;
  /** Findings that some subscriber was not told yet. */
  readonly unpublished: number;
  /** Restores that were begun and have not ended. */
  readonly restoring: number;
  /** Targets on which a finding is open. */
  readonly withFindings: number;
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
  const counts = new Map<TargetKind, { targets: number; clean: number }>();
  let lastRead: string | undefined;
  let unpublished = 0;
  let restoring = 0;
  let withFindings = 0;
  for await (const state of readStates(store)) {
    const { target, timeline } = state;
    const ofTarget = [...state.openFindings, ...state.closedFindings];
    findings.push(...ofTarget);
    accepted.push(...acceptedChanges(state));
    const count = counts.get(target.kind) ?? { targets: 0, clean: 0 };
    count.targets++;
    if (state.openFindings.length === 0) count.clean++;
    else withFindings++;
    counts.set(target.kind, count);
    const { horizon, entries } = timeline;
    const reads = [
      ...(horizon.kind === 'read' ? [horizon.read] : []),
      ...entries.filter((entry) => entry.kind === 'read'),
    ];
    for (const read of reads) {
      const readAt = new Date(read.at).toISOString();
      if (readAt > (lastRead ?? '')) lastRead = readAt;
    }
    unpublished += ofTarget.filter(({ revision, publishedRevision }) => publishedRevision < revision).length;
    if (isRunning(state.claim, Date.parse(at))) restoring++;
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
      withFindings,
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

function acceptedChanges({ target, closedFindings }: TargetState): AcceptedChange[] {
  return closedFindings.flatMap(({ approval }) =>
    approval === undefined ? [] : [{ arn: target.arn, at: approval.at, by: approval.who, why: approval.why }],
  );
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
