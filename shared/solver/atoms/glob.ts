/**
 * Globs made ready for comparison: character items, literal prefix and suffix.
 * `isInside` and `overlaps` are the cheap relations that settle most questions before any automaton is built.
 */

import type { CharClass, Glob } from '../../formula/formula.ts';
import { CASE_VARIANTS, foldChar } from '../../policy/foldChar.ts';

/**
 * One step of a compiled glob, as a number so that comparing is cheap:
 * a code point; `FOLD + lower-case code point`; `-1 - class` (one); `-11 - class` (star); `-100 - index` (variable).
 */
export type Item = number;

export type CompiledGlob = {
  /** Made when first read: most globs are plain texts that never need them. */
  readonly items: readonly Item[];
  /** Literal text before the first item that is not a plain character. */
  readonly prefix: string;
  /** Literal text after the last such item; `''` when the whole glob is literal. */
  readonly suffix: string;
  /** The whole text, when every item is a plain character. */
  readonly literal: string | undefined;
  /** Code points of `literal`'s text or at least this many. */
  readonly minLength: number;
  /** Keys of the variables, by index. */
  readonly variables: readonly string[];
  /** Which of them match without case. */
  readonly folded: readonly boolean[];
  /** A literal prefix and then any text: `s3:Get*`. */
  readonly isPrefix: boolean;
};

const FOLD = 0x200000;
const CLASSES: readonly CharClass[] = ['any', 'notColon', 'notSlashOrColon', 'digit'];
const COLON = 58;
const SLASH = 47;

/** Returns true iff the character is of the class (given by index). */
function inClass(char: number, classIndex: number): boolean {
  switch (classIndex) {
    case 0:
      return true;
    case 1:
      return char !== COLON;
    case 2:
      return char !== COLON && char !== SLASH;
    default:
      return char >= 48 && char <= 57;
  }
}

export function isStar(item: Item): boolean {
  return item <= -11 && item > -100;
}

export function isVariable(item: Item): boolean {
  return item <= -100;
}

function isOne(item: Item): boolean {
  return item <= -1 && item > -11;
}

/** The class of a `one` or `star`; classes are ordered so that a larger index is a smaller set. */
function classOf(item: Item): number {
  return item <= -11 ? -11 - item : -1 - item;
}

/** Returns the compiled form. */
export function compileGlob(glob: Glob): CompiledGlob {
  const token = glob[0];
  const isPlain = glob.length === 1 && token?.kind === 'text' && token.foldCase !== true;
  return isPlain ? new PlainText(token.text) : compileTokens(glob);
}

/** A glob that is one text. */
class PlainText implements CompiledGlob {
  readonly prefix: string;
  readonly literal: string;
  readonly suffix = '';
  readonly variables: readonly string[] = [];
  readonly folded: readonly boolean[] = [];
  readonly isPrefix = false;
  readonly minLength: number;
  private made: readonly Item[] | undefined;

  constructor(text: string) {
    this.prefix = text;
    this.literal = text;
    // Surrogate pairs are one character; the bound may be low but never high.
    this.minLength = text.length >> (PLAIN.test(text) ? 0 : 1);
  }

  get items(): readonly Item[] {
    this.made ??= codePoints(this.literal);
    return this.made;
  }
}

const PLAIN = /^[\0-\ud7ff]*$/;

function compileTokens(glob: Glob): CompiledGlob {
  const items: Item[] = [];
  const variables: string[] = [];
  const folded: boolean[] = [];
  for (const token of glob) {
    switch (token.kind) {
      case 'text':
        for (const char of token.text)
          items.push(literalItem(char.codePointAt(0) ?? 0, token.foldCase === true));
        break;
      case 'one':
        pushOne(items, CLASSES.indexOf(token.of));
        break;
      case 'star': {
        const star = -11 - CLASSES.indexOf(token.of);
        if (items.at(-1) !== star) items.push(star);
        break;
      }
      case 'variable':
        variables.push(token.key);
        folded.push(token.foldCase === true);
        items.push(-100 - (variables.length - 1));
        break;
    }
  }
  return describe(items, variables, folded);
}

/** `*?` and `?*` are the same texts: ones go before a star of their class, so that equal globs look equal. */
function pushOne(items: Item[], classIndex: number): void {
  const star = -11 - classIndex;
  if (items.at(-1) === star) items.splice(items.length - 1, 0, -1 - classIndex);
  else items.push(-1 - classIndex);
}

function literalItem(char: number, foldCase: boolean): Item {
  if (!foldCase) return char;
  const lower = foldChar(char);
  return CASE_VARIANTS.has(lower) ? FOLD + lower : char;
}

/** Returns a compiled glob of the items; for globs made from others. */
export function describe(
  items: readonly Item[],
  variables: readonly string[],
  folded: readonly boolean[],
): CompiledGlob {
  const isPlain = (item: Item | undefined): item is Item => item !== undefined && item >= 0 && item < FOLD;
  let prefixLength = 0;
  while (isPlain(items[prefixLength])) prefixLength++;
  const prefix = String.fromCodePoint(...items.slice(0, prefixLength));
  let suffixStart = items.length;
  if (prefixLength < items.length) while (isPlain(items[suffixStart - 1])) suffixStart--;
  const minLength = items.reduce((sum, item) => (isStar(item) || isVariable(item) ? sum : sum + 1), 0);
  return {
    items,
    prefix,
    suffix: String.fromCodePoint(...items.slice(suffixStart)),
    literal: prefixLength === items.length ? prefix : undefined,
    minLength,
    variables,
    folded,
    isPrefix: prefixLength === items.length - 1 && items[prefixLength] === -11,
  };
}

/** Returns the code points of a text. */
export function codePoints(value: string): number[] {
  const points: number[] = [];
  for (const char of value) points.push(char.codePointAt(0) ?? 0);
  return points;
}

/** Returns true iff the single character (code point) is one that the item (character, one or star) can stand for. */
export function itemHasChar(item: Item, char: number): boolean {
  if (item >= FOLD) return foldChar(char) === item - FOLD;
  if (item >= 0) return item === char;
  return !isVariable(item) && inClass(char, classOf(item));
}

/** The characters a literal item stands for; empty for wildcards and variables. */
export function literalChars(item: Item): readonly number[] {
  if (item < 0) return [];
  return item >= FOLD ? (CASE_VARIANTS.get(item - FOLD) ?? []) : [item];
}

/** True iff whatever `inner` (not a star) stands for, `outer` (a character, one or star) stands for too. */
function itemCovers(outer: Item, inner: Item): boolean {
  if (inner >= 0) {
    if (outer >= FOLD) return inner >= FOLD ? inner === outer : foldChar(inner) === outer - FOLD;
    if (outer >= 0) return outer === inner;
    return literalChars(inner).every((char) => itemHasChar(outer, char));
  }
  return outer < 0 && !isVariable(outer) && classOf(outer) <= classOf(inner);
}

/** True iff some character is in both items' sets (characters, ones, stars; a variable may hold anything). */
function itemsMeet(a: Item, b: Item): boolean {
  if (a >= 0) return literalChars(a).some((char) => b <= -100 || itemHasChar(b, char));
  if (b >= 0) return itemsMeet(b, a);
  return true;
}

/**
 * Returns true only if every text of `inner` is a text of `outer`, whatever the variables hold (a variable is the
 * same text in both). Sound, not complete: false may also mean "not seen here".
 */
export function isInside(inner: CompiledGlob, outer: CompiledGlob): boolean {
  if (inner === outer) return true;
  if (outer.isPrefix) return inner.prefix.startsWith(outer.prefix);
  if (outer.minLength > inner.minLength) return false;
  if (!inner.prefix.startsWith(outer.prefix)) return false;
  if (
    inner.literal === undefined ? !inner.suffix.endsWith(outer.suffix) : !inner.literal.endsWith(outer.suffix)
  ) {
    return false;
  }
  return isInsideByItems(inner, outer);
}

/** `inner`'s items are read as letters by `outer`'s automaton; a star must be taken in by a star, a variable by itself or a star. */
function isInsideByItems(inner: CompiledGlob, outer: CompiledGlob): boolean {
  const pattern = outer.items;
  let active = closure(pattern, [0]);
  for (const item of inner.items) {
    const next: number[] = [];
    for (const position of active) {
      const step = pattern[position];
      if (step === undefined) continue;
      if (isStar(step)) {
        const takes = isVariable(item)
          ? classOf(step) === 0
          : isStar(item)
            ? classOf(step) <= classOf(item)
            : itemCovers(step, item);
        if (takes) next.push(position);
      } else if (
        (isStar(item) || isVariable(item)) &&
        isOne(step) &&
        takesRun(pattern, position, isVariable(item) ? 0 : classOf(item))
      ) {
        // `?*` takes any text but none: what the star leaves empty, a later character must fill.
        next.push(position);
      } else if (isVariable(item)) {
        if (isVariable(step) && isSameVariable(outer, step, inner, item)) next.push(position + 1);
      } else if (!isStar(item) && !isVariable(step) && itemCovers(step, item)) {
        next.push(position + 1);
      }
    }
    if (next.length === 0) return false;
    active = closure(pattern, next);
  }
  return active.includes(pattern.length);
}

/** True iff whatever the inner variable stands for, the outer one takes. */
function isSameVariable(outer: CompiledGlob, outerItem: Item, inner: CompiledGlob, innerItem: Item): boolean {
  const [o, i] = [-100 - outerItem, -100 - innerItem];
  return outer.variables[o] === inner.variables[i] && (outer.folded[o] === true || inner.folded[i] !== true);
}

/** True iff from here come ones and then a star, all of a class that takes in the given one. */
function takesRun(pattern: readonly Item[], from: number, classIndex: number): boolean {
  for (let at = from; ; at++) {
    const item = pattern[at];
    if (item === undefined || item >= 0 || isVariable(item) || classOf(item) > classIndex) return false;
    if (isStar(item)) return true;
  }
}

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
  let active = closure(glob.items, [0]);
  for (const char of value) {
    active = advance(glob.items, active, char.codePointAt(0) ?? 0);
    if (active.length === 0) return false;
  }
  return active.includes(glob.items.length);
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

/** Returns false only if no text is in both globs. Exact without variables; with them, a variable may hold anything. */
export function overlaps(a: CompiledGlob, b: CompiledGlob): boolean {
  const shorter = a.prefix.length < b.prefix.length ? a : b;
  const longer = shorter === a ? b : a;
  if (!longer.prefix.startsWith(shorter.prefix)) return false;
  if (a.isPrefix || b.isPrefix) {
    // One is `prefix*` and the prefixes agree as far as both go; what follows in the other decides.
    const prefixOne = a.isPrefix ? a : b;
    const other = prefixOne === a ? b : a;
    if (other.prefix.length >= prefixOne.prefix.length) return true;
  }
  if (a.literal === undefined && b.literal === undefined) {
    const few = a.suffix.length < b.suffix.length ? a.suffix : b.suffix;
    const many = few === a.suffix ? b.suffix : a.suffix;
    if (!many.endsWith(few)) return false;
  }
  return meetByItems(a.items, b.items);
}

/** Reachability over pairs of positions, row by row: both automata read the same text. */
function meetByItems(a: readonly Item[], b: readonly Item[]): boolean {
  const width = b.length + 1;
  let row = new Uint8Array(width);
  let nextRow = new Uint8Array(width);
  row[0] = 1;
  for (let i = 0; i <= a.length; i++) {
    const left = a[i];
    const leftLoops = left !== undefined && (isStar(left) || isVariable(left));
    for (let j = 0; j < width; j++) {
      if (row[j] === 0) continue;
      const right = b[j];
      const rightLoops = right !== undefined && (isStar(right) || isVariable(right));
      if (leftLoops) nextRow[j] = 1;
      if (rightLoops) row[j + 1] = 1;
      if (left === undefined || right === undefined || !itemsMeet(left, right)) continue;
      if (leftLoops && !rightLoops) row[j + 1] = 1;
      else if (rightLoops && !leftLoops) nextRow[j] = 1;
      else if (!leftLoops) nextRow[j + 1] = 1;
    }
    if (i === a.length) return row[b.length] === 1;
    [row, nextRow] = [nextRow, row];
    nextRow.fill(0);
  }
  return false;
}

/** Returns the glob with each variable replaced: by its text, by "anything" (`'*'`), or undefined when its key has no single value. */
export function substitute(
  glob: CompiledGlob,
  variableValue: (key: string) => { readonly text: string } | 'anything' | undefined,
): CompiledGlob | undefined {
  if (glob.variables.length === 0) return glob;
  const items: Item[] = [];
  for (const item of glob.items) {
    if (!isVariable(item)) {
      items.push(item);
      continue;
    }
    const value = variableValue(glob.variables[-100 - item] ?? '');
    if (value === undefined) return undefined;
    if (value !== 'anything')
      for (const char of value.text)
        items.push(literalItem(char.codePointAt(0) ?? 0, glob.folded[-100 - item] === true));
    else if (items.at(-1) !== -11) items.push(-11);
  }
  return describe(items, [], []);
}

/** Returns a text of the glob (no variables): stars filled with `filler` where its characters fit, ones with a letter or digit. */
export function fill(glob: CompiledGlob, filler: string): string {
  let filled = '';
  for (const item of glob.items) {
    if (item >= FOLD) filled += String.fromCodePoint(item - FOLD);
    else if (item >= 0) filled += String.fromCodePoint(item);
    else if (isOne(item)) filled += classOf(item) === 3 ? '1' : 'x';
    else if (codePoints(filler).every((char) => itemHasChar(item, char))) filled += filler;
  }
  return filled;
}
