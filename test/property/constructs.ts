/** The constructs with which a check may stay undecided: each named, each with its reason. Anything else must be decided. */

import type { Condition, Pattern, Policy } from '../../shared/policy/ast.ts';
import { KEY_TYPES } from '../../shared/policy/keyTypes.ts';

const CONSTRUCTS: { readonly [name: string]: (policies: readonly Policy[]) => boolean } = {
  /** Two theories over one text: a solver has to find a text that is, say, no date before 2026 and like `2*`. */
  'one key in two families, its type being one': (policies) => {
    const families = new Map<string, Set<string>>();
    for (const [key, type] of Object.entries(KEY_TYPES))
      families.set(key, new Set(type === 'boolean' ? ['string'] : [type]));
    for (const { key, test } of conditionsOf(policies)) {
      const known = families.get(key) ?? new Set();
      families.set(key, known.add(test.kind === 'arn' || test.kind === 'bool' ? 'string' : test.kind));
    }
    return [...families.values()].some((known) => [...known].filter((kind) => kind !== 'null').length > 1);
  },
  /** Two texts are tied to each other: word equations. */
  'a variable': (policies) =>
    patternsOf(policies).some((pattern) => pattern.some(({ kind }) => kind === 'variable')),
};

/** Returns the names of the constructs that the policies use. */
export function constructsOf(...policies: readonly Policy[]): string[] {
  return Object.keys(CONSTRUCTS).filter((name) => CONSTRUCTS[name]?.(policies) === true);
}

function conditionsOf(policies: readonly Policy[]): Condition[] {
  return policies.flatMap(({ statements }) => statements.flatMap(({ conditions }) => conditions));
}

function patternsOf(policies: readonly Policy[]): Pattern[] {
  const inResources = policies.flatMap(({ statements }) =>
    statements.flatMap(({ resource }) =>
      (resource?.patterns ?? []).flatMap((pattern) =>
        pattern.kind === 'arn' ? pattern.parts : pattern.kind === 'whole' ? [pattern.pattern] : [],
      ),
    ),
  );
  const inConditions = conditionsOf(policies).flatMap(({ test }) =>
    test.kind === 'string' ? test.patterns : test.kind === 'arn' ? test.patterns.flat() : [],
  );
  return [...inResources, ...inConditions];
}
