/** One finding of the page: the consequence first, then the facts, the request, what changed, and what can be done. */
import type { Finding, FindingStatement, FindingStatus } from '../../shared/findings/finding.ts';
import { describePrincipal } from '../output/renderRequest.ts';
import { type ReportedFinding, timeOf } from './collectReport.ts';
import { type Html, html } from './html.ts';
import { renderDiff } from './renderDiff.ts';

/** Statuses as people say them. */
export const STATUS_WORDS: { readonly [status in FindingStatus]: string } = {
  ACTIVE: 'active',
  ROLLED_BACK: 'rolled back',
  RESOLVED: 'resolved',
  APPROVED: 'approved',
  SUPPRESSED: 'suppressed',
  SUPERSEDED: 'superseded',
};

/** Returns the whole finding: facts, the request, what changed, and what can be done. Its line is not repeated. */
export function renderFinding({ finding, before, after }: ReportedFinding): Html {
  const { status, result, message, cause, statements, removedDenies, notes } = finding;
  const { acceptWith, undoWith } = finding;
  const isActive = status === 'ACTIVE';
  const diff = renderDiff({ before, after, statements, removedDenies });
  return html`<article>
<p>${message}${cause === undefined ? '' : ` Cause: ${cause}.`}</p>
${facts(factsOf(finding))}
${witness(finding)}
${statements.map(statement)}
${removedDenies.map(statement)}
${
  diff.length === 0
    ? undefined
    : html`<details><summary>What changed</summary>
${diff}</details>`
}
${notes.map((note) => html`<p>Note: ${note.replaceAll('`', '')}</p>`)}
<details><summary>Its life</summary>
${facts(lifeOf(finding))}
</details>
${isActive ? html`<p>To accept it: <code>${acceptWith} --who YOU --why REASON</code></p>` : undefined}
${isActive && result !== 'NOTICE' ? html`<p>To undo it by hand: ${/^(aws|ratchet) /.test(undoWith) ? html`<code>${undoWith}</code>` : undoWith}</p>` : undefined}
</article>
`;
}

type Fact = readonly [name: string, text: string];

function factsOf(finding: Finding): Fact[] {
  const { target, change, check, listName, result, statusWhy, action } = finding;
  return [
    ['Target', target.arn],
    ['Account', `${target.accountId}, ${target.region}`],
    ['Who', whoOf(finding)],
    ['When', `${readable(timeOf(finding))}${change === undefined ? '' : `, ${change.eventName}`}`],
    ['Check', `${check}${listName === undefined ? '' : ` (${listName})`}: ${result}`],
    ['Status', `${STATUS_WORDS[finding.status]}${statusWhy === undefined ? '' : `: ${statusWhy}`}`],
    ['Action', [`${action.kind}: ${action.why}`, ...(action.calls ?? [])].join('; ')],
  ];
}

function lifeOf({
  change,
  openedAt,
  action,
  approval,
  suppression,
  closedAt,
  status,
  occurrences,
  ...rest
}: Finding): Fact[] {
  const told = rest.publishedRevision >= rest.revision ? 'yes' : 'not yet';
  return [
    ...(change === undefined
      ? []
      : [['Changed', `${readable(change.eventTime)} by ${change.eventName}`] as const]),
    ['Opened', readable(openedAt)],
    ['Decided', `${readable(action.at)}: ${action.kind}, ${action.why}`],
    ...(approval === undefined
      ? []
      : [['Approved', `${readable(approval.at)} by ${approval.who}: ${approval.why}`] as const]),
    ...(suppression === undefined
      ? []
      : [
          ['Exempt', `until ${suppression.expires} for ${suppression.owner}: ${suppression.reason}`] as const,
        ]),
    ...(closedAt === undefined
      ? []
      : [['Closed', `${readable(closedAt)}: ${STATUS_WORDS[status]}`] as const]),
    ['Told', told],
    ['Seen', occurrences === 1 ? 'once' : `${occurrences} times`],
  ];
}

function witness({ witness: request }: Finding): Html | undefined {
  if (request === undefined) return undefined;
  const { action, resource, context } = request;
  const who = describePrincipal(request);
  return html`<h4>A request that is granted</h4>
${facts([
  ...(who === undefined ? [] : [['Principal', who] as const]),
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

function facts(rows: readonly Fact[]): Html {
  return html`<dl>
${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>\n`)}</dl>`;
}

/** Returns severity and status. */
export function badge({ status, severity }: Finding): Html {
  return html`<span class="badge ${severity.toLowerCase()}">${severity.toLowerCase()}</span> <span class="badge status">${STATUS_WORDS[status]}</span> `;
}

function whoOf({ change }: Finding): string {
  if (change === undefined) return 'unknown: no event for this change';
  const actor = change.actorArn === '' ? 'not named in the record' : change.actorArn;
  return change.sourceIp === undefined ? actor : `${actor}, from ${change.sourceIp}`;
}

/** Returns an ISO 8601 time as people read it. */
export function readable(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** Returns the text with a capital letter and without marks of code. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replaceAll('`', '');
}
