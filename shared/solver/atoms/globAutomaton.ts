/** Globs as automata over their items: reading texts letter by letter. */
import {
  type CompiledGlob,
  classOf,
  type Item,
  inClass,
  isStar,
  isVariable,
  itemHasChar,
  literalChars,
} from './glob.ts';

/** Adds the positions behind stars that match nothing; ascending, each once. */
export function closure(pattern: readonly Item[], positions: readonly number[]): number[] {
  const all: number[] = [];
  for (const start of positions) {
    let position = start;
    for (;;) {
      if (!all.includes(position)) all.push(position);
      const item = pattern[position];
      if (item === undefined || !isStar(item)) break;
      position++;
    }
  }
  return all;
}

/** Returns true iff the text is one of the glob's; variables match nothing here (they are replaced beforehand). */
export function matchesText(glob: CompiledGlob, value: string): boolean {
  if (glob.literal !== undefined) return glob.literal === value;
  if (!value.startsWith(glob.prefix)) return false;
  if (glob.isPrefix) return true;
  if (!value.endsWith(glob.suffix)) return false;
  if (isGreedy(glob) && PLAIN.test(value)) return matchesGreedily(glob.items, value);
  let active = closure(glob.items, [0]);
  for (const char of value) {
    active = advance(glob.items, active, char.codePointAt(0) ?? 0);
    if (active.length === 0) return false;
  }
  return active.includes(glob.items.length);
}

const PLAIN = /^[\0-\ud7ff]*$/;

/**
 * True iff going back to the last star alone is enough: among stars of one class a later one takes over from an
 * earlier one wherever the text between allows, and so does a star of any character from all before it.
 */
function isGreedy(glob: CompiledGlob): boolean {
  let known = greedy.get(glob);
  if (known === undefined) {
    let last = 1;
    known = glob.items.every((item) => {
      if (!isStar(item)) return !isVariable(item);
      const fits = classOf(item) <= last && classOf(item) <= 1;
      last = classOf(item);
      return fits;
    });
    greedy.set(glob, known);
  }
  return known;
}

const greedy = new WeakMap<CompiledGlob, boolean>();

function matchesGreedily(items: readonly Item[], value: string): boolean {
  let step = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < value.length) {
    const item = items[step];
    if (item !== undefined && isStar(item)) {
      star = step++;
      starAt = at;
    } else if (item !== undefined && itemHasChar(item, value.charCodeAt(at))) {
      step++;
      at++;
    } else if (star >= 0 && itemHasChar(items[star] ?? 0, value.charCodeAt(starAt))) {
      step = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (step < items.length && isStar(items[step] ?? 0)) step++;
  return step === items.length;
}

/**
 * Leaves out positions that a later active star makes needless: whatever can be read from them up to the star, the
 * star takes in as well. What is left is about one literal run, so few different sets are ever reached.
 */
function withoutDominated(items: readonly Item[], positions: number[]): number[] {
  if (positions.length < 2) return positions;
  let floor = 0;
  for (const position of positions) {
    const item = items[position];
    if (item === undefined || !isStar(item)) continue;
    const start = reachOf(items, position);
    if (start <= floor || positions.every((other) => other >= position || other >= start))
      floor = Math.max(floor, position);
  }
  return floor === 0 ? positions : positions.filter((position) => position >= floor);
}

/** The first position from which everything up to the star is of the star's class. */
function reachOf(items: readonly Item[], star: number): number {
  const starItem = items[star] ?? 0;
  if (classOf(starItem) === 0) return 0;
  let start = star;
  while (start > 0) {
    const item = items[start - 1] ?? 0;
    const fits =
      item < 0
        ? !isVariable(item) && classOf(item) >= classOf(starItem)
        : literalChars(item).every((char) => inClass(char, classOf(starItem)));
    if (!fits) break;
    start--;
  }
  return start;
}

/** Returns the positions after reading the character, closed under empty stars. */
export function advance(items: readonly Item[], positions: readonly number[], char: number): number[] {
  const next: number[] = [];
  for (const position of positions) {
    const item = items[position];
    if (item === undefined || !itemHasChar(item, char)) continue;
    next.push(isStar(item) ? position : position + 1);
  }
  return next.length === 0 ? next : withoutDominated(items, closure(items, next));
}
