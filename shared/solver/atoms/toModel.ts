/**
 * A box with nothing left to ask → a model. Without variables every part is filled on its own. With variables the
 * keys they name are given values first, then the rest is looked for with those values in place: what is found is a
 * model; what is not found is known to be absent only when no other value could have been tried.
 */
import { evaluateValueTest } from '../../formula/evaluateFormula.ts';
import type { Model, ScalarAttribute } from '../../formula/formula.ts';
import { toTable } from '../../policy/table.ts';
import {
  type Box,
  type BoxContext,
  type Cell,
  generous,
  isCellPossible,
  substituteSet,
  substituteTest,
  type VariableValue,
} from './box.ts';
import { findText } from './findText.ts';
import { substitute } from './glob.ts';
import { compileSet, type GlobSet } from './globSet.ts';
import { assumeKey, findValues, type KeyState, unknownKey } from './keyState.ts';

export type ModelAnswer =
  | { readonly kind: 'sat'; readonly model: Model }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly cause: string };

const ATTRIBUTES: readonly ScalarAttribute[] = ['action', 'resource', 'principal'];
/** How many ways of choosing cells, and values for variables, are tried. */
const MAX_TRIES = 64;

type Choice = { readonly [attribute in ScalarAttribute]: Cell };

/** Returns a model of the box, `none` iff it has none, or `unclear`. Throws `LimitReached`. */
export function toModel(box: Box, context: BoxContext): ModelAnswer {
  let unclear: ModelAnswer | undefined;
  let tries = 0;
  for (const choice of choices(box, context)) {
    if (++tries > MAX_TRIES) return { kind: 'unclear', cause: 'too many texts with variables to try' };
    const answer = fillChoice(choice, box, context);
    if (answer.kind === 'sat') return answer;
    if (answer.kind === 'unclear') unclear = answer;
  }
  return unclear ?? { kind: 'none' };
}

/** Cells without variables first: they need no values of keys. One such cell is as good as another. */
function* choices(box: Box, context: BoxContext): Iterable<Choice> {
  const plainFirst = (cells: readonly Cell[]) => {
    const plain = cells.find(
      (cell) => variablesOf(cell).length === 0 && isCellPossible(cell, context.budget),
    );
    return plain === undefined ? cells : [plain, ...cells.filter((cell) => variablesOf(cell).length > 0)];
  };
  for (const action of plainFirst(box.cells.action)) {
    for (const resource of plainFirst(box.cells.resource)) {
      for (const principal of plainFirst(box.cells.principal)) yield { action, resource, principal };
    }
  }
}

function fillChoice(choice: Choice, box: Box, context: BoxContext): ModelAnswer {
  const keys = new Map(box.keys);
  // A text that holds a variable matches only while the variable's key has exactly one value.
  for (const key of ATTRIBUTES.flatMap((attribute) => choice[attribute].base.variables)) {
    const state = assumeSingle(keys.get(key) ?? unknownKey(context.isSingleValued(key)));
    if (state === undefined) return { kind: 'none' };
    keys.set(key, state);
  }
  const named = new Set(ATTRIBUTES.flatMap((attribute) => variablesOf(choice[attribute])));
  for (const state of keys.values()) for (const key of variablesOfState(state)) named.add(key);
  if (named.size === 0) return fillWith(choice, keys, new Map(), context);
  const words = wordsOf(choice, keys);
  const options = [...named].map((key) => ({
    key,
    ...optionsFor(key, keys.get(key) ?? unknownKey(context.isSingleValued(key)), words, context),
  }));
  let tries = 0;
  let unclear = false;
  for (const assigned of likelyFirst(options)) {
    if (++tries > MAX_TRIES) return { kind: 'unclear', cause: 'too many values of variables to try' };
    const answer = fillWith(choice, keys, assigned, context);
    if (answer.kind === 'sat') return answer;
    if (answer.kind === 'unclear') unclear = true;
  }
  if (!unclear && options.every((option) => option.complete)) return { kind: 'none' };
  return { kind: 'unclear', cause: 'a variable ties two attributes, or one key is tested in two ways' };
}

type Assigned = ReadonlyMap<string, readonly string[]>;

/** Fills everything, the keys named by variables being fixed. */
function fillWith(
  choice: Choice,
  keys: ReadonlyMap<string, KeyState>,
  assigned: Assigned,
  context: BoxContext,
): ModelAnswer {
  const variableValue: VariableValue = (key) => {
    const [value, ...others] = assigned.get(key) ?? [];
    return value === undefined || others.length > 0 ? undefined : { text: value };
  };
  const values = toTable<readonly string[]>();
  for (const [key, values_] of assigned) if (values_.length > 0) values[key] = values_;
  for (const [key, state] of keys) {
    const plain = substituteState(state, variableValue);
    const fixed = assigned.get(key);
    if (fixed !== undefined) {
      if (!isLike(fixed, plain)) return { kind: 'none' };
      continue;
    }
    const found = findValues(plain, context.keyTypes[key] ?? 'text', context.budget);
    if (found.kind !== 'found') return found.kind === 'none' ? found : { kind: 'unclear', cause: '' };
    if (found.values.length > 0) values[key] = found.values;
  }
  const scalars = { action: '', resource: '', principal: '' };
  for (const attribute of ATTRIBUTES) {
    const found = fillCell(choice[attribute], variableValue, context);
    if (found === undefined) return { kind: 'none' };
    scalars[attribute] = found;
  }
  return { kind: 'sat', model: { scalars, keys: values } };
}

function fillCell(cell: Cell, variableValue: VariableValue, context: BoxContext): string | undefined {
  if (cell.sample !== undefined && variablesOf(cell).length === 0) return cell.sample;
  const base = substitute(cell.base, variableValue);
  if (base === undefined) return undefined;
  const requires = cell.requires.map((set) => substituteSet(set, variableValue));
  const excludes = cell.excludes.map((set) => substituteSet(set, variableValue));
  return findText({ base, requires, excludes }, context.budget);
}

function variablesOf(cell: Cell): string[] {
  const inSets = [...cell.requires, ...cell.excludes].flatMap(variablesOfSet);
  return inSets.length === 0 ? [...cell.base.variables] : [...cell.base.variables, ...inSets];
}

function variablesOfSet(set: GlobSet): string[] {
  return set.hasVariables ? set.globs.flatMap((glob) => glob.variables) : [];
}

function variablesOfState(state: KeyState): string[] {
  return [...state.some, ...state.every].flatMap(({ test }) =>
    test.kind === 'text' ? variablesOfSet(compileSet(test.globs)) : [],
  );
}

function substituteState(state: KeyState, variableValue: VariableValue): KeyState {
  if (variablesOfState(state).length === 0) return state;
  const replace = (demand: KeyState['some'][number]) => ({
    ...demand,
    test: substituteTest(demand.test, variableValue),
  });
  return { ...state, some: state.some.map(replace), every: state.every.map(replace) };
}

function assumeSingle(state: KeyState): KeyState | undefined {
  const present = assumeKey(state, { kind: 'present', holds: true });
  return present && assumeKey(present, { kind: 'several', holds: false });
}

/** True iff these values are as the state (without variables) says. */
function isLike(values: readonly string[], state: KeyState): boolean {
  if (state.present !== undefined && state.present !== values.length > 0) return false;
  if (state.several !== undefined && state.several !== values.length > 1) return false;
  const meets = (demand: KeyState['some'][number]) => (value: string) =>
    evaluateValueTest(demand.test, value) === demand.want;
  return (
    state.some.every((demand) => values.some(meets(demand))) &&
    state.every.every((demand) => values.every(meets(demand)))
  );
}

/** Values to try for a key that variables name; `complete` iff no other could make a difference. */
type Options = { readonly values: readonly (readonly string[])[]; readonly complete: boolean };

function optionsFor(key: string, state: KeyState, words: readonly string[], context: BoxContext): Options {
  const loose = generous(state);
  const values: (readonly string[])[] = [];
  // Absent or several: the variable's glob matches nothing, whichever it is.
  if (state.present !== true) values.push([]);
  if (state.present === false) return { values, complete: true };
  const type = context.keyTypes[key] ?? 'text';
  const several = assumeKey(loose, { kind: 'several', holds: true });
  const many = several && findValues(several, type, context.budget);
  const single = assumeSingle(loose);
  const finite = single && finiteValues(single);
  const singles = new Set<string>(finite);
  if (single !== undefined && finite === undefined) {
    // A plain word first: an empty text is what policies most often rule out.
    if (isLike([PLAIN_WORD], single)) singles.add(PLAIN_WORD);
    const found = findValues(single, type, context.budget);
    if (found.kind === 'found') for (const value of found.values) singles.add(value);
    for (const word of words) if (isLike([word], single)) singles.add(word);
  }
  for (const value of singles) values.push([value]);
  if (many?.kind === 'found' && many.values.length > 1 && values[0]?.length !== 0) values.push(many.values);
  const noSingle = single === undefined || findValues(single, type, context.budget).kind === 'none';
  return { values, complete: (finite !== undefined || noSingle) && many?.kind !== 'unclear' };
}

/** All values a single-valued key can have, when a test names them; undefined when there is no end to them. */
function finiteValues(state: KeyState): string[] | undefined {
  for (const { test, want } of [...state.some, ...state.every]) {
    if (!want || test.kind !== 'text') continue;
    const set = compileSet(test.globs);
    if (set.globs.length > MAX_TRIES || set.literals.size === 0 || set.patterns.size > 0) continue;
    return [...set.literals].filter((value) => isLike([value], state));
  }
  return undefined;
}

/** All keys with a value, then each with its first choice (often absent), then everything in turn. */
function* likelyFirst(options: readonly (Options & { readonly key: string })[]): Iterable<Assigned> {
  if (options.length > 0) {
    yield new Map(options.map(({ key, values }) => [key, values.find((value) => value.length === 1) ?? []]));
  }
  yield* assignments(options);
}

function* assignments(options: readonly (Options & { readonly key: string })[]): Iterable<Assigned> {
  const [first, ...others] = options;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const values of first.values) {
    for (const rest of assignments(others)) yield new Map([...rest, [first.key, values]]);
  }
}

const PLAIN_WORD = 'example';
const MAX_WORDS = 8;

/** Words of the literal texts at hand: a variable that must equal a part of one is often just such a word. */
function wordsOf(choice: Choice, keys: ReadonlyMap<string, KeyState>): string[] {
  const texts = ATTRIBUTES.slice(1).flatMap((attribute) => [
    choice[attribute].base.prefix,
    choice[attribute].base.suffix,
  ]);
  for (const state of keys.values()) {
    for (const { test } of [...state.some, ...state.every]) {
      if (test.kind === 'text') texts.push(...compileSet(test.globs).literals);
    }
  }
  const words = texts.flatMap((value) => [value, ...value.split(/[/:]/)]).filter((word) => word !== '');
  return [...new Set(words.reverse())].slice(0, MAX_WORDS);
}
