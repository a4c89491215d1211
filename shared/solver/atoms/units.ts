/** Attributes and keys that ties join, as units of one text each, and what ties say of them whatever their texts are. */
import type { KeyType, ScalarAttribute } from '../../formula/formula.ts';
import type { BoxContext, Cell } from './box.ts';
import { type Demand, setOf } from './findValue.ts';
import { type CompiledGlob, describe, isSameGlob, isVariable } from './glob.ts';
import { isInside } from './globRelation.ts';
import { type GlobSet, makeSet } from './globSet.ts';
import type { KeyState } from './keyState.ts';
import { soleVariable, type Tie } from './node.ts';
import { project } from './project.ts';

export type Part = {
  /** One cell of each attribute. */
  readonly cells: ReadonlyMap<ScalarAttribute, Cell>;
  /** Each key is absent, has one value, or (where its state leaves that open) is named by no variable. */
  readonly states: ReadonlyMap<string, KeyState>;
  readonly ties: readonly Tie[];
};

/** Something that has one text: an attribute, or a class of keys with one value. */
export type Unit = {
  /** What the unit is called in globs: the first key of a class. */
  readonly name: string;
  readonly cell: Cell | undefined;
  readonly types: readonly KeyType[];
  /** Without variables. Grows as more is worked out. */
  readonly demands: Demand[];
  /** Unions of globs with variables, of which one must match. */
  readonly wanted: GlobSet[];
  /** Globs with variables, none of which may match. */
  readonly unwanted: CompiledGlob[];
};

export type Units = {
  readonly attributes: ReadonlyMap<ScalarAttribute, Unit>;
  readonly classes: readonly Unit[];
  /** The class of each key with one value. */
  readonly byKey: ReadonlyMap<string, Unit>;
};

/** Returns the units of a part; undefined when a tie that must hold has a variable without a value. */
export function unitsOf({ cells, states, ties }: Part, context: BoxContext): Units | undefined {
  const isOne = (key: string) => {
    const state = states.get(key);
    return state?.present === true && state.several === false;
  };
  const leaders = new Map<string, string>();
  const leaderOf = (key: string): string => {
    const leader = leaders.get(key);
    return leader === undefined ? key : leaderOf(leader);
  };
  const others: Tie[] = [];
  for (const tie of ties) {
    const needed = [...tie.glob.variables, ...(typeof tie.on === 'string' ? [] : [tie.on.key])];
    if (!needed.every(isOne)) {
      if (tie.holds) return undefined;
      continue;
    }
    const equal = soleVariable(tie.glob);
    if (!tie.holds || equal === undefined || typeof tie.on === 'string') {
      others.push(tie);
      continue;
    }
    const [a, b] = [leaderOf(tie.on.key), leaderOf(equal)];
    if (a !== b) leaders.set(a, b);
  }
  const members = new Map<string, string[]>();
  for (const key of [...states.keys()].filter(isOne)) {
    const leader = leaderOf(key);
    members.set(leader, [...(members.get(leader) ?? []), key]);
  }
  const byKey = new Map<string, Unit>();
  const classes = [...members].map(([name, keys]): Unit => {
    const unit: Unit = {
      name,
      cell: undefined,
      types: [...new Set(keys.map((key) => context.keyTypes[key] ?? 'text'))],
      demands: [],
      wanted: [],
      unwanted: [],
    };
    for (const key of keys) byKey.set(key, unit);
    return unit;
  });
  const named = (glob: CompiledGlob): CompiledGlob =>
    glob.variables.length === 0
      ? glob
      : { ...glob, variables: glob.variables.map((key) => byKey.get(key)?.name ?? key) };
  const hasValues = ({ variables }: CompiledGlob) => variables.every((key) => byKey.has(key));
  const demand = (unit: Unit, one: Demand) => {
    const set = setOf(one);
    if (set?.hasVariables !== true) unit.demands.push(one);
    // A glob whose variable has no value matches nothing.
    else if (one.want) unit.wanted.push(makeSet(set.globs.filter(hasValues).map(named)));
    else {
      const plain = set.globs.filter(({ variables }) => variables.length === 0);
      unit.demands.push({ test: { kind: 'set', set: makeSet(plain) }, want: false });
      const tied = set.globs.filter((glob) => glob.variables.length > 0 && hasValues(glob));
      unit.unwanted.push(...tied.map(named));
    }
  };
  for (const [key, unit] of byKey) {
    const state = states.get(key);
    for (const one of [...(state?.some ?? []), ...(state?.every ?? [])]) demand(unit, one);
  }
  const attributes = new Map<ScalarAttribute, Unit>();
  for (const [attribute, cell] of cells) {
    attributes.set(attribute, { name: attribute, cell, types: [], demands: [], wanted: [], unwanted: [] });
  }
  for (const { on, glob, holds } of others) {
    const unit = typeof on === 'string' ? attributes.get(on) : byKey.get(on.key);
    if (holds) unit?.wanted.push(makeSet([named(glob)]));
    else unit?.unwanted.push(named(glob));
  }
  return { attributes, classes, byKey };
}

/** Returns true only if all that is wanted of the unit is unwanted as well, whatever the variables' values are. */
export function contradictsItself({ name, cell, wanted, unwanted }: Unit): boolean {
  return unwanted.some(
    (outer) =>
      (cell === undefined && outer.variables[0] === name && outer.items.length === 1) ||
      wanted.some(({ globs }) => globs.every((inner) => isInside(inner, outer))),
  );
}

/** Returns all that is demanded of the unit's text without variables: unions of which one glob must match. */
export function wantedSets({ cell, demands }: Unit): GlobSet[] {
  const sets = demands.flatMap((demand) => (demand.want ? (setOf(demand) ?? []) : []));
  return cell === undefined ? sets : [makeSet([cell.base]), ...cell.requires, ...sets];
}

/** Works out what the ties that must hold say of both sides. Returns false iff no text can hold one of them. */
export function learnFromWanted(unit: Unit, byKey: ReadonlyMap<string, Unit>): boolean {
  for (const { globs } of unit.wanted) {
    const [pattern] = globs;
    if (pattern === undefined) return false;
    if (globs.length > 1) continue;
    for (const source of wantedSets(unit)) {
      for (const [at, item] of pattern.items.entries()) {
        if (!isVariable(item)) continue;
        const parts = source.globs.length > MAX_GLOBS ? undefined : projectAll(source, pattern, at);
        // Without case the variable may be any spelling of what it stands for.
        if (parts === undefined || pattern.folded[-100 - item] === true) continue;
        const other = byKey.get(pattern.variables[-100 - item] ?? '');
        if (parts.length === 0) return false;
        if (other !== undefined && !parts.some(isAnything)) demandSet(other, parts, true);
      }
    }
    const filled = fillVariables(pattern, byKey);
    if (filled !== undefined) demandSet(unit, filled, true);
  }
  return true;
}

const MAX_GLOBS = 32;

function projectAll(source: GlobSet, pattern: CompiledGlob, at: number): CompiledGlob[] | undefined {
  const parts: CompiledGlob[] = [];
  for (const glob of source.globs) {
    const mine = project(glob, pattern, at);
    if (mine === undefined) return undefined;
    parts.push(...mine);
  }
  return parts;
}

function isAnything({ items }: CompiledGlob): boolean {
  return items.length === 1 && items[0] === -11;
}

/** The pattern with what is known of each variable's value in its place; undefined when that is too much, or nothing. */
function fillVariables(
  { items, variables, folded }: CompiledGlob,
  byKey: ReadonlyMap<string, Unit>,
): CompiledGlob[] | undefined {
  const known = variables.map((key, index) => {
    const unit = byKey.get(key);
    const sets = unit === undefined || folded[index] === true ? [] : wantedSets(unit);
    return sets.sort((a, b) => a.globs.length - b.globs.length)[0]?.globs ?? [describe([-11], [], [])];
  });
  if (known.every((globs) => globs.every(isAnything))) return undefined;
  if (known.reduce((product, globs) => product * globs.length, 1) > MAX_GLOBS) return undefined;
  let filled: (readonly number[])[] = [[]];
  for (const item of items) {
    const pieces = isVariable(item) ? (known[-100 - item] ?? []).map((glob) => glob.items) : [[item]];
    filled = filled.flatMap((before) => pieces.map((piece) => [...before, ...piece]));
  }
  return filled.map((one) => describe(one, [], []));
}

/** Works out which values of a variable would make a unit with a known text match what it must not. */
export function learnFromUnwanted(unit: Unit, byKey: ReadonlyMap<string, Unit>): void {
  const text = wantedSets(unit).find(({ globs }) => globs.length === 1 && globs[0]?.literal !== undefined);
  const source = text?.globs[0];
  if (source === undefined) return;
  for (const pattern of unit.unwanted) {
    const at = pattern.items.findIndex(isVariable);
    if (pattern.variables.length !== 1 || pattern.folded[0] === true) continue;
    const other = byKey.get(pattern.variables[0] ?? '');
    const parts = project(source, pattern, at);
    if (other !== undefined && parts !== undefined) demandSet(other, parts, false);
  }
}

function demandSet({ demands }: Unit, globs: readonly CompiledGlob[], want: boolean): void {
  if (globs.length === 0 && !want) return;
  // What a round learns again is no news.
  const isKnown = demands.some(({ test, want: other }) => {
    if (other !== want || test.kind !== 'set' || test.set.globs.length !== globs.length) return false;
    return globs.every((glob, index) => isSameGlob(glob, test.set.globs[index] ?? glob));
  });
  if (!isKnown) demands.push({ test: { kind: 'set', set: makeSet(globs) }, want });
}
