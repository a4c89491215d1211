/** What changed for people at a terminal: the worst first, a summary and a count at the end. */
import type { Console } from '../../output/console.ts';
import { visible } from '../../output/console.ts';
import { indent } from '../../output/layout.ts';
import type { Comparison } from '../compare.ts';
import type { Answer, Judged } from '../judge/judgeEntity.ts';
import { resultOf } from '../judge/result.ts';
import {
  describePiece,
  describeSubject,
  readable,
  sentencesOf,
  sorted,
  titleOf,
  worstSeverity,
} from './words.ts';

type Page = Pick<Console, 'width' | 'paint'>;

const COLOURS = { PASS: 'green', FAIL: 'red', UNKNOWN: 'yellow' } as const;
const MAX_PIECES = 8;

/** Returns the whole text, ending in a line end. */
export function renderText(comparison: Comparison, page: Page): string {
  const { judged, unread, isRelevant } = comparison;
  if (judged.length === 0 && unread.length === 0)
    return isRelevant
      ? 'No access changed: what changed in policies says the same as before.\n'
      : 'No policy changed.\n';
  const blocks = [
    ...sorted(judged).map((one) => renderJudged(one, page)),
    ...unread.map(({ file, why, region }) => {
      const place = region === undefined ? file : `${file}:${region.startLine}`;
      return heading('UNKNOWN', visible(`${place}: ${why}`), page);
    }),
  ];
  const summary = renderSummary(judged, page);
  return `${[...blocks, ...(summary === '' ? [] : [summary]), renderCount(comparison)].join('\n\n')}\n`;
}

function heading(result: 'PASS' | 'FAIL' | 'UNKNOWN', words: string, page: Page): string {
  const text = indent(words, `${result}  `, page.width);
  return page.paint(['bold', COLOURS[result]], result) + text.slice(result.length);
}

function renderJudged(one: Judged, page: Page): string {
  const result = resultOf(one);
  const severity = worstSeverity(one);
  const grade = severity === undefined ? '' : ` ${severity}`;
  const name = visible(`${one.file}: ${describeSubject(one)} (${one.change})${grade}`);
  const answers = one.answers
    .filter(({ verdict }) => verdict.result !== 'PASS')
    .map((answer) => renderAnswer(one, answer, page));
  return [heading(result, name, page), ...answers].join('\n\n');
}

function renderAnswer(one: Judged, answer: Answer, page: Page): string {
  const { verdict, regions } = answer;
  const lines = [titleOf(one, answer), ...sentencesOf(answer, one.means)];
  const places = verdict.result === 'FAIL' ? verdict.reasons : regions.map(() => undefined);
  const found = places.flatMap((reason, index) => {
    const region = regions[index];
    if (region === undefined && reason === undefined) return [];
    const place = region === undefined ? one.file : `${one.file}:${region.startLine}`;
    return [reason === undefined ? place : `${place}: ${reason.description}`];
  });
  return [...lines, ...found].map((line) => indent(visible(readable(line)), '  ', page.width)).join('\n');
}

/** What the whole change newly grants, in one list. */
function renderSummary(judged: readonly Judged[], page: Page): string {
  const lines = sorted(judged)
    .filter(({ pieces }) => pieces.length > 0)
    .map((one) => {
      const shown = one.pieces
        .slice(0, MAX_PIECES)
        .map((piece) => indent(visible(describePiece(piece)), '    ', page.width));
      const more = one.pieces.length > MAX_PIECES ? [`    and ${one.pieces.length - MAX_PIECES} more`] : [];
      const severity = worstSeverity(one);
      const name = `${severity === undefined ? '' : `${severity} `}${describeSubject(one)}${one.change === 'new' ? ' (new)' : ''}`;
      return [indent(visible(name), '  ', page.width), ...shown, ...more].join('\n');
    });
  return lines.length === 0 ? '' : [page.paint('bold', 'This change newly grants:'), ...lines].join('\n');
}

function renderCount({ judged, unread }: Comparison): string {
  const results = [...judged.map(resultOf), ...unread.map(() => 'UNKNOWN' as const)];
  const counts = (['PASS', 'FAIL', 'UNKNOWN'] as const).map(
    (result) => `${results.filter((one) => one === result).length} ${result}`,
  );
  return `${results.length} changed: ${counts.join(', ')}`;
}
