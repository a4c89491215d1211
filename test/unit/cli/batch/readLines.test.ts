import { describe, expect, it } from 'vitest';
import { type Line, readLines } from '../../../../cli/batch/readLines.ts';

async function linesOf(chunks: readonly (string | Uint8Array)[], maxLineBytes = 100): Promise<Line[]> {
  async function* stream() {
    yield* chunks;
  }
  const lines: Line[] = [];
  for await (const some of readLines(stream(), { maxLineBytes })) lines.push(...some);
  return lines;
}

describe('readLines', () => {
  it('numbers lines from 1 and leaves out those of white space alone', async () => {
    const lines = await linesOf(['a\n\n \t\nb\n']);

    expect(lines).toEqual([
      { kind: 'text', number: 1, text: 'a' },
      { kind: 'text', number: 4, text: 'b' },
    ]);
  });

  it('takes a last line that has no line end', async () => {
    expect(await linesOf(['a\nb'])).toMatchObject([{ text: 'a' }, { text: 'b' }]);
  });

  it('takes off a byte order mark at the start and carriage returns at line ends', async () => {
    expect(await linesOf(['\ufeffa\r\nb\r\n'])).toMatchObject([{ text: 'a' }, { text: 'b' }]);
  });

  it('joins a line, and a character, that were cut by chunks', async () => {
    const bytes = Buffer.from('xé\ny\n');

    expect(await linesOf([bytes.subarray(0, 2), bytes.subarray(2, 3), bytes.subarray(3)])).toMatchObject([
      { text: 'xé' },
      { text: 'y' },
    ]);
  });

  it('refuses a line beyond the limit and goes on with the next', async () => {
    expect(await linesOf(['aaaa', 'aa', 'aa\nok\n'], 5)).toEqual([
      { kind: 'too-long', number: 1 },
      { kind: 'text', number: 2, text: 'ok' },
    ]);
  });

  it('takes a line that is exactly as long as the limit', async () => {
    expect(await linesOf(['aaaaa\n'], 5)).toMatchObject([{ kind: 'text', text: 'aaaaa' }]);
  });

  it('names a line that is not UTF-8', async () => {
    expect(await linesOf([Uint8Array.of(0xff, 0xfe, 10), 'b\n'])).toEqual([
      { kind: 'not-utf8', number: 1 },
      { kind: 'text', number: 2, text: 'b' },
    ]);
  });

  it('gives the lines of a chunk before the next chunk arrives', async () => {
    const seen: string[] = [];
    async function* stream() {
      yield 'a\n';
      seen.push('asked for more');
      yield 'b\n';
    }

    for await (const lines of readLines(stream(), { maxLineBytes: 9 })) seen.push(`${lines.length} line`);

    expect(seen).toEqual(['1 line', 'asked for more', '1 line']);
  });
});
