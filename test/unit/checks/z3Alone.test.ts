/** What is asked of Z3 where it decides alone. A stand-in answers for it, so that its questions can be counted. */
import { describe, expect, it } from 'vitest';
import { noNewAccess } from '../../../shared/checks/noNewAccess.ts';
import { runCheck } from '../../../shared/checks/runCheck.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { toSet } from '../../../shared/policy/policySet.ts';
import { createAtomsSolver } from '../../../shared/solver/atoms/atomsSolver.ts';
import { createBudget } from '../../../shared/solver/budget.ts';
import { createPortfolio } from '../../../shared/solver/portfolio.ts';

function allowing(Action: string, ...Resource: readonly string[]) {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return toSet(parsed.policy);
}

/** The verdict on what the second policy grants beyond the first, and how many questions Z3 was asked for it. */
async function askAlone(...[existing, updated]: readonly ReturnType<typeof allowing>[]) {
  if (existing === undefined || updated === undefined) throw new Error('two policies are compared');
  let asked = 0;
  const { decide } = createAtomsSolver();
  const portfolio = createPortfolio('z3', async () => ({
    name: 'z3',
    decide: async (question, budget) => {
      asked++;
      return decide(question, budget);
    },
    close: async () => {},
  }));
  const budget = createBudget({ steps: 1e7, timeoutMs: 60_000 });
  const verdict = await runCheck(noNewAccess(existing, updated, { linkPrincipal: false }), {
    portfolio,
    budget,
  });
  return { verdict, asked };
}

describe('Z3 alone', () => {
  it('is not asked for a possible request that the evaluator confirms', async () => {
    // No plain name will do, so that a decider must find one.
    const granted = ['e*', 'z*', '/*'].map((key) => `arn:aws:s3:::reports/${key}`);

    const { verdict, asked } = await askAlone(
      allowing('s3:GetObject', ...granted),
      allowing('s3:GetObject', 'arn:aws:s3:::reports/*z'),
    );

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true, decidedBy: 'z3' });
    expect(asked).toBe(1);
  });

  it('is asked whether there is none', async () => {
    const { verdict, asked } = await askAlone(
      allowing('s3:GetObject', 'arn:aws:s3:::reports/*'),
      allowing('s3:GetObject', 'arn:aws:s3:::report?'),
    );

    expect(verdict).toMatchObject({ result: 'FAIL', possible: false, decidedBy: 'z3' });
    expect(asked).toBeGreaterThan(1);
  });
});
