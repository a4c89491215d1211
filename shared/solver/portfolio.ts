/** The deciders together: the finite one first, Z3 for what it declines, or both against each other. */
import type { Question } from '../formula/formula.ts';
import { createAtomsSolver } from './atoms/atomsSolver.ts';
import { reduceQuestion } from './atoms/reduceQuestion.ts';
import type { Budget } from './budget.ts';
import type { Answer, Solver } from './solver.ts';

/** Who decides: `auto` asks Z3 only what the finite decider (`atoms`) declines; `both` asks both and compares. */
export type SolverChoice = 'auto' | 'atoms' | 'z3' | 'both';

/** An answer and who gave it; `retry` asks the decider that may yet know. */
export type Decided = {
  readonly answer: Answer;
  readonly decidedBy: Solver['name'];
  readonly retry?: () => Promise<Decided>;
};

export type Portfolio = {
  decide(question: Question, budget: Budget): Decided | Promise<Decided>;
  /** Where Z3 decides alone: the finite decider's answer, of which only a model counts, and that once it is confirmed. */
  readonly propose?: (question: Question, budget: Budget) => Answer;
  /** False where the deciders are held against each other or one is tried alone: then a request ends no question. */
  readonly takesPlainRequests: boolean;
  close(): Promise<void>;
};

/** Two exact deciders gave opposite answers: one of them is wrong, and nothing either says can be trusted. */
class DecidersDiffer extends Error {
  override readonly name = 'DecidersDiffer';
  readonly code = 'DECIDERS_DIFFER';
}

/**
 * Returns the deciders as chosen. `loadZ3` is called at the first question that needs Z3, and not before.
 * `both` throws `DecidersDiffer` when one says sat and the other unsat.
 */
export function createPortfolio(choice: SolverChoice, loadZ3: () => Promise<Solver>): Portfolio {
  const atoms = createAtomsSolver();
  let z3: Promise<Solver> | undefined;
  const askZ3 = async (question: Question, budget: Budget): Promise<Decided> => {
    z3 ??= loadZ3();
    return { answer: await (await z3).decide(question, budget), decidedBy: 'z3' };
  };
  const askAtoms = (question: Question, budget: Budget): Decided => ({
    answer: atoms.decide(question, budget),
    decidedBy: 'atoms',
  });
  const askBoth = async (question: Question, budget: Budget): Promise<Decided> => {
    const first = askAtoms(question, budget);
    const second = await askZ3(question, budget);
    const kinds = [first.answer.kind, second.answer.kind];
    if (kinds.includes('sat') && kinds.includes('unsat')) {
      throw new DecidersDiffer(
        `the deciders differ: atoms says ${first.answer.kind}, z3 says ${second.answer.kind}`,
      );
    }
    return first.answer.kind === 'unknown' ? second : first;
  };
  const askFirst = (question: Question, budget: Budget): Decided => {
    const first = askAtoms(question, budget);
    if (first.answer.kind !== 'unknown') return first;
    return { ...first, retry: () => askZ3(reduceQuestion(question, budget), budget) };
  };
  const decide: Portfolio['decide'] = { auto: askFirst, atoms: askAtoms, z3: askZ3, both: askBoth }[choice];
  return {
    decide,
    takesPlainRequests: choice === 'auto',
    ...(choice === 'z3' ? { propose: atoms.decide } : {}),
    async close() {
      if (z3 !== undefined) await (await z3).close();
      z3 = undefined;
    },
  };
}
