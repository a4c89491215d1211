/**
 * What is known of a target's past: edits (what a call did to which part) and reads (what AWS answered). Contents are
 * never stored for events; they are replayed, so a late event changes only what it should. Pure values, kept as JSON.
 */
import type { FindingChange } from '../../findings/finding.ts';
import { sha256 } from '../../store/objectKey.ts';
import type { PartRole } from '../../targets/target.ts';

/** Milliseconds since 1970. */
export type Ms = number;

/** Times of events are whole ones. */
export const SECOND = 1_000;

/** One document of a content, by its text's hash. */
export type Part = {
  readonly id: string;
  readonly role: PartRole;
  /** Unique id of what holds the text, for a text that is shared: a policy made again under its name is another one. */
  readonly uid?: string;
  /** Hash of the kept text; `unreadable`: AWS did not show it. */
  readonly text: string;
  /** Equal for every spelling of the same text. */
  readonly form: string;
  /** Hashes of the statements, of a resource's policy. */
  readonly statements?: readonly string[];
  /** Hashes of statements that the text holds and that are not meant: no event tells of them. */
  readonly without?: readonly string[];
};

export type Content = {
  /** False: the thing is not there. Then there are no parts. */
  readonly exists: boolean;
  readonly uniqueId?: string;
  /** Sorted by id. */
  readonly parts: readonly Part[];
  /** Hash of the kept document that holds the whole snapshot, where it was read as it is: what a restore needs stands there. */
  readonly snapshot?: string;
};

/** A part after a call, as `changes/edit.ts` has it, with texts by their hashes. */
export type Touch = {
  /** One that ends in `*` stands for every part whose id begins so. */
  readonly part: string;
  readonly to: Part | 'gone' | 'hidden';
  /** What the call added to whatever the part held. */
  readonly adds?: string;
  /** The form of a text that was read and is without what the call added: a read of it came before the call. */
  readonly lacks?: string;
  /** Hashes of the statements that the call added. */
  readonly statements?: readonly string[];
  /** The call added nothing else. */
  readonly addsOnly?: true;
  /** The most that the part can have held before. */
  readonly takes?: Part;
  /**
   * The call changed a text where it stands, and the target holds it by this part. It adopts what it held before and
   * holds still; what came or went meanwhile is somebody else's doing.
   */
  readonly heldBy?: string;
  /** Of what a record hides: the only parts that can have come, or be another, and those that can have gone by the call. */
  readonly names?: { readonly comes: readonly string[]; readonly goes: readonly string[] };
};

/** What a call did. */
export type Edit = {
  readonly kind: 'edit';
  /** Whole seconds. */
  readonly at: Ms;
  readonly change: FindingChange;
  readonly life: 'made' | 'found-or-made' | 'ended' | 'kept';
  /** True: parts that no touch names are not there. */
  readonly isWhole: boolean;
  /** Of what the call made. */
  readonly uniqueId?: string;
  /** The guard's own hand: it answers what it has read, so of one second it comes last. */
  readonly isOwn?: true;
  readonly touches: readonly Touch[];
};

/** What AWS answered. */
export type Read = {
  readonly kind: 'read';
  readonly at: Ms;
  readonly content: Content;
  /** When the thing was made, where AWS says. */
  readonly createdAt?: Ms;
};

export type Entry = Edit | Read;

/** Who wrote a part last. No changes: nobody knows. */
export type Writer = {
  readonly at: Ms;
  readonly by: readonly FindingChange[];
  /** The event holds the text. */
  readonly isShown: boolean;
  /** Somebody else, of whom no event tells yet, wrote it as well. */
  readonly isBeside?: true;
};

/** Where the timeline begins: a settled read; nothing was there when all was looked through; or nobody knows. */
type Horizon =
  | {
      readonly kind: 'read';
      readonly read: Read;
      readonly lives: number;
      /** Where nothing is there: what was, since some deletions can be taken back. */
      readonly predecessor?: Content;
    }
  | { readonly kind: 'nothing'; readonly since: Ms }
  | { readonly kind: 'unknown' };

export type Timeline = {
  readonly horizon: Horizon;
  readonly entries: readonly Entry[];
  /** Of parts as they were at the horizon. */
  readonly writers: { readonly [part: string]: Writer };
};

/** Returns the latest read; undefined: there was none. */
export function lastReadOf({ entries, horizon }: Timeline): Read | undefined {
  return (
    entries.findLast((entry) => entry.kind === 'read') ?? (horizon.kind === 'read' ? horizon.read : undefined)
  );
}

/** The content of a thing that is not there. */
export const ABSENT: Content = { exists: false, parts: [] };

/** Returns true iff the part is named. */
export function isPart(named: string, { id }: Pick<Part, 'id'>): boolean {
  return named.endsWith('*') ? id.startsWith(named.slice(0, -1)) : id === named;
}

/**
 * Returns the parts that the touch can have made what they are in the content, as far as the record tells: that `id` is
 * there, or that it is not.
 */
export function namesFor({ part, names }: Touch, id: string, content: Content): readonly string[] {
  return names?.[partOf(content, id) === undefined ? 'goes' : 'comes'] ?? [part];
}

/**
 * Returns the part by which a target holds a text that is another target's: the attachment, or the membership in the
 * group that gives it. Undefined: the text is its own. What such a call shows is that the part is there, not its text.
 */
export function holdingOf(id: string): string | undefined {
  return /^group:[^/]*/.exec(id)?.[0] ?? (/^(attached|boundary):/.test(id) ? id : undefined);
}

/** Returns the part with that id; undefined: there is none. */
export function partOf({ parts }: Content, id: string): Part | undefined {
  return parts.find((part) => part.id === id);
}

/** Returns the content with that unique id, where one is given. */
export function withUniqueId(content: Content, uniqueId: string | undefined): Content {
  return uniqueId === undefined ? content : { ...content, uniqueId };
}

/** Returns true iff nobody knows which parts the call touched. */
export function isVague({ touches }: Edit): boolean {
  return touches.some(({ part, to }) => part === '*' && to === 'hidden');
}

/**
 * Returns true iff both hold the same text of the same thing. Where a unique id is missing it equals any, and so does
 * the type of an endpoint.
 */
export function isSamePart(one: Part | undefined, other: Part | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.form === other.form && isSameRole(one.role, other.role) && isSameUid(one, other);
}

/** Returns true iff the unique ids are equal, or one of them is not known. */
export function isSameUid(one: Pick<Part, 'uid'> | undefined, other: Pick<Part, 'uid'> | undefined): boolean {
  return one?.uid === undefined || other?.uid === undefined || one.uid === other.uid;
}

/** A limit of which more is known is a limit. */
function isSameRole(one: PartRole, other: PartRole): boolean {
  const isLimit = (role: PartRole) => role.endsWith('limit');
  return one === other || (isLimit(one) && isLimit(other) && (one === 'limit' || other === 'limit'));
}

/** Returns true iff unique ids tell that the two are different things under one name. */
export function isOther(one: Pick<Content, 'uniqueId'>, other: Pick<Content, 'uniqueId'>): boolean {
  return one.uniqueId !== undefined && other.uniqueId !== undefined && one.uniqueId !== other.uniqueId;
}

/** Returns the ids of the parts that differ, sorted. */
export function changedParts(before: Content, after: Content): string[] {
  if (before === after) return [];
  const [was, is] = [before, after].map(({ parts }) => new Map(parts.map((part) => [part.id, part])));
  const ids = new Set([...before.parts, ...after.parts].map(({ id }) => id));
  return [...ids].filter((id) => !isSamePart(was?.get(id), is?.get(id))).sort();
}

/** Returns true iff nothing differs that matters to anybody. */
export function isSameContent(one: Content, other: Content): boolean {
  if (one.exists !== other.exists || isOther(one, other) || one.parts.length !== other.parts.length)
    return false;
  const isAligned = one.parts.every(({ id }, index) => id === other.parts[index]?.id);
  if (!isAligned) return changedParts(one, other).length === 0;
  return one.parts.every((part, index) => isSamePart(part, other.parts[index]));
}

/** Returns what contents of the same parts have, whatever the spelling of their texts: a few letters in place of them. */
export function formsOf({ parts }: { readonly parts: readonly Pick<Part, 'id' | 'form'>[] }): string {
  return sha256(JSON.stringify(parts.map(({ id, form }) => [id, form])));
}

/** Returns the content with the part, or without what is named. */
export function withPart(content: Content, named: string, to: Part | 'gone'): Content {
  // Another boundary replaces the one that there is: a user, role or permission set has one at most.
  const replaced = to !== 'gone' && named.startsWith('boundary:') ? 'boundary:*' : named;
  const others = content.parts.filter((part) => !isPart(replaced, part));
  const parts = to === 'gone' ? others : [...others, to];
  return withParts(content, parts);
}

/** Returns the content with whatever is named as it is in the other. */
export function asUntil(content: Content, named: string, until: Content): Content {
  return until.parts
    .filter((part) => isPart(named, part))
    .reduce((changed, part) => withPart(changed, part.id, part), withPart(content, named, 'gone'));
}

/** Returns the content of the same thing with these parts. */
export function withParts({ uniqueId }: Content, parts: readonly Part[]): Content {
  const sorted = parts.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return withUniqueId({ exists: true, parts: sorted }, uniqueId);
}
