/** A comment for a pull request, in GitHub's Markdown. */
import type { Comparison } from '../compare.ts';
import type { Judged } from '../judge/judgeEntity.ts';
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

const MAX_PIECES = 20;
const MARKS = { FAIL: '❌', UNKNOWN: '⚠️', PASS: '✅' } as const;

/** Returns the comment, ending in a line end. Without a changed policy it says so in a line. */
export function renderMarkdown(comparison: Comparison): string {
  const { judged, unread, isRelevant } = comparison;
  if (judged.length === 0 && unread.length === 0)
    return isRelevant ? '### Ratchet: no access changed\n' : '### Ratchet: no policy changed\n';
  const failed = judged.filter((one) => resultOf(one) === 'FAIL');
  const open = judged.filter((one) => resultOf(one) === 'UNKNOWN');
  const head =
    failed.length > 0
      ? `### Ratchet: this change grants new access (${failed.length})`
      : open.length + unread.length > 0
        ? `### Ratchet: not everything could be decided (${open.length + unread.length})`
        : '### Ratchet: nothing new is granted';
  const rows = sorted(judged).map((one) => {
    const grade = worstSeverity(one) ?? resultOf(one);
    return `| ${MARKS[resultOf(one)]} ${grade} | ${plain(describeSubject(one))} | ${one.change} | ${code(one.file)} |`;
  });
  const unknown = unread.map(
    ({ file, why }) => `| ${MARKS.UNKNOWN} UNKNOWN | ${plain(why)} | not read | ${code(file)} |`,
  );
  const table = ['| | what | change | file |', '| --- | --- | --- | --- |', ...rows, ...unknown].join('\n');
  const details = sorted(judged)
    .filter((one) => resultOf(one) !== 'PASS' || one.pieces.length > 0)
    .map(renderDetails);
  return `${[head, table, ...details].join('\n\n')}\n`;
}

function renderDetails(one: Judged): string {
  const answers = one.answers
    .filter(({ verdict }) => verdict.result !== 'PASS')
    .map(
      (answer) => `**${plain(titleOf(one, answer))}.** ${plain(sentencesOf(answer, one.means).join(' '))}`,
    );
  const pieces = one.pieces.slice(0, MAX_PIECES).map((piece) => `- ${plain(describePiece(piece))}`);
  const more = one.pieces.length > MAX_PIECES ? [`- and ${one.pieces.length - MAX_PIECES} more`] : [];
  const granted = pieces.length === 0 ? [] : [['Newly granted:', '', ...pieces, ...more].join('\n')];
  const tightened = one.suggestions.flatMap(({ part, text, changes }) => {
    if (text === undefined) return [plain(`To grant nothing new, take out \`${part}\`.`)];
    const how = changes.length === 0 ? 'the text before' : changes.join('; ');
    const words = `Tightened (${plain(part)}): ${plain(how)}.`;
    return [`${words}\n\n\`\`\`json\n${text.replaceAll('```', '` ` `')}\n\`\`\``];
  });
  const title = `<details><summary>${html(describeSubject(one).replaceAll('`', ''))}</summary>`;
  return [title, ...answers, ...granted, ...tightened, '</details>'].join('\n\n');
}

/** Text of files must not become markup; what stands between backticks stays code. */
function plain(text: string): string {
  return readable(text)
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`')
        ? part.replace(/\s+/g, ' ').replaceAll('|', '\\|')
        : html(part).replace(/[|*_[\]]/g, '\\$&'),
    )
    .join('');
}

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\s+/g, ' ');
const code = (text: string) => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
