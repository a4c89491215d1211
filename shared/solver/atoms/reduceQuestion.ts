/** The smallest equivalent question the finite decider can make of one that it declines: only what still matters. */
import { and, FALSE, not, or, TRUE } from '../../formula/build.ts';
import type { Formula, Question } from '../../formula/formula.ts';
import { type Budget, createBudget, LimitReached } from '../budget.ts';
import { assume, type Box, type BoxContext, truthOf, wholeBox } from './box.ts';
import { toNode } from './node.ts';

const MAX_STEPS = 400_000;

/** Returns a question with the same models, without the predicates that its certain parts settle. */
export function reduceQuestion(question: Question, whole: Budget): Question {
  const context: BoxContext = {
    keyTypes: question.keyTypes,
    isSingleValued: question.isSingleValued,
    budget: createBudget({ steps: MAX_STEPS, timeoutMs: whole.remainingMs() }, whole),
  };
  const conjuncts = question.formula.kind === 'and' ? question.formula.args : [question.formula];
  try {
    let box: Box = wholeBox(question);
    const certain: Formula[] = [];
    const others: Formula[] = [];
    for (const conjunct of conjuncts) {
      const node = toNode(conjunct, question.isSingleValued);
      if (node.op === 'and' || node.op === 'or' || node.op === 'constant') {
        others.push(conjunct);
        continue;
      }
      const narrowed = assume(node, box, context);
      if (narrowed === undefined) return { ...question, formula: FALSE };
      box = narrowed;
      certain.push(conjunct);
    }
    return { ...question, formula: and([...certain, ...others.map((other) => reduce(other, box, context))]) };
  } catch (error) {
    // Reducing is a favour to the next decider; without it the question is merely larger.
    if (error instanceof LimitReached) return question;
    throw error;
  }
}

function reduce(formula: Formula, box: Box, context: BoxContext): Formula {
  switch (formula.kind) {
    case 'true':
    case 'false':
      return formula;
    case 'not':
      return not(reduce(formula.arg, box, context));
    case 'and':
      return and(formula.args.map((arg) => reduce(arg, box, context)));
    case 'or':
      return or(formula.args.map((arg) => reduce(arg, box, context)));
    default: {
      const node = toNode(formula, context.isSingleValued);
      if (node.op === 'and' || node.op === 'or' || node.op === 'constant') return formula;
      const truth = truthOf(node, box, context);
      return truth === 'open' ? formula : truth === 'true' ? TRUE : FALSE;
    }
  }
}
