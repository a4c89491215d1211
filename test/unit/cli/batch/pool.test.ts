import { expect, it } from 'vitest';
import { startPool } from '../../../../cli/batch/pool.ts';
import type { Line } from '../../../../cli/batch/readLines.ts';

const work = {
  solver: 'atoms',
  timeoutMs: 1_000,
  onlyPossible: false,
  maxLineBytes: 100,
  expect: false,
} as const;

const linesOf = (...texts: readonly string[]): Line[] =>
  texts.map((text, index) => ({ kind: 'text', number: index + 1, text }));

it('answers every other line where a thread ends in the middle', async () => {
  const pool = startPool(work, new URL('./mortalWorker.js', import.meta.url));
  if (pool === undefined) return;
  const lists = [
    linesOf('a', '{"id":"b","x":"die"}', 'c'),
    linesOf('d', 'e'),
    linesOf('f'),
    linesOf('{"id":"g","x":"die"}'),
    linesOf('h'),
  ];

  const answered = await Promise.all(lists.map((lines) => pool.answer(lines)));
  const later = await pool.answer(linesOf('i'));
  await pool.close();

  const ids = [...answered, later].map((list) => list.map(({ answer }) => answer.id));
  expect(ids).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f'], ['g'], ['h'], ['i']]);
  const faults = answered.flat().filter(({ counts }) => counts === 'faults');
  expect(faults.map(({ answer }) => answer)).toMatchObject([
    { id: 'b', error: { line: 2, code: 'FAULT' } },
    { id: 'g', error: { line: 1, code: 'FAULT' } },
  ]);
});

it('answers nothing more once it is closed', async () => {
  const pool = startPool(work, new URL('./mortalWorker.js', import.meta.url));
  if (pool === undefined) return;
  const answers = pool.answer(linesOf('a'));
  const closed = pool.close();

  await expect(answers).rejects.toThrow('ended early');
  await closed;
});
