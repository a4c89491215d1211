/**
 * The finite decider: in one question an attribute is only compared with finitely many patterns, so its values fall
 * into finitely many classes. It answers exactly, or says why it cannot; it loads nothing and keeps nothing.
 */
import { evaluateQuestion } from '../../formula/evaluateFormula.ts';
import type { Question } from '../../formula/formula.ts';
import { type Budget, createBudget, LimitReached } from '../budget.ts';
import type { Answer, Solver } from '../solver.ts';
import { wholeBox } from './box.ts';
import { toNode } from './node.ts';
import { search } from './search.ts';

/** Steps of search for one question, so that it leaves something to the others of its check. */
const MAX_STEPS = 2_000_000;

type AtomsSolver = Omit<Solver, 'decide'> & { decide(question: Question, budget: Budget): Answer };

/** Returns the finite decider. It has no state: one serves all. */
export function createAtomsSolver(): AtomsSolver {
  return { name: 'atoms', decide, close: async () => {} };
}

function decide(question: Question, whole: Budget): Answer {
  const budget = createBudget({ steps: MAX_STEPS, timeoutMs: whole.remainingMs() }, whole);
  try {
    const answer = search(wholeBox(question), [toNode(question.formula, question.isSingleValued)], {
      keyTypes: question.keyTypes,
      isSingleValued: question.isSingleValued,
      budget,
    });
    if (answer.kind === 'unclear') return { kind: 'unknown', cause: answer.cause };
    // A model that does not satisfy what was asked would be a fault of ours: never say sat on it.
    if (answer.kind === 'sat' && !evaluateQuestion(question, answer.model)) {
      return { kind: 'unknown', cause: 'the model found does not satisfy the formula' };
    }
    return answer;
  } catch (error) {
    if (error instanceof LimitReached) return { kind: 'unknown', cause: error.message };
    throw error;
  }
}
