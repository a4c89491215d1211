import { describe, expect, it } from 'vitest';
import type { Line } from '../../../../cli/batch/readLines.ts';
import { type Answer, differenceOf, runBatch } from '../../../../cli/batch/runBatch.ts';
import type { Engine } from '../../../../shared/checks/index.ts';
import type { Verdict } from '../../../../shared/checks/verdict.ts';

const PASS: Verdict = { result: 'PASS', message: 'Nothing new.', reasons: [], decidedBy: 'atoms' };

/** Passes whatever it is asked, but fails to answer when the new policy's id is `broken`. */
const engine: Engine = {
  checkNoNewAccess: async (_, updated) => {
    if ('id' in updated && updated.id === 'broken') throw new Error('the solver went away');
    return PASS;
  },
  checkAccessNotGranted: async () => PASS,
  checkNoPublicAccess: async () => PASS,
  checkNoExternalAccess: async () => PASS,
  remains: async () => PASS,
  tighten: async () => ({ result: 'declined', cause: '' }),
  proveRestore: async () => ({ result: 'proved' }),
  listNewAccess: async () => ({ pieces: [], cut: false }),
  close: async () => {},
};

function row(id: string, more: object = {}): string {
  const policy = { Statement: [] };
  return JSON.stringify({ id, policyType: 'IDENTITY_POLICY', existing: policy, new: policy, ...more });
}

async function run(texts: readonly string[], expectations = false) {
  async function* batches(): AsyncGenerator<Line[]> {
    yield texts.map((text, index) => ({ kind: 'text', number: index + 1, text }));
  }
  const answers: Answer[] = [];
  const differences: string[] = [];
  const counts = await runBatch(batches(), {
    engine,
    maxLineBytes: 1000,
    expect: expectations,
    write: async (some) => void answers.push(...some),
    onDifference: (difference) => differences.push(difference),
  });
  return { answers, differences, counts };
}

describe('runBatch', () => {
  it('answers in order, each with its id, verdict and micros', async () => {
    const { answers } = await run([row('a'), row('b')]);

    expect(answers).toEqual([
      { id: 'a', ...PASS, micros: expect.any(Number) },
      { id: 'b', ...PASS, micros: expect.any(Number) },
    ]);
  });

  it('answers a bad row with its line, and goes on', async () => {
    const { answers, counts } = await run([row('a'), '{', row('c')]);

    expect(answers[1]).toMatchObject({ id: null, error: { line: 2, path: '$' } });
    expect(answers[2]).toMatchObject({ id: 'c', result: 'PASS' });
    expect(counts).toMatchObject({ rows: 3, PASS: 2, bad: 1 });
  });

  it('answers a fault in one row and goes on', async () => {
    const { answers, counts } = await run([row('a', { new: { Id: 'broken', Statement: [] } }), row('b')]);

    expect(answers[0]).toEqual({
      id: 'a',
      error: { message: 'the solver went away', line: 1, code: 'FAULT' },
    });
    expect(answers[1]).toMatchObject({ id: 'b', result: 'PASS' });
    expect(counts).toMatchObject({ faults: 1, bad: 0 });
  });

  it('compares with what is expected only when told to', async () => {
    const texts = [row('a', { expected: 'FAIL' })];

    expect((await run(texts)).counts.differences).toBe(0);
    expect((await run(texts, true)).differences).toEqual(['line 1: `a`: expected FAIL, got PASS']);
  });
});

describe('differenceOf', () => {
  const verdict: Verdict = {
    result: 'FAIL',
    possible: true,
    message: '',
    reasons: [{ description: '', statementIndex: 2 }],
    decidedBy: 'atoms',
    witness: { action: 'a:b', resource: '*', context: {} },
  };

  it('finds none when result and statements are as expected', () => {
    expect(differenceOf({ expected: 'FAIL', reasons: [2] }, verdict)).toBeUndefined();
  });

  it('names statements that are not as expected', () => {
    expect(differenceOf({ expected: 'FAIL', reasons: [1, 2] }, verdict)).toBe(
      'expected the statements [1, 2], got [2]',
    );
  });
});
