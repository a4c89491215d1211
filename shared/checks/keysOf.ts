/** The keys that a formula speaks of: a model can hold no other. */
import type { Formula, Glob } from '../formula/formula.ts';

const known = new WeakMap<Formula, ReadonlySet<string>>();

/** Returns the lower-case names of the keys that the formula tests or whose value it compares with. */
export function keysOf(formula: Formula): ReadonlySet<string> {
  let keys = known.get(formula);
  if (keys === undefined) {
    keys = collect(formula);
    known.set(formula, keys);
  }
  return keys;
}

const NONE: ReadonlySet<string> = new Set();

function collect(formula: Formula): ReadonlySet<string> {
  switch (formula.kind) {
    case 'true':
    case 'false':
      return NONE;
    case 'not':
      return keysOf(formula.arg);
    case 'and':
    case 'or': {
      const parts = formula.args.map(keysOf).filter(({ size }) => size > 0);
      return parts.length < 2 ? (parts[0] ?? NONE) : new Set(parts.flatMap((part) => [...part]));
    }
    case 'member':
      return variablesOf(formula.globs);
    case 'present':
    case 'several':
      return new Set([formula.key]);
    case 'some': {
      const { test } = formula;
      return new Set([formula.key, ...(test.kind === 'text' ? variablesOf(test.globs) : [])]);
    }
  }
}

function variablesOf(globs: readonly Glob[]): ReadonlySet<string> {
  let keys: Set<string> | undefined;
  for (const glob of globs) {
    for (const token of glob) {
      if (token.kind !== 'variable') continue;
      keys ??= new Set();
      keys.add(token.key);
    }
  }
  return keys ?? NONE;
}
