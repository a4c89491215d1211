/** How two globs lie to each other: the cheap relations that settle most questions before any product is built. */
import { foldChar } from '../../policy/foldChar.ts';
import {
  type CompiledGlob,
  classOf,
  FOLD,
  type Item,
  isOne,
  isStar,
  isVariable,
  itemHasChar,
  literalChars,
} from './glob.ts';

/** True iff whatever `inner` (not a star) stands for, `outer` (a character, one or star) stands for too. */
function itemCovers(outer: Item, inner: Item): boolean {
  if (inner >= 0) {
    if (outer >= FOLD) return inner >= FOLD ? inner === outer : foldChar(inner) === outer - FOLD;
    if (outer >= 0) return outer === inner;
    return literalChars(inner).every((char) => itemHasChar(outer, char));
  }
  return outer < 0 && !isVariable(outer) && classOf(outer) <= classOf(inner);
}

/** Returns true iff some character is in both items' sets (characters, ones, stars; a variable may hold anything). */
export function itemsMeet(a: Item, b: Item): boolean {
  if (a < 0) return b < 0 || itemsMeet(b, a);
  if (b <= -100) return true;
  return a < FOLD ? itemHasChar(b, a) : literalChars(a).some((char) => itemHasChar(b, char));
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
  const both = { inner, outer };
  const pattern = outer.items;
  let [row, nextRow] = rowsFor(pattern.length);
  row[0] = 1;
  let [first, last] = [0, skipStars(pattern, row, 0, 0)];
  for (const item of inner.items) {
    let [nextFirst, nextLast] = [pattern.length + 1, -1];
    for (let position = first; position <= last; position++) {
      const next = row[position] === 1 ? nextPosition(position, item, both) : undefined;
      if (next === undefined) continue;
      nextRow[next] = 1;
      if (nextFirst > next) nextFirst = next;
      if (nextLast < next) nextLast = next;
    }
    row.fill(0, first, last + 1);
    if (nextLast < 0) return false;
    [row, nextRow] = [nextRow, row];
    [first, last] = [nextFirst, skipStars(pattern, row, nextFirst, nextLast)];
  }
  const isRead = row[pattern.length] === 1;
  row.fill(0, first, last + 1);
  return isRead;
}

/** Where `outer` stands after the item, which it reads at `position`; undefined: it does not read it. */
function nextPosition(
  position: number,
  item: Item,
  { inner, outer }: { readonly inner: CompiledGlob; readonly outer: CompiledGlob },
): number | undefined {
  const step = outer.items[position];
  if (step === undefined) return undefined;
  if (isStar(step)) {
    const takes = isVariable(item)
      ? classOf(step) === 0
      : isStar(item)
        ? classOf(step) <= classOf(item)
        : itemCovers(step, item);
    return takes ? position : undefined;
  }
  if (
    (isStar(item) || isVariable(item)) &&
    isOne(step) &&
    takesRun(outer.items, position, isVariable(item) ? 0 : classOf(item))
  ) {
    // `?*` takes any text but none: what the star leaves empty, a later character must fill.
    return position;
  }
  const takes = isVariable(item)
    ? isVariable(step) && isSameVariable(outer, step, inner, item)
    : !isStar(item) && !isVariable(step) && itemCovers(step, item);
  return takes ? position + 1 : undefined;
}

/** Marks the positions behind stars that match nothing. Returns the last position that is marked. */
function skipStars(pattern: readonly Item[], row: Uint8Array, first: number, last: number): number {
  let end = last;
  for (let position = first; position <= end; position++) {
    if (row[position] === 0 || !isStar(pattern[position] ?? 0)) continue;
    row[position + 1] = 1;
    if (end === position) end++;
  }
  return end;
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

/**
 * Reachability over pairs of positions, row by row: both automata read the same text. Only the part of a row between
 * the first and the last position that was reached is looked at: mostly there is one.
 */
function meetByItems(a: readonly Item[], b: readonly Item[]): boolean {
  let [row, nextRow] = rowsFor(b.length);
  let [first, last] = [0, 0];
  row[0] = 1;
  for (let i = 0; ; i++) {
    const left = a[i];
    const leftLoops = left !== undefined && (isStar(left) || isVariable(left));
    let [nextFirst, nextLast] = [b.length + 1, -1];
    for (let j = first; j <= last; j++) {
      if (row[j] === 0) continue;
      const right = b[j];
      const rightLoops = right !== undefined && (isStar(right) || isVariable(right));
      let isNextRight = rightLoops;
      let next = leftLoops ? j : -1;
      if (left !== undefined && right !== undefined && itemsMeet(left, right)) {
        if (leftLoops && !rightLoops) isNextRight = true;
        else if (rightLoops && !leftLoops) next = j;
        else if (!leftLoops) {
          nextRow[j + 1] = 1;
          nextLast = j + 1;
          if (nextFirst > j + 1) nextFirst = j + 1;
        }
      }
      if (next >= 0) {
        nextRow[next] = 1;
        if (nextFirst > next) nextFirst = next;
        if (nextLast < next) nextLast = next;
      }
      if (isNextRight) {
        row[j + 1] = 1;
        if (last === j) last = j + 1;
      }
    }
    const isEnd = i === a.length;
    const meets = isEnd && row[b.length] === 1;
    row.fill(0, first, last + 1);
    if (isEnd || nextLast < 0) return meets;
    [row, nextRow] = [nextRow, row];
    [first, last] = [nextFirst, nextLast];
  }
}

/** Two empty rows for so many items; whoever takes them leaves them empty. */
function rowsFor(length: number): readonly [Uint8Array, Uint8Array] {
  if (rows[0].length <= length) rows = [new Uint8Array(2 * length + 2), new Uint8Array(2 * length + 2)];
  return rows;
}

/** Kept empty between calls. */
let rows: [Uint8Array, Uint8Array] = [new Uint8Array(256), new Uint8Array(256)];
