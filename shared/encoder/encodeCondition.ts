/**
 * Conditions → formulas, row for row the table of condition semantics:
 *
 * | form                       | key absent | key with values R                                   |
 * | positive                   | false      | one value, and it passes                            |
 * | negated                    | true       | one value, and it fails                             |
 * | `…IfExists`                | true       | as without                                          |
 * | `ForAllValues:` (negated)  | true       | every value passes (fails)                          |
 * | `ForAnyValue:` (negated)   | false      | some value passes (fails)                           |
 * | `Null`                     | true → true, false → false | true → false, false → true          |
 *
 * A lone empty string counts as absent for quantifiers and `Null`. A key that holds one value at most never has two.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; "Set operators for multivalued context keys".
 */

import {
  and,
  FALSE,
  not,
  or,
  present,
  several,
  someOtherValue,
  someValue,
  TRUE,
  text,
} from '../formula/build.ts';
import type { Formula, ValueTest } from '../formula/formula.ts';
import type { Condition, ConditionTest, Pattern } from '../policy/ast.ts';
import { canBeEmpty, isSingleValued } from '../policy/cardinality.ts';
import { encodeArnPattern, encodePattern, splitVariableCases, type VariableCase } from './encodePattern.ts';
import { linkedKey } from './linkedKeys.ts';

/** Returns a formula that is true iff the request satisfies the condition. */
export function encodeCondition(condition: Condition, options: { readonly linkPrincipal: boolean }): Formula {
  const { test } = condition;
  if (test.kind === 'null') return encodeNull(condition, test.values, options);
  if (options.linkPrincipal) {
    const linked = encodeLinked(condition);
    if (linked !== undefined) return linked;
  }
  const matches = splitVariableCases(patternsOf(test), (variableCase) => {
    const valueTest = encodeTest(test, variableCase);
    return quantify(condition, {
      notSeveral: isSingleValued(condition.key) ? TRUE : not(several(condition.key)),
      some: someValue(condition.key, valueTest),
      someOther: someOtherValue(condition.key, valueTest),
      ...(canBeEmpty(condition.key)
        ? { empty: { filled: filled(condition.key), passes: emptyPasses(valueTest) } }
        : {}),
    });
  });
  if (!condition.ifExists) return matches;
  const exists = condition.quantifier === undefined ? present(condition.key) : filled(condition.key);
  return or([not(exists), matches]);
}

const EMPTY: ValueTest = { kind: 'text', globs: [[]] };

/** Some value is not empty: what quantifiers and `Null` call present. */
function filled(key: string): Formula {
  return canBeEmpty(key) ? someOtherValue(key, EMPTY) : present(key);
}

/** Whether the empty text passes the test; undefined where that hangs on a variable. */
function emptyPasses(test: ValueTest): boolean | undefined {
  if (test.kind === 'binary') return test.values.includes('');
  if (test.kind !== 'text') return false;
  const stars = test.globs.filter((glob) => glob.every(({ kind }) => kind === 'star' || kind === 'variable'));
  if (stars.some((glob) => glob.every(({ kind }) => kind === 'star'))) return true;
  return stars.length === 0 ? false : undefined;
}

/** What can be said of a key's values: the facts every form is made of. */
type KeyFacts = {
  readonly notSeveral: Formula;
  /** Some value passes the test. */
  readonly some: Formula;
  /** Some value fails the test. */
  readonly someOther: Formula;
  /** Where a value may be empty: some value is not, and whether the empty text passes, where that is certain. */
  readonly empty?: { readonly filled: Formula; readonly passes: boolean | undefined };
};

function quantify(
  { negated, quantifier }: Pick<Condition, 'quantifier' | 'negated'>,
  facts: KeyFacts,
): Formula {
  const { notSeveral, some, someOther, empty } = facts;
  // Of an absent key no value passes, so that a negated operator is true of it.
  if (quantifier === undefined) return and([notSeveral, negated ? not(some) : some]);
  const wanted = negated ? someOther : some;
  const unwanted = negated ? some : someOther;
  // A lone empty value counts as none; that needs no words where it decides the same way by itself.
  if (quantifier === 'ForAllValues') {
    if (empty === undefined || empty.passes === !negated) return not(unwanted);
    return or([not(unwanted), not(empty.filled)]);
  }
  return empty === undefined || empty.passes === negated ? wanted : and([wanted, empty.filled]);
}

function encodeNull(
  condition: Condition,
  values: readonly boolean[],
  options: { linkPrincipal: boolean },
): Formula {
  if (condition.quantifier === 'ForAllValues') return TRUE;
  if (condition.quantifier === 'ForAnyValue') return FALSE;
  const linked = options.linkPrincipal ? linkedKey(condition.key) : undefined;
  const isPresent = linked === undefined ? filled(condition.key) : linked.present;
  return or(values.map((absent) => (absent ? not(isPresent) : isPresent)));
}

function encodeTest(test: Exclude<ConditionTest, { kind: 'null' }>, variableCase?: VariableCase): ValueTest {
  const options = variableCase === undefined ? {} : { variableCase };
  switch (test.kind) {
    case 'string':
      return {
        kind: 'text',
        globs: test.patterns.map((pattern) =>
          encodePattern(pattern, { foldCase: test.foldCase, ...options }),
        ),
      };
    case 'arn':
      return { kind: 'text', globs: test.patterns.flatMap((parts) => encodeArnPattern(parts, variableCase)) };
    case 'bool':
      return { kind: 'text', globs: test.values.map((value) => text(String(value), true)) };
    case 'number':
    case 'date':
      return { kind: test.kind, comparison: test.comparison, values: test.values };
    case 'binary':
      return { kind: 'binary', values: test.values };
    case 'ip':
      return { kind: 'ip', ranges: test.ranges };
  }
}

function patternsOf(test: ConditionTest): Parameters<typeof splitVariableCases>[0] {
  if (test.kind === 'string') return { texts: test.patterns };
  return test.kind === 'arn' ? { arns: test.patterns } : {};
}

/** Returns the condition said of the principal itself; undefined when it cannot be (no linked key, a number, …). */
function encodeLinked(condition: Condition): Formula | undefined {
  const linked = linkedKey(condition.key);
  if (linked === undefined || condition.test.kind === 'null') return undefined;
  const test =
    condition.test.kind === 'arn' && condition.key === 'aws:principalarn'
      ? withOwnAccount(condition.test)
      : condition.test;
  let isSaid = true;
  const matches = splitVariableCases(patternsOf(test), (variableCase) => {
    const encoded = encodeTest(test, variableCase);
    const some = encoded.kind === 'text' ? linked.having(encoded.globs) : linked.comparing?.(encoded);
    if (some === undefined) {
      isSaid = false;
      return FALSE;
    }
    return quantify(condition, { notSeveral: TRUE, some, someOther: and([linked.present, not(some)]) });
  });
  if (!isSaid) return undefined;
  return condition.ifExists ? or([not(linked.present), matches]) : matches;
}

/** An ARN in the account of the principal itself: of a principal's ARN that is any account. */
function withOwnAccount(test: Extract<ConditionTest, { kind: 'arn' }>): typeof test {
  const isOwn = ([token, ...others]: Pattern) =>
    others.length === 0 && token?.kind === 'variable' && token.key === 'aws:principalaccount';
  return {
    ...test,
    patterns: test.patterns.map((parts) =>
      isOwn(parts[4]) ? [parts[0], parts[1], parts[2], parts[3], [{ kind: 'star' }], parts[5]] : parts,
    ),
  };
}
