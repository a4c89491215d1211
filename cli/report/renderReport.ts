/** Findings as one HTML page: no script, nothing from outside, readable on a phone, on paper and by a screen reader. */
import type { Finding, FindingStatement, FindingStatus } from '../../shared/findings/finding.ts';
import { describePrincipal } from '../output/renderRequest.ts';
import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';

export type Report = {
  /** The newest change first. */
  readonly findings: readonly Finding[];
  /** ISO 8601: when the page was made. */
  readonly at: string;
};

const STATUSES: { readonly [status in FindingStatus]: string } = {
  ACTIVE: 'active',
  ROLLED_BACK: 'rolled back',
  RESOLVED: 'resolved',
  APPROVED: 'approved',
  SUPPRESSED: 'suppressed',
};

/** Returns the page as text. */
export function renderReport({ findings, at }: Report): string {
  const active = findings.filter(({ status }) => status === 'ACTIVE');
  const closed = findings.filter(({ status }) => status !== 'ACTIVE');
  const { markup } = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Ratchet: ${active.length} active findings</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Policy findings</h1>
<p>${counts(findings)}. Made <time datetime="${at}">${readable(at)}</time>.</p>
</header>
<main>
${list('Timeline', findings)}
${section('Active', active, 'Nothing is active.')}
${section('Closed', closed, 'Nothing is closed.')}
</main>
</body>
</html>
`;
  return `<!doctype html>\n${markup}`;
}

function counts(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings';
  return Object.entries(STATUSES)
    .map(([status, word]) => [findings.filter((finding) => finding.status === status).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ');
}

function list(title: string, findings: readonly Finding[]): Html | undefined {
  if (findings.length === 0) return undefined;
  return html`<nav aria-labelledby="timeline">
<h2 id="timeline">${title}</h2>
<ol>
${findings.map(
  (finding) => html`<li><time datetime="${timeOf(finding)}">${readable(timeOf(finding))}</time>
${badge(finding)} <a href="#${finding.id}">${sentence(finding.title)}</a></li>
`,
)}</ol>
</nav>`;
}

function section(title: string, findings: readonly Finding[], none: string): Html {
  return html`<section>
<h2>${title}</h2>
${findings.length === 0 ? html`<p>${none}</p>` : findings.map(article)}
</section>`;
}

function article(finding: Finding): Html {
  const { id, title, target, check, listName, result, message, cause, statements, removedDenies, notes } =
    finding;
  return html`<article id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${sentence(title)}</h3>
<p>${badge(finding)} ${message}${cause === undefined ? '' : ` Cause: ${cause}.`}</p>
${facts([
  ['Target', target.arn],
  ['Account', `${target.accountId}, ${target.region}`],
  ['Who', whoOf(finding)],
  [
    'When',
    `${readable(timeOf(finding))}${finding.change === undefined ? '' : `, ${finding.change.eventName}`}`,
  ],
  ['Check', `${check}${listName === undefined ? '' : ` (${listName})`}: ${result}`],
  ['Status', `${finding.status}${finding.statusWhy === undefined ? '' : `: ${finding.statusWhy}`}`],
  ['Action', [`${finding.action.kind}: ${finding.action.why}`, ...(finding.action.calls ?? [])].join('; ')],
  ...(finding.approval === undefined
    ? []
    : [
        [
          'Approved',
          `${finding.approval.who}, ${readable(finding.approval.at)}: ${finding.approval.why}`,
        ] as const,
      ]),
])}
${witness(finding)}
${statements.map(statement)}
${removedDenies.map(statement)}
${notes.map((note) => html`<p>Note: ${note}</p>`)}
${finding.status === 'ACTIVE' ? html`<p>To accept it: <code>${finding.acceptWith}</code></p>` : undefined}
${finding.status === 'ACTIVE' ? html`<p>To undo it by hand: ${finding.undoWith}</p>` : undefined}
</article>
`;
}

function witness({ witness: request }: Finding): Html | undefined {
  if (request === undefined) return undefined;
  const { principal, action, resource, context } = request;
  return html`<h4>A request that is granted</h4>
${facts([
  ...(principal === undefined ? [] : [['Principal', describePrincipal(principal)] as const]),
  ['Action', action],
  ['Resource', resource],
  ...Object.entries(context).map(
    ([key, values]) => [key, values.map((value) => JSON.stringify(value)).join(', ')] as const,
  ),
])}`;
}

function statement({ description, document, lines }: FindingStatement): Html {
  const where = document === undefined ? '' : ` (${document})`;
  const text = lines
    .map((line) => `${line.number === undefined ? '' : `${line.number}  `}${line.text}`)
    .join('\n');
  // Wide code scrolls; whoever uses a keyboard must be able to reach it.
  return html`<h4>${description}${where}</h4>
<pre tabindex="0"><code>${text}</code></pre>
`;
}

function facts(rows: readonly (readonly [name: string, text: string])[]): Html {
  return html`<dl>
${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>\n`)}</dl>`;
}

function badge({ status, severity }: Finding): Html {
  return html`<span class="badge ${status.toLowerCase()}">${STATUSES[status]}</span> <span class="badge">${severity.toLowerCase()}</span>`;
}

function whoOf({ change }: Finding): string {
  if (change === undefined) return 'not known: no event led here';
  const actor = change.actorArn === '' ? 'not named in the record' : change.actorArn;
  return change.sourceIp === undefined ? actor : `${actor}, from ${change.sourceIp}`;
}

function timeOf({ change, openedAt }: Finding): string {
  return change?.eventTime ?? openedAt;
}

function readable(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replaceAll('`', '');
}
