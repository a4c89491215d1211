/**
 * Satisfiability of a formula over attributes and keys. What is certain narrows the box of all requests until nothing
 * new follows; nearly every question ends there. What is left open goes through clauses (see `satisfy`).
 */
import type { Model } from '../../formula/formula.ts';
import { assume, type Box, type BoxContext, truthOf } from './box.ts';
import { createBoxTheory } from './boxTheory.ts';
import { type Clause, type Clauses, toClauses } from './clauses.ts';
import type { Node } from './node.ts';
import { satisfy } from './satisfy.ts';
import { toModel } from './toModel.ts';

type SearchAnswer =
  | { readonly kind: 'sat'; readonly model: Model }
  | { readonly kind: 'unsat' }
  /** Some box could neither be filled nor shown empty. */
  | { readonly kind: 'unclear'; readonly cause: string };

type Rest = { readonly box: Box; readonly open: readonly Extract<Node, { op: 'or' }>[] };

/** Returns a model of all of `nodes` within the box; exact unless `unclear`. Throws `LimitReached`. */
export function search(box: Box, nodes: readonly Node[], context: BoxContext): SearchAnswer {
  const rest = propagate(box, nodes, context);
  if (rest === undefined) return { kind: 'unsat' };
  if (rest.open.length === 0) {
    const answer = toModel(rest.box, context);
    return answer.kind === 'none' ? { kind: 'unsat' } : answer;
  }
  const problem = toClauses(rest.open);
  const theory = createBoxTheory(rest.box, problem, context);
  const { clauses, atoms } = problem;
  const first = alternativesOf(problem);
  const isFound = satisfy({ clauses, size: atoms.length, first }, theory, context.budget);
  const model = theory.model();
  if (isFound && model !== undefined) return { kind: 'sat', model };
  const cause = theory.unclear();
  return cause === undefined ? { kind: 'unsat' } : { kind: 'unclear', cause };
}

/** From so many on, what a question leaves to choose is chosen first, in order: each narrows what the rest may be. */
const MANY_ALTERNATIVES = 8;

/** Returns the longest clause that has conjunctions only, as the calls have of which some request must be one. */
function alternativesOf({ clauses, atoms }: Clauses): Clause | undefined {
  let longest: Clause | undefined;
  for (const clause of clauses) {
    if (clause.length < MANY_ALTERNATIVES || clause.length <= (longest?.length ?? 0)) continue;
    if (clause.every((literal) => (literal & 1) === 0 && atoms[literal >> 1] === undefined)) longest = clause;
  }
  return longest;
}

/** Returns the box narrowed by all that is certain and the disjunctions still open; undefined iff a contradiction shows. */
function propagate(start: Box, nodes: readonly Node[], context: BoxContext): Rest | undefined {
  let box = start;
  let pending = nodes;
  for (;;) {
    const open: Extract<Node, { op: 'or' }>[] = [];
    let narrowed = false;
    // Conjunctions are opened by appending, so this list grows while it is read.
    const queue = [...pending];
    for (let index = 0; index < queue.length; index++) {
      const node = queue[index];
      if (node === undefined) break;
      if (node.op === 'and') {
        for (const arg of node.args) queue.push(arg);
        continue;
      }
      // A literal by itself is assumed at once; what it is certain of, that finds out.
      const isLiteral = node.op === 'text' || node.op === 'key' || node.op === 'tie';
      const simple = isLiteral ? node : simplify(node, box, context);
      if (simple.op === 'constant') {
        if (!simple.holds) return undefined;
      } else if (simple.op === 'or') {
        open.push(simple);
      } else if (simple.op === 'and') {
        queue.push(simple);
      } else {
        const next = assume(simple, box, context);
        if (next === undefined) return undefined;
        if (next !== box) narrowed = true;
        box = next;
      }
    }
    if (!narrowed || open.length === 0) return { box, open };
    pending = open;
  }
}

const YES: Node = { op: 'constant', holds: true };
const NO: Node = { op: 'constant', holds: false };

/** Returns the node with what is certain in the box replaced by constants and constants removed. */
function simplify(node: Node, box: Box, context: BoxContext): Node {
  switch (node.op) {
    case 'constant':
      return node;
    case 'text':
    case 'key':
    case 'tie': {
      const truth = truthOf(node, box, context);
      return truth === 'open' ? node : truth === 'true' ? YES : NO;
    }
    case 'and':
    case 'or': {
      const absorbing = node.op === 'or';
      const left: Node[] = [];
      let changed = false;
      for (const arg of node.args) {
        const simple = simplify(arg, box, context);
        if (simple.op === 'constant') {
          if (simple.holds === absorbing) return simple;
          changed = true;
          continue;
        }
        if (simple !== arg) changed = true;
        left.push(simple);
      }
      const [first] = left;
      if (first === undefined) return absorbing ? NO : YES;
      if (left.length === 1) return first;
      return changed ? { op: node.op, args: left } : node;
    }
  }
}
