/** Boxes as the theory of a search: each literal narrows the box, and what empties it is explained by few literals. */
import type { Model } from '../../formula/formula.ts';
import { assume, type Box, type BoxContext, variablesOfTest } from './box.ts';
import type { Clauses } from './clauses.ts';
import type { Literal } from './node.ts';
import type { Theory } from './satisfy.ts';
import { toModel, unitOf } from './toModel.ts';

/** After so many boxes that could neither be filled nor shown empty, no further one is looked for. */
const MAX_UNCLEAR = 32;

type BoxTheory = Theory & {
  /** The model of the last box that was filled. */
  readonly model: () => Model | undefined;
  /** Why some box was passed over that may have a model; undefined when none was. */
  readonly unclear: () => string | undefined;
};

/** Returns the theory of what can be narrowed out of `root`. Its methods throw `LimitReached`. */
export function createBoxTheory(root: Box, { atoms }: Clauses, context: BoxContext): BoxTheory {
  const asserted: { readonly literal: number; readonly box: Box }[] = [];
  let model: Model | undefined;
  let cause: string | undefined;
  let passedOver = 0;
  const top = () => asserted.at(-1)?.box ?? root;
  const literalOf = (literal: number): Literal => {
    const found = atoms[literal >> 1]?.[literal & 1];
    if (found === undefined) throw new Error('a conjunction was taken for a predicate');
    return found;
  };

  /** The literals asserted that are about one of the units, oldest first. */
  const about = (units: ReadonlySet<string>): number[] =>
    asserted
      .map(({ literal }) => literal)
      .filter((literal) => unitsOf(literalOf(literal)).some((unit) => units.has(unit)));

  /**
   * Returns few of the literals, the given ones with them, that cannot all be; all of them when it does not show again.
   * Each round finds the last literal without which the box is not yet empty.
   */
  const fewestOf = (
    given: readonly number[],
    others: readonly number[],
    isEmpty: (box: Box | undefined) => boolean,
  ): number[] => {
    const core = [...given];
    let rest = others;
    for (;;) {
      let box: Box | undefined = root;
      for (const literal of core) box = box && assume(literalOf(literal), box, context);
      if (isEmpty(box)) return core;
      const end = rest.findIndex((literal) => {
        box = box && assume(literalOf(literal), box, context);
        return isEmpty(box);
      });
      const needed = rest[end];
      if (needed === undefined) return [...given, ...others];
      core.push(needed);
      rest = rest.slice(0, end);
    }
  };

  return {
    assert(literal) {
      const predicate = literalOf(literal);
      const box = assume(predicate, top(), context);
      if (box === undefined) {
        const related = about(new Set(unitsOf(predicate)));
        return fewestOf([literal], related, (left) => left === undefined);
      }
      asserted.push({ literal, box });
      return undefined;
    },
    retract(count) {
      asserted.length -= count;
    },
    finish() {
      const answer = toModel(top(), context);
      if (answer.kind === 'sat') {
        model = answer.model;
        return undefined;
      }
      const related = about(answer.units);
      if (answer.kind === 'none') return fewestOf([], related, (box) => isRefuted(box, context));
      cause = answer.cause;
      if (++passedOver > MAX_UNCLEAR) return [];
      return related;
    },
    costOf(literal) {
      const predicate = atoms[literal >> 1]?.[literal & 1];
      return predicate && costOf(predicate);
    },
    model: () => model,
    unclear: () => cause,
  };
}

function isRefuted(box: Box | undefined, context: BoxContext): boolean {
  return box === undefined || toModel(box, context).kind === 'none';
}

/** The attributes and keys that a literal says something of. */
function unitsOf(literal: Literal): string[] {
  switch (literal.op) {
    case 'text':
      return [unitOf(literal.attribute)];
    case 'tie':
      return [unitOf(literal.on), ...literal.glob.variables.map((key) => unitOf({ key }))];
    case 'key': {
      const { key, fact } = literal;
      const named = fact.kind === 'some' ? variablesOfTest(fact.test) : [];
      return [unitOf({ key }), ...named.map((name) => unitOf({ key: name }))];
    }
  }
}

/** To be outside of a set, or absent, leaves most room for whatever comes; to be one of few texts the least. */
function costOf(literal: Literal): number {
  if (literal.op === 'tie') return literal.holds ? 5 : 1;
  if (literal.op === 'text') return literal.holds ? 6 : 0;
  return literal.fact.holds ? 3 : 2;
}
