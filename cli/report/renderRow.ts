/** One finding as one line: how serious, what became possible, where, by whom, when. What it folds in comes below. */

import type { Finding } from '../../shared/findings/finding.ts';
import { parseArn } from '../../shared/policy/arn.ts';
import { timeOf } from './collectReport.ts';
import { type Html, html } from './html.ts';
import { badge, readable, sentence } from './renderFinding.ts';

/** Returns the line with those classes, and folded in `details`. */
export function renderRow(finding: Finding, classes: string, details: Html): Html {
  const { id, title, target, status } = finding;
  const at = timeOf(finding);
  return html`<details id="${id}" class="finding${status === 'ACTIVE' ? ' active' : ''} ${classes}">
<summary>${badge(finding)}<span class="title">${sentence(title)}</span>
<span class="quiet line">${target.arn} · ${actorOf(finding)} · <time datetime="${at}">${readable(at)}</time></span></summary>
${details}</details>
`;
}

/** Returns what is folded in where the whole finding is not on the page. `href`: where the whole of it is, if anywhere. */
export function renderBrief(finding: Finding, href: string | undefined): Html {
  const { id, check, title, witness } = finding;
  // A title mostly shows the call itself, and a thousand of them are not to be there twice.
  const call =
    witness === undefined || title.includes(`\`${witness.action}\``)
      ? ''
      : `, for example ${witness.action} on ${witness.resource}`;
  return html`<p>${check}${call}. ${href === undefined ? html`The whole of it: <code>ratchet findings ${id}</code>` : html`<a href="${href}">The whole finding</a>`}</p>
`;
}

/** Who did it, in a few words. */
export function actorOf({ change }: Finding): string {
  if (change === undefined) return 'found by a sweep';
  const { actorArn, sessionName } = change;
  if (actorArn === '') return 'somebody';
  const name = parseArn(actorArn).resource;
  return sessionName === undefined || name.endsWith(sessionName) ? name : `${name} (${sessionName})`;
}
