/** The letters of ids, among the classes of characters that a wildcard stands for: the finite decider and cvc5 agree. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { and, not, someValue, text } from '../../../shared/formula/build.ts';
import { evaluateQuestion } from '../../../shared/formula/evaluateFormula.ts';
import type { CharClass, Glob, GlobToken, Question } from '../../../shared/formula/formula.ts';
import { toSmtLib } from '../../../shared/formula/smtlib.ts';
import { createAtomsSolver } from '../../../shared/solver/atoms/atomsSolver.ts';
import { createBudget } from '../../../shared/solver/budget.ts';
import { askCvc5, hasCvc5 } from '../../oracle/cvc5.ts';

const atoms = createAtomsSolver();

const held = (globs: readonly Glob[]) => someValue('id', { kind: 'text', globs });

const asking = (formula: Question['formula']): Question => ({
  formula,
  domains: { action: [text('a:b')], resource: [text('*')], principal: [text('Anonymous:')] },
  keyTypes: {},
  isSingleValued: () => true,
});

const token: fc.Arbitrary<GlobToken> = fc.oneof(
  fc
    .constantFrom('o-', 'O', 'a', 'z1', '/', ':', '-')
    .map((literal): GlobToken => ({ kind: 'text', text: literal })),
  fc.constant<GlobToken>({ kind: 'text', text: 'aB', foldCase: true }),
  fc
    .tuple(
      fc.constantFrom('one' as const, 'star' as const),
      fc.constantFrom<CharClass>('any', 'notColon', 'notSlashOrColon', 'lowerOrDigit', 'digit'),
    )
    .map(([kind, of]): GlobToken => ({ kind, of })),
);
const globs = fc.array(fc.array(token, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 });

describe('a wildcard for lower-case letters and digits', () => {
  it('leaves texts with others to wider wildcards', () => {
    const id: Glob = [...text('o-'), { kind: 'star', of: 'lowerOrDigit' }];
    const wider: Glob = [...text('o-'), { kind: 'star', of: 'notSlashOrColon' }];
    const question = asking(and([held([wider]), not(held([id]))]));

    const answer = atoms.decide(question, createBudget({ steps: 100_000, timeoutMs: 1_000 }));

    expect(answer).toMatchObject({ kind: 'sat' });
    if (answer.kind === 'sat')
      expect(answer.model.keys['id']).toEqual([expect.stringMatching(/^o-.*[^a-z0-9]/)]);
  });

  it.runIf(hasCvc5)('is never decided against cvc5', () => {
    fc.assert(
      fc.property(globs, globs, globs, (required, further, excluded) => {
        const question = asking(and([held(required), held(further), not(held(excluded))]));

        const answer = atoms.decide(question, createBudget({ steps: 1_000_000, timeoutMs: 5_000 }));

        if (answer.kind === 'sat') expect(evaluateQuestion(question, answer.model)).toBe(true);
        expect(['unknown', answer.kind]).toContain(askCvc5(toSmtLib(question).script, 1_000));
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
