/**
 * What a search has assumed so far: for each text attribute the cells its value may lie in, for each key its state,
 * and the ties of attributes and keys to the values of other keys. But for ties, attributes are independent of each
 * other, so a box is not empty iff none of its parts is.
 */
import type { KeyType, Question, ScalarAttribute } from '../../formula/formula.ts';
import type { Budget } from '../budget.ts';
import { findText } from './findText.ts';
import { type Demand, setOf } from './findValue.ts';
import { type CompiledGlob, isSameGlob, substitute } from './glob.ts';
import { isInside } from './globRelation.ts';
import {
  compileSet,
  type GlobSet,
  hasText,
  isInsideSet,
  makeSet,
  relate,
  relateTo,
  setOfOne,
} from './globSet.ts';
import { assumeKey, findValues, type KeyFact, type KeyState, unknownKey } from './keyState.ts';
import type { IsSingle, Literal, Tie } from './node.ts';

/** The texts of `base` that are in all of `requires` and in none of `excludes`. */
export type Cell = {
  readonly base: CompiledGlob;
  readonly requires: readonly GlobSet[];
  readonly excludes: readonly GlobSet[];
  /** A text of the cell; looked for when first needed. */
  sample?: string;
};

/** The first cell of each attribute is known not to be empty, each key's state to be possible (but for ties). */
export type Box = {
  readonly cells: { readonly [attribute in ScalarAttribute]: readonly Cell[] };
  readonly keys: ReadonlyMap<string, KeyState>;
  readonly ties: readonly Tie[];
};

/** Three answers: certain, certainly not, or not settled by what is assumed. */
type Truth = 'true' | 'false' | 'open';

/** Returns the box of all requests in the question's domains; the same object for the same domains. */
export function wholeBox({ domains }: Question): Box {
  let box = wholes.get(domains);
  if (box === undefined) {
    const whole = (attribute: ScalarAttribute) =>
      compileSet(domains[attribute]).globs.map((base) => ({ base, requires: [], excludes: [] }));
    box = {
      cells: { action: whole('action'), resource: whole('resource'), principal: whole('principal') },
      keys: new Map(),
      ties: [],
    };
    wholes.set(domains, box);
  }
  return box;
}

const wholes = new WeakMap<Question['domains'], Box>();

/** What deciding about boxes needs beside them. */
export type BoxContext = {
  readonly keyTypes: { readonly [key: string]: KeyType };
  readonly isSingleValued: IsSingle;
  readonly budget: Budget;
};

/** Returns the truth of the literal in the box: `true` and `false` hold for every request in it. */
export function truthOf(literal: Literal, box: Box, context: BoxContext): Truth {
  context.budget.spend();
  switch (literal.op) {
    case 'text':
      return truthOfText(literal, box.cells[literal.attribute], context.budget);
    case 'key':
      return truthOfKey(literal, box, context);
    case 'tie':
      return truthOfTie(literal, box);
  }
}

function truthOfText(
  { set, holds }: Extract<Literal, { op: 'text' }>,
  cells: readonly Cell[],
  budget: Budget,
): Truth {
  // Two long lists are compared pattern by pattern.
  const cost = (set.globs.length - set.literals.size) >> 8;
  let inside = false;
  let apart = false;
  for (const { base } of cells) {
    if (cost > 0) budget.spend(cost);
    const relation = relate(base, set);
    if (relation === 'partly') return 'open';
    if (relation === 'inside') inside = true;
    else apart = true;
    if (inside && apart) return 'open';
  }
  return inside === holds ? 'true' : 'false';
}

function truthOfKey({ key, fact }: Extract<Literal, { op: 'key' }>, box: Box, context: BoxContext): Truth {
  const state = box.keys.get(key);
  // Of a key nothing is assumed of, a fact is left open; assuming it finds out.
  if (state === undefined) return 'open';
  if (!isKeyPossible(key, assumeKey(state, fact), context)) return 'false';
  return isKeyPossible(key, assumeKey(state, { ...fact, holds: !fact.holds }), context) ? 'open' : 'true';
}

/** By what is cheap to see: the same tie assumed before, a variable without a single value, an attribute out of reach. */
function truthOfTie(tie: Tie, { ties, cells, keys }: Box): Truth {
  const known = ties.find((other) => isSameTie(tie, other));
  if (known !== undefined) return known.holds === tie.holds ? 'true' : 'false';
  const unset = (key: string) => keys.get(key)?.present === false || keys.get(key)?.several === true;
  const isNever =
    tie.glob.variables.some(unset) ||
    (typeof tie.on === 'string'
      ? cells[tie.on].every(({ base }) => relate(base, looseSet(tie.glob)) === 'apart')
      : keys.get(tie.on.key)?.present === false);
  if (!isNever) return 'open';
  return tie.holds ? 'false' : 'true';
}

function isSameTie(a: Tie, b: Tie): boolean {
  return isSameUnit(a.on, b.on) && isSameGlob(a.glob, b.glob);
}

function isSameUnit(a: Tie['on'], b: Tie['on']): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && a.key === b.key);
}

/** Returns false only if no set of values is like the state; variables are read generously. */
function isKeyPossible(key: string, state: KeyState | undefined, context: BoxContext): boolean {
  if (state === undefined) return false;
  if (state.present !== true) return true;
  return findValues(generous(state), context.keyTypes[key] ?? 'text', context.budget).kind !== 'none';
}

/** Returns the box narrowed by the literal, or undefined iff (but for ties) nothing of it is left. */
export function assume(literal: Literal, box: Box, context: BoxContext): Box | undefined {
  switch (literal.op) {
    case 'key':
      return assumeFact(literal.key, literal.fact, box, context);
    case 'text':
      return assumeText(literal.attribute, literal.set, literal.holds, box, context);
    case 'tie':
      return assumeTie(literal, box, context);
  }
}

function assumeFact(key: string, fact: KeyFact, box: Box, context: BoxContext): Box | undefined {
  const known = box.keys.get(key) ?? unknownKey(context.isSingleValued(key));
  const state = assumeKey(known, fact);
  if (state === known && box.keys.has(key)) return box;
  if (state === undefined || !isKeyPossible(key, state, context)) return undefined;
  const narrowed = { ...box, keys: new Map(box.keys).set(key, state) };
  if (fact.kind !== 'some' || !fact.holds || fact.negated) return narrowed;
  // A value that equals a variable's needs the variable to have one.
  const set = setOf({ test: fact.test, want: true });
  if (set?.hasVariables !== true || set.globs.length > 1) return narrowed;
  return assumeSingles(set.globs[0]?.variables ?? [], narrowed, context);
}

function assumeSingles(keys: readonly string[], start: Box, context: BoxContext): Box | undefined {
  let box: Box | undefined = start;
  for (const key of keys) {
    box = box && assumeFact(key, { kind: 'present', holds: true }, box, context);
    box = box && assumeFact(key, { kind: 'several', holds: false }, box, context);
  }
  return box;
}

function assumeText(
  attribute: ScalarAttribute,
  set: GlobSet,
  holds: boolean,
  box: Box,
  context: BoxContext,
): Box | undefined {
  // Each cell is compared with each pattern of the set; plain texts are looked up.
  const cost = 1 + ((set.globs.length - set.literals.size) >> 5);
  const before = box.cells[attribute];
  const cells: Cell[] = [];
  for (const cell of before) {
    context.budget.spend(cost);
    const narrow = cells.length < MAX_CELLS ? intersect : within;
    for (const left of holds ? narrow(cell, set) : subtract(cell, set)) cells.push(left);
  }
  if (cells.length === before.length && cells.every((cell, index) => cell === before[index])) return box;
  // One cell that is not empty is enough; those behind it are looked at when they are needed.
  const first = cells.findIndex((cell) => isCellPossible(cell, context.budget));
  if (first < 0) return undefined;
  return { ...box, cells: { ...box.cells, [attribute]: cells.slice(first) } };
}

/** Assumes of a tie what holds whatever the variables' values are, and keeps it for when they are sought. */
function assumeTie(tie: Tie, box: Box, context: BoxContext): Box | undefined {
  const truth = truthOfTie(tie, box);
  if (truth !== 'open') return truth === 'true' ? box : undefined;
  for (const other of box.ties) {
    if (other.holds === tie.holds || !isSameUnit(other.on, tie.on)) continue;
    const [inner, outer] = tie.holds ? [tie, other] : [other, tie];
    if (isInside(inner.glob, outer.glob)) return undefined;
  }
  const tied: Box = { ...box, ties: [...box.ties, tie] };
  if (!tie.holds) return tied;
  const narrowed = assumeSingles(tie.glob.variables, tied, context);
  const loose = looseSet(tie.glob);
  if (typeof tie.on === 'string') return narrowed && assumeText(tie.on, loose, true, narrowed, context);
  const isAnything = loose.globs[0]?.items.length === 1 && loose.globs[0].isPrefix;
  const fact: KeyFact = isAnything
    ? { kind: 'present', holds: true }
    : { kind: 'some', test: { kind: 'set', set: loose }, negated: false, holds: true };
  return narrowed && assumeFact(tie.on.key, fact, narrowed, context);
}

const looseSets = new WeakMap<CompiledGlob, GlobSet>();

/** The glob with its variables as "anything". */
function looseSet(glob: CompiledGlob): GlobSet {
  let set = looseSets.get(glob);
  if (set === undefined) {
    set = makeSet([substitute(glob, () => 'anything') ?? glob]);
    looseSets.set(glob, set);
  }
  return set;
}

/** Two lists of patterns that partly overlap have as many parts as pairs; beyond so many, parts stay whole. */
const MAX_CELLS = 1_024;

/** The part of the cell inside the set, as one cell: it says the same as all of `intersect`, less plainly. */
function within(cell: Cell, set: GlobSet): Cell[] {
  const relation = relate(cell.base, set);
  if (relation === 'inside') return [cell];
  if (relation === 'apart') return [];
  return [{ base: cell.base, requires: [...cell.requires, set], excludes: cell.excludes }];
}

/** The parts of the cell inside the set: the set's own globs where they lie inside the cell's base. */
function intersect(cell: Cell, set: GlobSet): Cell[] {
  if (isInsideSet(cell.base, set)) return [cell];
  const parts: Cell[] = [];
  for (const base of set.globs) {
    const inner = relateTo(base, cell.base);
    if (inner === 'apart') continue;
    const requires = inner === 'inside' ? cell.requires : [...cell.requires, setOfOne(cell.base)];
    parts.push({ base, requires, excludes: cell.excludes });
  }
  return parts;
}

function subtract(cell: Cell, set: GlobSet): Cell[] {
  const relation = relate(cell.base, set);
  if (relation === 'inside') return [];
  if (relation === 'apart') return [cell];
  const { base, requires, excludes, sample } = cell;
  const kept: Cell = { base, requires, excludes: [...excludes, set] };
  // The old sample often survives, which spares the search for another.
  if (sample !== undefined && !hasText(set, sample)) kept.sample = sample;
  return [kept];
}

/** Returns false iff the cell is empty. */
export function isCellPossible(cell: Cell, budget: Budget): boolean {
  if (cell.sample !== undefined) return true;
  const sample = findText(cell, budget);
  if (sample === undefined) return false;
  cell.sample = sample;
  return true;
}

/** What a variable stands for: a text, anything, or nothing (its key has no single value, so its glob matches nothing). */
export type VariableValue = (key: string) => { readonly text: string } | 'anything' | undefined;

/** Returns the set with variables replaced; globs whose variable stands for nothing are left out. */
export function substituteSet(set: GlobSet, variableValue: VariableValue): GlobSet {
  if (!set.hasVariables) return set;
  return makeSet(set.globs.flatMap((glob) => substitute(glob, variableValue) ?? []));
}

/** Returns the state with variables read generously: "anything" where a text must match, nothing where it must not. */
function generous(state: KeyState): KeyState {
  if (!mentionsVariables(state)) return state;
  const loosen = (demand: Demand) => substituteDemand(demand, () => (demand.want ? 'anything' : undefined));
  const { present, several } = state;
  return { present, several, some: state.some.map(loosen), every: state.every.map(loosen) };
}

function mentionsVariables({ some, every }: KeyState): boolean {
  const mentions = (demand: Demand) => setOf(demand)?.hasVariables === true;
  return some.some(mentions) || every.some(mentions);
}

/** Returns the keys of the variables in a state's demands; one as often as it stands there. */
export function variablesOfState(state: KeyState): string[] {
  if (!mentionsVariables(state)) return [];
  return [...state.some, ...state.every].flatMap((demand) => variablesOfTest(demand.test));
}

/** Returns the keys of the variables in a test. */
export function variablesOfTest(test: Demand['test']): string[] {
  const set = setOf({ test, want: true });
  return set?.hasVariables === true ? set.globs.flatMap(({ variables }) => variables) : [];
}

/** Returns the demand with variables replaced. */
export function substituteDemand(demand: Demand, variableValue: VariableValue): Demand {
  const set = setOf(demand);
  if (set?.hasVariables !== true) return demand;
  return { test: { kind: 'set', set: substituteSet(set, variableValue) }, want: demand.want };
}
