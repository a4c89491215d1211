/** What the guard covers, as Markdown for the pages: from the event table and the facts of the kinds, never by hand. */
import { EVENT_TABLE } from '../shared/services/eventTable.ts';
import { ADAPTERS } from '../shared/services/index.ts';
import { NAMED_EVENTS } from '../shared/services/namedEvents.ts';
import { SELF_PROTECTION_TABLE } from '../shared/services/selfProtection.ts';
import { TARGET_KINDS } from '../shared/targets/kindNames.ts';
import type { TargetKind } from '../shared/targets/target.ts';
import { type DecidedCall, decideCalls } from './policyEvents.ts';

/** The lines between which a page holds what is made. */
export const MARKERS = ['<!-- coverage: made by `npm run generate` -->', '<!-- /coverage -->'] as const;

/** The pages that hold a part, and what makes it. */
export const COVERAGE_PAGES = [
  { path: 'docs/kinds.md', render: renderKinds },
  { path: 'docs/coverage.md', render: renderCoverage },
] as const;

/** Returns the short table: each kind, and whether it is restored. */
export function renderKinds(): string {
  const rows = TARGET_KINDS.map((kind) => {
    const { calls, reasons } = restoreOf(kind);
    const restored = calls.length === 0 ? 'only reported' : reasons.length === 0 ? 'yes' : 'partly';
    return `| \`${kind}\` | ${judgedHow(kind)} | ${restored} |`;
  });
  return ['| kind | judged | restored |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Returns the table of kinds with their events, lists of the events that are known and not judged, and how many there are. */
export async function renderCoverage(): Promise<string> {
  const rows = TARGET_KINDS.map((kind) => `| ${cellsOf(kind).join(' | ')} |`);
  const notJudged = NAMED_EVENTS.map(({ source, names }) => `- ${shortOf(source)}: ${names.join(', ')}`);
  const own = [...Map.groupBy(SELF_PROTECTION_TABLE, ({ source }) => source)].map(
    ([source, rows]) =>
      `- ${shortOf(source)}: ${rows.map(({ name }) => name.replace(/\*$/, '…')).join(', ')}`,
  );
  return [
    '| kind | events | judged | restored by |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Policy events that are known, named in the output and not judged:',
    '',
    ...notJudged,
    '',
    'Told, always and never restored, when they touch what the guard itself is made of, as is each event above:',
    '',
    ...own,
    '',
    ...(await renderCounts()),
  ].join('\n');
}

async function renderCounts(): Promise<string[]> {
  const { actions, calls } = await decideCalls();
  const count = (decision: DecidedCall['decision']) =>
    calls.filter((call) => call.decision === decision).length;
  const reasons = Map.groupBy(
    calls.flatMap(({ leftOutBy }) => leftOutBy.slice(0, 1)),
    ({ reason }) => reason,
  );
  return [
    'How many of the calls of AWS that is, by the Service Authorization Reference:',
    '',
    '| calls | how many |',
    '| --- | ---: |',
    `| all actions | ${actions.toLocaleString('en-US')} |`,
    `| may carry a policy, a grant or a sharing list: under "Permissions management", or a write whose name says so | ${calls.length} |`,
    `| of these, judged | ${count('judged')} |`,
    `| named in the output | ${count('named')} |`,
    `| told where they touch the guard | ${count('told of the guard itself')} |`,
    ...[...reasons].map(([reason, { length }]) => `| left out: ${reason} | ${length} |`),
  ];
}

const shortOf = (source: string) => source.replace(/\.amazonaws\.com$/, '');

function cellsOf(kind: TargetKind): string[] {
  const names = [...new Set(rowsOf(kind).map(({ name }) => name.replace(/\*$/, '…')))];
  const { calls, reasons } = restoreOf(kind);
  const restored = calls.length === 0 ? 'only reported' : calls.map((call) => `\`${call}\``).join(', ');
  return [`\`${kind}\``, names.join(', '), judgedHow(kind), [restored, ...reasons].join('; ')];
}

const rowsOf = (kind: TargetKind) => EVENT_TABLE.filter((row) => row.kind === kind);

function judgedHow(kind: TargetKind): string {
  const { namesPrincipals, grantedElsewhere } = ADAPTERS[kind];
  const arn = 'arn:aws:iam::111122223333:role/any';
  const elsewhere = grantedElsewhere({ kind, arn, accountId: '111122223333', region: 'us-east-1' });
  const isLimit = elsewhere === 'by-anyone' || elsewhere === 'by-roles';
  if (namesPrincipals) return 'new, critical, public and external access';
  return isLimit ? 'what it lets pass of all that others may grant' : 'new and critical access';
}

type Restore = { readonly calls: readonly string[]; readonly reasons: readonly string[] };

/** The calls that the rows name, each once, and why some events are not restored. */
function restoreOf(kind: TargetKind): Restore {
  const restores = rowsOf(kind).map(({ restore }) => restore);
  const calls = restores
    .filter((restore) => !/^(not restored|only reported)/.test(restore))
    .flatMap((restore) => restore.match(/\b[A-Z][a-z]+[A-Z]\w+/g) ?? []);
  const reasons = restores.flatMap((restore) => /^not restored: (.*)$/.exec(restore)?.[1] ?? []);
  return { calls: [...new Set(calls)], reasons: [...new Set(reasons)] };
}
