/**
 * Is there a text in one glob and in all of these unions, but in none of those? Exact: first a few plain guesses,
 * then the product of the automata, letter by letter, shortest texts first.
 * Variables must have been replaced.
 */
import type { Budget } from '../budget.ts';
import {
  type CompiledGlob,
  classOf,
  fill,
  type Item,
  inClass,
  isStar,
  LOWER_OR_DIGIT,
  literalChars,
  textOf,
} from './glob.ts';
import { matchesText } from './globAutomaton.ts';
import { createReader, type Place, type Reader } from './globReader.ts';
import { overlaps } from './globRelation.ts';
import { type GlobSet, hasText, relate } from './globSet.ts';

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
  return isTakenIn(constraints) ? undefined : search(constraints, budget);
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

/** One automaton of the product: a union of globs of which one must (or none may) match. */
type Component = { readonly globs: readonly Reader[]; readonly excluded: boolean };

/** Where every glob of every component stands, and the way back. */
type State = {
  readonly places: readonly (readonly Place[])[];
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
  const readers = (globs: readonly CompiledGlob[]) => globs.map(({ items }) => createReader(items));
  const components: Component[] = [
    { globs: readers([base]), excluded: false },
    ...required.map((globs) => ({ globs: readers(globs), excluded: false })),
    ...(excluded.length > 0 ? [{ globs: readers(excluded), excluded: true }] : []),
  ];
  const all = components.flatMap(({ globs }) => globs.map(({ items }) => items));
  const alphabet = alphabetOf(all);
  const start: State = {
    places: components.map(({ globs }) => globs.map((reader) => reader.start)),
    from: undefined,
    char: 0,
  };
  if (isHopeless(start, components)) return undefined;
  if (isAccepting(start, components)) return '';
  const telling = tellingChars(alphabet, tellIds(all) ? CLASSES : CLASSES_BUT_IDS);
  const seen = new Set([keyOf(start)]);
  let frontier: State[] = [start];
  while (frontier.length > 0) {
    const next: State[] = [];
    for (const state of frontier) {
      for (const char of telling(state)) {
        budget.spend(components.length);
        const after = step(state, components, char);
        if (isHopeless(after, components)) continue;
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.add(key);
        if (isAccepting(after, components)) return textTo(after);
        next.push(after);
      }
    }
    frontier = next;
  }
  return undefined;
}

/**
 * Returns what gives the characters that lead to different states: those that some active position spells, and of the
 * rest, which wildcards tell apart by their kind alone, the first of each kind. In the order of the alphabet.
 */
function tellingChars(
  alphabet: readonly number[],
  classes: readonly number[],
): (state: State) => readonly number[] {
  const kinds = alphabet.map((char) => kindOf(char, classes));
  const indexOf = new Map(alphabet.map((char, index) => [char, index]));
  const spelledIn = new Int32Array(alphabet.length);
  let round = 0;
  return ({ places }) => {
    round++;
    for (const component of places) {
      for (const { chars } of component) {
        for (const char of chars) spelledIn[indexOf.get(char) ?? -1] = round;
      }
    }
    let taken = 0;
    return alphabet.filter((_, index) => {
      if (spelledIn[index] === round) return true;
      const kind = 1 << (kinds[index] ?? 0);
      if ((taken & kind) !== 0) return false;
      taken |= kind;
      return true;
    });
  };
}

/** Of characters of one kind every wildcard of the classes takes all or none. */
function kindOf(char: number, classes: readonly number[]): number {
  return classes.reduce((kind, classIndex) => kind * 2 + (inClass(char, classIndex) ? 1 : 0), 0);
}

const CLASSES = [0, 1, 2, LOWER_OR_DIGIT, 4];
const CLASSES_BUT_IDS = CLASSES.filter((index) => index !== LOWER_OR_DIGIT);

/** True iff some wildcard stands for the letters of an id: to all others a letter is like any character. */
function tellIds(globs: readonly (readonly Item[])[]): boolean {
  return globs.some((items) => items.some((item) => item < 0 && classOf(item) === LOWER_OR_DIGIT));
}

function step(state: State, components: readonly Component[], char: number): State {
  const places = components.map((component, index) => {
    const after = component.globs.map((reader, glob) =>
      reader.read(state.places[index]?.[glob] ?? reader.start, char),
    );
    return settle(after, component);
  });
  return { places, from: state, char };
}

/**
 * A union of which one glob takes whatever follows need not follow its other globs. Where colons are settled (the
 * others take none from here on either), a last star of anything but `:` is as good.
 */
function settle(places: readonly Place[], { globs, excluded }: Component): readonly Place[] {
  if (excluded || globs.length < 2) return places;
  const taker = places.findIndex(({ takesRest, takesRestOfPart }) => takesRest || takesRestOfPart);
  const reader = globs[taker];
  if (reader === undefined) return places;
  const isSettled = places[taker]?.takesRest === true || places.every(({ takesNoColon }) => takesNoColon);
  return isSettled
    ? globs.map((one) =>
        one.placeOf(one === reader ? [reader.items.length - 1, reader.items.length] : NOWHERE),
      )
    : places;
}

const NOWHERE: readonly number[] = [];

/** No text from here on can be accepted: a needed union has died, or an excluded glob takes whatever follows. */
function isHopeless({ places }: State, components: readonly Component[]): boolean {
  return components.some(({ excluded }, index) => {
    const own = places[index] ?? [];
    return excluded ? own.some(({ takesRest }) => takesRest) : own.every(({ isDead }) => isDead);
  });
}

function isAccepting({ places }: State, components: readonly Component[]): boolean {
  return components.every(({ excluded }, index) => places[index]?.some(({ isEnd }) => isEnd) !== excluded);
}

function keyOf({ places }: State): string {
  let key = '';
  for (const component of places) {
    for (const { number } of component) key += `${number};`;
    key += '|';
  }
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
