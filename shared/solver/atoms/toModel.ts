/**
 * A box with nothing left to ask → a model. Attributes and keys that no tie joins are filled each on its own; those
 * that ties join are filled together (see `fillPart`).
 */
import type { Model, ScalarAttribute } from '../../formula/formula.ts';
import { toTable } from '../../policy/table.ts';
import { type Box, type BoxContext, type Cell, isCellPossible, variablesOfState } from './box.ts';
import { type Filling, fillPart } from './fillPart.ts';
import { assumeKey, findSeveral, findValues, type KeyState, unknownKey } from './keyState.ts';
import type { Tie } from './node.ts';
import type { Part } from './units.ts';

type ModelAnswer =
  | { readonly kind: 'sat'; readonly model: Model }
  /** No request in the box is like what is assumed of these attributes and keys. */
  | { readonly kind: 'none'; readonly units: ReadonlySet<string> }
  | { readonly kind: 'unclear'; readonly cause: string; readonly units: ReadonlySet<string> };

const ATTRIBUTES: readonly ScalarAttribute[] = ['action', 'resource', 'principal'];
/** How many ways of choosing cells, and numbers of values, are tried. */
const MAX_CHOICES = 64;

/** Returns one name for an attribute or a key. */
export function unitOf(on: Tie['on']): string {
  return typeof on === 'string' ? on : `key ${on.key}`;
}

/** Returns a model of the box, `none` iff it has none, or `unclear`. Throws `LimitReached`. */
export function toModel(box: Box, context: BoxContext): ModelAnswer {
  const parts = partsOf(box);
  const keys = toTable<readonly string[]>();
  const joined = new Set(parts.flatMap((part) => [...part.keys]));
  for (const [key, state] of box.keys) {
    if (joined.has(key)) continue;
    const found = findValues(state, context.keyTypes[key] ?? 'text', context.budget);
    const units = new Set([unitOf({ key })]);
    if (found.kind === 'none') return { kind: 'none', units };
    if (found.kind === 'unclear') return { kind: 'unclear', cause: TWO_WAYS, units };
    if (found.values.length > 0) keys[key] = found.values;
  }
  const scalars = { action: '', resource: '', principal: '' };
  for (const attribute of ATTRIBUTES) {
    const cell = box.cells[attribute].find((one) => isCellPossible(one, context.budget));
    if (cell === undefined) return { kind: 'none', units: new Set([attribute]) };
    scalars[attribute] = cell.sample ?? '';
  }
  for (const part of parts) {
    const answer = fillChoices(part, box, context);
    const units = new Set([...part.attributes, ...[...part.keys].map((key) => unitOf({ key }))]);
    if (answer.kind !== 'found') return { ...answer, units };
    Object.assign(scalars, answer.scalars);
    for (const [key, values] of answer.keys) if (values.length > 0) keys[key] = values;
  }
  return { kind: 'sat', model: { scalars, keys } };
}

const TWO_WAYS = 'one key is tested in two ways';

/** Attributes and keys that ties join. */
type Joined = {
  readonly attributes: ReadonlySet<ScalarAttribute>;
  readonly keys: ReadonlySet<string>;
  readonly ties: readonly Tie[];
};

function partsOf({ ties, keys }: Box): Joined[] {
  const links: { readonly units: readonly Tie['on'][]; readonly tie: Tie | undefined }[] = ties.map(
    (tie) => ({
      units: [tie.on, ...tie.glob.variables.map((key) => ({ key }))],
      tie,
    }),
  );
  for (const [key, state] of keys) {
    const named = variablesOfState(state);
    if (named.length > 0)
      links.push({ units: [{ key }, ...named.map((name) => ({ key: name }))], tie: undefined });
  }
  let parts: { units: Map<string, Tie['on']>; ties: Tie[] }[] = [];
  for (const { units, tie } of links) {
    const part = {
      units: new Map(units.map((on) => [unitOf(on), on])),
      ties: tie === undefined ? [] : [tie],
    };
    const apart: typeof parts = [];
    for (const other of parts) {
      if (![...other.units.keys()].some((unit) => part.units.has(unit))) {
        apart.push(other);
        continue;
      }
      for (const [unit, on] of other.units) part.units.set(unit, on);
      part.ties.push(...other.ties);
    }
    parts = [...apart, part];
  }
  return parts.map((part) => {
    const ons = [...part.units.values()];
    return {
      attributes: new Set(ons.filter((on) => typeof on === 'string')),
      keys: new Set(ons.flatMap((on) => (typeof on === 'string' ? [] : [on.key]))),
      ties: part.ties,
    };
  });
}

/** Tries the part with each choice of cells, and of how many values the keys have where that is left open. */
function fillChoices(joined: Joined, box: Box, context: BoxContext): Filling {
  let unclear: Filling | undefined;
  let tries = 0;
  for (const states of stateChoices(joined, box, context)) {
    for (const cells of cellChoices([...joined.attributes], box, context)) {
      if (++tries > MAX_CHOICES) return { kind: 'unclear', cause: 'too many texts with variables to try' };
      const part: Part = { cells, states, ties: joined.ties };
      const answer = fillPart(part, context);
      if (answer.kind === 'found') return answer;
      if (answer.kind === 'unclear') unclear = answer;
    }
  }
  return unclear ?? { kind: 'none' };
}

function* cellChoices(
  attributes: readonly ScalarAttribute[],
  box: Box,
  context: BoxContext,
): Iterable<ReadonlyMap<ScalarAttribute, Cell>> {
  const [first, ...others] = attributes;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const cell of box.cells[first]) {
    if (!isCellPossible(cell, context.budget)) continue;
    for (const rest of cellChoices(others, box, context)) yield new Map([...rest, [first, cell]]);
  }
}

/**
 * Absent where nothing says otherwise: then ties hold that must not match, and others there are none. Several values
 * where they can be. Only a key with one value can be what a variable stands for.
 */
function* stateChoices(
  { keys, ties }: Joined,
  box: Box,
  context: BoxContext,
): Iterable<ReadonlyMap<string, KeyState>> {
  const isNamed = new Set(ties.flatMap(({ glob }) => glob.variables));
  const isWanted = new Set<string>();
  for (const key of keys) {
    const state = box.keys.get(key);
    if (state === undefined) continue;
    for (const name of variablesOfState(state)) isNamed.add(name);
    for (const name of variablesOfState({ ...state, some: wanted(state.some), every: wanted(state.every) }))
      isWanted.add(name);
  }
  const options = [...keys].map((key) => {
    const state = box.keys.get(key) ?? unknownKey(context.isSingleValued(key));
    const ways: (KeyState | undefined)[] = [];
    const held = assumeKey(state, { kind: 'present', holds: true });
    if (state.present !== true) ways.push(assumeKey(state, { kind: 'present', holds: false }));
    if (!isNamed.has(key) || state.several === false) {
      if (state.present === true || isWanted.has(key)) ways.push(held);
    } else if (state.present === true || isWanted.has(key)) {
      const several = assumeKey(state, { kind: 'several', holds: true });
      const type = context.keyTypes[key] ?? 'text';
      const isPlain = variablesOfState(state).length === 0;
      if (several && (!isPlain || findSeveral(several, type, context.budget).kind !== 'none'))
        ways.push(several);
      ways.push(held && assumeKey(held, { kind: 'several', holds: false }));
    }
    return { key, ways: ways.filter((way) => way !== undefined) };
  });
  yield* product(options);
}

function wanted(demands: KeyState['some']): KeyState['some'] {
  return demands.filter(({ want }) => want);
}

function* product(
  options: readonly { readonly key: string; readonly ways: readonly KeyState[] }[],
): Iterable<ReadonlyMap<string, KeyState>> {
  const [first, ...others] = options;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const rest of product(others))
    for (const way of first.ways) yield new Map([...rest, [first.key, way]]);
}
