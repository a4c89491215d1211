/** The deciders against each other, over generated policies. A failure prints its seed. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { noNewAccess } from '../../shared/checks/noNewAccess.ts';
import { allReadings } from '../../shared/checks/underReadings.ts';
import type { Question } from '../../shared/formula/formula.ts';
import { type SmtScript, toSmtLib } from '../../shared/formula/smtlib.ts';
import { NoScript } from '../../shared/formula/smtText.ts';
import type { PolicyType } from '../../shared/policy/ast.ts';
import { toSet } from '../../shared/policy/policySet.ts';
import { createAtomsSolver } from '../../shared/solver/atoms/atomsSolver.ts';
import { createBudget } from '../../shared/solver/budget.ts';
import { createZ3Solver } from '../../shared/solver/z3/z3Solver.ts';
import { askCvc5, hasCvc5 } from '../oracle/cvc5.ts';
import { edits, parse } from './arbitraries.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);
const TIMEOUT_MS = 400;
const budget = () => createBudget({ steps: 10_000_000, timeoutMs: TIMEOUT_MS });
const z3 = createZ3Solver();
const atoms = createAtomsSolver();
const TYPES: readonly PolicyType[] = ['IDENTITY_POLICY', 'RESOURCE_POLICY'];

afterAll(async () => {
  await z3.close();
});

/** The script, unless the language of SMT-LIB cannot say it. */
function scriptOf(question: Question): SmtScript | undefined {
  try {
    return toSmtLib(question);
  } catch (error) {
    if (error instanceof NoScript) return undefined;
    throw error;
  }
}

describe.each(TYPES)('%s', (policyType) => {
  const questionsOf = fc
    .tuple(edits(policyType), fc.boolean())
    .map(([{ existing, updated }, linkPrincipal]) => {
      const sides = {
        granted: [toSet(parse(updated, policyType))],
        refused: [toSet(parse(existing, policyType))],
      } as const;
      return allReadings(sides).flatMap(({ granted: [after], refused: [before] }) =>
        noNewAccess(before, after, { linkPrincipal }).candidates.map(({ question }) => question()),
      );
    });

  it('the finite decider and Z3 never say the opposite', async () => {
    await fc.assert(
      fc.asyncProperty(questionsOf, async (questions) => {
        for (const question of questions) {
          const finite = atoms.decide(question, budget()).kind;
          const smt = (await z3.decide(question, budget())).kind;
          expect([finite, smt].includes('sat') && [finite, smt].includes('unsat')).toBe(false);
        }
      }),
      { numRuns: RUNS / 8, endOnFailure: true },
    );
  });

  it.runIf(hasCvc5)('cvc5 takes the script and never says the opposite', () => {
    fc.assert(
      fc.property(questionsOf, (questions) => {
        for (const question of questions) {
          const finite = atoms.decide(question, budget()).kind;
          const smt = scriptOf(question);
          if (smt === undefined) continue;
          const word = askCvc5(smt.script, TIMEOUT_MS);
          expect(word).toMatch(/^(sat|unsat|unknown)$/);
          if (finite === 'sat') expect(word).not.toBe('unsat');
          if (finite === 'unsat' && !smt.mixed) expect(word).not.toBe('sat');
        }
      }),
      { numRuns: RUNS / 8, endOnFailure: true },
    );
  });
});
