/** The lines of a statement as a person reads them: from the document where it has lines, else laid out anew. */
import { locatePath } from '../policy/jsonDocument.ts';
import type { QuotedLine } from './finding.ts';

/** More says less. */
const MAX_LINES = 40;
const MAX_LINE_LENGTH = 400;

/** Returns the lines of the statement; empty when the document has none of that index. */
export function quoteStatement(document: string, statementIndex: number): QuotedLine[] {
  const single = locatePath(document, '$.Statement');
  // A policy may hold one statement without a list around it.
  const isList = single !== undefined && document.charAt(single.start.offset) === '[';
  const span = isList ? locatePath(document, `$.Statement[${statementIndex}]`) : single;
  if (span === undefined) return [];
  const text = document.slice(span.start.offset, span.end.offset);
  const { line: first, column } = span.start;
  if (!text.includes('\n')) return cut(layOut(text).map((line) => ({ text: line })));
  const lines = text.split(/\r?\n/).map((line, index) => ({
    number: first + index,
    text: index === 0 ? `${' '.repeat(column - 1)}${line}` : line,
  }));
  return cut(outdent(lines));
}

function layOut(text: string): string[] {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n');
  } catch {
    // Only documents that were parsed are quoted; a text that is none is shown as it is.
    return [text];
  }
}

function outdent(lines: readonly { readonly number: number; readonly text: string }[]) {
  const indents = lines
    .filter(({ text }) => text.trim() !== '')
    .map(({ text }) => text.length - text.trimStart().length);
  const least = Math.min(...indents);
  return lines.map(({ number, text }) => ({ number, text: text.slice(least) }));
}

function cut(lines: readonly QuotedLine[]): QuotedLine[] {
  const shown = lines.slice(0, MAX_LINES).map(({ text, ...place }) => ({
    ...place,
    text: text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}…` : text,
  }));
  return lines.length > MAX_LINES ? [...shown, { text: `… ${lines.length - MAX_LINES} more lines` }] : shown;
}
