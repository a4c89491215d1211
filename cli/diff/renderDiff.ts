/** What changed for people: each policy with its answers, the worst first, and a count at the end. */

import type { CheckResult } from '../output/checkResult.ts';
import { type Console, visible } from '../output/console.ts';
import { describeWitness } from '../output/describeWitness.ts';
import { indent } from '../output/layout.ts';
import { marksOf } from '../output/marks.ts';
import { quoteStatementsOf } from '../output/quoteStatement.ts';
import { renderStatement } from '../output/renderVerdict.ts';
import type { JudgedPolicy } from './judgePairs.ts';

type Page = Pick<Console, 'width' | 'paint'>;
type Result = CheckResult['verdict']['result'];

const ORDER: { readonly [result in Result]: number } = { FAIL: 0, UNKNOWN: 1, PASS: 2 };
const COLOURS = { PASS: 'green', FAIL: 'red', UNKNOWN: 'yellow' } as const;
const MAX_QUOTED = 5;

/** Returns the worst of the answers; PASS where nothing was asked. */
export function worstOf({ results }: JudgedPolicy): Result {
  const [worst = 'PASS'] = results.map(({ verdict }) => verdict.result).sort((a, b) => ORDER[a] - ORDER[b]);
  return worst;
}

/** Returns the whole text, ending in a line end. */
export function renderDiff(judged: readonly JudgedPolicy[], page: Page): string {
  if (judged.length === 0) return 'No policy changed.\n';
  const sorted = [...judged].sort((a, b) => ORDER[worstOf(a)] - ORDER[worstOf(b)]);
  const counts = (['PASS', 'FAIL', 'UNKNOWN'] as const).map(
    (result) => `${judged.filter((one) => worstOf(one) === result).length} ${result}`,
  );
  const total = `${judged.length} ${judged.length === 1 ? 'policy' : 'policies'}: ${counts.join(', ')}`;
  return `${[...sorted.map((one) => renderJudged(one, page)), total].join('\n\n')}\n`;
}

function renderJudged(one: JudgedPolicy, page: Page): string {
  const { file, subject, change, results } = one;
  const worst = worstOf(one);
  const name = visible(subject === '' ? file : `${file}: ${subject}`);
  const text = indent(`${name} (${change})`, `${worst}  `, page.width);
  const heading = page.paint(['bold', COLOURS[worst]], worst) + text.slice(worst.length);
  const answers = results
    .filter(({ verdict }) => verdict.result !== 'PASS')
    .map((result) => renderResult(result, page));
  return [heading, ...answers].join('\n\n');
}

function renderResult({ check, verdict, policy, file, regionOf }: CheckResult, page: Page): string {
  if (verdict.result === 'UNKNOWN')
    return indent(visible(`${verdict.message} Why: ${verdict.cause}.`), '', page.width);
  if (verdict.result === 'PASS') return '';
  const sentence = describeWitness(verdict.witness, { isNew: check === 'check-no-new-access' });
  const quote = quoteStatementsOf(policy, marksOf(policy, verdict.witness));
  const statements = verdict.reasons.map(({ description, statementIndex }, count) => {
    const quotation = count < MAX_QUOTED ? quote(statementIndex) : undefined;
    if (quotation === undefined || regionOf === undefined)
      return renderStatement(description, quotation, page);
    // A template's statement is shown as it is resolved, with the place where it stands in the file.
    const region = regionOf(statementIndex);
    const lines = quotation.lines.map(({ number: _, ...line }) => line);
    const place = region === undefined ? (file ?? '') : `${file}:${region.startLine}`;
    return renderStatement(description, { ...quotation, place, lines }, page);
  });
  const denies = (verdict.removedDenies ?? []).map(({ description }) => indent(description, '', page.width));
  return [indent(sentence, '', page.width), ...statements, ...denies].join('\n\n');
}
