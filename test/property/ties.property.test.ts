/** The finite decider over formulas that are nearly all variables, against small worlds, Z3 and cvc5. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  and,
  member,
  not,
  or,
  present,
  several,
  someOtherValue,
  someValue,
} from '../../shared/formula/build.ts';
import { evaluateQuestion } from '../../shared/formula/evaluateFormula.ts';
import type { Formula, Glob, GlobToken, Model, Question } from '../../shared/formula/formula.ts';
import { toSmtLib } from '../../shared/formula/smtlib.ts';
import { createAtomsSolver } from '../../shared/solver/atoms/atomsSolver.ts';
import { createBudget } from '../../shared/solver/budget.ts';
import { createZ3Solver } from '../../shared/solver/z3/z3Solver.ts';
import { askCvc5, hasCvc5 } from '../oracle/cvc5.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);
const TIMEOUT_MS = 400;
const budget = () => createBudget({ steps: 10_000_000, timeoutMs: TIMEOUT_MS });
const atoms = createAtomsSolver();
const z3 = createZ3Solver();

afterAll(async () => {
  await z3.close();
});

const SINGLE = ['a', 'b', 'c', 'd'];
const SETS = ['s', 't'];
const KEYS = [...SINGLE, ...SETS];
const key = fc.constantFrom(...KEYS);
const text = (value: string): GlobToken => ({ kind: 'text', text: value });
const variable = key.map((name): GlobToken => ({ kind: 'variable', key: name }));
const plain = fc.constantFrom<Glob>(
  [text('x')],
  [text('y')],
  [text('xy')],
  [text('x'), { kind: 'star', of: 'any' }],
  [{ kind: 'star', of: 'any' }, text('y')],
  [{ kind: 'one', of: 'any' }],
  [text('X'), { kind: 'star', of: 'notColon' }],
  [],
);
const tied: fc.Arbitrary<Glob> = fc.oneof(
  { weight: 4, arbitrary: variable.map((token) => [token]) },
  variable.map((token) => [text('x'), token]),
  variable.map((token) => [token, { kind: 'star', of: 'any' } as const]),
  fc.tuple(variable, variable).map(([one, other]) => [one, text('x'), other]),
  key.map((name) => [{ kind: 'variable', key: name, foldCase: true } as const]),
);
const globs = fc.array(fc.oneof({ weight: 3, arbitrary: tied }, plain), { minLength: 1, maxLength: 2 });

/** Patterns of a resource, its last part or its account being tied. */
const resources: fc.Arbitrary<readonly Glob[]> = fc
  .tuple(fc.oneof(tied, plain), fc.boolean())
  .map(([glob, inAccount]) => [
    inAccount
      ? [text('arn:p:s:r:'), ...glob.map(withoutColon), text(':'), { kind: 'star', of: 'any' }]
      : [text('arn:p:s:r:'), { kind: 'star', of: 'notColon' }, text(':b/'), ...glob],
  ]);

function withoutColon(token: GlobToken): GlobToken {
  return token.kind === 'star' || token.kind === 'one' ? { ...token, of: 'notColon' } : token;
}

const predicate: fc.Arbitrary<Formula> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(key, globs).map(([name, list]) => someValue(name, { kind: 'text', globs: list })),
  },
  fc.tuple(key, globs).map(([name, list]) => someOtherValue(name, { kind: 'text', globs: list })),
  key.map(present),
  fc.constantFrom(...SETS).map(several),
  { weight: 2, arbitrary: resources.map((list) => member('resource', list)) },
);
const formula = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    predicate,
    predicate.map(not),
    fc.array(tie('formula'), { minLength: 2, maxLength: 4 }).map(and),
    fc.array(tie('formula'), { minLength: 2, maxLength: 3 }).map(or),
  ),
})).formula;
const questions: fc.Arbitrary<Question> = fc.array(formula, { minLength: 1, maxLength: 5 }).map((parts) => ({
  formula: and(parts),
  domains: {
    action: [[text('a:b')]],
    principal: [[text('Anonymous:')]],
    resource: [
      [text('*')],
      [text('arn:p:s:r:'), { kind: 'star', of: 'notColon' }, text(':'), { kind: 'star', of: 'any' }],
    ],
  },
  keyTypes: {},
  isSingleValued: (name) => SINGLE.includes(name),
}));

const VALUES = ['x', 'y', 'xy', 'xx', 'X', '', 'xxy', 'z'];
const values = fc.constantFrom(...VALUES);
const worlds: fc.Arbitrary<Model> = fc.record({
  scalars: fc.record({
    action: fc.constant('a:b'),
    principal: fc.constant('Anonymous:'),
    resource: fc.oneof(
      fc.constant('*'),
      fc.tuple(values, values).map(([account, name]) => `arn:p:s:r:${account}:b/${name}`),
    ),
  }),
  keys: fc
    .tuple(
      ...SINGLE.map((name) => fc.array(values, { maxLength: 1 }).map((list) => [name, list] as const)),
      ...SETS.map((name) => fc.uniqueArray(values, { maxLength: 2 }).map((list) => [name, list] as const)),
    )
    .map((entries) => Object.fromEntries(entries.filter(([, list]) => list.length > 0))),
});

describe('variables', () => {
  it('no request of a small world contradicts an unsat', () => {
    fc.assert(
      fc.property(questions, fc.array(worlds, { minLength: 60, maxLength: 60 }), (question, tried) => {
        if (atoms.decide(question, budget()).kind !== 'unsat') return;
        for (const model of tried)
          expect({ model, holds: evaluateQuestion(question, model) }).toEqual({ model, holds: false });
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('the finite decider and Z3 never say the opposite', async () => {
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        const finite = atoms.decide(question, budget()).kind;
        const smt = (await z3.decide(question, budget())).kind;
        expect([finite, smt].includes('sat') && [finite, smt].includes('unsat')).toBe(false);
      }),
      { numRuns: RUNS / 2, endOnFailure: true },
    );
  });

  it.runIf(hasCvc5)('cvc5 never says the opposite', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const finite = atoms.decide(question, budget()).kind;
        if (isFolded(question.formula)) return;
        const word = askCvc5(toSmtLib(question).script, TIMEOUT_MS);
        expect(word).toMatch(/^(sat|unsat|unknown)$/);
        if (finite === 'sat') expect(word).not.toBe('unsat');
        if (finite === 'unsat') expect(word).not.toBe('sat');
      }),
      { numRuns: RUNS / 4, endOnFailure: true },
    );
  });
});

/** SMT-LIB has no words for a variable that is compared without case. */
function isFolded(part: Formula): boolean {
  switch (part.kind) {
    case 'and':
    case 'or':
      return part.args.some(isFolded);
    case 'not':
      return isFolded(part.arg);
    case 'member':
      return part.globs.some(hasFoldedVariable);
    case 'some':
      return part.test.kind === 'text' && part.test.globs.some(hasFoldedVariable);
    default:
      return false;
  }
}

function hasFoldedVariable(glob: Glob): boolean {
  return glob.some((token) => token.kind === 'variable' && token.foldCase === true);
}
