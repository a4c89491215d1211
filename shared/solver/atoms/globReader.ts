/**
 * A glob read letter by letter, each set of positions worked out once: a search reads the same letters at the same places
 * again and again, beside what other globs make of them.
 */
import { classOf, type Item, isStar, itemHasChar, literalChars } from './glob.ts';
import { advance, closure } from './globAutomaton.ts';

/** Positions that can be reached by one text. Equal ones are the same object, for one reader. */
export type Place = {
  readonly number: number;
  readonly positions: readonly number[];
  /** True iff there is none: nothing that begins so is a text of the glob. */
  readonly isDead: boolean;
  /** True iff what was read is a text of the glob. */
  readonly isEnd: boolean;
  /** True iff so is whatever goes on from there; `takesRestOfPart`: as long as it holds no `:`. */
  readonly takesRest: boolean;
  readonly takesRestOfPart: boolean;
  /** True iff no text of the glob goes on with a `:` anywhere. */
  readonly takesNoColon: boolean;
  /** The characters that the glob spells at these positions, each once. */
  readonly chars: readonly number[];
  /** The classes of its wildcards at these positions, a bit for each. */
  readonly classes: number;
  /** By the character that is read next, once it was. */
  readonly next: Map<number, Place>;
};

type Reader = {
  readonly items: readonly Item[];
  /** Where nothing was read yet. */
  readonly start: Place;
  /** Returns where the glob stands after one more character. */
  read(place: Place, char: number): Place;
  /** Returns the place of these positions. */
  placeOf(positions: readonly number[]): Place;
};

const COLON = 58;

/** Returns a reader of the items, which hold no variables. What it works out lives as long as it does. */
export function createReader(items: readonly Item[]): Reader {
  const places = new Map<string, Place>();
  const last = items[items.length - 1] ?? 0;
  const lastColon = items.findLastIndex((item) => itemHasChar(item, COLON));
  const placeOf = (reached: readonly number[]): Place => {
    const positions = reached.length > 1 ? [...reached].sort((a, b) => a - b) : reached;
    const word = positions.join(',');
    let place = places.get(word);
    if (place === undefined) {
      const isEnd = positions.includes(items.length);
      place = {
        number: places.size,
        positions,
        isDead: positions.length === 0,
        isEnd,
        takesRest: isEnd && isStar(last) && classOf(last) === 0,
        takesRestOfPart: isEnd && isStar(last) && classOf(last) === 1,
        takesNoColon: positions.every((position) => position > lastColon),
        chars: charsAt(items, positions),
        classes: classesAt(items, positions),
        next: new Map(),
      };
      places.set(word, place);
    }
    return place;
  };
  return {
    items,
    start: placeOf(closure(items, [0])),
    placeOf,
    read(place, char) {
      if (place.isDead) return place;
      let after = place.next.get(char);
      if (after === undefined) {
        after = placeOf(advance(items, place.positions, char));
        place.next.set(char, after);
      }
      return after;
    },
  };
}

function charsAt(items: readonly Item[], positions: readonly number[]): readonly number[] {
  const chars = positions.flatMap((position) => literalChars(items[position] ?? -1));
  return chars.length < 2 ? chars : [...new Set(chars)];
}

function classesAt(items: readonly Item[], positions: readonly number[]): number {
  let classes = 0;
  for (const position of positions) {
    const item = items[position] ?? 0;
    if (item < 0) classes |= 1 << classOf(item);
  }
  return classes;
}
