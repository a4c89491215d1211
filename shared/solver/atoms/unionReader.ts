/** A union of globs read letter by letter, of which one must match or none may; what it makes of a letter is worked out once. */
import type { Item } from './glob.ts';
import { createReader, type Place } from './globReader.ts';

/** Where all globs of a union stand. Equal ones are the same object, for one reader. */
export type UnionPlace = {
  readonly number: number;
  readonly places: readonly Place[];
  /** True iff no text that goes on from here can be accepted: a needed union has died, or an excluded glob takes whatever follows. */
  readonly isHopeless: boolean;
  /** True iff the text that was read can be. */
  readonly isAccepting: boolean;
  /** The characters that globs spell here, each once. */
  readonly chars: readonly number[];
  /** The classes of their wildcards here, a bit for each: other characters of the same of these lead to the same place. */
  readonly classes: number;
  /** True iff only a character that is spelled leads on. */
  readonly readsSpelledOnly: boolean;
  /** By the character that is read next, once it was. */
  readonly next: Map<number, UnionPlace>;
};

/** See `createUnionReader`. */
export type UnionReader = {
  /** Where nothing was read yet. */
  readonly start: UnionPlace;
  /** Returns where the union stands after one more character. */
  read(place: UnionPlace, char: number): UnionPlace;
};

/** Returns a reader of globs without variables. What it works out lives as long as it does. */
export function createUnionReader(
  globs: readonly (readonly Item[])[],
  which: 'must' | 'mustNot',
): UnionReader {
  const readers = globs.map(createReader);
  const known = new Map<string, UnionPlace>();
  const placeOf = (reached: readonly Place[]): UnionPlace => {
    const places = which === 'must' && reached.length > 1 ? settle(reached) : reached;
    const word = places.map(({ number }) => number).join();
    let place = known.get(word);
    if (place === undefined) {
      const isMatched = places.some(({ isEnd }) => isEnd);
      const classes = places.reduce((bits, one) => bits | one.classes, 0);
      place = {
        number: known.size,
        places,
        isHopeless:
          which === 'must' ? places.every(({ isDead }) => isDead) : places.some(({ takesRest }) => takesRest),
        isAccepting: isMatched === (which === 'must'),
        chars:
          places.length === 1 ? (places[0]?.chars ?? []) : [...new Set(places.flatMap(({ chars }) => chars))],
        classes,
        readsSpelledOnly: which === 'must' && classes === 0,
        next: new Map(),
      };
      known.set(word, place);
    }
    return place;
  };
  /**
   * A union of which one glob takes whatever follows need not follow its other globs. Where colons are settled (the
   * others take none from here on either), a last star of anything but `:` is as good.
   */
  const settle = (places: readonly Place[]): readonly Place[] => {
    const taker = places.findIndex(({ takesRest, takesRestOfPart }) => takesRest || takesRestOfPart);
    if (taker < 0) return places;
    const isSettled = places[taker]?.takesRest === true || places.every(({ takesNoColon }) => takesNoColon);
    if (!isSettled) return places;
    return readers.map((one, index) =>
      one.placeOf(index === taker ? [one.items.length - 1, one.items.length] : NOWHERE),
    );
  };
  return {
    start: placeOf(readers.map(({ start }) => start)),
    read(place, char) {
      let after = place.next.get(char);
      if (after === undefined) {
        after = placeOf(
          readers.map((reader, index) => reader.read(place.places[index] ?? reader.start, char)),
        );
        place.next.set(char, after);
      }
      return after;
    },
  };
}

const NOWHERE: readonly number[] = [];
