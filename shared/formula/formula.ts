/**
 * The one logic all checks are asked in: and, or, not over predicates on the attributes of a request.
 * Knows no IAM word but attribute names. The encoder builds it, the solvers read it.
 *
 * A request, to a solver, is three texts (`action`, `resource`, `principal`) and for every key a finite set of
 * values; the empty set is an absent key. Nothing ties them together but `variable` tokens.
 */
import type { Comparison, Decimal, IpRange } from '../policy/ast.ts';

export type ScalarAttribute = 'action' | 'resource' | 'principal';

/** Which characters a wildcard stands for. Characters are code points. `lowerOrDigit`: `a` to `z` and `0` to `9`. */
export type CharClass = 'any' | 'notColon' | 'notSlashOrColon' | 'lowerOrDigit' | 'digit';

export type GlobToken =
  /** Literal text; with `foldCase`, letters match without case (see `foldChar`). */
  | { readonly kind: 'text'; readonly text: string; readonly foldCase?: true }
  /** Any number of characters of the class. */
  | { readonly kind: 'star'; readonly of: CharClass }
  /** Exactly one character of the class. */
  | { readonly kind: 'one'; readonly of: CharClass }
  /** The one value of a key, literally (with `foldCase`, letters match without case). When the key has not exactly one value, the whole glob matches nothing. */
  | { readonly kind: 'variable'; readonly key: string; readonly foldCase?: true };

/** Matches the whole text. */
export type Glob = readonly GlobToken[];

/** True iff the value is in one of the sets named. What does not parse as a number (…) is in none. */
export type ValueTest =
  | { readonly kind: 'text'; readonly globs: readonly Glob[] }
  | { readonly kind: 'number'; readonly comparison: Comparison; readonly values: readonly Decimal[] }
  | { readonly kind: 'date'; readonly comparison: Comparison; readonly values: readonly Decimal[] }
  | { readonly kind: 'ip'; readonly ranges: readonly IpRange[] }
  /** Equal bytes, as canonical base64. */
  | { readonly kind: 'binary'; readonly values: readonly string[] };

export type Formula =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'and'; readonly args: readonly Formula[] }
  | { readonly kind: 'or'; readonly args: readonly Formula[] }
  | { readonly kind: 'not'; readonly arg: Formula }
  /** The attribute's text matches at least one of the globs. */
  | { readonly kind: 'member'; readonly attribute: ScalarAttribute; readonly globs: readonly Glob[] }
  /** The key has at least one value. */
  | { readonly kind: 'present'; readonly key: string }
  /** The key has two or more different values. */
  | { readonly kind: 'several'; readonly key: string }
  /** Some value of the key passes the test (`negated`: fails it). */
  | {
      readonly kind: 'some';
      readonly key: string;
      readonly test: ValueTest;
      readonly negated: boolean;
    };

/** Which texts a key's values can be. `text` is anything. */
export type KeyType = 'text' | 'number' | 'date' | 'ip' | 'boolean';

/** A satisfiability question: is there a request within the domains that makes the formula true? */
export type Question = {
  readonly formula: Formula;
  /** The texts each scalar attribute can be. */
  readonly domains: { readonly [attribute in ScalarAttribute]: readonly Glob[] };
  /** Keys not listed are `text`. */
  readonly keyTypes: { readonly [key: string]: KeyType };
  /** True iff the key holds at most one value in any request; any other key may hold a set. */
  readonly isSingleValued: (key: string) => boolean;
};

/** What satisfies a question. Keys not listed are absent. */
export type Model = {
  readonly scalars: { readonly [attribute in ScalarAttribute]: string };
  readonly keys: { readonly [key: string]: readonly string[] };
};
