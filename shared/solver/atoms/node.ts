/**
 * Formulas made ready for search: negation pushed down to the predicates, sets of globs indexed, and each predicate
 * either free of variables or about a single glob that holds one.
 */
import { not, or, present, someValue } from '../../formula/build.ts';
import type { Formula, Glob, ScalarAttribute, ValueTest } from '../../formula/formula.ts';
import { type CompiledGlob, compileGlob } from './glob.ts';
import { compileSet, type GlobSet } from './globSet.ts';
import type { KeyFact } from './keyState.ts';

/** A predicate or its negation. */
export type Literal =
  | {
      readonly op: 'text';
      readonly attribute: ScalarAttribute;
      readonly set: GlobSet;
      readonly holds: boolean;
    }
  | { readonly op: 'key'; readonly key: string; readonly fact: KeyFact }
  | Tie;

/**
 * A text attribute, or a key that never holds two values, matches a glob with variables (which then have one value
 * each), or not.
 */
export type Tie = {
  readonly op: 'tie';
  readonly on: ScalarAttribute | { readonly key: string };
  readonly glob: CompiledGlob;
  readonly holds: boolean;
};

export type Node =
  | { readonly op: 'constant'; readonly holds: boolean }
  | { readonly op: 'and'; readonly args: readonly Node[] }
  | { readonly op: 'or'; readonly args: readonly Node[] }
  | Literal;

/** True iff the key never holds two values. */
export type IsSingle = (key: string) => boolean;

/** Nodes that were made, by whether the formula is asserted or denied. */
type Made = { readonly asserted: WeakMap<Formula, Node>; readonly denied: WeakMap<Formula, Node> };

const madeFor = new WeakMap<IsSingle, Made>();

/** Returns the node that is true iff the formula is `holds`. The same object for the same conjunction or disjunction. */
export function toNode(formula: Formula, isSingle: IsSingle, holds = true): Node {
  let made = madeFor.get(isSingle);
  if (made === undefined) {
    made = { asserted: new WeakMap(), denied: new WeakMap() };
    madeFor.set(isSingle, made);
  }
  return makeOnce(formula, holds, isSingle, made);
}

function makeOnce(formula: Formula, holds: boolean, isSingle: IsSingle, made: Made): Node {
  if (formula.kind !== 'and' && formula.kind !== 'or') return make(formula, holds, isSingle, made);
  const cache = holds ? made.asserted : made.denied;
  let node = cache.get(formula);
  if (node === undefined) {
    node = make(formula, holds, isSingle, made);
    cache.set(formula, node);
  }
  return node;
}

function make(formula: Formula, holds: boolean, isSingle: IsSingle, made: Made): Node {
  switch (formula.kind) {
    case 'true':
    case 'false':
      return { op: 'constant', holds: (formula.kind === 'true') === holds };
    case 'not':
      return makeOnce(formula.arg, !holds, isSingle, made);
    case 'and':
    case 'or':
      return {
        op: (formula.kind === 'and') === holds ? 'and' : 'or',
        args: formula.args.map((arg) => makeOnce(arg, holds, isSingle, made)),
      };
    case 'member': {
      const { attribute, globs } = formula;
      const { plain, tied } = split(globs);
      return anyOf(holds, [
        ...(plain === undefined
          ? []
          : [{ op: 'text', attribute, set: compileSet(plain), holds } satisfies Literal]),
        ...tied.map((glob): Literal => ({ op: 'tie', on: attribute, glob, holds })),
      ]);
    }
    case 'present':
      return keyLiteral(formula.key, { kind: 'present', holds });
    case 'several':
      return isSingle(formula.key)
        ? { op: 'constant', holds: !holds }
        : keyLiteral(formula.key, { kind: 'several', holds });
    case 'some':
      return some(formula, holds, isSingle, made);
  }
}

function some(
  { key, test, negated }: Extract<Formula, { kind: 'some' }>,
  holds: boolean,
  isSingle: IsSingle,
  made: Made,
): Node {
  const fact = (part: ValueTest) => keyLiteral(key, { kind: 'some', test: part, negated, holds });
  // Of at most one value "some value fails" is "there is one, and it does not pass".
  if (negated && isSingle(key))
    return makeOnce(or([not(present(key)), someValue(key, test)]), !holds, isSingle, made);
  if (test.kind !== 'text') return fact(test);
  const { plain, tied } = split(test.globs);
  if (tied.length === 0) return fact(test);
  if (isSingle(key)) {
    return anyOf(holds, [
      ...(plain === undefined ? [] : [fact({ kind: 'text', globs: plain })]),
      ...tied.map((glob) => tieOf(key, glob, holds, isSingle)),
    ]);
  }
  if (negated) return fact(test);
  return anyOf(holds, [
    ...(plain === undefined ? [] : [fact({ kind: 'text', globs: plain })]),
    ...test.globs.filter(hasVariable).map((glob) => fact(onlyGlob(glob))),
  ]);
}

/** A tie of a key. Two keys are equal whichever is said to equal the other: the same words for both. */
function tieOf(key: string, glob: CompiledGlob, holds: boolean, isSingle: IsSingle): Literal {
  const other = soleVariable(glob);
  if (other === undefined || !isSingle(other)) return { op: 'tie', on: { key }, glob, holds };
  if (other === key) return keyLiteral(key, { kind: 'present', holds });
  const [on, named] = key < other ? [key, other] : [other, key];
  return { op: 'tie', on: { key: on }, glob: on === key ? glob : variableGlob(named), holds };
}

/** Returns the key of a glob that is one variable and nothing else, compared with case. */
export function soleVariable({ items, variables, folded }: CompiledGlob): string | undefined {
  return items.length === 1 && folded[0] === false ? variables[0] : undefined;
}

function variableGlob(key: string): CompiledGlob {
  return compileGlob([{ kind: 'variable', key }]);
}

const keyLiteral = (key: string, fact: KeyFact): Literal => ({ op: 'key', key, fact });

function anyOf(holds: boolean, args: readonly Node[]): Node {
  const [first] = args;
  if (first === undefined) return { op: 'constant', holds: !holds };
  return args.length === 1 ? first : { op: holds ? 'or' : 'and', args };
}

const hasVariable = (glob: Glob) => glob.some(({ kind }) => kind === 'variable');

type Split = { readonly plain: readonly Glob[] | undefined; readonly tied: readonly CompiledGlob[] };

const splits = new WeakMap<readonly Glob[], Split>();

/** The globs without variables as one list, and each of the others compiled. */
function split(globs: readonly Glob[]): Split {
  if (!globs.some(hasVariable)) return { plain: globs, tied: [] };
  let known = splits.get(globs);
  if (known === undefined) {
    const plain = globs.filter((glob) => !hasVariable(glob));
    known = {
      plain: plain.length === 0 ? undefined : plain,
      tied: globs.filter(hasVariable).map(compileGlob),
    };
    splits.set(globs, known);
  }
  return known;
}

const onlyGlobs = new WeakMap<Glob, ValueTest>();

function onlyGlob(glob: Glob): ValueTest {
  let test = onlyGlobs.get(glob);
  if (test === undefined) {
    test = { kind: 'text', globs: [glob] };
    onlyGlobs.set(glob, test);
  }
  return test;
}

/** Returns the literal that is true iff the given one is false. */
export function negate(literal: Literal): Literal {
  return literal.op === 'key'
    ? { ...literal, fact: { ...literal.fact, holds: !literal.fact.holds } }
    : { ...literal, holds: !literal.holds };
}
