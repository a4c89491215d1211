/** The report as one HTML page: no script, nothing from outside, readable on a phone, on paper and by a screen reader. */
import type { FindingStatus } from '../../shared/findings/finding.ts';
import {
  type AcceptedChange,
  type Health,
  type Report,
  type ReportedFinding,
  timeOf,
} from './collectReport.ts';
import { classesOf, filterRules, renderFilters, type UsedFacet, usedFacets } from './filters.ts';
import { type Html, html } from './html.ts';
import { badge, readable, renderFinding, STATUS_WORDS, sentence } from './renderFinding.ts';
import { STYLE } from './style.ts';

/** A list of more is no longer read from end to end. */
const MAX_TIMELINE = 500;

/** Returns the page as text. */
export function renderReport(report: Report): string {
  const { findings, at, health } = report;
  const all = findings.map(({ finding }) => finding);
  const facets = usedFacets(all);
  const active = findings.filter(({ finding }) => finding.status === 'ACTIVE');
  const closed = findings.filter(({ finding }) => finding.status !== 'ACTIVE');
  // Both are ours: no text of a finding stands in them.
  const style: Html = { markup: `${STYLE}${filterRules(facets)}` };
  const { markup } = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Ratchet: ${active.length} active ${active.length === 1 ? 'finding' : 'findings'}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>Policy findings</h1>
<p>${counts(all.map(({ status }) => status))}. Made <time datetime="${at}">${readable(at)}</time>.</p>
${renderFilters(facets)}
</header>
<main id="findings">
${section('Active', active, { facets, none: 'Nothing is active.' })}
${section('Closed', closed, { facets, none: 'Nothing is closed.' })}
</main>
${timeline(report, facets)}
${coverage(health)}
</body>
</html>
`;
  return `<!doctype html>\n${markup}`;
}

function counts(statuses: readonly FindingStatus[]): string {
  if (statuses.length === 0) return 'No findings';
  return Object.entries(STATUS_WORDS)
    .map(([status, word]) => [statuses.filter((one) => one === status).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ');
}

type Section = { readonly facets: readonly UsedFacet[]; readonly none: string };

function section(title: string, findings: readonly ReportedFinding[], { facets, none }: Section): Html {
  return html`<section aria-label="${title} findings">
<h2>${title}</h2>
${findings.length === 0 ? html`<p>${none}</p>` : findings.map((one) => renderFinding(one, classesOf(one.finding, facets)))}
</section>`;
}

type Entry = { readonly at: string; readonly line: Html };

function timeline({ findings, accepted }: Report, facets: readonly UsedFacet[]): Html | undefined {
  const entries: Entry[] = [
    ...findings.map(({ finding }) => ({
      at: timeOf(finding),
      line: html`<li class="${classesOf(finding, facets)}"><time datetime="${timeOf(finding)}">${readable(timeOf(finding))}</time>
${badge(finding)} <a href="#${finding.id}">${sentence(finding.title)}</a></li>
`,
    })),
    ...accepted.map((change) => ({ at: change.at, line: acceptedLine(change) })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (entries.length === 0) return undefined;
  const more = entries.length - MAX_TIMELINE;
  return html`<nav aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<ol class="timeline">
${entries.slice(0, MAX_TIMELINE).map(({ line }) => line)}</ol>
${more > 0 ? html`<p>${more} older entries are not shown.</p>` : undefined}
</nav>`;
}

function acceptedLine({ arn, at, by, why }: AcceptedChange): Html {
  const who = by === 'guard' ? 'accepted' : `accepted by ${by}`;
  return html`<li class="quiet"><time datetime="${at}">${readable(at)}</time> ${arn} ${who}: ${why}</li>
`;
}

function coverage({ coverage: kinds, lastRead, unpublished, restoring, withoutAccepted }: Health): Html {
  const facts = [
    ['Last change of a content seen', lastRead === undefined ? 'none yet' : readable(lastRead)],
    ['Findings that a subscriber was not told yet', String(unpublished)],
    ['Restores under way', String(restoring)],
    ['Targets with nothing accepted to go back to', String(withoutAccepted)],
  ] as const;
  return html`<section aria-labelledby="coverage">
<h2 id="coverage">Coverage and health</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Coverage">
<table class="facts">
<caption>Targets that the guard remembers</caption>
<thead><tr><th scope="col">Kind</th><th scope="col">Targets</th><th scope="col">With an accepted version</th></tr></thead>
<tbody>
${kinds.map(
  ({ kind, targets, accepted }) =>
    html`<tr><th scope="row">${kind}</th><td class="count">${targets}</td><td class="count">${accepted}</td></tr>
`,
)}</tbody>
</table>
</div>
<dl>
${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>\n`)}</dl>
</section>`;
}
