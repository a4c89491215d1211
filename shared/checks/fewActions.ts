/** Which few actions a change beneath an open one is about. */
import { and, member, not, text } from '../formula/build.ts';
import type { Glob, Question } from '../formula/formula.ts';
import type { Pattern } from '../policy/ast.ts';
import type { Answer } from '../solver/solver.ts';
import type { Contribution } from './check.ts';

/** More are not told one by one. */
const MAX_FEW = 4;

/**
 * Returns the actions of all requests that the check looks for, where the statement names any service's and they are few all the
 * same: much of what changes beneath `*` is about one action. Undefined: they are many, or it was not decided.
 */
export async function fewActions(
  { statement: { action }, question, witness }: Contribution,
  ask: (question: Question) => Answer | Promise<Answer>,
): Promise<readonly Pattern[] | undefined> {
  const isOpen = action.negated || action.patterns.some(([head]) => head?.kind !== 'text');
  if (!isOpen) return undefined;
  const asked = question();
  const found = [text(witness.action.toLowerCase())];
  while (found.length <= MAX_FEW) {
    const formula = and([not(member('action', found)), asked.formula]);
    const answer = await ask({ ...asked, formula });
    if (answer.kind === 'unsat') return found.map(asPattern);
    if (answer.kind === 'unknown') return undefined;
    found.push(text(answer.model.scalars.action));
  }
  return undefined;
}

const asPattern = (action: Glob): Pattern =>
  action.flatMap((token) => (token.kind === 'text' ? [{ kind: 'text', text: token.text }] : []));
