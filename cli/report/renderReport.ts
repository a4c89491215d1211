/**
 * The report: one line a finding, the most serious first, details folded. One script of its own (searching), nothing
 * from outside; readable on a phone, on paper and by a screen reader. What is too much for one page stands beside it.
 */
import type { Finding } from '../../shared/findings/finding.ts';
import type { AcceptedChange, Health, Report, ReportedFinding } from './collectReport.ts';
import { classesOf, filterRules, renderFilters, usedFacets } from './filters.ts';
import { type Html, html } from './html.ts';
import { readable, renderFinding, STATUS_WORDS, sentence } from './renderFinding.ts';
import { actorOf, renderBrief, renderRow } from './renderRow.ts';
import { SEARCH_HASH, SEARCH_SCRIPT } from './search.ts';
import { STYLE } from './style.ts';

/** Findings on one page: more open slowly, and nobody reads to the end. */
export const ROWS_A_PAGE = 1_000;
/** How many findings may be on the page as a whole, documents included, and how many characters they may take. */
export const WHOLE_FINDINGS = { count: 40, characters: 100_000 };
const MAX_GROUPS = 100;
const MAX_LINKS = 3;
const MAX_APPROVALS = 200;

/** What a page is made of. */
type Page = {
  readonly report: Report;
  /** Of `report.findings`, those on this page. */
  readonly findings: readonly Finding[];
  /** By id: those that are shown as a whole. */
  readonly whole: ReadonlyMap<string, ReportedFinding>;
  /** Where the whole of another finding is; undefined where nothing is written beside the page. */
  readonly hrefOf: (finding: Finding) => string | undefined;
  /** Every page of the report, this one among them; one where there is only this one. */
  readonly pages: readonly { readonly href: string; readonly isThis: boolean }[];
};

/** Returns the page as text. */
export function renderReport({ report, findings, whole, hrefOf, pages }: Page): string {
  const facets = usedFacets(report.findings);
  const active = report.findings.filter(({ status }) => status === 'ACTIVE');
  const rows = findings.map((finding) => {
    const shown = whole.get(finding.id);
    const details = shown === undefined ? renderBrief(finding, hrefOf(finding)) : renderFinding(shown);
    return renderRow(finding, classesOf(finding, facets), details);
  });
  return document(
    `Ratchet: ${active.length} active ${active.length === 1 ? 'finding' : 'findings'}`,
    `${STYLE}${filterRules(facets)}`,
    html`<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>Policy findings</h1>
<p class="quiet">${counts(report.findings)}. Made <time datetime="${report.at}">${readable(report.at)}</time>.</p>
${tiles(active)}
<nav class="jump" aria-label="On this page"><a href="#by-target">By target</a> <a href="#by-actor">By who made the change</a> <a href="#coverage">Coverage and health</a></nav>
${renderFilters(facets)}
<label class="search" hidden>Search <input type="search" id="search"></label>
</header>
<main id="findings">
<h2>Findings</h2>
${
  rows.length === 0
    ? html`<p>Nothing was found.</p>`
    : html`<div class="findings">${rows}</div>
<p class="shown" role="status">shown of ${findings.length} on this page</p>`
}
${pages.length > 1 ? pageLinks(pages) : undefined}
</main>
${groups({ id: 'by-target', title: 'By target' }, findings, ({ target }) => target.arn)}
${groups({ id: 'by-actor', title: 'By who made the change' }, findings, actorOf)}
${approvals(report.accepted)}
${coverage(report.health)}
<script>${{ markup: SEARCH_SCRIPT }}</script>`,
  );
}

/** Returns one finding as a page of its own. */
export function renderFindingPage(reported: ReportedFinding, back: string): string {
  const { title } = reported.finding;
  return document(
    `Ratchet: ${title.replaceAll('`', '')}`,
    STYLE,
    html`<p><a href="${back}">All findings</a></p>
<main>
<h1>${sentence(title)}</h1>
${renderFinding(reported)}</main>`,
  );
}

function document(title: string, style: string, body: Html): string {
  // The style is ours: no text of a finding stands in it.
  const { markup } = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src ${{ markup: SEARCH_HASH }}">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return `<!doctype html>\n${markup}`;
}

function counts(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings';
  return Object.entries(STATUS_WORDS)
    .map(([status, word]) => [findings.filter((one) => one.status === status).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ');
}

/** How many findings are active, by grade. */
function tiles(active: readonly Finding[]): Html {
  const grades = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO'];
  const present = grades
    .map((grade) => [grade, active.filter(({ severity }) => severity === grade).length] as const)
    .filter(([grade, count]) => grade !== 'INFO' || count > 0);
  return html`<ul class="tiles" aria-label="Active findings by severity">
${present.map(
  ([grade, count]) =>
    html`<li class="tile ${grade.toLowerCase()}${count === 0 ? ' none' : ''}"><strong>${count}</strong> active ${grade.toLowerCase()}</li>
`,
)}</ul>`;
}

function pageLinks(pages: Page['pages']): Html {
  return html`<nav aria-label="Pages"><ol class="pages">
${pages.map(({ href, isThis }, index) => html`<li>${isThis ? html`<strong aria-current="page">${index + 1}</strong>` : html`<a href="${href}">${index + 1}</a>`}</li>\n`)}</ol></nav>`;
}

/** The findings of the page again, by something they share: what happened to this role, what did this person do. */
function groups(
  { id, title }: { readonly id: string; readonly title: string },
  findings: readonly Finding[],
  keyOf: (finding: Finding) => string,
): Html | undefined {
  const byKey = new Map<string, Finding[]>();
  for (const finding of findings) byKey.set(keyOf(finding), [...(byKey.get(keyOf(finding)) ?? []), finding]);
  if (byKey.size === 0) return undefined;
  const sorted = [...byKey].sort((a, b) => b[1].length - a[1].length).slice(0, MAX_GROUPS);
  return html`<details class="groups" id="${id}"><summary>${title} (${byKey.size})</summary>
<ul>
${sorted.map(
  ([key, ofKey]) => html`<li>${key}: ${ofKey.length === 1 ? '1 finding' : `${ofKey.length} findings`}
<ul>${ofKey.slice(0, MAX_LINKS).map(({ id, title: what, severity }) => html`<li>${severity.toLowerCase()} <a href="#${id}">${sentence(what)}</a></li>\n`)}${ofKey.length > MAX_LINKS ? html`<li class="quiet">${ofKey.length - MAX_LINKS} more</li>` : undefined}</ul></li>
`,
)}</ul>
</details>`;
}

function approvals(accepted: readonly AcceptedChange[]): Html | undefined {
  const byPeople = accepted.filter(({ by }) => by !== 'guard');
  if (byPeople.length === 0) return undefined;
  return html`<details class="groups"><summary>Approved by people (${byPeople.length})</summary>
<ul>
${byPeople.slice(0, MAX_APPROVALS).map(({ arn, at, by, why }) => html`<li><time datetime="${at}">${readable(at)}</time> ${arn} by ${by}: ${why}</li>\n`)}</ul>
</details>`;
}

function coverage({ coverage: kinds, lastRead, unpublished, restoring, withFindings }: Health): Html {
  const facts = [
    ['Last change of a content seen', lastRead === undefined ? 'none yet' : readable(lastRead)],
    ['Findings that a subscriber was not told yet', String(unpublished)],
    ['Restores under way', String(restoring)],
    ['Targets with open findings', String(withFindings)],
  ] as const;
  return html`<section aria-labelledby="coverage">
<h2 id="coverage">Coverage and health</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Coverage">
<table class="facts">
<caption>Targets that the guard remembers</caption>
<thead><tr><th scope="col">Kind</th><th scope="col">Targets</th><th scope="col">Without open findings</th></tr></thead>
<tbody>
${kinds.map(
  ({ kind, targets, clean }) =>
    html`<tr><th scope="row">${kind}</th><td class="count">${targets}</td><td class="count">${clean}</td></tr>
`,
)}</tbody>
</table>
</div>
<dl>
${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>\n`)}</dl>
</section>`;
}
