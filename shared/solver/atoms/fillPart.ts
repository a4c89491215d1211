/**
 * Attributes and keys that ties join → values for all of them. Keys that must be equal are one class with one value.
 * What ties say of the values, whatever these are, is worked out first: it refutes, and it leaves few values to try.
 * Values that can be anything are tried by example, so that "not found" refutes only where all values were tried.
 */
import { isOfType } from '../../formula/evaluateFormula.ts';
import type { ScalarAttribute } from '../../formula/formula.ts';
import { type BoxContext, type Cell, substituteDemand, substituteSet, type VariableValue } from './box.ts';
import { findText } from './findText.ts';
import { type Demand, findValue, meets, setOf } from './findValue.ts';
import type { CompiledGlob } from './glob.ts';
import { type GlobSet, makeSet } from './globSet.ts';
import { findValues } from './keyState.ts';
import { soleVariable } from './node.ts';
import {
  contradictsItself,
  learnFromUnwanted,
  learnFromWanted,
  type Part,
  type Unit,
  type Units,
  unitsOf,
  wantedSets,
} from './units.ts';

export type Filling =
  | {
      readonly kind: 'found';
      readonly scalars: { readonly [attribute in ScalarAttribute]?: string };
      readonly keys: ReadonlyMap<string, readonly string[]>;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly cause: string };

const NONE: Filling = { kind: 'none' };
const MAX_TRIES = 64;
const ROUNDS = 2;

/** Returns values for the part, `none` iff there are none, or `unclear`. Throws `LimitReached`. */
export function fillPart(part: Part, context: BoxContext): Filling {
  const units = unitsOf(part, context);
  if (units === undefined) return NONE;
  const { classes, byKey } = units;
  const all = [...units.attributes.values(), ...classes];
  if (all.some(contradictsItself)) return NONE;
  const examples = new Map<Unit, string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const unit of all) {
      if (!learnFromWanted(unit, byKey)) return NONE;
      learnFromUnwanted(unit, byKey);
    }
    if (all.some((unit) => isImpossible(unit, examples, context))) return NONE;
  }
  let tries = 0;
  let isComplete = true;
  const values = new Map<Unit, string>();
  const variableValue: VariableValue = (key) => {
    const unit = byKey.get(key);
    const value = unit && values.get(unit);
    return value === undefined ? undefined : { text: value };
  };
  const order = inOrder(classes, byKey);
  const assign = (index: number): Filling => {
    const unit = order[index];
    if (unit === undefined) return fillRest({ part, units, values, variableValue }, context);
    const options = optionsFor(unit, { values, byKey, variableValue }, context);
    if (!options.isComplete) isComplete = false;
    for (const value of options.values) {
      if (++tries > MAX_TRIES) {
        isComplete = false;
        break;
      }
      values.set(unit, value);
      const answer = assign(index + 1);
      if (answer.kind === 'found') return answer;
      if (answer.kind === 'unclear') isComplete = false;
    }
    values.delete(unit);
    return NONE;
  };
  const answer = assign(0);
  if (answer.kind === 'found' || isComplete) return answer;
  return { kind: 'unclear', cause: 'a variable ties two attributes in a way that could not be decided' };
}

/** `examples`: a text of each unit, as long as it is known. */
function isImpossible(unit: Unit, examples: Map<Unit, string>, context: BoxContext): boolean {
  const { cell, types, demands } = unit;
  const known = examples.get(unit) ?? cell?.sample;
  if (known !== undefined && demands.every((demand) => meets(known, demand))) return false;
  if (cell === undefined) {
    const found = findValue(types, demands, [], context.budget);
    if (found.kind === 'found') examples.set(unit, found.value);
    return found.kind === 'none';
  }
  const text = findCellText(cell, demands, context);
  if (text !== undefined) examples.set(unit, text);
  return text === undefined;
}

function findCellText(
  { base, requires, excludes }: Cell,
  demands: readonly Demand[],
  { budget }: BoxContext,
): string | undefined {
  const sets = (want: boolean) =>
    demands.flatMap((demand) => (demand.want === want ? (setOf(demand) ?? []) : []));
  return findText(
    { base, requires: [...requires, ...sets(true)], excludes: [...excludes, ...sets(false)] },
    budget,
  );
}

/** Those first whose values others hold. */
function inOrder(classes: readonly Unit[], byKey: ReadonlyMap<string, Unit>): Unit[] {
  const order = new Set<Unit>();
  const visiting = new Set<Unit>();
  const visit = (unit: Unit) => {
    if (order.has(unit) || visiting.has(unit)) return;
    visiting.add(unit);
    for (const { globs } of unit.wanted) {
      for (const key of globs.flatMap(({ variables }) => variables)) {
        const other = byKey.get(key);
        if (other !== undefined) visit(other);
      }
    }
    order.add(unit);
  };
  // Those with few values first: what can be anything makes way for them.
  const isFew = (unit: Unit) => finiteValues(unit) !== undefined;
  for (const unit of [...classes.filter(isFew), ...classes.filter((one) => !isFew(one))]) visit(unit);
  return [...order];
}

type Assigned = {
  readonly values: ReadonlyMap<Unit, string>;
  readonly byKey: ReadonlyMap<string, Unit>;
  readonly variableValue: VariableValue;
};

/** Values to try for a class; complete iff no other could make a difference. */
function optionsFor(
  unit: Unit,
  { values, byKey, variableValue }: Assigned,
  context: BoxContext,
): { readonly values: readonly string[]; readonly isComplete: boolean } {
  const demands = [...unit.demands];
  const isKnown = ({ variables }: CompiledGlob) => variables.every((key) => variableValue(key) !== undefined);
  for (const set of unit.wanted) {
    const known: VariableValue = (key) => variableValue(key) ?? 'anything';
    demands.push({ test: { kind: 'set', set: substituteSet(set, known) }, want: true });
  }
  const unwanted = makeSet(unit.unwanted.filter(isKnown));
  demands.push({ test: { kind: 'set', set: substituteSet(unwanted, variableValue) }, want: false });
  const avoid: string[] = [];
  for (const [other, value] of values) {
    // "Not equal" may stand with either.
    const isUnequal = other.unwanted.some((glob) => {
      const key = soleVariable(glob);
      return key !== undefined && byKey.get(key) === unit;
    });
    if (isUnequal) avoid.push(value);
  }
  const isAllowed = (value: string) =>
    !avoid.includes(value) && demands.every((demand) => meets(value, demand));
  const finite = finiteValues({ ...unit, demands });
  if (finite !== undefined) return { values: finite.filter(isAllowed), isComplete: true };
  const found: string[] = [];
  if (unit.types.every((type) => type === 'text')) found.push(...PLAIN_WORDS.filter(isAllowed).slice(0, 1));
  let isNone = false;
  for (let count = 0; count < EXAMPLES && !isNone; count++) {
    const answer = findValue(unit.types, demands, [...avoid, ...found], context.budget);
    if (answer.kind === 'found') found.push(answer.value);
    else isNone = answer.kind === 'none' && found.length === 0;
    if (answer.kind !== 'found') break;
  }
  return { values: found, isComplete: isNone };
}

/** Plain words first: an empty text is what policies most often rule out. */
const PLAIN_WORDS = ['example', 'value', 'other', 'another', 'further', 'more', 'still-more', 'last'];
const EXAMPLES = 3;

/** All texts that a class can have, when a test names them; undefined when there is no end to them. */
function finiteValues(unit: Unit): string[] | undefined {
  for (const set of wantedSets(unit)) {
    if (set.globs.length > MAX_TRIES || set.patterns.size > 0) continue;
    return [...set.literals].filter(
      (value) =>
        unit.types.every((type) => isOfType(type, value)) &&
        unit.demands.every((demand) => meets(value, demand)),
    );
  }
  return undefined;
}

/** With the classes' values in place everything else is filled on its own. */
function fillRest(
  {
    part,
    units,
    values,
    variableValue,
  }: { part: Part; units: Units; values: ReadonlyMap<Unit, string>; variableValue: VariableValue },
  context: BoxContext,
): Filling {
  const keys = new Map<string, readonly string[]>();
  for (const [unit, value] of values) {
    // What was tried before the values of all its variables were known is looked at again.
    const isLike =
      unit.wanted.every((set) => meets(value, asDemand(set, true, variableValue))) &&
      meets(value, asDemand(makeSet(unit.unwanted), false, variableValue));
    if (!isLike) return NONE;
  }
  for (const [key, state] of part.states) {
    const unit = units.byKey.get(key);
    const value = unit && values.get(unit);
    if (value !== undefined) {
      keys.set(key, [value]);
      continue;
    }
    const replace = (one: Demand) => substituteDemand(one, variableValue);
    const { present, several } = state;
    const plain = { present, several, some: state.some.map(replace), every: state.every.map(replace) };
    const found = findValues(plain, context.keyTypes[key] ?? 'text', context.budget);
    if (found.kind === 'none') return NONE;
    if (found.kind === 'unclear') return { kind: 'unclear', cause: 'one key is tested in two ways' };
    keys.set(key, found.values);
  }
  const scalars: { [attribute in ScalarAttribute]?: string } = {};
  for (const [attribute, unit] of units.attributes) {
    if (unit.cell === undefined) continue;
    const demands = [
      ...unit.demands,
      ...unit.wanted.map((set) => asDemand(set, true, variableValue)),
      asDemand(makeSet(unit.unwanted), false, variableValue),
    ];
    const text = findCellText(unit.cell, demands, context);
    if (text === undefined) return NONE;
    scalars[attribute] = text;
  }
  return { kind: 'found', scalars, keys };
}

function asDemand(set: GlobSet, want: boolean, variableValue: VariableValue): Demand {
  return { test: { kind: 'set', set: substituteSet(set, variableValue) }, want };
}
