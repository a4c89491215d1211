/** Globs made ready for comparison: character items, literal prefix and suffix. */

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

/** Marks a letter that matches without case. */
export const FOLD = 0x200000;
const CLASSES: readonly CharClass[] = ['any', 'notColon', 'notSlashOrColon', 'lowerOrDigit', 'digit'];
/** The index of lower-case letters and digits among the classes. */
export const LOWER_OR_DIGIT = 3;
const DIGIT = 4;
const COLON = 58;
const SLASH = 47;

/** Returns true iff the character is of the class (given by index). */
export function inClass(char: number, classIndex: number): boolean {
  switch (classIndex) {
    case 0:
      return true;
    case 1:
      return char !== COLON;
    case 2:
      return char !== COLON && char !== SLASH;
    case LOWER_OR_DIGIT:
      return (char >= 97 && char <= 122) || (char >= 48 && char <= 57);
    default:
      return char >= 48 && char <= 57;
  }
}

/** Returns the classes that the character is of, a bit for each. */
export function classesOf(char: number): number {
  return CLASSES.reduce((bits, _, index) => (inClass(char, index) ? bits | (1 << index) : bits), 0);
}

/** Returns true iff the item is a star. */
export function isStar(item: Item): boolean {
  return item <= -11 && item > -100;
}

/** Returns true iff the item is a variable. */
export function isVariable(item: Item): boolean {
  return item <= -100;
}

/** Returns true iff the item is a wildcard for one character. */
export function isOne(item: Item): boolean {
  return item <= -1 && item > -11;
}

/** The class of a `one` or `star`; classes are ordered so that a larger index is a smaller set. */
export function classOf(item: Item): number {
  return item <= -11 ? -11 - item : -1 - item;
}

/** Returns the compiled form; the same object for the same pattern. */
export function compileGlob(glob: Glob): CompiledGlob {
  const token = glob[0];
  const isPlain = glob.length === 1 && token?.kind === 'text' && token.foldCase !== true;
  if (isPlain) return new PlainText(token.text);
  let known = compiled.get(glob);
  if (known === undefined) {
    known = compileTokens(glob);
    compiled.set(glob, known);
  }
  return known;
}

// The formats of resources stand in thousands of questions.
const compiled = new WeakMap<Glob, CompiledGlob>();

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
  const prefix = textOf(items.slice(0, prefixLength));
  let suffixStart = items.length;
  if (prefixLength < items.length) while (isPlain(items[suffixStart - 1])) suffixStart--;
  const minLength = items.reduce((sum, item) => (isStar(item) || isVariable(item) ? sum : sum + 1), 0);
  return {
    items,
    prefix,
    suffix: textOf(items.slice(suffixStart)),
    literal: prefixLength === items.length ? prefix : undefined,
    minLength,
    variables,
    folded,
    isPrefix: prefixLength === items.length - 1 && items[prefixLength] === -11,
  };
}

/** Returns the text of code points. Piece by piece: as many arguments as a long text has characters overflow the stack. */
export function textOf(points: readonly number[]): string {
  let text = '';
  for (let at = 0; at < points.length; at += MAX_ARGUMENTS)
    text += String.fromCodePoint(...points.slice(at, at + MAX_ARGUMENTS));
  return text;
}

const MAX_ARGUMENTS = 10_000;

/** Returns the code points of a text. */
function codePoints(value: string): number[] {
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
    else if (isOne(item)) filled += classOf(item) === DIGIT ? '1' : 'x';
    else if (codePoints(filler).every((char) => itemHasChar(item, char))) filled += filler;
  }
  return filled;
}

/** Returns true iff the globs are written alike. */
export function isSameGlob(a: CompiledGlob, b: CompiledGlob): boolean {
  return (
    a === b ||
    (a.items.length === b.items.length &&
      a.items.every((item, index) => item === b.items[index]) &&
      a.variables.every((key, index) => key === b.variables[index] && a.folded[index] === b.folded[index]))
  );
}
