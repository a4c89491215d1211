import { describe, expect, it } from 'vitest';
import { createBudget, createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

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
});
