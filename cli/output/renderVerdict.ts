/** A verdict for people: the answer first, then the statements that matter, then a request that proves it. */

import type { Reason, Verdict } from '../../shared/checks/verdict.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import type { CheckName } from './checkResult.ts';
import type { Console } from './console.ts';
import { describeWitness } from './describeWitness.ts';
import { withKeyNames } from './keyNames.ts';
import { indent } from './layout.ts';
import { marksOf } from './marks.ts';
import { type Quotation, type QuotedLine, type QuoteStatement, quoteStatementsOf } from './quoteStatement.ts';
import { renderRequest } from './renderRequest.ts';

type VerdictView = {
  readonly check: CheckName;
  readonly verdict: Verdict;
  /** The policy whose statements the reasons name. */
  readonly policy: Policy;
  /** The one that removed denies stood in. */
  readonly existing?: Policy;
  /** Introduces the witness. */
  readonly witnessTitle: string;
};

type Page = Pick<Console, 'width' | 'paint'>;

type Advice = readonly [what: string, how: string];

const FIXES: { readonly [check in CheckName]: Advice } = {
  'check-no-new-access': [
    'To fix it:',
    'remove that access, or narrow it with a resource, a condition or a Deny.',
  ],
  'check-access-not-granted': ['To fix it:', 'remove that access, or narrow it with a resource or a Deny.'],
  'check-no-public-access': [
    'To fix it:',
    'name the principals, or add a condition on aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount.',
  ],
  'check-no-external-access': [
    'To fix it:',
    'name only principals of trusted accounts, or require a trusted organization with aws:PrincipalOrgID.',
  ],
};

const ACCEPTANCES: { readonly [check in CheckName]: Advice } = {
  'check-no-new-access': ['To accept it:', 'use the new document as the existing one in the next check.'],
  'check-access-not-granted': ['To accept it:', 'leave it out of --access.'],
  'check-no-public-access': [
    'To accept it:',
    'skip this check: a policy that is public on purpose always fails it.',
  ],
  'check-no-external-access': ['To accept it:', 'add it to --trusted-accounts or --trusted-organizations.'],
};

const UNDECIDED: Advice = [
  'What to do:',
  'raise --timeout-ms, or simplify the statement. UNKNOWN is not PASS.',
];

const MAX_QUOTED = 20;
const COLOURS = { PASS: 'green', FAIL: 'red', UNKNOWN: 'yellow' } as const;

/** Returns the whole text, ending in a line end. */
export function renderVerdict(view: VerdictView, page: Page): string {
  const { check, verdict, policy, existing, witnessTitle } = view;
  const { result, message, reasons, removedDenies = [], notes = [] } = verdict;
  const parts = [renderHeadline(result, message, page)];
  if (result === 'UNKNOWN') parts.push(indent(`Why: ${verdict.cause}`, '', page.width));
  const witness =
    result === 'FAIL'
      ? withKeyNames(verdict.witness, existing === undefined ? [policy] : [policy, existing])
      : undefined;
  if (witness !== undefined) {
    const sentence = describeWitness(witness, {
      isNew: check === 'check-no-new-access',
      isPublic: check === 'check-no-public-access',
      possible: verdict.result !== 'FAIL' || verdict.possible,
      policies: [policy],
    });
    parts.push(indent(sentence, '', page.width));
  }
  const marks = result === 'FAIL' ? marksOf(policy, verdict.witness) : undefined;
  parts.push(...renderReasons(reasons, quoteStatementsOf(policy, marks), page));
  if (witness !== undefined) {
    parts.push(`${page.paint('bold', witnessTitle)}\n\n${renderRequest(witness, page.width)}`);
  }
  if (removedDenies.length > 0 && existing !== undefined) {
    parts.push(page.paint('bold', 'It became possible because a Deny was removed:'));
    const denied = result === 'FAIL' ? marksOf(existing, verdict.witness) : undefined;
    parts.push(...renderReasons(removedDenies, quoteStatementsOf(existing, denied), page));
  }
  for (const note of notes) parts.push(indent(note, 'Note: ', page.width));
  if (result !== 'PASS') {
    const rows = result === 'FAIL' ? [FIXES[check], ACCEPTANCES[check]] : [UNDECIDED];
    parts.push(rows.map(([what, how]) => indent(how, `${what} `, page.width)).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

function renderHeadline(result: Verdict['result'], message: string, { width, paint }: Page): string {
  const text = indent(message, `${result}  `, width);
  return paint(['bold', COLOURS[result]], result) + text.slice(result.length);
}

/** Every statement is named; more than a person reads are not quoted. */
function renderReasons(reasons: readonly Reason[], quote: QuoteStatement, page: Page): string[] {
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
  const quoted = lines.map((line) =>
    quoteLine(line, `  ${String(line.number ?? '').padStart(gutter)} | `, page),
  );
  const more = omitted === 0 ? [] : [`  ${' '.repeat(gutter)} | … ${omitted} more lines`];
  return [title, page.paint('dim', `  ${place}`), ...quoted, ...more].join('\n');
}

/** Source lines keep their inner spaces, so they are broken anywhere. Below a piece stands what matters in it. */
function quoteLine({ text, marks = [] }: QuotedLine, first: string, { width, paint }: Page): string {
  const room = Math.max(10, width - first.length);
  const rest = `${' '.repeat(first.length - 2)}| `;
  const pieces = Math.max(1, Math.ceil(text.length / room));
  return Array.from({ length: pieces }, (_, index) => {
    const begin = index * room;
    const line = `${index === 0 ? first : rest}${text.slice(begin, begin + room)}`.trimEnd();
    const carets = marks
      .filter(({ from }) => from >= begin && from < begin + room)
      .map(({ from, to, label }) => {
        const caret = '^'.repeat(Math.max(1, Math.min(to, begin + room) - from));
        const pointed = `${' '.repeat(from - begin)}${caret}`;
        const named = pointed.length + 1 + label.length <= room ? `${pointed} ${label}` : pointed;
        return `${rest}${paint('yellow', named)}`;
      });
    return [line, ...carets].join('\n');
  }).join('\n');
}
