/**
 * JSON text → value, with places looked up only on demand. The native parser is fast and takes
 * any depth; what it hides (a key written twice) shows in a count, and where it was is looked up with momoa.
 */
import { type AnyNode, type MemberNode, parse as parseWithPlaces } from '@humanwhocodes/momoa';
import type { Position, Span } from './ast.ts';

/** A fault of the text itself. */
type JsonProblem = { readonly message: string; readonly path: string; readonly position?: Position };

type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      /** The first of them. */
      readonly problem: JsonProblem;
      /** All of them in order of place: one when the text is no JSON, else one a key written again, at most 100. */
      readonly problems: readonly JsonProblem[];
      /** What the text says but for keys written twice, of which the last counts. Absent when it is no JSON. */
      readonly value?: unknown;
    };

const MAX_PROBLEMS = 100;

/** Returns the value, or what is wrong and where: not JSON, or keys written twice in one object. Never throws. */
export function parseJson(text: string): JsonResult {
  const read = readJson(text);
  if ('problem' in read) return { ok: false, problem: read.problem, problems: [read.problem] };
  if (!hasDuplicateKeys(text, read.value)) return { ok: true, value: read.value };
  const problems = duplicateProblems(text);
  const [problem = { message: 'a key is written twice in one object; keep one', path: '$' }] = problems;
  return { ok: false, problem, problems: problems.length === 0 ? [problem] : problems, value: read.value };
}

function readJson(text: string): { readonly value: unknown } | { readonly problem: JsonProblem } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: syntaxProblem(text, error) };
  }
}

/**
 * Returns true iff some object of the text has a key twice. `value` is what `JSON.parse` made of the text: it keeps
 * one of the two, so there are more colons outside strings than members.
 */
export function hasDuplicateKeys(text: string, value: unknown): boolean {
  return countColons(text) !== countMembers(value);
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

function countColons(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === COLON) count++;
    else if (char === QUOTE) {
      at++;
      for (
        let inside = text.charCodeAt(at);
        inside !== QUOTE && at < text.length;
        inside = text.charCodeAt(at)
      ) {
        at += inside === BACKSLASH ? 2 : 1;
      }
    }
  }
  return count;
}

function countMembers(value: unknown): number {
  let count = 0;
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const member of next) if (typeof member === 'object' && member !== null) pending.push(member);
      continue;
    }
    for (const key in next) {
      count++;
      const member = (next as { readonly [key: string]: unknown })[key];
      if (typeof member === 'object' && member !== null) pending.push(member);
    }
  }
  return count;
}

function syntaxProblem(text: string, error: unknown): JsonProblem {
  const at = text.trim() === '' ? 0 : syntaxOffset(text, error instanceof Error ? error.message : '');
  const position = positionAt(text, at);
  if (text.trim() === '') {
    return { message: 'the document is empty; write JSON', path: '$', position };
  }
  if (at >= text.length) return { message: 'not JSON: the text ends too early', path: '$', position };
  const found = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const shown = /[\p{C}\p{Z}]/u.test(found) ? characterName(found) : `\`${found}\``;
  return { message: `not JSON: unexpected ${shown}`, path: '$', position };
}

/** The native parser says where only for long texts; for short ones momoa is asked. */
function syntaxOffset(text: string, reason: string): number {
  const [, stated] = /at position (\d+)/.exec(reason) ?? [];
  if (stated !== undefined) return Math.min(Number(stated), text.length);
  if (reason.startsWith('Unexpected end')) return text.length;
  try {
    parseWithPlaces(text, { mode: 'json' });
  } catch (error) {
    if (error instanceof Error && 'offset' in error && typeof error.offset === 'number') return error.offset;
  }
  return text.length;
}

/** Returns the name of a character (code point): `U+0000`. */
export function characterName(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code}`;
}

/** Returns line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1, offset };
}

/** Returns the JSON path of a member: `$.Statement`, or `$["odd key"]` where the name is no plain word. */
export function pathOf(parent: string, key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

/** Returns true iff the first path is the second or leads to a part of what stands there. */
export function isUnder(path: string, place: string): boolean {
  if (!path.startsWith(place)) return false;
  const next = path[place.length];
  return next === undefined || next === '.' || next === '[';
}

function parseTree(text: string): AnyNode | undefined {
  try {
    return parseWithPlaces(text, { mode: 'json' }).body;
  } catch {
    // Hostile nesting overflows the recursive parser; then places are not known and the problem is told without.
    return undefined;
  }
}

const nameOf = ({ name }: MemberNode): string => (name.type === 'String' ? name.value : name.name);

/** Each key that its object already has, in order of place. */
function duplicateProblems(text: string): JsonProblem[] {
  const problems: (JsonProblem & { readonly position: Position })[] = [];
  const root = parseTree(text);
  const pending = root === undefined ? [] : [{ path: '$', node: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, path } = next;
    if (node.type === 'Array') {
      for (const [index, element] of node.elements.entries())
        pending.push({ path: `${path}[${index}]`, node: element.value });
    }
    if (node.type !== 'Object') continue;
    const seen = new Set<string>();
    for (const member of node.members) {
      const name = nameOf(member);
      const memberPath = pathOf(path, name);
      if (seen.has(name)) {
        const message = `\`${name}\` is written twice in one object; keep one`;
        problems.push({ message, path: memberPath, position: { ...member.name.loc.start } });
      }
      seen.add(name);
      pending.push({ path: memberPath, node: member.value });
    }
  }
  return problems.sort((a, b) => a.position.offset - b.position.offset).slice(0, MAX_PROBLEMS);
}

/** Where the values of a text stand. */
export type Locator = {
  /** Returns where the value of a path stands, or undefined when there is no such path. */
  locate(path: string): Span | undefined;
  /** Returns the source text of the value: a JSON number may say more than a floating-point number holds. */
  textOf(path: string): string | undefined;
};

/** Returns a locator that parses the text when it is first asked, and once. A byte order mark counts as offset 0. */
export function createLocator(text: string): Locator {
  const mark = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  let tree: { readonly root: AnyNode | undefined } | undefined;
  const members = new Map<AnyNode, ReadonlyMap<string, AnyNode>>();
  const child = (node: AnyNode, step: string | number): AnyNode | undefined => {
    if (typeof step === 'number') return node.type === 'Array' ? node.elements[step]?.value : undefined;
    if (node.type !== 'Object') return undefined;
    const known =
      members.get(node) ?? new Map(node.members.map((member) => [nameOf(member), member.value] as const));
    members.set(node, known);
    return known.get(step);
  };
  const locate = (path: string): Span | undefined => {
    tree ??= { root: parseTree(mark === 0 ? text : text.slice(mark)) };
    let node = tree.root;
    for (const step of stepsOf(path)) node = node && child(node, step);
    if (node === undefined) return undefined;
    const { start, end } = node.loc;
    return {
      start: { ...start, offset: start.offset + mark },
      end: { ...end, offset: end.offset + mark },
    };
  };
  return {
    locate,
    textOf(path) {
      const span = locate(path);
      return span && text.slice(span.start.offset, span.end.offset);
    },
  };
}

const BYTE_ORDER_MARK = 0xfeff;

/** Returns where the value of a path stands in the text, or undefined when there is no such path. */
export function locatePath(text: string, path: string): Span | undefined {
  return createLocator(text).locate(path);
}

/** The members and indices of a path that `pathOf` made. */
function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
    ([, word, index, quoted]) => {
      if (word !== undefined) return word;
      return index === undefined ? String(JSON.parse(quoted ?? '""')) : Number(index);
    },
  );
}
