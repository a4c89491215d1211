import { describe, expect, it, vi } from 'vitest';
import { createBudget, createEngine } from '../../../shared/checks/index.ts';
import { noNewAccess } from '../../../shared/checks/noNewAccess.ts';
import { runCheck } from '../../../shared/checks/runCheck.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { toSet } from '../../../shared/policy/policySet.ts';
import { createPortfolio } from '../../../shared/solver/portfolio.ts';

const engine = createEngine({ solver: 'atoms' });

function read(statements: readonly object[]) {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), {
    policyType: 'IDENTITY_POLICY',
  });
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const folders = (count: number) =>
  read(
    Array.from({ length: count }, (_, n) => ({
      Effect: 'Allow',
      Action: 's3:*',
      Resource: `arn:aws:s3:::*a*b*${100 + n}*`,
      Condition: { StringLike: { 'aws:PrincipalTag/team': [`*x*${100 + n}*y*`, `*z${100 + n}*`] } },
    })),
  );

describe('a budget', () => {
  it('of steps makes a check UNKNOWN at the same place on every machine, and names the limit', async () => {
    const frugal = createEngine({ solver: 'atoms', maxSteps: 300 });

    const verdicts = [1, 2].map(() => frugal.checkNoNewAccess(folders(20), folders(40)));

    const [first, second] = await Promise.all(verdicts);
    expect(first).toMatchObject({ result: 'UNKNOWN', cause: expect.stringContaining('steps of search') });
    expect(second).toEqual(first);
  });

  it('is spent by all checks that share it', async () => {
    const shared = createBudget({ steps: 200_000, timeoutMs: 60_000 });
    const message = engine.within(shared);
    const results: string[] = [];

    for (let check = 0; check < 200; check++) {
      results.push((await message.checkNoNewAccess(folders(20), folders(30))).result);
    }

    expect(results[0]).toBe('FAIL');
    expect(results.at(-1)).toBe('UNKNOWN');
    expect((await engine.checkNoNewAccess(folders(20), folders(30))).result).toBe('FAIL');
  });

  it('that is spent stops the making of questions too, and names its own limit', async () => {
    const shared = createBudget({ steps: 10, timeoutMs: 60_000 });
    expect(() => shared.spend(11)).toThrow('more than 10 steps of search');
    const question = vi.fn(() => {
      throw new Error('a question was made for nothing');
    });
    const check = noNewAccess(toSet(folders(20)), toSet(folders(30)), { linkPrincipal: false });
    const unasked = { ...check, candidates: check.candidates.map((one) => ({ ...one, question })) };
    const portfolio = createPortfolio('auto', () => Promise.reject(new Error('Z3 was loaded for nothing')));
    const budget = createBudget({ steps: 1_000, timeoutMs: 60_000 }, shared);

    const verdict = await runCheck(unasked, { portfolio, budget });

    expect(verdict).toMatchObject({
      result: 'UNKNOWN',
      cause: expect.stringContaining('more than 10 steps of search'),
    });
    expect(question).not.toHaveBeenCalled();
  });
});
