/**
 * Is there a text in one glob and in all of these unions, but in none of those? Exact: first a few plain guesses,
 * then the product of the automata, letter by letter, shortest texts first.
 * Variables must have been replaced.
 */
import type { Budget } from '../budget.ts';
import {
  type CompiledGlob,
  classesOf,
  classOf,
  fill,
  type Item,
  isStar,
  LOWER_OR_DIGIT,
  literalChars,
  textOf,
} from './glob.ts';
import { matchesText } from './globAutomaton.ts';
import { overlaps } from './globRelation.ts';
import { type GlobSet, hasText, relate } from './globSet.ts';
import { createUnionReader, type UnionPlace, type UnionReader } from './unionReader.ts';

type TextConstraints = {
  readonly base: CompiledGlob;
  readonly requires: readonly GlobSet[];
  readonly excludes: readonly GlobSet[];
};

const FILLERS = ['', 'x', 'a1', '*'];

/** Returns a text that meets the constraints, or undefined iff there is none. Throws `LimitReached`. */
export function findText(constraints: TextConstraints, budget: Budget): string | undefined {
  const { base, requires, excludes } = constraints;
  if (base.literal !== undefined)
    return isAllowed(base.literal, requires, excludes) ? base.literal : undefined;
  const known = knownOf(constraints);
  if (known !== undefined) return known.text;
  const fillers = requires.length === 0 ? FILLERS : [...FILLERS, ...piecesOf(requires)];
  for (const filler of fillers) {
    budget.spend();
    const guess = fill(base, filler);
    if (isAllowed(guess, requires, excludes)) return guess;
  }
  for (const guess of guessesOf(base, requires)) {
    budget.spend();
    if (matchesText(base, guess) && isAllowed(guess, requires, excludes)) return guess;
  }
  if (isTakenIn(constraints)) return undefined;
  const found = search(constraints, budget);
  keep(constraints, found);
  return found;
}

/** What a search found, by the sets it was about: those of `next` are about one set more. Lives as long as the sets. */
type Searched = { found?: { readonly text: string | undefined }; readonly next: WeakMap<object, Searched> };

// A check asks for the same text in question after question.
const searched: Searched = { next: new WeakMap() };
const BUT_NOT = {};

const setsOf = ({ base, requires, excludes }: TextConstraints) => [base, ...requires, BUT_NOT, ...excludes];

function knownOf(constraints: TextConstraints): Searched['found'] {
  let at: Searched | undefined = searched;
  for (const set of setsOf(constraints)) at = at?.next.get(set);
  return at?.found;
}

function keep(constraints: TextConstraints, text: string | undefined): void {
  let at = searched;
  for (const set of setsOf(constraints)) {
    let next = at.next.get(set);
    if (next === undefined) {
      next = { next: new WeakMap() };
      at.next.set(set, next);
    }
    at = next;
  }
  at.found = { text };
}

const MAX_PIECES = 8;

/** Literal runs of what is required: a text of the base that also fits them often has one in place of its star. */
function piecesOf(requires: readonly GlobSet[]): string[] {
  const runs = requires
    .flatMap((set) => set.globs.slice(0, MAX_PIECES))
    .flatMap((glob) => {
      const texts = String.fromCodePoint(
        ...glob.items.map((item) => (item >= 0 && item < 0x110000 ? item : 0)),
      ).split('\0');
      return texts.flatMap((run) => [run, run.slice(run.indexOf(':') + 1)]);
    });
  return [...new Set(runs)].filter((run) => run !== '').slice(0, 2 * MAX_PIECES);
}

const MAX_REQUIRED = 4;
/** The search finds a shorter text for fewer unions than this, and soon. */
const MANY_REQUIRED = 4;

/** Texts of what is required: whole, with the end of the base's (of two ARNs one may say where, the other what), and all. */
function* guessesOf(base: CompiledGlob, requires: readonly GlobSet[]): Iterable<string> {
  const own = fill(base, '');
  const [, ownEnd = own] = halves(own);
  for (const { globs } of requires) {
    for (const glob of globs.slice(0, MAX_REQUIRED)) {
      const text = fill(glob, '');
      yield text;
      const [start] = halves(text);
      if (start !== undefined) yield start + ownEnd;
    }
  }
  if (requires.length >= MANY_REQUIRED)
    yield strung([base, ...requires.flatMap(({ globs }) => globs.slice(0, 1))]);
}

/** What the globs name, strung together: texts like `*a*` and `*b*` have one in common that names both. */
function strung(globs: readonly CompiledGlob[]): string {
  const longest = (texts: readonly string[]) => texts.reduce((a, b) => (b.length > a.length ? b : a), '');
  const middleOf = (glob: CompiledGlob) =>
    fill(glob, '').slice(glob.prefix.length, glob.suffix.length === 0 ? undefined : -glob.suffix.length);
  return [
    longest(globs.map(({ prefix }) => prefix)),
    ...globs.map(middleOf),
    longest(globs.map(({ suffix }) => suffix)),
  ].join('');
}

/** What comes before an ARN's resource, and that; nothing of a text that is no ARN. */
function halves(text: string): readonly [string, string] | readonly [] {
  const parts = text.split(':');
  return parts.length < 6 ? [] : [`${parts.slice(0, 5).join(':')}:`, parts.slice(5).join(':')];
}

/** True only if the base, or all of a required union, lies inside one of the excluded unions. */
function isTakenIn({ base, requires, excludes }: TextConstraints): boolean {
  return excludes.some(
    (set) =>
      relate(base, set) === 'inside' ||
      requires.some((required) =>
        required.globs.every((glob) => !overlaps(glob, base) || relate(glob, set) === 'inside'),
      ),
  );
}

function isAllowed(value: string, requires: readonly GlobSet[], excludes: readonly GlobSet[]): boolean {
  return requires.every((set) => hasText(set, value)) && !excludes.some((set) => hasText(set, value));
}

/** Where every union of the product stands, and the way back. */
type State = {
  readonly places: readonly UnionPlace[];
  readonly from: State | undefined;
  readonly char: number;
};

function search({ base, requires, excludes }: TextConstraints, budget: Budget): string | undefined {
  const nearBase = (set: GlobSet) => set.globs.filter((glob) => overlaps(glob, base));
  const required = requires.map(nearBase);
  // What meets no glob of some required union excludes nothing that is looked for.
  const excluded = excludes
    .flatMap(nearBase)
    .filter((glob) => required.every((union) => union.some((one) => overlaps(one, glob))));
  const unions = [[base], ...required];
  const readers = unions.map((globs) => createUnionReader(itemsOf(globs), 'must'));
  if (excluded.length > 0) readers.push(createUnionReader(itemsOf(excluded), 'mustNot'));
  const all = itemsOf([...unions.flat(), ...excluded]);
  const start: State = { places: readers.map((reader) => reader.start), from: undefined, char: 0 };
  if (start.places.some(({ isHopeless }) => isHopeless)) return undefined;
  if (isAccepting(start.places)) return '';
  const telling = tellingChars(alphabetOf(all));
  const seen = new Set([keyOf(start.places)]);
  let frontier: State[] = [start];
  while (frontier.length > 0) {
    const next: State[] = [];
    for (const state of frontier) {
      for (const char of telling(state.places)) {
        budget.spend(readers.length);
        const places = step(state.places, readers, char);
        if (places === undefined) continue;
        const key = keyOf(places);
        if (seen.has(key)) continue;
        seen.add(key);
        const after = { places, from: state, char };
        if (isAccepting(places)) return textTo(after);
        next.push(after);
      }
    }
    frontier = next;
  }
  return undefined;
}

const itemsOf = (globs: readonly CompiledGlob[]) => globs.map(({ items }) => items);

/**
 * Returns what gives the characters that lead to different states: those that some active position spells, and of the
 * rest the first of each kind that the active wildcards tell apart. Where a union must read one that it spells, only
 * those. In the order of the alphabet.
 */
function tellingChars(alphabet: readonly number[]): (places: readonly UnionPlace[]) => readonly number[] {
  const kinds = alphabet.map(classesOf);
  const indexOf = new Map(alphabet.map((char, index) => [char, index]));
  const inOrder = (chars: readonly number[]) =>
    chars.length < 2 ? chars : chars.toSorted((a, b) => (indexOf.get(a) ?? 0) - (indexOf.get(b) ?? 0));
  const spelledIn = new Int32Array(alphabet.length);
  let round = 0;
  return (places) => {
    let only: readonly number[] | undefined;
    let classes = 0;
    for (const place of places) {
      classes |= place.classes;
      if (place.readsSpelledOnly && (only === undefined || place.chars.length < only.length))
        only = place.chars;
    }
    if (only !== undefined) return inOrder(only);
    round++;
    for (const { chars } of places) for (const char of chars) spelledIn[indexOf.get(char) ?? -1] = round;
    let taken = 0;
    return alphabet.filter((_, index) => {
      if (spelledIn[index] === round) return true;
      const kind = 1 << ((kinds[index] ?? 0) & classes);
      if ((taken & kind) !== 0) return false;
      taken |= kind;
      return true;
    });
  };
}

/** True iff some wildcard stands for the letters of an id: to all others a letter is like any character. */
function tellIds(globs: readonly (readonly Item[])[]): boolean {
  return globs.some((items) => items.some((item) => item < 0 && classOf(item) === LOWER_OR_DIGIT));
}

/** Where the unions stand after one more character; undefined: nothing that begins so can be accepted. */
function step(
  before: readonly UnionPlace[],
  readers: readonly UnionReader[],
  char: number,
): readonly UnionPlace[] | undefined {
  const places: UnionPlace[] = [];
  for (let index = 0; index < readers.length; index++) {
    const place = before[index];
    const after = place && readers[index]?.read(place, char);
    if (after === undefined || after.isHopeless) return undefined;
    places.push(after);
  }
  return places;
}

const isAccepting = (places: readonly UnionPlace[]) => places.every((place) => place.isAccepting);

function keyOf(places: readonly UnionPlace[]): string {
  let key = '';
  for (const { number } of places) key += `${number};`;
  return key;
}

function textTo(state: State): string {
  const chars: number[] = [];
  for (let at: State | undefined = state; at?.from !== undefined; at = at.from) chars.push(at.char);
  return textOf(chars.reverse());
}

const LOWER = codes('xabcdefghijklmnopqrstuvwyz');
const UPPER = codes('XABCDEFGHIJKLMNOPQRSTUVWYZ');
const DIGITS = codes('1023456789');
const OTHERS = [...codes('-_.@+=~!$%&()[]{}^|,;<>#"\'` '), 0x100, 0x101, 0x102];

function codes(value: string): number[] {
  return [...value].map((char) => char.codePointAt(0) ?? 0);
}

/**
 * One character of each kind the globs can tell apart: every literal, and for the rest one letter (any character
 * that no glob names; where globs tell ids, one that an id has and one that it has not), one digit, `:` and `/`. Plain letters first, so that found texts look plain.
 */
function alphabetOf(globs: readonly (readonly Item[])[]): number[] {
  const named = new Set<number>();
  for (const items of globs) for (const item of items) for (const char of literalChars(item)) named.add(char);
  const fresh = (chars: readonly number[]) => chars.filter((char) => !named.has(char)).slice(0, 1);
  // Any character outside the classes' special ones is like any other; there are more candidates than a glob can name.
  const others = [...UPPER, ...OTHERS, ...manyMore(named)];
  const ordinary = tellIds(globs) ? [...fresh(LOWER), ...fresh(others)] : fresh([...LOWER, ...others]);
  const hasStar = globs.some((items) => items.some((item) => isStar(item) || item < 0));
  const special = hasStar ? [...fresh(DIGITS), ...fresh(codes(':')), ...fresh(codes('/'))] : [];
  return [...ordinary, ...special, ...named];
}

function manyMore(named: ReadonlySet<number>): number[] {
  return Array.from({ length: named.size + 1 }, (_, index) => 0x4e00 + index);
}
