/**
 * Does a request satisfy a condition? Value by value, as the documentation tells it.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
import type { Comparison, Condition, ConditionTest, Decimal } from '../policy/ast.ts';
import { canBeEmpty } from '../policy/cardinality.ts';
import { parseAddress } from '../policy/cidr.ts';
import { compareDecimals, parseDecimal } from '../policy/decimal.ts';
import { parseInstant } from '../policy/instant.ts';
import { canonicalBase64 } from '../policy/parseCondition.ts';
import { matchesSome, matchParts, splitArn, type ValueOf } from './matchPattern.ts';

/** Returns true iff the condition holds; `valuesOf` gives the values of a key, none when it is absent. */
export function matchCondition(condition: Condition, valuesOf: ValueOf): boolean {
  const { test, quantifier, negated } = condition;
  const values = valuesOf(condition.key);
  // Quantifiers and `Null` see nothing in a lone empty string.
  const isBlank = values.length === 0 || (values.every((value) => value === '') && canBeEmpty(condition.key));
  if (test.kind === 'null') {
    if (quantifier !== undefined) return quantifier === 'ForAllValues';
    return test.values.some((absent) => absent === isBlank);
  }
  const isAbsent = quantifier === undefined ? values.length === 0 : isBlank;
  if (isAbsent) return condition.ifExists || isTrueWhenAbsent(condition);
  const passes = (value: string) => passesTest(test, value, valuesOf) !== negated;
  if (quantifier === undefined) return values.length === 1 && values.every(passes);
  return quantifier === 'ForAllValues' ? values.every(passes) : values.some(passes);
}

function isTrueWhenAbsent({ quantifier, negated }: Condition): boolean {
  return quantifier === undefined ? negated : quantifier === 'ForAllValues';
}

function passesTest(
  test: Exclude<ConditionTest, { kind: 'null' }>,
  value: string,
  valuesOf: ValueOf,
): boolean {
  switch (test.kind) {
    case 'string':
      return matchesSome(test.patterns, value, { foldCase: test.foldCase, valuesOf });
    case 'arn': {
      const parts = splitArn(value);
      if (parts === undefined) return false;
      return test.patterns.some((pattern) => matchParts(pattern, parts, { valuesOf }));
    }
    case 'number':
      return compares(parseDecimal(value), test);
    case 'date':
      return compares(parseInstant(value), test);
    case 'bool':
      return test.values.some((wanted) => value.toLowerCase() === String(wanted));
    case 'binary': {
      const bytes = canonicalBase64(value);
      return bytes !== undefined && test.values.includes(bytes);
    }
    case 'ip': {
      const address = parseAddress(value);
      if (address === undefined) return false;
      return test.ranges.some(
        ({ version, first, last }) =>
          version === address.version && first <= address.value && address.value <= last,
      );
    }
  }
}

const HOLDS: { readonly [comparison in Comparison]: (order: number) => boolean } = {
  '=': (order) => order === 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compares(
  value: Decimal | undefined,
  test: { comparison: Comparison; values: readonly Decimal[] },
): boolean {
  if (value === undefined) return false;
  return test.values.some((bound) => HOLDS[test.comparison](compareDecimals(value, bound)));
}
