/** Two states of a repository each, with the right answer in `expected.tsv`. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { annotationsOf } from '../../cli/diff/render/words.ts';
import { filesOfFolders } from '../../cli/diff/states/folders.ts';
import { compareFiles, type Options, overall } from '../unit/cli/diff/comparing.ts';

const folder = join(import.meta.dirname, 'diff');
const empty = mkdtempSync(join(tmpdir(), 'ratchet-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));
mkdirSync(join(empty, 'nothing'));

const rows = readFileSync(join(folder, 'expected.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [name = '', right = '', what = ''] = line.split('\t');
    return { name, right, what };
  });

describe('a change in a repository', () => {
  it.each(rows)('$name: $what is $right', async ({ name, right }) => {
    const before = join(folder, name, 'before');
    const files = await filesOfFolders(
      existsSync(before) ? before : join(empty, 'nothing'),
      join(folder, name, 'after'),
    );

    const comparison = await compareFiles(files);

    expect(overall(comparison)).toBe(right);
    if (right !== 'PASS') expect(annotationsOf(comparison)).not.toEqual([]);
    for (const { file } of annotationsOf(comparison)) expect(files.map(({ path }) => path)).toContain(file);
  });
});

type Row = {
  readonly name: string;
  /** More than one where either is right; only silence is wrong. */
  readonly expected: readonly string[];
  /** By path; a value that is no text stands for its JSON. A file may be the same on both sides. */
  readonly files: { readonly [path: string]: { readonly before?: unknown; readonly after?: unknown } };
  readonly options?: Options & { readonly isPair?: boolean };
};

const rowsOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line));

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

describe.each([
  ['a change of files', 'changes.jsonl'],
  ['a change of the values that templates and modules are given', 'values.jsonl'],
  ['a change that tries to pass unseen', 'attacks.jsonl'],
  ['a change of what opens by its absence, or without a policy', 'absentAndOpen.jsonl'],
  ['a change of calls, values and what only moves', 'callsAndMoves.jsonl'],
  ['a change that hides in names, accounts, loops, roles and files', 'hidden.jsonl'],
  ['a change of networks, conditions and what mappings give elsewhere', 'networksAndDefaults.jsonl'],
  ['a change of what only limits', 'limits.jsonl'],
])('%s', (_, name) => {
  it.each(rowsOf(name))('$name is $expected', async ({ expected, files, options }) => {
    const isPair = options?.isPair ?? false;
    const texts = Object.entries(files).map(([path, { before, after }]) => ({
      path,
      isPair,
      ...(before === undefined ? {} : { before: textOf(before) }),
      ...(after === undefined ? {} : { after: textOf(after) }),
    }));

    const comparison = await compareFiles(texts, options);

    expect(expected).toContain(overall(comparison));
  });
});
