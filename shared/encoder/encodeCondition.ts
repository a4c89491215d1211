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
  member,
  not,
  or,
  present,
  several,
  someOtherValue,
  someValue,
  TRUE,
  text,
} from '../formula/build.ts';
import type { Formula, Glob, ValueTest } from '../formula/formula.ts';
import type { Condition, ConditionTest } from '../policy/ast.ts';
import { canBeEmpty, isSingleValued } from '../policy/cardinality.ts';
import { toTable } from '../policy/table.ts';
import { encodeArnPattern, encodePattern, splitVariableCases, type VariableCase } from './encodePattern.ts';
import { AWS_SERVICES, PRINCIPAL_TYPES, WITH_ARN } from './encodePrincipal.ts';

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
  const linked = options.linkPrincipal ? LINKED_KEYS[condition.key] : undefined;
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

/** Keys that the principal fixes: when they are present, and which principals have a value that one of `globs` matches. */
type LinkedKey = { readonly present: Formula; readonly having: (globs: readonly Glob[]) => Formula };

const withArn = member('principal', WITH_ARN);
const isService = member('principal', AWS_SERVICES);

const LINKED_KEYS = toTable<LinkedKey>({
  'aws:principalarn': {
    present: withArn,
    having: (globs) =>
      member(
        'principal',
        globs.map((glob) => [...text('AWS:'), { kind: 'star', of: 'notColon' }, ...text(':'), ...glob]),
      ),
  },
  'aws:principalaccount': {
    present: withArn,
    having: (globs) =>
      member(
        'principal',
        globs.map((glob) => [
          ...text('AWS:'),
          { kind: 'star', of: 'notColon' },
          ...text(':arn:'),
          { kind: 'star', of: 'notColon' },
          ...text(':'),
          { kind: 'star', of: 'notColon' },
          ...text('::'),
          // An account id holds no colon, so inside it a wildcard stands for no colon either.
          ...glob.map((token) =>
            token.kind === 'star' || token.kind === 'one' ? { ...token, of: 'notColon' as const } : token,
          ),
          ...text(':'),
          { kind: 'star', of: 'any' },
        ]),
      ),
  },
  'aws:principaltype': {
    present: or(Object.values(PRINCIPAL_TYPES).map((globs) => member('principal', globs))),
    having: (globs) =>
      or(
        Object.entries(PRINCIPAL_TYPES)
          .filter(([type]) => globs.some((glob) => matchesConstant(glob, type)))
          .map(([, principals]) => member('principal', principals)),
      ),
  },
  // In every request: true for a service that calls by itself. Source: IAM User Guide, "aws:PrincipalIsAWSService".
  'aws:principalisawsservice': {
    present: TRUE,
    having: (globs) =>
      or(
        [isService, not(isService)].filter((_, index) =>
          globs.some((glob) => matchesConstant(glob, index === 0 ? 'true' : 'false')),
        ),
      ),
  },
});

/** The keys whose values follow from the principal when attributes are linked. */
export const LINKED_KEY_NAMES: readonly string[] = Object.keys(LINKED_KEYS);

/** Returns the condition said of the principal itself; undefined when it cannot be (no linked key, a variable, a number, …). */
function encodeLinked(condition: Condition): Formula | undefined {
  const linked = LINKED_KEYS[condition.key];
  const { test } = condition;
  if (linked === undefined || test.kind === 'null') return undefined;
  const encoded = encodeTest(test);
  if (encoded.kind !== 'text') return undefined;
  const { globs } = encoded;
  if (globs.some((glob) => glob.some((token) => token.kind === 'variable'))) return undefined;
  const some = linked.having(globs);
  const matches = quantify(condition, {
    notSeveral: TRUE,
    some,
    someOther: and([linked.present, not(some)]),
  });
  return condition.ifExists ? or([not(linked.present), matches]) : matches;
}

/** True iff the glob (no variables) matches the constant, which is plain ASCII. */
function matchesConstant(glob: Glob, constant: string): boolean {
  let starts = new Set([0]);
  for (const token of glob) {
    const next = new Set<number>();
    for (const start of starts) {
      if (token.kind === 'text') {
        const end = start + token.text.length;
        const piece = constant.slice(start, end);
        const equal = token.foldCase
          ? piece.toLowerCase() === token.text.toLowerCase()
          : piece === token.text;
        if (equal) next.add(end);
      } else if (token.kind === 'one' && start < constant.length) {
        next.add(start + 1);
      } else if (token.kind === 'star') {
        for (let end = start; end <= constant.length; end++) next.add(end);
      }
    }
    starts = next;
  }
  return starts.has(constant.length);
}
