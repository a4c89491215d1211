/** What a variable can stand for, seen from a text that its glob must match. */
import { type CompiledGlob, describe, type Item, isStar, isVariable } from './glob.ts';
import { isInside, itemsMeet } from './globRelation.ts';

/** A star of any character. */
const ANYTHING: Item = -11;
/** More parts than this say too little to be worth their cost. */
const MAX_PARTS = 16;

/**
 * Returns globs of which one matches whatever the variable at `items[at]` of `pattern` stands for, when some text of
 * `source` (which has no variables) matches the pattern; other variables may stand for anything. None: no text does.
 * Exactly those values when the source is plain text and the pattern has no other variable. Undefined: too many.
 */
export function project(source: CompiledGlob, pattern: CompiledGlob, at: number): CompiledGlob[] | undefined {
  const starts = reached(pattern.items.slice(0, at), source.items);
  const ends = reachedBack(pattern.items.slice(at + 1), source.items);
  // Most often it may stand for anything, which every other part lies inside.
  if (starts.some((start) => source.items[start] === ANYTHING && ends.includes(start)))
    return [describe([ANYTHING], [], [])];
  const parts: CompiledGlob[] = [];
  for (const start of starts) {
    for (const end of ends) {
      if (end < start) continue;
      // A star at the end may go on being read on both sides of the cut.
      const tail = source.items[end];
      const items = source.items.slice(start, tail !== undefined && isStar(tail) ? end + 1 : end);
      const part = describe(items, [], []);
      if (parts.some((other) => isInside(part, other))) continue;
      parts.push(part);
      if (parts.length > MAX_PARTS) return undefined;
    }
  }
  return parts.filter((part) => !parts.some((other) => other !== part && isInside(part, other)));
}

/** Positions of the source that can be reached while all of `items` is read along with it. */
function reached(items: readonly Item[], source: readonly Item[]): number[] {
  let row = new Uint8Array(source.length + 1);
  row[0] = 1;
  for (let i = 0; ; i++) {
    const item = items[i];
    const loops = item !== undefined && (isStar(item) || isVariable(item));
    const next = new Uint8Array(source.length + 1);
    for (let j = 0; j <= source.length; j++) {
      if (row[j] === 0) continue;
      if (loops) next[j] = 1;
      const other = source[j];
      if (other === undefined) continue;
      const otherLoops = isStar(other);
      if (otherLoops) row[j + 1] = 1;
      if (item === undefined || !itemsMeet(item, other)) continue;
      if (loops && !otherLoops) row[j + 1] = 1;
      else if (otherLoops && !loops) next[j] = 1;
      else if (!loops) next[j + 1] = 1;
    }
    if (item === undefined) return positionsOf(row);
    row = next;
  }
}

/** Positions of the source from which its end can be reached while all of `items` is read along with it. */
function reachedBack(items: readonly Item[], source: readonly Item[]): number[] {
  const { length } = source;
  let row = new Uint8Array(length + 1);
  row[length] = 1;
  for (let i = items.length; ; i--) {
    // `row` holds what can finish after the item; first whatever of the source is skipped by empty stars.
    for (let j = length - 1; j >= 0; j--) {
      const other = source[j];
      if (other !== undefined && isStar(other) && row[j + 1] === 1) row[j] = 1;
    }
    const item = items[i - 1];
    if (item === undefined) return positionsOf(row);
    const loops = isStar(item) || isVariable(item);
    const before = new Uint8Array(length + 1);
    for (let j = length; j >= 0; j--) {
      const other = source[j];
      const otherLoops = other !== undefined && isStar(other);
      if (loops) {
        if (row[j] === 1) before[j] = 1;
        if (other !== undefined && before[j + 1] === 1 && (otherLoops || itemsMeet(item, other)))
          before[j] = 1;
      } else if (other !== undefined && itemsMeet(item, other)) {
        if (otherLoops ? row[j] === 1 : row[j + 1] === 1) before[j] = 1;
      }
      if (otherLoops && before[j + 1] === 1) before[j] = 1;
    }
    row = before;
  }
}

function positionsOf(row: Uint8Array): number[] {
  return [...row.keys()].filter((position) => row[position] === 1);
}
