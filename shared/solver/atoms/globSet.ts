/** Unions of globs, indexed so that comparing two long lists does not compare every pair. */
import type { Glob } from '../../formula/formula.ts';
import { type CompiledGlob, compileGlob } from './glob.ts';
import { matchesText } from './globAutomaton.ts';
import { isInside, overlaps } from './globRelation.ts';

export type GlobSet = {
  readonly globs: readonly CompiledGlob[];
  /** Texts of the globs that are plain text. */
  readonly literals: ReadonlySet<string>;
  /** The other globs by their literal prefix up to the first `:`; `''` for those whose prefix has none. */
  readonly patterns: ReadonlyMap<string, readonly CompiledGlob[]>;
  readonly hasVariables: boolean;
};

/** How the texts of a glob lie to those of a set. `partly` also when it is not seen cheaply which of the others holds. */
type Relation = 'inside' | 'apart' | 'partly';

const sets = new WeakMap<readonly Glob[], GlobSet>();

/** Returns the indexed union; the same object for the same list. */
export function compileSet(globs: readonly Glob[]): GlobSet {
  let known = sets.get(globs);
  if (known === undefined) {
    known = makeSet(globs.map(compileGlob));
    sets.set(globs, known);
  }
  return known;
}

/** Returns the indexed union of compiled globs. */
export function makeSet(globs: readonly CompiledGlob[]): GlobSet {
  const literals = new Set<string>();
  const patterns = new Map<string, CompiledGlob[]>();
  let hasVariables = false;
  for (const glob of globs) {
    if (glob.variables.length > 0) hasVariables = true;
    if (glob.literal !== undefined) {
      literals.add(glob.literal);
      continue;
    }
    const head = headOf(glob);
    const bucket = patterns.get(head);
    if (bucket === undefined) patterns.set(head, [glob]);
    else bucket.push(glob);
  }
  return { globs, literals, patterns, hasVariables };
}

const singles = new WeakMap<CompiledGlob, GlobSet>();

/** Returns the set of one glob; the same object for the same glob. */
export function setOfOne(glob: CompiledGlob): GlobSet {
  let set = singles.get(glob);
  if (set === undefined) {
    set = makeSet([glob]);
    singles.set(glob, set);
  }
  return set;
}

/** The literal text up to the first colon (`s3:`, `arn:`), by which most globs cannot meet. */
function headOf(glob: CompiledGlob): string {
  return glob.prefix.slice(0, glob.prefix.indexOf(':') + 1);
}

/** Returns how the glob's texts lie to the set's: `inside` and `apart` are certain, for all values of variables. */
export function relate(glob: CompiledGlob, set: GlobSet): Relation {
  if (set.globs.length < MANY) return relateOnce(glob, set);
  let known = relations.get(set);
  if (known === undefined) {
    known = new WeakMap();
    relations.set(set, known);
  }
  let relation = known.get(glob);
  if (relation === undefined) {
    relation = relateOnce(glob, set);
    known.set(glob, relation);
  }
  return relation;
}

/** From so many globs on it pays to remember how others lie to them: a search asks the same dozens of times. */
const MANY = 8;
const relations = new WeakMap<GlobSet, WeakMap<CompiledGlob, Relation>>();

function relateOnce(glob: CompiledGlob, set: GlobSet): Relation {
  const { literal } = glob;
  if (literal !== undefined) {
    if (set.literals.has(literal)) return 'inside';
    let meets = false;
    for (const pattern of candidates(literal.slice(0, literal.indexOf(':') + 1), set)) {
      if (pattern.variables.length > 0) meets ||= overlaps(glob, pattern);
      else if (matchesText(pattern, literal)) return 'inside';
    }
    return meets ? 'partly' : 'apart';
  }
  let meets = false;
  const head = headOf(glob);
  const patterns = head === '' ? set.patterns.values() : [candidates(head, set)];
  for (const bucket of patterns) {
    for (const pattern of bucket) {
      if (isInside(glob, pattern)) return 'inside';
      meets ||= overlaps(glob, pattern);
    }
  }
  return meets || someLiteralMeets(glob, set) ? 'partly' : 'apart';
}

/** Returns true only if the glob lies inside one glob of the set, for all values of variables. */
export function isInsideSet(glob: CompiledGlob, set: GlobSet): boolean {
  if (glob.literal !== undefined) return relate(glob, set) === 'inside';
  for (const pattern of candidates(headOf(glob), set)) if (isInside(glob, pattern)) return true;
  return false;
}

/** Returns how the glob's texts lie to the other's: as `relate` does for a set of one. */
export function relateTo(glob: CompiledGlob, other: CompiledGlob): Relation {
  if (glob.literal !== undefined && other.variables.length === 0)
    return matchesText(other, glob.literal) ? 'inside' : 'apart';
  if (glob.literal === undefined && other.literal !== undefined && glob.variables.length === 0)
    return matchesText(glob, other.literal) ? 'partly' : 'apart';
  let known = pairs.get(other);
  if (known === undefined) {
    known = new WeakMap();
    pairs.set(other, known);
  }
  let relation = known.get(glob);
  if (relation === undefined) {
    relation =
      glob.literal === undefined && isInside(glob, other)
        ? 'inside'
        : overlaps(glob, other)
          ? 'partly'
          : 'apart';
    known.set(glob, relation);
  }
  return relation;
}

// One statement's resource is compared with the formats of what an action takes, level by level.
const pairs = new WeakMap<CompiledGlob, WeakMap<CompiledGlob, Relation>>();

/** The patterns that a glob with this head may meet. */
function candidates(head: string, { patterns }: GlobSet): readonly CompiledGlob[] {
  const open = patterns.get('') ?? NONE;
  const own = head === '' ? NONE : (patterns.get(head) ?? NONE);
  return own.length === 0 ? open : open.length === 0 ? own : [...own, ...open];
}

const NONE: readonly CompiledGlob[] = [];

function someLiteralMeets(glob: CompiledGlob, set: GlobSet): boolean {
  for (const literal of set.literals) {
    if (!literal.startsWith(glob.prefix)) continue;
    if (glob.variables.length > 0 || matchesText(glob, literal)) return true;
  }
  return false;
}

/** Returns true iff the text is in the set; globs with variables count as empty. */
export function hasText(set: GlobSet, value: string): boolean {
  if (set.literals.has(value)) return true;
  for (const pattern of candidates(value.slice(0, value.indexOf(':') + 1), set)) {
    if (pattern.variables.length === 0 && matchesText(pattern, value)) return true;
  }
  return false;
}
