/** A report → its files: the first page, further ones, and the findings that are on no page as a whole. */
import type { Finding } from '../../shared/findings/finding.ts';
import type { GuardStore } from '../../shared/guard/state.ts';
import { type Report, type ReportedFinding, withVersions } from './collectReport.ts';
import { renderFinding } from './renderFinding.ts';
import { ROWS_A_PAGE, renderFindingPage, renderReport, WHOLE_FINDINGS } from './renderReport.ts';

/** A file beside the first page; `name` is relative to the folder of that page. */
type ReportFile = { readonly name: string; readonly text: string };

/**
 * Yields the files of the report, the first page first. `name`: what the first page will be called; without one there
 * is nothing beside it, and it holds what it can.
 */
export async function* renderPages(
  report: Report,
  store: GuardStore,
  name: string | undefined,
): AsyncIterable<ReportFile> {
  const { findings } = report;
  const whole = await gravest(findings, store);
  const stem = (name ?? 'report').replace(/\.html?$/, '');
  const pageNames = Array.from(
    { length: Math.max(1, Math.ceil(findings.length / ROWS_A_PAGE)) },
    (_, index) => (index === 0 ? (name ?? 'report.html') : `${stem}-${index + 1}.html`),
  );
  const hrefOf = ({ id }: Finding) => (name === undefined ? undefined : `${stem}-findings/${id}.html`);
  for (const [index, pageName] of pageNames.entries()) {
    if (index > 0 && name === undefined) return;
    const page = {
      report,
      findings: findings.slice(index * ROWS_A_PAGE, (index + 1) * ROWS_A_PAGE),
      whole,
      hrefOf,
      pages: name === undefined ? [] : pageNames.map((href) => ({ href, isThis: href === pageName })),
    };
    yield { name: pageName, text: renderReport(page) };
  }
  if (name === undefined) return;
  for (const finding of findings) {
    if (whole.has(finding.id)) continue;
    const text = renderFindingPage(await withVersions(finding, store), `../${name}#${finding.id}`);
    yield { name: `${stem}-findings/${finding.id}.html`, text };
  }
}

/** The first findings, as many as a page may show as a whole. */
async function gravest(
  findings: readonly Finding[],
  store: GuardStore,
): Promise<ReadonlyMap<string, ReportedFinding>> {
  const whole = new Map<string, ReportedFinding>();
  let characters = 0;
  for (const finding of findings.slice(0, WHOLE_FINDINGS.count)) {
    const reported = await withVersions(finding, store);
    characters += renderFinding(reported).markup.length;
    // The first is shown however long it is.
    if (characters > WHOLE_FINDINGS.characters && whole.size > 0) break;
    whole.set(finding.id, reported);
  }
  return whole;
}
