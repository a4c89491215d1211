/** A stream of bytes → its lines, as many at a time as have arrived. Holds one line, never the whole stream. */
import { isUtf8 } from 'node:buffer';

/** Numbers count from 1. Lines of white space alone are left out, but counted. */
export type Line =
  | { readonly kind: 'text'; readonly number: number; readonly text: string }
  /** Not kept: longer than the limit. */
  | { readonly kind: 'too-long'; readonly number: number }
  | { readonly kind: 'not-utf8'; readonly number: number };

type LineOptions = {
  /** Bytes, the line end not counted. */
  readonly maxLineBytes: number;
  /** Told how many bytes each chunk had. */
  readonly onBytes?: (bytes: number) => void;
};

const LINE_FEED = 10;

/** Returns the lines, those of a chunk together. A byte order mark and carriage returns at line ends are taken off. */
export async function* readLines(
  stream: AsyncIterable<Uint8Array | string>,
  { maxLineBytes, onBytes }: LineOptions,
): AsyncGenerator<Line[]> {
  let number = 0;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const take = (piece: Uint8Array) => {
    length += piece.length;
    // Beyond the limit only the length is of interest.
    if (length > maxLineBytes) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  const finish = (): Line | undefined => {
    number++;
    const line = toLine(pieces, { number, tooLong: length > maxLineBytes });
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    onBytes?.(bytes.length);
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      take(bytes.subarray(start, end));
      const line = finish();
      if (line !== undefined) lines.push(line);
      start = end + 1;
    }
    take(bytes.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) {
    const line = finish();
    if (line !== undefined) yield [line];
  }
}

function toLine(
  pieces: readonly Uint8Array[],
  { number, tooLong }: { number: number; tooLong: boolean },
): Line | undefined {
  if (tooLong) return { kind: 'too-long', number };
  const bytes = Buffer.concat(pieces);
  if (!isUtf8(bytes)) return { kind: 'not-utf8', number };
  const text = bytes.toString('utf8').replace(/\r$/, '');
  const content = number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
  return /\S/.test(content) ? { kind: 'text', number, text: content } : undefined;
}
