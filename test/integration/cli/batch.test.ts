import { describe, expect, it } from 'vitest';
import { builtCommand } from './command.ts';

const { run } = builtCommand();

const POLICY = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const WIDER = { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };

function row(id: string, updated: unknown, more: object = {}): string {
  return JSON.stringify({ id, policyType: 'IDENTITY_POLICY', existing: POLICY, new: updated, ...more });
}

function answersOf(stdout: string) {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('batch', () => {
  it('answers each row in order and ends with status 0, verdicts of any kind', async () => {
    const stdin = `${row('a', POLICY)}\r\n\n${row('b', WIDER)}`;

    const { status, stdout, stderr } = await run(['batch', '-'], { stdin: `\ufeff${stdin}` });

    expect(answersOf(stdout)).toMatchObject([
      { id: 'a', result: 'PASS', micros: expect.any(Number) },
      { id: 'b', result: 'FAIL', witness: {}, micros: expect.any(Number) },
    ]);
    expect(stderr).toBe('2 rows: 1 PASS, 1 FAIL, 0 UNKNOWN, 0 bad\n');
    expect(status).toBe(0);
  });

  it('keeps order, line numbers and counts when a long batch goes to several threads', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) =>
      n === 2_500 ? 'nope' : row(`r${n}`, n % 7 === 0 ? WIDER : POLICY, { expected: 'PASS' }),
    );

    const { stdout, stderr } = await run(['batch', '--expect', '-'], { stdin: rows.join('\n') });

    const answers = answersOf(stdout);
    expect(answers.map(({ id }) => id)).toEqual(rows.map((_, n) => (n === 2_500 ? null : `r${n}`)));
    expect(answers[2_500]).toMatchObject({ error: { line: 2_501 } });
    const lines = [...stderr.matchAll(/line (\d+): `r/g)].map(([, line]) => Number(line));
    expect(lines).toEqual(rows.flatMap((_, n) => (n % 7 === 0 ? [n + 1] : [])));
    expect(stderr).toContain('3000 rows: 2570 PASS, 429 FAIL, 0 UNKNOWN, 1 bad, 429 not as expected');
  });

  it('answers a bad row with its error, goes on, and ends with status 2', async () => {
    const { status, stdout } = await run(['batch', '-'], {
      stdin: `${row('a', 5)}\nnope\n${row('c', POLICY)}\n`,
    });

    expect(answersOf(stdout)).toMatchObject([
      { id: 'a', error: { line: 1, path: '$.new', column: expect.any(Number), message: expect.any(String) } },
      { id: null, error: { line: 2 } },
      { id: 'c', result: 'PASS' },
    ]);
    expect(status).toBe(2);
  });

  it('ends with status 1 when --expect finds a difference, and names it', async () => {
    const stdin = `${row('a', WIDER, { expected: 'FAIL', reasons: [0] })}\n${row('b', WIDER, { expected: 'PASS' })}\n`;

    const { status, stderr } = await run(['batch', '--expect', '-'], { stdin });

    expect(stderr).toContain('line 2: `b`: expected PASS, got FAIL\n');
    expect(stderr).toContain('1 not as expected');
    expect(status).toBe(1);
  });

  it('refuses a line beyond the limit without keeping it', async () => {
    const stdin = Buffer.concat([Buffer.alloc(17 * 1_048_576, 'x'), Buffer.from(`\n${row('b', POLICY)}\n`)]);

    const { stdout } = await run(['batch', '-'], { stdin });

    expect(answersOf(stdout)).toMatchObject([
      { id: null, error: { line: 1, message: 'the line has more than 16777216 bytes, which is the limit' } },
      { id: 'b', result: 'PASS' },
    ]);
  });

  it('answers nothing to an empty input', async () => {
    expect(await run(['batch', '-'])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^0 rows/),
    });
  });

  it('ends without a word when its reader goes away, but not as if all rows were answered', async () => {
    const stdin = `${row('a', WIDER)}\n`.repeat(2000);

    const { status, stderr } = await run(['batch', '-'], { stdin, hangUpAfterBytes: 100 });

    expect(stderr).toBe('');
    expect(status).toBe(4);
  });

  it('writes one line a row for people with --output text', async () => {
    const stdin = `${row('a', POLICY)}\n${row('b', WIDER)}\n${row('c', 5)}\n`;

    const { stdout } = await run(['batch', '-', '--output', 'text'], { stdin });

    expect(stdout.split('\n')).toEqual([
      'PASS     a',
      'FAIL     b: statement 0',
      expect.stringMatching(/^ERROR {4}c: line 3:\d+: \$\.new: must be a policy document/),
      '',
    ]);
  });

  it('names a file that is not there', async () => {
    expect(await run(['batch', 'none.jsonl'])).toMatchObject({
      status: 2,
      stderr: 'none.jsonl: no such file\n',
    });
  });
});
