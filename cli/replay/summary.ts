/** What a replay came to, for people and for programs. */
import type { FindingStatus } from '../../shared/findings/finding.ts';
import { columns } from '../output/layout.ts';
import type { Told } from './people.ts';
import type { ReplayCounts } from './runReplay.ts';

export type ReplaySummary = {
  readonly files: number;
  readonly records: number;
  /** ISO 8601; absent when there was no record. */
  readonly from?: string;
  readonly to?: string;
  readonly changes: number;
  readonly targetsExamined: number;
  readonly findings: { readonly [status in FindingStatus]?: number };
  readonly rollbacks: ReplayCounts['rollbacks'];
  /** What people would have been told: at once, and in digests. */
  readonly interrupts: readonly Told[];
  readonly digests: readonly Told[];
  /** Policy events that are not judged yet, most frequent first. */
  readonly notCovered: readonly { readonly event: string; readonly count: number }[];
  readonly failedCalls: number;
  readonly otherEvents: number;
  /** Files and records that could not be read. */
  readonly bad: number;
  readonly faults: number;
};

const STATUSES = ['ACTIVE', 'ROLLED_BACK', 'RESOLVED', 'APPROVED', 'SUPPRESSED', 'SUPERSEDED'] as const;

/** Returns the summary of the counts. `bad` counts what the survey of the files found. */
export function summarizeReplay(
  counts: ReplayCounts,
  { files, bad }: { readonly files: number; readonly bad: number },
): ReplaySummary {
  const findings = [...counts.findings.values()];
  const byStatus = STATUSES.map(
    (status) => [status, findings.filter((one) => one.status === status).length] as const,
  );
  return {
    files,
    records: counts.records,
    ...(counts.firstTime === undefined ? {} : { from: new Date(counts.firstTime).toISOString() }),
    ...(counts.lastTime === undefined ? {} : { to: new Date(counts.lastTime).toISOString() }),
    changes: counts.changes,
    targetsExamined: counts.examined,
    findings: Object.fromEntries(byStatus.filter(([, number]) => number > 0)),
    rollbacks: counts.rollbacks,
    interrupts: counts.told.filter(isInterrupt),
    digests: counts.told.filter((one) => !isInterrupt(one)),
    notCovered: [...counts.notCovered]
      .map(([event, number]) => ({ event, count: number }))
      .sort((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1)),
    failedCalls: counts.failedCalls,
    otherEvents: counts.otherEvents,
    bad: bad + counts.badRecords,
    faults: counts.faults,
  };
}

/** A burst is a message of its own, at once. */
function isInterrupt({ form }: Told): boolean {
  return form === 'interrupt' || form === 'burst';
}

/** Returns the summary as lines, ending in a line end. */
export function renderSummary(summary: ReplaySummary, width: number): string {
  const { records, files, from, to, changes, targetsExamined, findings, rollbacks, notCovered } = summary;
  const period = from === undefined || to === undefined ? '' : `, ${short(from)} to ${short(to)}`;
  const statuses = Object.entries(findings).map(([status, number]) => `${number} ${status}`);
  const restored = Object.entries({
    'carried out': rollbacks.done,
    declined: rollbacks.declined,
    unfinished: rollbacks.partial,
    'no longer needed': rollbacks.notNeeded,
  }).filter(([, number]) => number > 0);
  const rows: (readonly [string, string])[] = [
    ['Read', `${records} records from ${files} ${files === 1 ? 'file' : 'files'}${period}`],
    ['Judged', `${changes} changes, ${targetsExamined} targets examined`],
    ['Findings', statuses.length === 0 ? 'none' : statuses.join(', ')],
    ...(restored.length === 0
      ? []
      : [['Rollbacks', restored.map(([what, number]) => `${number} ${what}`).join(', ')] as const]),
    ...told('Interrupts', summary.interrupts),
    ...told('Digests', summary.digests),
    ...notCovered.map(
      ({ event, count }, index) =>
        [index === 0 ? 'Not covered' : '', `${event}${count > 1 ? ` (${count} times)` : ''}`] as const,
    ),
    ['Skipped', `${summary.failedCalls} failed calls, ${summary.otherEvents} other events`],
    ...(summary.bad === 0 ? [] : [['Not read', `${summary.bad} files or records; see above`] as const]),
    ...(summary.faults === 0 ? [] : [['Failed', `at ${summary.faults} records; see above`] as const]),
  ];
  return `${columns(rows, '', width)}\n`;
}

/** How many messages, and the first of them. */
function told(label: string, messages: readonly Told[]): (readonly [string, string])[] {
  if (messages.length === 0) return [];
  const more = messages.length - MAX_TOLD;
  return [
    [label, String(messages.length)],
    ...messages.slice(0, MAX_TOLD).map(({ at, subject }) => ['', `${short(at)} ${subject}`] as const),
    ...(more > 0 ? [['', `and ${more} more`] as const] : []),
  ];
}

/** A month of them fits; more are in the JSON. */
const MAX_TOLD = 40;

function short(time: string): string {
  return `${time.slice(0, 19)}Z`;
}
