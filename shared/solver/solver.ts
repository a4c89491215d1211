/** What every decider answers. Three answers, never two; the model only where it exists. */
import type { Model, Question } from '../formula/formula.ts';
import type { Budget } from './budget.ts';

export type Answer =
  | { readonly kind: 'sat'; readonly model: Model }
  | { readonly kind: 'unsat' }
  /** `cause`: one sentence, which construct or which limit. */
  | { readonly kind: 'unknown'; readonly cause: string };

export interface Solver {
  readonly name: 'atoms' | 'z3';
  /** Never throws for what a policy says; a broken solver process is an `unknown` with its cause. */
  decide(question: Question, budget: Budget): Answer | Promise<Answer>;
  /** Ends what keeps the process alive. Safe to call twice. */
  close(): Promise<void>;
}
