/**
 * JSON text → value, with the places of things found only when somebody asks. The native parser is fast and takes
 * any depth; what it hides (a key written twice) shows in a count, and where it was is looked up with momoa.
 */
import { type AnyNode, parse as parseWithPlaces } from '@humanwhocodes/momoa';
import type { Position, Span } from './ast.ts';

/** A fault of the text itself. */
export type JsonProblem = { readonly message: string; readonly path: string; readonly position?: Position };

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: JsonProblem };

/** Deeper than any policy; beyond it only the outermost levels are looked at for places. */
const MAX_DEPTH = 200;

/** Returns the value, or the first fault with its place: not JSON, or a key written twice in one object. */
export function parseJson(text: string): JsonResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: syntaxProblem(text, error) };
  }
  if (!hasDuplicateKeys(text, value)) return { ok: true, value };
  return { ok: false, problem: duplicateProblem(text) };
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
  if (text.trim() === '') {
    return {
      message: 'the document is empty; give a policy as JSON',
      path: '$',
      position: positionAt(text, 0),
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const [, stated] = /at position (\d+)/.exec(reason) ?? [];
  // "Unexpected end" states no position: it is the end.
  const offset = stated === undefined ? text.length : Number(stated);
  const found =
    offset >= text.length ? 'the text ends too early' : `unexpected \`${text.slice(offset, offset + 1)}\``;
  return {
    message: `not JSON: ${found}`,
    path: '$',
    position: positionAt(text, Math.min(offset, text.length)),
  };
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

type Place = { readonly path: string; readonly node: AnyNode; readonly name?: AnyNode };

function* placesOf(text: string): Iterable<Place & { readonly duplicate: boolean }> {
  const pending: { path: string; node: AnyNode; depth: number }[] = [];
  const root = parseTree(text);
  if (root === undefined) return;
  pending.push({ path: '$', node: root, depth: 0 });
  yield { path: '$', node: root, duplicate: false };
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { node, path, depth } = next;
    if (depth > MAX_DEPTH) continue;
    if (node.type === 'Object') {
      const seen = new Set<string>();
      for (const member of node.members) {
        const key = member.name.type === 'String' ? member.name.value : member.name.name;
        const childPath = pathOf(path, key);
        yield { path: childPath, node: member.value, name: member.name, duplicate: seen.has(key) };
        seen.add(key);
        pending.push({ path: childPath, node: member.value, depth: depth + 1 });
      }
    } else if (node.type === 'Array') {
      for (const [index, element] of node.elements.entries()) {
        const childPath = `${path}[${index}]`;
        yield { path: childPath, node: element.value, duplicate: false };
        pending.push({ path: childPath, node: element.value, depth: depth + 1 });
      }
    }
  }
}

function parseTree(text: string): AnyNode | undefined {
  try {
    return parseWithPlaces(text, { mode: 'json' }).body;
  } catch {
    // Hostile nesting overflows the recursive parser; then places are not known and the problem is told without.
    return undefined;
  }
}

/** Returns the JSON path of a member: `$.Statement`, or `$["odd key"]` where the name is no plain word. */
export function pathOf(parent: string, key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

function duplicateProblem(text: string): JsonProblem {
  for (const place of placesOf(text)) {
    if (!place.duplicate || place.name === undefined) continue;
    const { start } = place.name.loc;
    return {
      message: `\`${place.path.slice(place.path.lastIndexOf('.') + 1)}\` is written twice in one object; keep one`,
      path: place.path,
      position: { line: start.line, column: start.column, offset: start.offset },
    };
  }
  return { message: 'a key is written twice in one object; keep one', path: '$' };
}

/** Returns where the value of a path stands in the text, or undefined when there is no such path. */
export function locatePath(text: string, path: string): Span | undefined {
  for (const place of placesOf(text)) {
    if (place.path !== path) continue;
    const { start, end } = place.node.loc;
    return { start: { ...start }, end: { ...end } };
  }
  return undefined;
}

/** Returns the number's own text at a path: a JSON number may say more than a floating-point number holds. */
export function numberTextAt(text: string, path: string): string | undefined {
  const span = locatePath(text, path);
  return span && text.slice(span.start.offset, span.end.offset);
}
