/**
 * What of a new statement is not plainly granted before. Most of most changes is: an Allow that stood there in the same
 * words, or all of it but a few actions. Whatever is said in other words is left to the deciders.
 */
import type { Condition, Pattern, PrincipalPattern, ResourcePattern, Statement } from '../policy/ast.ts';
import { mapPolicies, type PolicySet } from '../policy/policySet.ts';
import { nearby } from './nearby.ts';

/** Old statements that a changed one is compared with: it mostly has one, and it stood where it stands. */
const MAX_COMPARED = 32;

/** What of a statement may be new. Its other requests were granted whenever they are. */
export type Unsettled = {
  readonly part: Statement;
  /**
   * Denies that went, without anything else. Present only if an Allow before had all of the part in the same words: of it
   * that is new which one of them refused.
   */
  readonly refusedBy?: PolicySet;
};

/**
 * Returns a function that gives what of an Allow statement of `updated` is not granted by `existing` in the same words;
 * undefined iff there is none left.
 *
 * Why: where no boundary takes part, what `updated` grants is refused by no Deny of `existing` that still stands. So it is
 * granted there as soon as one Allow matches, and no Deny that went: one does match that has the same words in all
 * elements but one, the same word in that one, and no condition that the new one lacks.
 */
export function unsettledPart(
  existing: PolicySet,
  updated: PolicySet,
): (statement: Statement) => Unsettled | undefined {
  if (existing.boundary !== undefined) return (part) => ({ part });
  const before = statementsOf(existing);
  const after = statementsOf(updated);
  const standing = pairEqual(before, after);
  const gone = before.filter((statement) => !standing.before.has(statement));
  const denies = new Set(gone.filter(({ effect }) => effect === 'Deny'));
  const allows = gone.filter(({ effect }) => effect === 'Allow');
  const unallowed = unallowedPart(standing.after, allows);
  const refusing = mapPolicies(existing, (policy) => ({
    ...policy,
    statements: policy.statements.filter((statement) => denies.has(statement)),
  }));
  return (statement) => {
    const part = unallowed(statement);
    const refusedBy = nearby(refusing, statement);
    if (statementsOf(refusedBy).length === 0) return part && { part };
    return part === undefined ? { part: statement, refusedBy } : { part: statement };
  };
}

/** Returns a function that gives the part of a statement that no Allow before had in the same words; undefined iff none is left. */
function unallowedPart(
  standing: ReadonlySet<Statement>,
  allows: readonly Statement[],
): (statement: Statement) => Statement | undefined {
  let next = 0;
  return (statement) => {
    if (standing.has(statement)) return undefined;
    let part = statement;
    for (let step = 0; step < Math.min(allows.length, MAX_COMPARED); step++) {
      const other = allows[(next + step) % allows.length];
      const left = other === undefined ? part : without(part, other);
      if (left !== part) next += step;
      if (left === undefined) return undefined;
      part = left;
    }
    return part;
  };
}

/** Returns true only if both statements say the same in the same words, with the same effect. */
export function sameWords(a: Statement, b: Statement): boolean {
  if (a.effect !== b.effect || !isSameTree(a.conditions, b.conditions)) return false;
  return ELEMENTS.every(({ isSame }) => isSame(a, b));
}

/** The statements that stand in both lists in the same words. */
function pairEqual(
  before: readonly Statement[],
  after: readonly Statement[],
): { readonly before: ReadonlySet<Statement>; readonly after: ReadonlySet<Statement> } {
  const pairs = { before: new Set<Statement>(), after: new Set<Statement>() };
  const pair = (at: number, afterAt: number) => {
    const [a, b] = [before[at], after[afterAt]];
    if (a === undefined || b === undefined || !(a === b || sameWords(a, b))) return false;
    pairs.before.add(a);
    pairs.after.add(b);
    return true;
  };
  // Order is mostly kept: what both begin and end with is not looked up.
  let start = 0;
  while (pair(start, start)) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && pair(before.length - 1 - end, after.length - 1 - end)) end++;
  const rest = before.slice(start, before.length - end);
  if (rest.length > 0) pairMoved(rest, after.slice(start, after.length - end), pairs);
  return pairs;
}

function pairMoved(
  before: readonly Statement[],
  after: readonly Statement[],
  pairs: { readonly before: Set<Statement>; readonly after: Set<Statement> },
): void {
  const alike = new Map<string, { readonly statements: Statement[]; next: number }>();
  for (const statement of before) {
    const mark = markOf(statement);
    const known = alike.get(mark);
    if (known === undefined) alike.set(mark, { statements: [statement], next: 0 });
    else known.statements.push(statement);
  }
  for (const statement of after) {
    const group = alike.get(markOf(statement));
    if (group === undefined) continue;
    const { statements, next } = group;
    for (let step = 0; step < statements.length; step++) {
      const at = (next + step) % statements.length;
      const other = statements[at];
      if (other === undefined || !(other === statement || sameWords(other, statement))) continue;
      pairs.before.add(other);
      pairs.after.add(statement);
      group.next = at + 1;
      break;
    }
  }
}

/** The same for statements in the same words, and mostly another for others. */
function markOf({ effect, action, resource, conditions }: Statement): string {
  const counts = `${action.patterns.length} ${resource?.patterns.length} ${conditions.length}`;
  return `${effect} ${counts} ${resource?.patterns[0]?.text}`;
}

/** The part of `statement` that `other` does not grant in the same words; undefined iff none is left. */
function without(statement: Statement, other: Statement): Statement | undefined {
  // Conditions are all to be met: with further ones the statement grants less than the other.
  const asks = (condition: Condition) => statement.conditions.some((own) => isSameTree(own, condition));
  if (!other.conditions.every(asks)) return statement;
  const differing = ELEMENTS.filter(({ isSame }) => !isSame(statement, other));
  const [element, ...others] = differing;
  if (element === undefined) return undefined;
  return others.length > 0 ? statement : element.without(statement, other);
}

/** An element of a statement: what may differ from version to version. */
type Element = {
  /** True only if it says the same of every request in both. */
  readonly isSame: (a: Statement, b: Statement) => boolean;
  /** The statement with only those members of the element that the other does not have; undefined iff none is left. */
  readonly without: (statement: Statement, other: Statement) => Statement | undefined;
};

/** All but the conditions; those first that cost least to compare. */
const ELEMENTS: readonly Element[] = [
  {
    isSame: (a, b) => isSameElement(a.principal, b.principal, isSameTree),
    without: (statement, { principal: other }) => {
      const { principal } = statement;
      if (principal === undefined || other === undefined || principal.negated || other.negated)
        return statement;
      const patterns = difference(principal.patterns, other.patterns, wordOfPrincipal);
      return patterns.length === 0 ? undefined : { ...statement, principal: { negated: false, patterns } };
    },
  },
  {
    isSame: (a, b) => isSameElement(a.resource, b.resource, isSameResource),
    without: (statement, { resource: other }) => {
      const { resource } = statement;
      if (resource === undefined || other === undefined || resource.negated || other.negated)
        return statement;
      const patterns = difference(resource.patterns, other.patterns, wordOfResource);
      return patterns.length === 0 ? undefined : { ...statement, resource: { negated: false, patterns } };
    },
  },
  {
    isSame: (a, b) => isSameElement(a.action, b.action, isSamePattern),
    without: (statement, { action: other }) => {
      const { action } = statement;
      if (action.negated || other.negated) return statement;
      const patterns = difference(action.patterns, other.patterns, wordOfPattern);
      return patterns.length === 0 ? undefined : { ...statement, action: { negated: false, patterns } };
    },
  },
];

type Members<T> = { readonly negated: boolean; readonly patterns: readonly T[] };

function isSameElement<T>(
  a: Members<T> | undefined,
  b: Members<T> | undefined,
  isSameMember: (a: T, b: T) => boolean,
): boolean {
  if (a === undefined || b === undefined || a === b) return a === b;
  if (a.negated !== b.negated || a.patterns.length !== b.patterns.length) return false;
  for (let index = 0; index < a.patterns.length; index++) {
    const [x, y] = [a.patterns[index], b.patterns[index]];
    if (x === undefined || y === undefined || !isSameMember(x, y)) return false;
  }
  return true;
}

function isSamePattern(a: Pattern, b: Pattern): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    const x = a[index];
    const y = b[index];
    if (x?.kind !== y?.kind) return false;
    if (x?.kind === 'text' && (y?.kind !== 'text' || x.text !== y.text)) return false;
    if (x?.kind === 'variable' && !isSameTree(x, y)) return false;
  }
  return true;
}

function isSameResource(a: ResourcePattern, b: ResourcePattern): boolean {
  if (a.kind !== b.kind || a.text !== b.text) return false;
  return saysTheSameAnywhere(a) || isSameTree(a, b);
}

/** The same text is a variable in one version of the language and plain text in the other; a short form is of the document's API. */
function saysTheSameAnywhere({ text }: ResourcePattern): boolean {
  return text.startsWith('arn:') && !text.includes('${');
}

/** True iff two parts of a policy's tree, plain objects and lists, are equal. */
function isSameTree(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a, b] as { readonly [name: string]: unknown }[];
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSameTree(x?.[name], y?.[name]));
}

/** The members of `list` that are not seen to stand in `known`; what both begin and end with is not looked up. */
function difference<T>(list: readonly T[], known: readonly T[], wordOf: (member: T) => string): T[] {
  const isSame = (at: number, knownAt: number) => {
    const [a, b] = [list[at], known[knownAt]];
    return a !== undefined && b !== undefined && wordOf(a) === wordOf(b);
  };
  let start = 0;
  while (start < list.length && isSame(start, start)) start++;
  let end = 0;
  const shorter = Math.min(list.length, known.length) - start;
  while (end < shorter && isSame(list.length - 1 - end, known.length - 1 - end)) end++;
  const words = new Set(known.slice(start, known.length - end).map(wordOf));
  return list.slice(start, list.length - end).filter((member) => !words.has(wordOf(member)));
}

// Words are equal only for what matches the same. The mark can stand in no policy.
const MARK = '\u0001';

function wordOfPattern(pattern: Pattern): string {
  const token = pattern[0];
  if (token?.kind === 'text' && pattern.length === 1) return token.text;
  let word = '';
  for (const step of pattern) {
    if (step.kind === 'text') word += step.text;
    else if (step.kind === 'variable') word += `${MARK}\${${step.key},${step.defaultText ?? MARK}}`;
    else word += step.kind === 'star' ? `${MARK}*` : `${MARK}?`;
  }
  return word;
}

function wordOfResource(pattern: ResourcePattern): string {
  if (saysTheSameAnywhere(pattern)) return `${pattern.kind} ${pattern.text}`;
  if (pattern.kind === 'whole') return `whole ${wordOfPattern(pattern.pattern)}`;
  return pattern.kind === 'arn'
    ? `parts ${pattern.parts.map(wordOfPattern).join(':')}`
    : `${pattern.kind} ${pattern.text}`;
}

function wordOfPrincipal(pattern: PrincipalPattern): string {
  return JSON.stringify(pattern);
}

/** The statements of all documents, those of a boundary aside: it only limits. */
function statementsOf({ policies }: PolicySet): readonly Statement[] {
  const [first, ...others] = policies;
  if (first !== undefined && others.length === 0) return first.policy.statements;
  return policies.flatMap(({ policy }) => policy.statements);
}
