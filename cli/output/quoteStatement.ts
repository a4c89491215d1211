/** A statement as its author wrote it: the lines of the file, with their numbers. */
import type { Policy, Span } from '../../shared/policy/ast.ts';
import { createLocator } from '../../shared/policy/jsonDocument.ts';
import { visible } from './console.ts';
import { type Mark, type MarkStatement, statementPath } from './marks.ts';

/** Part of a quoted line, from one column to the one behind it, counted from 0. */
type QuotedMark = { readonly from: number; readonly to: number; readonly label: string };

/** `number` counts from 1; absent where the statement was laid out anew. */
export type QuotedLine = {
  readonly number?: number;
  readonly text: string;
  /** What matters in the line, in order. Absent: nothing in particular. */
  readonly marks?: readonly QuotedMark[];
};

export type Quotation = {
  /** `new.json:12`, or the name alone. */
  readonly place: string;
  readonly lines: readonly QuotedLine[];
  /** How many further lines the statement has. */
  readonly omitted: number;
};

const MAX_LINES = 30;
/** Beyond this a line is no line that a person wrote. */
const LONGEST_LINE = 300;

/** Gives the lines of the statement with this index, or undefined when the policy came without its text. */
export type QuoteStatement = (index: number) => Quotation | undefined;

/** Returns what quotes the statements of a policy; its text is read once, however many are asked for. */
export function quoteStatementsOf(
  { source, sourceName = 'policy' }: Policy,
  marksIn: MarkStatement = () => [],
): QuoteStatement {
  const locator = createLocator(source);
  const sourceLines = source.split(/\r?\n/);
  return (index) => {
    const path = statementPath(locator, index);
    const span = locator.locate(path);
    if (span === undefined) return undefined;
    const { start, end } = span;
    const text = source.slice(start.offset, end.offset);
    const lines = sourceLines.slice(start.line - 1, end.line);
    const place = `${sourceName}:${start.line}`;
    const marks = marksIn(index);
    if (!isQuotable(lines, text)) {
      const laidOut = JSON.stringify(JSON.parse(text), undefined, 2);
      const places = placesOf(marks, (mark) => createLocator(laidOut).locate(`$${mark.path}`));
      return { place, ...cut(laidOut.split('\n').map((line, offset) => quote(line, offset + 1, places))) };
    }
    const places = placesOf(marks, (mark) => locator.locate(path + mark.path));
    const numbered = lines.map((line, offset) => {
      const number = start.line + offset;
      return { number, ...quote(line, number, places) };
    });
    return { place, ...cut(numbered) };
  };
}

/** Lines that a person wrote, and that hold this statement alone. */
function isQuotable(lines: readonly string[], statement: string): boolean {
  const [only, ...others] = lines;
  if (only !== undefined && others.length === 0 && only.trim().replace(/,$/, '') !== statement) return false;
  return lines.every((line) => line.length <= LONGEST_LINE);
}

function cut(lines: readonly QuotedLine[]): { lines: QuotedLine[]; omitted: number } {
  // One line more or less is not worth saying that something is left out.
  if (lines.length <= MAX_LINES + 1) return { lines: dedent(lines), omitted: 0 };
  return { lines: dedent(lines.slice(0, MAX_LINES)), omitted: lines.length - MAX_LINES };
}

type MarkPlace = { readonly span: Span; readonly label: string };

function placesOf(marks: readonly Mark[], locate: (mark: Mark) => Span | undefined): readonly MarkPlace[] {
  return marks
    .flatMap((mark) => {
      const span = locate(mark);
      return span === undefined ? [] : [{ span, label: mark.label }];
    })
    .sort((a, b) => a.span.start.offset - b.span.start.offset);
}

function quote(line: string, number: number, places: readonly MarkPlace[]): QuotedLine {
  const text = visible(expandTabs(line));
  const marks = places.filter(({ span }) => span.start.line === number).map((place) => markIn(line, place));
  return { text, ...(marks.length === 0 ? {} : { marks }) };
}

/** What goes on in further lines is marked in its first. */
function markIn(line: string, { span: { start, end }, label }: MarkPlace): QuotedMark {
  const widthOf = (text: string) => visible(expandTabs(text)).length;
  const to = end.line === start.line ? end.column - 1 : line.length;
  return { from: widthOf(line.slice(0, start.column - 1)), to: widthOf(line.slice(0, to)), label };
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', '  ');
}

function dedent(lines: readonly QuotedLine[]): QuotedLine[] {
  const margins = lines.filter(({ text }) => text.trim() !== '').map(({ text }) => text.search(/\S/));
  const margin = Math.min(...margins);
  return lines.map(({ marks = [], ...line }) => ({
    ...line,
    text: line.text.slice(margin),
    ...(marks.length === 0
      ? {}
      : { marks: marks.map(({ from, to, label }) => ({ from: from - margin, to: to - margin, label })) }),
  }));
}
