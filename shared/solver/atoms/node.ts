/** Formulas made ready for search: negation pushed down to the predicates, sets of globs indexed. */
import type { Formula, ScalarAttribute } from '../../formula/formula.ts';
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
  | { readonly op: 'key'; readonly key: string; readonly fact: KeyFact };

export type Node =
  | { readonly op: 'constant'; readonly holds: boolean }
  | { readonly op: 'and'; readonly args: readonly Node[] }
  | { readonly op: 'or'; readonly args: readonly Node[] }
  | Literal;

/** Returns the node that is true iff the formula is `holds`. The same object for the same conjunction or disjunction. */
export function toNode(formula: Formula, holds = true): Node {
  if (formula.kind !== 'and' && formula.kind !== 'or') return make(formula, holds);
  const cache = holds ? asserted : denied;
  let node = cache.get(formula);
  if (node === undefined) {
    node = make(formula, holds);
    cache.set(formula, node);
  }
  return node;
}

const asserted = new WeakMap<Formula, Node>();
const denied = new WeakMap<Formula, Node>();

function make(formula: Formula, holds: boolean): Node {
  switch (formula.kind) {
    case 'true':
    case 'false':
      return { op: 'constant', holds: (formula.kind === 'true') === holds };
    case 'not':
      return toNode(formula.arg, !holds);
    case 'and':
    case 'or':
      return {
        op: (formula.kind === 'and') === holds ? 'and' : 'or',
        args: formula.args.map((arg) => toNode(arg, holds)),
      };
    case 'member':
      return { op: 'text', attribute: formula.attribute, set: compileSet(formula.globs), holds };
    case 'present':
    case 'several':
      return { op: 'key', key: formula.key, fact: { kind: formula.kind, holds } };
    case 'some':
      return {
        op: 'key',
        key: formula.key,
        fact: { kind: 'some', test: formula.test, negated: formula.negated, holds },
      };
  }
}

const negations = new WeakMap<Node, Node>();

/** Returns the node that is true iff the given one is false. */
export function negate(node: Node): Node {
  let negation = negations.get(node);
  if (negation === undefined) {
    negation = makeNegation(node);
    negations.set(node, negation);
    negations.set(negation, node);
  }
  return negation;
}

function makeNegation(node: Node): Node {
  switch (node.op) {
    case 'constant':
      return { op: 'constant', holds: !node.holds };
    case 'and':
    case 'or':
      return { op: node.op === 'and' ? 'or' : 'and', args: node.args.map(negate) };
    case 'text':
      return { ...node, holds: !node.holds };
    case 'key':
      return { ...node, fact: { ...node.fact, holds: !node.fact.holds } };
  }
}
