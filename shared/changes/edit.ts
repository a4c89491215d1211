/**
 * What one call did to one target, as far as its record shows: never a whole content, so that records may come late,
 * twice or in any order. The builders here say it for the shapes that calls have.
 */
import type { EventFields, ReadText } from './fields.ts';

/**
 * What a part is after the call.
 * `document`: its whole text, as the call gave it. `reference`: it is there, and its text is another target's; the kind's
 * `readReference` reads it by this name. `gone`: it is not there. `hidden`: touched, and the record does not show how.
 */
type TouchedTo = { readonly document: string } | { readonly reference: string } | 'gone' | 'hidden';

export type Touch = {
  /** Id as in `TargetPart`. One that ends in `*` stands for every part whose id begins so. */
  readonly part: string;
  readonly to: TouchedTo;
  /** What the call added to whatever the part held, as a policy document: the step by itself. */
  readonly adds?: string;
  /** True: the call added nothing else. */
  readonly addsOnly?: true;
  /** The most that the part can have held before, as a policy document: said of limits, which calls take away. */
  readonly takes?: string;
  /**
   * Of a call that touched something, and its record does not show how: the only parts that can have come or gone by it,
   * all of which its record names. What follows from them has its own part.
   */
  readonly names?: NamedParts;
};

/** A call that takes something out puts nothing in. */
type NamedParts = {
  /** Those that may be there, or be another, by the call. */
  readonly comes: readonly string[];
  readonly goes: readonly string[];
};

export type Edit = {
  /**
   * `made`: the call made the target. `found-or-made`: the call answers alike where the target was there (CreateTopic).
   * `ended`: it is deleted. `kept`: it was there and stays. None of them proves that a target is new: AWS's own creation
   * time does, or a read that found it missing.
   */
  readonly life: 'made' | 'found-or-made' | 'ended' | 'kept';
  /** True: parts that `touches` does not name are not there. */
  readonly isWhole: boolean;
  /** The unique id of what the call made, where the record states it. */
  readonly uniqueId?: string;
  /** In the order of their effect. */
  readonly touches: readonly Touch[];
};

export type ReadEdit = (fields: EventFields) => Edit;

/** Returns the edit of a target that was there and stays. */
export const touching = (...touches: readonly Touch[]): Edit => ({ life: 'kept', isWhole: false, touches });

/** Something changed, and the record does not show what: true of every call. */
export const hidden: ReadEdit = () => touching({ part: '*', to: 'hidden' });

/** The call put in or took out only what its record names. */
export const hiddenBut =
  (names: (fields: EventFields) => Partial<NamedParts>): ReadEdit =>
  (fields) =>
    touching({ part: '*', to: 'hidden', names: { comes: [], goes: [], ...names(fields) } });

/** The call touches no part: it only says "look there". */
export const touchesNothing: ReadEdit = () => touching();

/** The call writes the part's whole text. */
export const puts =
  (document: ReadText, part = 'document'): ReadEdit =>
  (fields) => {
    const text = document(fields);
    return touching({ part, to: text === undefined ? 'hidden' : { document: text } });
  };

/** The call sets much, the part's whole text included; without a text it touches nothing. */
export const putsIfGiven =
  (document: ReadText, part = 'document'): ReadEdit =>
  (fields) => {
    const text = document(fields);
    return text === undefined ? touching() : touching({ part, to: { document: text } });
  };

/** The call takes the part away. */
export const removes =
  (part = 'document'): ReadEdit =>
  () =>
    touching({ part, to: 'gone' });

/** The call adds a statement to the part's text; `statement` reads it as JSON text. */
export const addsStatement =
  (statement: ReadText, part = 'document'): ReadEdit =>
  (fields) => {
    const text = statement(fields);
    if (text === undefined) return touching({ part, to: 'hidden' });
    const adds = `{"Version":"2012-10-17","Statement":[${text}]}`;
    return touching({ part, to: 'hidden', adds, addsOnly: true });
  };

/** The call takes a statement out of the part's text. */
export const takesStatement = addsStatement(() => '');

/** The call touches what the text that it names tells; where it names none, it may have touched anything. */
export const touchesNamed =
  (name: ReadText, touches: (name: string, fields: EventFields) => readonly Touch[]): ReadEdit =>
  (fields) => {
    const found = name(fields);
    return found === undefined ? hidden(fields) : touching(...touches(found, fields));
  };

type Made = {
  /** The new target's policy, where the call gives one. */
  readonly document?: ReadText;
  /** Without a document: the target has no part, or the service's default. */
  readonly otherwise?: 'nothing' | 'default';
  readonly life?: 'made' | 'found-or-made';
  readonly uniqueId?: ReadText;
};

/** The call makes the target. */
export const makes =
  ({ document, otherwise = 'nothing', life = 'made', uniqueId }: Made = {}): ReadEdit =>
  (fields) => {
    const text = document?.(fields);
    const id = uniqueId?.(fields);
    const isKnown = text !== undefined || otherwise === 'nothing';
    const [given] = text === undefined ? [] : [{ part: 'document', to: { document: text } }];
    return {
      life,
      isWhole: life === 'made' && isKnown,
      ...(id === undefined ? {} : { uniqueId: id }),
      touches: given !== undefined ? [given] : isKnown ? [] : [{ part: '*', to: 'hidden' }],
    };
  };

/** The call deletes the target. */
export const ends: ReadEdit = () => ({ life: 'ended', isWhole: true, touches: [] });
