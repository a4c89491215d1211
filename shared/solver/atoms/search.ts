/**
 * Satisfiability of a formula over independent attributes, by narrowing boxes: predicates that are certain in the
 * box vanish, single predicates narrow it, and what partly overlaps is split, one disjunct at a time.
 * A box with nothing left to ask is turned into a model.
 */
import type { Model } from '../../formula/formula.ts';
import { assume, type Box, type BoxContext, truthOf } from './box.ts';
import { type Node, negate } from './node.ts';
import { type ModelAnswer, toModel } from './toModel.ts';

export type SearchAnswer =
  | { readonly kind: 'sat'; readonly model: Model }
  | { readonly kind: 'unsat' }
  /** Some box with variables could neither be filled nor shown empty. */
  | { readonly kind: 'unclear'; readonly cause: string };

type Rest = { readonly box: Box; readonly open: readonly Extract<Node, { op: 'or' }>[] };

/** Returns a model of all of `nodes` within the box; exact unless `unclear`. Throws `LimitReached`. */
export function search(box: Box, nodes: readonly Node[], context: BoxContext): SearchAnswer {
  context.budget.spend();
  const rest = propagate(box, nodes, context);
  if (rest === undefined) return { kind: 'unsat' };
  const clause = narrowest(rest.open);
  if (clause === undefined) return toAnswer(toModel(rest.box, context));
  const others = rest.open.filter((node) => node !== clause);
  let unclear: SearchAnswer | undefined;
  const earlier: Node[] = [];
  for (const arg of clause.args) {
    const answer = search(rest.box, [arg, ...earlier, ...others], context);
    if (answer.kind === 'sat') return answer;
    if (answer.kind === 'unclear') unclear = answer;
    // What the earlier branch has covered need not be looked at again.
    earlier.push(negate(arg));
  }
  return unclear ?? { kind: 'unsat' };
}

function toAnswer(answer: ModelAnswer): SearchAnswer {
  return answer.kind === 'none' ? { kind: 'unsat' } : answer;
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
      const isLiteral = node.op === 'text' || node.op === 'key';
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
    case 'key': {
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

/** The disjunction with the fewest disjuncts: it splits the least. */
function narrowest(open: Rest['open']): Rest['open'][number] | undefined {
  let best = open[0];
  for (const node of open) if (best === undefined || node.args.length < best.args.length) best = node;
  return best;
}
