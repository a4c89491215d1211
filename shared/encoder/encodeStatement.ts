/**
 * Statements and policies → formulas. The one encoder every check uses: no check has meaning of its own.
 * Knows no solver and no evaluator.
 */

import { and, FALSE, member, not, or, TRUE } from '../formula/build.ts';
import type { Formula } from '../formula/formula.ts';
import type { ActionElement, Policy, ResourceElement, Statement } from '../policy/ast.ts';
import { encodeCondition } from './encodeCondition.ts';
import { encodeActionPattern, encodeResourcePattern, splitVariableCases } from './encodePattern.ts';
import { encodePrincipal } from './encodePrincipal.ts';

export type EncodeOptions = {
  /** `aws:PrincipalAccount`, `aws:PrincipalArn`, `aws:PrincipalType` follow from the principal. */
  readonly linkPrincipal: boolean;
};

/**
 * Returns a formula that is true iff the statement matches the request, whatever its effect.
 * Throws `TooManyCases`, which a check turns into UNKNOWN.
 */
export function encodeStatement(statement: Statement, options: EncodeOptions): Formula {
  // Identity policies name no principal, so there is nothing to link.
  const linkPrincipal = options.linkPrincipal && statement.principal !== undefined;
  const cache = linkPrincipal ? linked : unlinked;
  let formula = cache.get(statement);
  if (formula === undefined) {
    formula = encode(statement, linkPrincipal);
    cache.set(statement, formula);
  }
  return formula;
}

// A check asks about each statement of the new policy against all of both: each is encoded once.
const linked = new WeakMap<Statement, Formula>();
const unlinked = new WeakMap<Statement, Formula>();

function encode(statement: Statement, linkPrincipal: boolean): Formula {
  return and([
    encodeAction(statement.action),
    encodeResourceOnce(statement.resource),
    encodePrincipal(statement.principal),
    encodeConditionsOnce(statement.conditions, linkPrincipal),
  ]);
}

// Questions differ in which of a statement's actions they keep; the rest of it is the same object in all of them.
const resources = new WeakMap<ResourceElement, Formula>();
const linkedConditions = new WeakMap<Statement['conditions'], Formula>();
const unlinkedConditions = new WeakMap<Statement['conditions'], Formula>();

function encodeResourceOnce(element: ResourceElement | undefined): Formula {
  if (element === undefined) return TRUE;
  let formula = resources.get(element);
  if (formula === undefined) {
    formula = encodeResource(element);
    resources.set(element, formula);
  }
  return formula;
}

function encodeConditionsOnce(conditions: Statement['conditions'], linkPrincipal: boolean): Formula {
  if (conditions.length === 0) return TRUE;
  const cache = linkPrincipal ? linkedConditions : unlinkedConditions;
  let formula = cache.get(conditions);
  if (formula === undefined) {
    formula = and(conditions.map((condition) => encodeCondition(condition, { linkPrincipal })));
    cache.set(conditions, formula);
  }
  return formula;
}

/** Returns a formula that is true iff some statement of that effect matches the request. */
export function encodeEffect(policy: Policy, effect: Statement['effect'], options: EncodeOptions): Formula {
  return or(
    policy.statements
      .filter((statement) => statement.effect === effect)
      .map((statement) => encodeStatement(statement, options)),
  );
}

function encodeAction(element: ActionElement): Formula {
  const isAll = element.patterns.some((pattern) => pattern.length === 1 && pattern[0]?.kind === 'star');
  const matches = isAll ? TRUE : member('action', element.patterns.flatMap(encodeActionPattern));
  return element.negated ? not(matches) : matches;
}

function encodeResource(element: ResourceElement): Formula {
  if (element.patterns.some((pattern) => pattern.kind === 'any')) return element.negated ? FALSE : TRUE;
  const arns = element.patterns.flatMap((pattern) => (pattern.kind === 'arn' ? [pattern.parts] : []));
  const texts = element.patterns.flatMap((pattern) => (pattern.kind === 'whole' ? [pattern.pattern] : []));
  const matches = splitVariableCases({ texts, arns }, (variableCase) =>
    member(
      'resource',
      element.patterns.flatMap((pattern) => encodeResourcePattern(pattern, variableCase)),
    ),
  );
  return element.negated ? not(matches) : matches;
}
