/** Work counted in steps, so that it is the same on every machine; `npm run bench` has the times. */
import { describe, expect, it } from 'vitest';
import { createBudget, createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { SCALINGS, type Side } from '../../bench/scaling.ts';

const engine = createEngine({ solver: 'atoms' });
const STEPS = 1_000_000;

function read({ documents }: Side) {
  const parsed = parsePolicy(documents[0] ?? '', { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

/** The verdict and the steps that it took. */
async function decide(family: string, size: number) {
  const [existing, updated] =
    SCALINGS.find(({ name }) => name === family)
      ?.make(size)
      .map(read) ?? [];
  if (existing === undefined || updated === undefined) throw new Error(`no family \`${family}\``);
  const budget = createBudget({ steps: STEPS, timeoutMs: 60_000 });
  const verdict = await engine.within(budget).checkNoNewAccess(existing, updated);
  return { verdict, steps: STEPS - budget.remainingSteps() };
}

describe('eighty Denies', () => {
  it.each(['Denies, one with another tag', 'Denies, one fewer'])(
    'of which new access is found in a tenth of the steps that one question may take: %s',
    async (family) => {
      const { verdict, steps } = await decide(family, 80);

      expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
      expect(steps).toBeLessThan(200_000);
    },
  );

  it('said anew grant nothing, which takes hardly any', async () => {
    const { verdict, steps } = await decide('Denies in another order, said anew', 80);

    expect(verdict.result).toBe('PASS');
    expect(steps).toBeLessThan(2_000);
  });
});
