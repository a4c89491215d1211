/**
 * The only makers of formulas. Each simplifies as it builds: constants vanish, nesting flattens,
 * double negation cancels; nothing else is decided here.
 */
import type { Formula, Glob, GlobToken, ScalarAttribute, ValueTest } from './formula.ts';

export const TRUE: Formula = { kind: 'true' };
export const FALSE: Formula = { kind: 'false' };

/** Returns a formula that is true iff all of `args` are; true for none. */
export function and(args: readonly Formula[]): Formula {
  return join('and', args);
}

/** Returns a formula that is true iff one of `args` is; false for none. */
export function or(args: readonly Formula[]): Formula {
  return join('or', args);
}

/** Returns a formula that is true iff `arg` is false. */
export function not(arg: Formula): Formula {
  if (arg.kind === 'true') return FALSE;
  if (arg.kind === 'false') return TRUE;
  return arg.kind === 'not' ? arg.arg : { kind: 'not', arg };
}

/** Returns a formula that is true iff the attribute's text matches one of `globs`; false for none. */
export function member(attribute: ScalarAttribute, globs: readonly Glob[]): Formula {
  return globs.length === 0 ? FALSE : { kind: 'member', attribute, globs };
}

/** Returns a formula that is true iff the key has at least one value. */
export function present(key: string): Formula {
  return { kind: 'present', key };
}

/** Returns a formula that is true iff the key has two or more different values. */
export function several(key: string): Formula {
  return { kind: 'several', key };
}

/** Returns a formula that is true iff some value of the key passes `test`. */
export function someValue(key: string, test: ValueTest): Formula {
  return isEmptyTest(test) ? FALSE : { kind: 'some', key, test, negated: false };
}

/** Returns a formula that is true iff some value of the key fails `test`. */
export function someOtherValue(key: string, test: ValueTest): Formula {
  return isEmptyTest(test) ? present(key) : { kind: 'some', key, test, negated: true };
}

/** Literal text as glob tokens. */
export function text(literal: string, foldCase = false): GlobToken[] {
  if (literal === '') return [];
  return [foldCase ? { kind: 'text', text: literal, foldCase: true } : { kind: 'text', text: literal }];
}

/** Returns the glob of all these one after the other, texts that meet made one. */
export function concat(...globs: readonly Glob[]): Glob {
  const joined: GlobToken[] = [];
  for (const token of globs.flat()) {
    const last = joined.at(-1);
    if (token.kind === 'text' && last?.kind === 'text' && token.foldCase === last.foldCase)
      joined[joined.length - 1] = { ...last, text: `${last.text}${token.text}` };
    else joined.push(token);
  }
  return joined;
}

/** Any characters but `:`. */
export const PART: GlobToken = { kind: 'star', of: 'notColon' };

/** Any characters. */
export const REST: GlobToken = { kind: 'star', of: 'any' };

function join(kind: 'and' | 'or', args: readonly Formula[]): Formula {
  const absorbing = kind === 'and' ? 'false' : 'true';
  const neutral = kind === 'and' ? 'true' : 'false';
  const flat: Formula[] = [];
  for (const arg of args) {
    if (arg.kind === absorbing) return arg;
    if (arg.kind === neutral) continue;
    if (arg.kind === kind) for (const inner of arg.args) flat.push(inner);
    else flat.push(arg);
  }
  const [first] = flat;
  if (first === undefined) return kind === 'and' ? TRUE : FALSE;
  return flat.length === 1 ? first : { kind, args: flat };
}

function isEmptyTest(test: ValueTest): boolean {
  switch (test.kind) {
    case 'text':
      return test.globs.length === 0;
    case 'number':
    case 'date':
    case 'binary':
      return test.values.length === 0;
    case 'ip':
      return test.ranges.length === 0;
  }
}
