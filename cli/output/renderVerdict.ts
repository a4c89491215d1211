/** A verdict for people: the answer first, then the statements that matter, then a request that proves it. */

import type { Reason, Verdict } from '../../shared/checks/verdict.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import type { Console } from './console.ts';
import { indent } from './layout.ts';
import { type Quotation, quoteStatementsOf } from './quoteStatement.ts';
import { renderRequest } from './renderRequest.ts';

export type VerdictView = {
  readonly verdict: Verdict;
  /** The policy whose statements the reasons name. */
  readonly policy: Policy;
  /** The one that removed denies stood in. */
  readonly existing?: Policy;
  /** Introduces the witness. */
  readonly witnessTitle: string;
};

type Page = Pick<Console, 'width' | 'paint'>;

const MAX_QUOTED = 20;
const COLOURS = { PASS: 'green', FAIL: 'red', UNKNOWN: 'yellow' } as const;

/** Returns the whole text, ending in a line end. */
export function renderVerdict({ verdict, policy, existing, witnessTitle }: VerdictView, page: Page): string {
  const { result, message, reasons, removedDenies = [], notes = [] } = verdict;
  const parts = [renderHeadline(result, message, page)];
  if (result === 'UNKNOWN') parts.push(indent(`Why: ${verdict.cause}`, '', page.width));
  parts.push(...renderReasons(reasons, policy, page));
  if (result === 'FAIL') {
    parts.push(`${page.paint('bold', witnessTitle)}\n\n${renderRequest(verdict.witness, page.width)}`);
  }
  if (removedDenies.length > 0 && existing !== undefined) {
    parts.push(page.paint('bold', 'It became possible because a Deny went away:'));
    parts.push(...renderReasons(removedDenies, existing, page));
  }
  for (const note of notes) parts.push(indent(note, 'Note: ', page.width));
  return `${parts.join('\n\n')}\n`;
}

function renderHeadline(result: Verdict['result'], message: string, { width, paint }: Page): string {
  const text = indent(message, `${result}  `, width);
  return paint(['bold', COLOURS[result]], result) + text.slice(result.length);
}

/** Every statement is named; more than a person reads are not quoted. */
function renderReasons(reasons: readonly Reason[], policy: Policy, page: Page): string[] {
  const quote = quoteStatementsOf(policy);
  return reasons.map(({ description, statementIndex }, count) =>
    renderStatement(description, count < MAX_QUOTED ? quote(statementIndex) : undefined, page),
  );
}

/** Returns a sentence, and below it the lines of the statement it is about. */
export function renderStatement(description: string, quotation: Quotation | undefined, page: Page): string {
  const title = indent(description, '', page.width);
  if (quotation === undefined) return title;
  const { place, lines, omitted } = quotation;
  const gutter = String(lines.at(-1)?.number ?? '').length;
  const quoted = lines.map(({ number, text }) =>
    indentCode(text, `  ${String(number ?? '').padStart(gutter)} | `, page.width),
  );
  const more = omitted === 0 ? [] : [`  ${' '.repeat(gutter)} | … ${omitted} more lines`];
  return [title, page.paint('dim', `  ${place}`), ...quoted, ...more].join('\n');
}

/** Source lines keep their inner spaces, so they are broken anywhere. */
function indentCode(text: string, first: string, width: number): string {
  const room = Math.max(10, width - first.length);
  const rest = `${' '.repeat(first.length - 2)}| `;
  const pieces = [text.slice(0, room)];
  for (let at = room; at < text.length; at += room) pieces.push(text.slice(at, at + room));
  return pieces.map((piece, index) => `${index === 0 ? first : rest}${piece}`.trimEnd()).join('\n');
}
