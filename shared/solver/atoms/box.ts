/**
 * What a search has assumed so far: for each text attribute the cells its value may lie in, for each key its state.
 * Attributes are independent of each other (but for variables), so a box is not empty iff none of its parts is.
 */
import type { KeyType, Question, ScalarAttribute, ValueTest } from '../../formula/formula.ts';
import type { Budget } from './budget.ts';
import { findText } from './findText.ts';
import { type CompiledGlob, substitute } from './glob.ts';
import { compileSet, type GlobSet, hasText, isInsideSet, makeSet, relate, relateTo } from './globSet.ts';
import { assumeKey, findValues, type KeyState, unknownKey } from './keyState.ts';
import type { Literal } from './node.ts';

/** The texts of `base` that are in all of `requires` and in none of `excludes`. */
export type Cell = {
  readonly base: CompiledGlob;
  readonly requires: readonly GlobSet[];
  readonly excludes: readonly GlobSet[];
  /** A text of the cell when variables are read as "anything"; looked for when first needed. */
  sample?: string;
};

/** The first cell of each attribute is known not to be empty (but for variables). */
export type Box = {
  readonly cells: { readonly [attribute in ScalarAttribute]: readonly Cell[] };
  readonly keys: ReadonlyMap<string, KeyState>;
};

/** Three answers: certain, certainly not, or not settled by what is assumed. */
export type Truth = 'true' | 'false' | 'open';

/** Returns the box of all requests in the question's domains; the same object for the same domains. */
export function wholeBox({ domains }: Question): Box {
  let box = wholes.get(domains);
  if (box === undefined) {
    const whole = (attribute: ScalarAttribute) =>
      compileSet(domains[attribute]).globs.map((base) => ({ base, requires: [], excludes: [] }));
    box = {
      cells: { action: whole('action'), resource: whole('resource'), principal: whole('principal') },
      keys: new Map(),
    };
    wholes.set(domains, box);
  }
  return box;
}

const wholes = new WeakMap<Question['domains'], Box>();

/** Returns the truth of the literal in the box: `true` and `false` hold for every request in it. */
export function truthOf(literal: Literal, box: Box, context: BoxContext): Truth {
  return literal.op === 'text'
    ? truthOfText(literal, box.cells[literal.attribute])
    : truthOfKey(literal, box, context);
}

/** What deciding about boxes needs beside them. */
export type BoxContext = {
  readonly keyTypes: { readonly [key: string]: KeyType };
  readonly isSingleValued: (key: string) => boolean;
  readonly budget: Budget;
};

function truthOfText({ set, holds }: Extract<Literal, { op: 'text' }>, cells: readonly Cell[]): Truth {
  let inside = false;
  let apart = false;
  for (const { base } of cells) {
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

/** Returns false only if no set of values is like the state; variables are read generously. */
function isKeyPossible(key: string, state: KeyState | undefined, context: BoxContext): boolean {
  if (state === undefined || contradictsItself(state)) return false;
  return findValues(generous(state), context.keyTypes[key] ?? 'text', context.budget).kind !== 'none';
}

/**
 * True only if some value would have to match one union and not match another that takes it in whole, a variable
 * standing for the same text in both. Only tests with variables need this; others are decided by looking for a value.
 */
function contradictsItself(state: KeyState): boolean {
  if (!mentionsVariables(state)) return false;
  // What one value must meet at once: each demand of its own, with all that every value must meet.
  const together = state.some.map((demand) => [demand, ...state.every]);
  if (state.present === true) together.push([...state.every]);
  return together.some((demands) =>
    demands.some(
      (inner) => inner.want && demands.some((outer) => !outer.want && isTakenIn(inner.test, outer.test)),
    ),
  );
}

function isTakenIn(inner: ValueTest, outer: ValueTest): boolean {
  if (inner.kind !== 'text' || outer.kind !== 'text') return false;
  const set = compileSet(outer.globs);
  return compileSet(inner.globs).globs.every((glob) => relate(glob, set) === 'inside');
}

/** Returns the box narrowed by the literal, or undefined iff (but for variables) nothing of it is left. */
export function assume(literal: Literal, box: Box, context: BoxContext): Box | undefined {
  if (literal.op === 'key') {
    const known = box.keys.get(literal.key) ?? unknownKey(context.isSingleValued(literal.key));
    const state = assumeKey(known, literal.fact);
    if (state === known) return box;
    if (state === undefined || !isKeyPossible(literal.key, state, context)) return undefined;
    return { cells: box.cells, keys: new Map(box.keys).set(literal.key, state) };
  }
  // Each cell is compared with each pattern of the set; plain texts are looked up.
  const cost = 1 + ((literal.set.globs.length - literal.set.literals.size) >> 5);
  const before = box.cells[literal.attribute];
  const cells: Cell[] = [];
  for (const cell of before) {
    context.budget.spend(cost);
    for (const left of literal.holds ? intersect(cell, literal.set) : subtract(cell, literal.set))
      cells.push(left);
  }
  if (cells.length === before.length && cells.every((cell, index) => cell === before[index])) return box;
  // One cell that is not empty is enough; those behind it are looked at when they are needed.
  const first = cells.findIndex((cell) => isCellPossible(cell, context.budget));
  if (first < 0) return undefined;
  return { cells: { ...box.cells, [literal.attribute]: cells.slice(first) }, keys: box.keys };
}

/** The parts of the cell inside the set: the set's own globs where they lie inside the cell's base. */
function intersect(cell: Cell, set: GlobSet): Cell[] {
  if (isInsideSet(cell.base, set)) return [cell];
  const parts: Cell[] = [];
  for (const base of set.globs) {
    const inner = relateTo(base, cell.base);
    if (inner === 'apart') continue;
    const requires = inner === 'inside' ? cell.requires : [...cell.requires, makeSet([cell.base])];
    parts.push({ base, requires, excludes: cell.excludes });
  }
  return parts;
}

function subtract(cell: Cell, set: GlobSet): Cell[] {
  const relation = relate(cell.base, set);
  if (relation === 'inside') return [];
  if (relation === 'apart') return [cell];
  const kept = { ...withoutSample(cell), excludes: [...cell.excludes, set] };
  // The old sample often survives, which spares the search for another.
  if (cell.sample !== undefined && !hasText(set, cell.sample)) kept.sample = cell.sample;
  return [kept];
}

function withoutSample({ base, requires, excludes }: Cell): Cell {
  return { base, requires, excludes };
}

/** Returns false only if the cell is empty, whatever the variables hold. */
export function isCellPossible(cell: Cell, budget: Budget): boolean {
  if (cell.sample !== undefined) return true;
  const sample = findText(generousCell(cell), budget);
  if (sample === undefined) return false;
  cell.sample = sample;
  return true;
}

/** The cell with variables as "anything" where they demand, and left out where they exclude: a superset. */
function generousCell({ base, requires, excludes }: Cell) {
  return {
    base: substitute(base, () => 'anything') ?? base,
    requires: requires.map((set) => substituteSet(set, () => 'anything')),
    excludes: excludes.map((set) => substituteSet(set, () => undefined)),
  };
}

/** What a variable stands for: a text, anything, or nothing (its key has no single value, so its glob matches nothing). */
export type VariableValue = (key: string) => { readonly text: string } | 'anything' | undefined;

/** Returns the set with variables replaced; globs whose variable stands for nothing are left out. */
export function substituteSet(set: GlobSet, variableValue: VariableValue): GlobSet {
  if (!set.hasVariables) return set;
  return makeSet(set.globs.flatMap((glob) => substitute(glob, variableValue) ?? []));
}

/** Returns the state with variables read generously: "anything" where a text must match, nothing where it must not. */
export function generous(state: KeyState): KeyState {
  if (!mentionsVariables(state)) return state;
  const loosen = (demand: KeyState['some'][number]) => ({
    ...demand,
    test: substituteTest(demand.test, () => (demand.want ? 'anything' : undefined)),
  });
  return { ...state, some: state.some.map(loosen), every: state.every.map(loosen) };
}

function mentionsVariables(state: KeyState): boolean {
  return [...state.some, ...state.every].some(
    ({ test }) => test.kind === 'text' && compileSet(test.globs).hasVariables,
  );
}

/** Returns the test with variables replaced. */
export function substituteTest(test: ValueTest, variableValue: VariableValue): ValueTest {
  if (test.kind !== 'text' || !compileSet(test.globs).hasVariables) return test;
  const globs = test.globs.flatMap((glob) => {
    const tokens = glob.map((token) => {
      if (token.kind !== 'variable') return token;
      const value = variableValue(token.key);
      if (value === undefined) return undefined;
      return value === 'anything'
        ? ({ kind: 'star', of: 'any' } as const)
        : ({
            ...(token.foldCase === true ? { foldCase: true as const } : {}),
            kind: 'text',
            text: value.text,
          } as const);
    });
    return tokens.includes(undefined) ? [] : [tokens.filter((token) => token !== undefined)];
  });
  return { kind: 'text', globs };
}
