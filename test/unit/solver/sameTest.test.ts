/** A multivalued key tested twice against the same variable: whatever the variable’s value, both tests agree. */
import { describe, expect, it } from 'vitest';
import { and, not, someValue } from '../../../shared/formula/build.ts';
import type { Formula, Glob, Question } from '../../../shared/formula/formula.ts';
import { createAtomsSolver } from '../../../shared/solver/atoms/atomsSolver.ts';
import { createBudget } from '../../../shared/solver/budget.ts';

const atoms = createAtomsSolver();

const asking = (formula: Formula): Question => ({
  formula,
  domains: {
    action: [[{ kind: 'text', text: 'a:b' }]],
    resource: [[{ kind: 'text', text: '*' }]],
    principal: [[{ kind: 'text', text: 'Anonymous:' }]],
  },
  keyTypes: {},
  isSingleValued: (key) => key === 'name',
});

const ask = (formula: Formula) =>
  atoms.decide(asking(formula), createBudget({ steps: 10_000, timeoutMs: 1_000 })).kind;

/** Made anew each time, as each document's text is read anew. */
const held = (key = 'name', foldCase = false) => {
  const glob: Glob = [{ kind: 'variable', key, ...(foldCase ? { foldCase: true as const } : {}) }];
  return someValue('tags', { kind: 'text', globs: [glob] });
};

describe('a test by a variable, said twice of several values', () => {
  it('cannot be passed by some value and by none', () => {
    expect(ask(and([held(), not(held())]))).toBe('unsat');
    expect(ask(and([not(held()), held()]))).toBe('unsat');
  });

  it('is another test with another variable', () => {
    expect(ask(and([held(), not(held('other'))]))).toBe('sat');
  });

  it('is as wide without case', () => {
    expect(ask(and([held('name', true), not(held('name'))]))).toBe('sat');
  });
});
