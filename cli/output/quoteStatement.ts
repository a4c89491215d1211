/** A statement as its author wrote it: the lines of the file, with their numbers. */
import type { Policy } from '../../shared/policy/ast.ts';
import { createLocator } from '../../shared/policy/jsonDocument.ts';
import { visible } from './console.ts';

/** `number` counts from 1; absent where the statement was laid out anew. */
export type QuotedLine = { readonly number?: number; readonly text: string };

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
export function quoteStatementsOf({ source, sourceName = 'policy' }: Policy): QuoteStatement {
  const locator = createLocator(source);
  const sourceLines = source.split(/\r?\n/);
  return (index) => {
    // A policy may hold its only statement without a list.
    const span = locator.locate(`$.Statement[${index}]`) ?? locator.locate('$.Statement');
    if (span === undefined) return undefined;
    const { start, end } = span;
    const text = source.slice(start.offset, end.offset);
    const lines = sourceLines.slice(start.line - 1, end.line);
    const place = `${sourceName}:${start.line}`;
    if (!isQuotable(lines, text)) return { place, ...cut(layOut(text)) };
    const numbered = lines.map((line, offset) => ({
      number: start.line + offset,
      text: visible(expandTabs(line)),
    }));
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

function layOut(text: string): QuotedLine[] {
  return JSON.stringify(JSON.parse(text), undefined, 2)
    .split('\n')
    .map((line) => ({ text: visible(line) }));
}

function expandTabs(text: string): string {
  return text.replaceAll('\t', '  ');
}

function dedent(lines: readonly QuotedLine[]): QuotedLine[] {
  const margins = lines.filter(({ text }) => text.trim() !== '').map(({ text }) => text.search(/\S/));
  const margin = Math.min(...margins);
  return lines.map((line) => ({ ...line, text: line.text.slice(margin) }));
}
