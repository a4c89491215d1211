/**
 * What is still open of a question → clauses. A literal is `2v` (variable v is true) or `2v + 1` (it is false). Equal
 * predicates are one variable, whichever document they stand in; each conjunction within a disjunction has a variable
 * of its own, which implies its parts.
 */
import type { Decimal } from '../../policy/ast.ts';
import type { Demand } from './findValue.ts';
import type { CompiledGlob } from './glob.ts';
import { compileSet, type GlobSet } from './globSet.ts';
import { type Literal, type Node, negate } from './node.ts';

export type Clause = number[];

export type Clauses = {
  readonly clauses: readonly Clause[];
  /** By variable: the predicate it stands for, when true and when false; undefined for a conjunction. */
  readonly atoms: readonly (readonly [Literal, Literal] | undefined)[];
};

/** Returns clauses that have a solution iff all nodes can be true, each predicate being free. */
export function toClauses(nodes: readonly Node[]): Clauses {
  const clauses: Clause[] = [];
  const atoms: (readonly [Literal, Literal] | undefined)[] = [];
  const byWord = new Map<string, number>();
  const conjunctions = new Map<Node, number>();
  const literalOf = (literal: Literal): number => {
    const word = wordOf(literal);
    let variable = byWord.get(word);
    const holds = isHeld(literal);
    if (variable === undefined) {
      variable = atoms.length;
      byWord.set(word, variable);
      atoms.push(holds ? [literal, negate(literal)] : [negate(literal), literal]);
    }
    return 2 * variable + (holds ? 0 : 1);
  };
  const termOf = (node: Node): number[] => {
    if (node.op === 'constant') return node.holds ? [TRUE] : [];
    if (node.op === 'or') return node.args.flatMap(termOf);
    if (node.op !== 'and') return [literalOf(node)];
    let variable = conjunctions.get(node);
    if (variable === undefined) {
      variable = atoms.length;
      atoms.push(undefined);
      conjunctions.set(node, variable);
      for (const arg of node.args) add([2 * variable + 1, ...termOf(arg)]);
    }
    return [2 * variable];
  };
  const add = (literals: readonly number[]) => {
    const clause = [...new Set(literals)];
    if (!clause.some((literal) => literal === TRUE || clause.includes(literal ^ 1))) clauses.push(clause);
  };
  for (const node of nodes) {
    if (node.op === 'and') for (const arg of node.args) add(termOf(arg));
    else add(termOf(node));
  }
  const knownWord = (literal: Literal) => byWord.get(wordOf(literal));
  // What shows that a key has a value (one value), said in words of its own, so that no box need find out.
  for (const [variable, atom] of atoms.entries()) {
    if (atom === undefined) continue;
    for (const implied of impliedBy(atom[0])) {
      const other = knownWord(implied);
      if (other !== undefined && other !== variable)
        clauses.push([2 * variable + 1, 2 * other + (isHeld(implied) ? 0 : 1)]);
    }
  }
  return { clauses, atoms };
}

/** Stands for a literal that is always true. */
const TRUE = -1;

function isHeld(literal: Literal): boolean {
  return literal.op === 'key' ? literal.fact.holds : literal.holds;
}

function impliedBy(literal: Literal): Literal[] {
  const present = (key: string): Literal => ({ op: 'key', key, fact: { kind: 'present', holds: true } });
  const single = (key: string): Literal => ({ op: 'key', key, fact: { kind: 'several', holds: false } });
  if (literal.op === 'text') return [];
  if (literal.op === 'key') return literal.fact.kind === 'present' ? [] : [present(literal.key)];
  const on = typeof literal.on === 'string' ? [] : [present(literal.on.key)];
  return [...on, ...literal.glob.variables.flatMap((key) => [present(key), single(key)])];
}

const words = new WeakMap<Literal, string>();

/** The same for a literal and its negation, and for literals that say the same in the same words. */
function wordOf(literal: Literal): string {
  let word = words.get(literal);
  if (word === undefined) {
    word = makeWord(literal);
    words.set(literal, word);
  }
  return word;
}

function makeWord(literal: Literal): string {
  switch (literal.op) {
    case 'text':
      return `${literal.attribute} ${wordOfSet(literal.set)}`;
    case 'key': {
      const { key, fact } = literal;
      if (fact.kind !== 'some') return `${fact.kind} ${key}`;
      return `${fact.negated ? 'other' : 'some'} ${key} ${wordOfTest(fact.test)}`;
    }
    case 'tie':
      return `tie ${typeof literal.on === 'string' ? literal.on : `key ${literal.on.key}`} ${wordOfGlob(literal.glob)}`;
  }
}

const setWords = new WeakMap<GlobSet, string>();

function wordOfSet(set: GlobSet): string {
  let word = setWords.get(set);
  if (word === undefined) {
    word = set.globs.map(wordOfGlob).sort().join(MARK);
    setWords.set(set, word);
  }
  return word;
}

/** Stands between the texts of a word; a text that holds it only makes a word longer than it need be. */
const MARK = '\u0001';

function wordOfGlob({ literal, items, variables, folded }: CompiledGlob): string {
  if (literal !== undefined) return `=${JSON.stringify(literal)}`;
  const named = variables.map((key, index) => `${JSON.stringify(key)}${folded[index] === true ? 'i' : ''}`);
  return `${items.join(',')} ${named.join(',')}`;
}

function wordOfTest(test: Demand['test']): string {
  const decimal = ({ units, scale }: Decimal) => `${units}e${scale}`;
  switch (test.kind) {
    case 'set':
      return `text ${wordOfSet(test.set)}`;
    case 'text':
      return `text ${wordOfSet(compileSet(test.globs))}`;
    case 'number':
    case 'date':
      return `${test.kind} ${test.comparison} ${test.values.map(decimal).sort().join(' ')}`;
    case 'binary':
      return `binary ${[...test.values].sort().join(' ')}`;
    case 'ip':
      return `ip ${test.ranges
        .map(({ version, first, last }) => `${version} ${first} ${last}`)
        .sort()
        .join(',')}`;
  }
}
