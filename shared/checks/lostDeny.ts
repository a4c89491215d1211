/** Is a request no longer denied? A Deny counts for whatever others grant, so it is compared by itself. */
import { type EncodeOptions, encodeEffect, encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor } from '../encoder/question.ts';
import { evaluatePolicy } from '../evaluator/evaluate.ts';
import type { Request } from '../evaluator/request.ts';
import { and, not, or } from '../formula/build.ts';
import type { Statement } from '../policy/ast.ts';
import { documentsOf, type PolicySet } from '../policy/policySet.ts';
import { type Check, confirmLinked, linkedWhere, policiesOf, statementsWith } from './check.ts';
import { nearby } from './nearby.ts';
import { sameWords } from './unsettled.ts';

/**
 * Returns the check that fails iff some request is denied by `before` and by none of `others`. A Deny of `before`
 * contributes iff it matches such a request. Denies of limits count like those of policies.
 */
export function lostDeny(
  { before, others }: { readonly before: PolicySet; readonly others: readonly PolicySet[] },
  options: EncodeOptions,
  words: Pick<Check, 'passMessage' | 'failMessage' | 'describe'>,
): Check {
  const denied = (set: PolicySet) =>
    or(documentsOf(set).map(({ policy }) => encodeEffect(policy, 'Deny', options)));
  const policies = policiesOf(before, ...others);
  const kept = others.map((set) => statementsWith('Deny', set).map(({ statement }) => statement));
  const stands = (statement: Statement) =>
    kept.some((list) => list.some((other) => sameWords(other, statement)));
  return {
    ...words,
    candidates: statementsWith('Deny', before)
      .filter(({ statement }) => !stands(statement))
      .map(({ statement, document }) => ({
        statement,
        document,
        question: () =>
          askFor(
            and([
              encodeStatement(statement, options),
              ...others.map((set) => not(denied(nearby(set, statement)))),
            ]),
            linkedWhere(options, policies),
          ),
      })),
    confirm: confirmLinked(
      (request) => isDenied(before, request) && !others.some((set) => isDenied(set, request)),
      policies,
      options,
    ),
    policies,
    linkPrincipal: options.linkPrincipal,
  };
}

function isDenied(set: PolicySet, request: Request): boolean {
  return documentsOf(set).some(({ policy }) => evaluatePolicy(policy, request).denies.length > 0);
}
