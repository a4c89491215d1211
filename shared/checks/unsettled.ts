/**
 * What of a new statement is not plainly granted before. Most of most changes is: an Allow that stood there in the same
 * words, or all of it but a few actions. Whatever is said in other words is left to the deciders.
 */
import type { Pattern, ResourcePattern, Statement } from '../policy/ast.ts';
import type { PolicySet } from './verdict.ts';

/** The elements of a statement of which a part may be new while the others stay as they were. */
type Dimension = 'action' | 'resource' | 'principal';
const DIMENSIONS: readonly Dimension[] = ['action', 'resource', 'principal'];

/**
 * Returns a function that gives the part of an Allow statement of `updated` that is not granted by `existing` in the
 * same words; undefined iff there is none left. Requests of the statement outside the part are granted by `existing`
 * whenever they are granted by `updated`.
 *
 * Why: where every Deny of `existing` still stands and no boundary takes part, what `updated` grants no Deny of
 * `existing` refuses; so it is granted there as soon as one Allow matches, and one does that has the same words in all
 * elements but one, and the same word in that one.
 */
export function unsettledPart(
  existing: PolicySet,
  updated: PolicySet,
): (statement: Statement) => Statement | undefined {
  if (existing.boundary !== undefined) return (statement) => statement;
  const standing = pairEqual(statementsOf(existing), statementsOf(updated));
  const gone = statementsOf(existing).filter((statement) => !standing.before.has(statement));
  if (gone.some(({ effect }) => effect === 'Deny')) return (statement) => statement;
  const said = gone.map(sayingOf);
  const indices = new Map<Dimension, ReadonlyMap<string, ReadonlySet<string>>>();
  const indexOf = (dimension: Dimension) => {
    let index = indices.get(dimension);
    if (index === undefined) {
      index = wordsByRest(said, dimension);
      indices.set(dimension, index);
    }
    return index;
  };
  return (statement) => {
    if (standing.after.has(statement)) return undefined;
    if (said.length === 0) return statement;
    const saying = sayingOf(statement);
    for (const dimension of DIMENSIONS) {
      const { words } = saying[dimension];
      const known = indexOf(dimension).get(restOf(saying, dimension));
      if (known === undefined) continue;
      const isLeft = words.map((word) => !known.has(word));
      if (!isLeft.includes(true)) return undefined;
      if (isLeft.includes(false)) return withOnly(statement, dimension, isLeft);
    }
    return statement;
  };
}

/** The statements that stand in both lists in the same words. Order is mostly kept, so the search goes on where it was. */
function pairEqual(
  before: readonly Statement[],
  after: readonly Statement[],
): { readonly before: ReadonlySet<Statement>; readonly after: ReadonlySet<Statement> } {
  const pairs = { before: new Set<Statement>(), after: new Set<Statement>() };
  let next = 0;
  for (const statement of after) {
    for (let step = 0; step < before.length; step++) {
      const at = (next + step) % before.length;
      const other = before[at];
      if (other === undefined || !isSame(other, statement)) continue;
      pairs.before.add(other);
      pairs.after.add(statement);
      next = at + 1;
      break;
    }
  }
  return pairs;
}

/** True only if the statements say the same of every request. */
function isSame(a: Statement, b: Statement): boolean {
  return (
    a.effect === b.effect &&
    a.action.negated === b.action.negated &&
    a.action.patterns.length === b.action.patterns.length &&
    a.resource?.patterns.length === b.resource?.patterns.length &&
    a.resource?.negated === b.resource?.negated &&
    a.conditions.length === b.conditions.length &&
    isSameList(a.action.patterns, b.action.patterns, isSamePattern) &&
    isSameList(a.resource?.patterns ?? [], b.resource?.patterns ?? [], isSameResource) &&
    isSameTree(a.principal, b.principal) &&
    isSameTree(a.conditions, b.conditions)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSameItem: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, index) => isSameItem(item, b[index] as T)); // Lengths are equal.
}

function isSamePattern(a: Pattern, b: Pattern): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index], b[index]];
    if (x?.kind !== y?.kind) return false;
    if (x?.kind === 'text' && (y?.kind !== 'text' || x.text !== y.text)) return false;
    if (x?.kind === 'variable' && !isSameTree(x, y)) return false;
  }
  return true;
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

function isSameResource(a: ResourcePattern, b: ResourcePattern): boolean {
  // The same text is a variable in one version of the language and plain text in the other.
  if (a.kind !== b.kind || a.text !== b.text) return false;
  return a.kind !== 'arn' || !a.text.includes('${') || isSameTree(a, b);
}

/** An element in words that are equal only for what matches the same. */
type Element = { readonly words: readonly string[]; text: string | undefined };

type Saying = { readonly [dimension in Dimension]: Element } & { readonly conditions: string };

// Neither can stand in a policy.
const BETWEEN_WORDS = '\u0001';
const BETWEEN_ELEMENTS = '\u0002';

function sayingOf({ action, resource, principal, conditions }: Statement): Saying {
  return {
    action: elementOf(action.negated, action.patterns.map(patternWord)),
    resource:
      resource === undefined
        ? elementOf(false, [''])
        : elementOf(
            resource.negated,
            resource.patterns.map((pattern) =>
              // The same text is a variable in one version of the language and plain text in the other, and `${*}` is a
              // star's letter.
              pattern.kind === 'arn' && pattern.text.includes('${')
                ? `parts ${pattern.parts.map(patternWord).join(':')}`
                : `${pattern.kind} ${pattern.text}`,
            ),
          ),
    principal:
      principal === undefined
        ? elementOf(false, [''])
        : elementOf(
            principal.negated,
            principal.patterns.map((pattern) => JSON.stringify(pattern)),
          ),
    conditions: conditions.length === 0 ? '' : JSON.stringify(conditions, bigintAsText),
  };
}

/** What is all but a list has no parts: it is one word. */
function elementOf(negated: boolean, words: readonly string[]): Element {
  if (!negated) return { words, text: undefined };
  const word = `not ${words.join(BETWEEN_WORDS)}`;
  return { words: [word], text: word };
}

function patternWord(pattern: Pattern): string {
  const [token] = pattern;
  if (token?.kind === 'text' && pattern.length === 1) return token.text;
  let word = '';
  for (const step of pattern) {
    if (step.kind === 'text') word += step.text;
    else if (step.kind === 'variable')
      word += `${BETWEEN_WORDS}\${${step.key},${step.defaultText ?? BETWEEN_WORDS}}`;
    else word += step.kind === 'star' ? `${BETWEEN_WORDS}*` : `${BETWEEN_WORDS}?`;
  }
  return word;
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** All elements but one. */
function restOf(saying: Saying, dimension: Dimension): string {
  let rest = saying.conditions;
  for (const other of DIMENSIONS) if (other !== dimension) rest += BETWEEN_ELEMENTS + textOf(saying[other]);
  return rest;
}

function textOf(element: Element): string {
  element.text ??= element.words.join(BETWEEN_WORDS);
  return element.text;
}

function wordsByRest(
  sayings: readonly Saying[],
  dimension: Dimension,
): ReadonlyMap<string, ReadonlySet<string>> {
  const index = new Map<string, Set<string>>();
  for (const saying of sayings) {
    const rest = restOf(saying, dimension);
    const { words } = saying[dimension];
    const known = index.get(rest);
    if (known === undefined) index.set(rest, new Set(words));
    else for (const word of words) known.add(word);
  }
  return index;
}

function withOnly(statement: Statement, dimension: Dimension, isLeft: readonly boolean[]): Statement {
  const element = statement[dimension];
  if (element === undefined) return statement;
  const patterns = (element.patterns as readonly unknown[]).filter((_, index) => isLeft[index]);
  return { ...statement, [dimension]: { negated: false, patterns } };
}

/** The statements of all documents, those of a boundary aside: it only limits. */
function statementsOf({ policies }: PolicySet): Statement[] {
  return policies.flatMap(({ policy }) => policy.statements);
}
