/**
 * Patterns of the policy language → globs of the formula.
 *
 * | policy                                | formula                                                    |
 * | `*`, `?` in an action, string, last ARN part | star, one of any character                          |
 * | `*`, `?` in one of the first five ARN parts  | star, one of any character but `:`                  |
 * | `${key}`                              | variable                                                   |
 * | `${key, 'd'}`                         | two cases: key absent → the text d; key present → variable |
 * | an ARN pattern                        | one glob: the six parts joined by `:`                      |
 */
import type { ArnPattern, Pattern, ResourcePattern } from '../policy/ast.ts';
import { foldChar } from '../policy/foldChar.ts';
import { and, not, or, present, text } from '../formula/build.ts';
import type { CharClass, Formula, Glob, GlobToken } from '../formula/formula.ts';

/** Too many variables with defaults in one list of patterns: the case split would be too wide. */
export class TooManyDefaults extends Error {
  override readonly name = 'TooManyDefaults';
}

/** Each variable with a default doubles the cases of its list. */
const MAX_DEFAULTED_KEYS = 6;

/** The keys that are taken to be absent in one case of the split over defaults. */
export type AbsentKeys = ReadonlySet<string>;

/**
 * Returns the disjunction over all ways in which the keys of variables with defaults are absent or present.
 * `build` makes the formula of one case; it is called once when there is no default.
 * Throws `TooManyDefaults` beyond six such keys.
 */
export function caseSplitDefaults(
  patterns: readonly Pattern[],
  build: (absent: AbsentKeys) => Formula,
): Formula {
  const keys = new Set<string>();
  for (const pattern of patterns) {
    for (const token of pattern) {
      if (token.kind === 'variable' && token.defaultText !== undefined) keys.add(token.key);
    }
  }
  if (keys.size === 0) return build(keys);
  if (keys.size > MAX_DEFAULTED_KEYS) {
    throw new TooManyDefaults(`more than ${MAX_DEFAULTED_KEYS} variables with a default in one element`);
  }
  const names = [...keys];
  const cases: Formula[] = [];
  for (let choice = 0; choice < 2 ** names.length; choice++) {
    const absent = new Set(names.filter((_, bit) => (choice >> bit) & 1));
    const guards = names.map((key) => (absent.has(key) ? not(present(key)) : present(key)));
    cases.push(and([...guards, build(absent)]));
  }
  return or(cases);
}

/** Returns the glob that matches exactly the texts the pattern matches, when just the keys in `absent` are absent. */
export function encodePattern(
  pattern: Pattern,
  options: { readonly wildcard?: CharClass; readonly foldCase?: boolean; readonly absent?: AbsentKeys } = {},
): Glob {
  const wildcard = options.wildcard ?? 'any';
  const glob: GlobToken[] = [];
  for (const token of pattern) {
    switch (token.kind) {
      case 'text':
        glob.push(...text(token.text, options.foldCase));
        break;
      case 'star':
        glob.push({ kind: 'star', of: wildcard });
        break;
      case 'question':
        glob.push({ kind: 'one', of: wildcard });
        break;
      case 'variable':
        if (token.defaultText !== undefined && options.absent?.has(token.key)) {
          glob.push(...text(token.defaultText, options.foldCase));
        } else {
          glob.push({ kind: 'variable', key: token.key });
        }
        break;
    }
  }
  return glob;
}

/** Returns the glob of an ARN pattern: wildcards of the first five parts stay inside their part. */
export function encodeArnPattern(parts: ArnPattern, absent?: AbsentKeys): Glob {
  const glob: GlobToken[] = [];
  parts.forEach((part, index) => {
    if (index > 0) glob.push(...text(':'));
    const wildcard = index < 5 ? 'notColon' : 'any';
    glob.push(...encodePattern(part, absent === undefined ? { wildcard } : { wildcard, absent }));
  });
  return glob;
}

/** Returns the globs of a resource pattern over the attribute `resource`; `*` is the two globs of the whole domain. */
export function encodeResourcePattern(pattern: ResourcePattern, absent: AbsentKeys): readonly Glob[] {
  switch (pattern.kind) {
    case 'any':
      return RESOURCE_DOMAIN;
    case 'arn':
      return [encodeArnPattern(pattern.parts, absent)];
    case 'nothing':
      return [];
  }
}

/**
 * Returns the globs of an action pattern over the attribute `action`. Actions compare without case, so texts are
 * folded; an action holds one colon with text on both sides, so beside a literal colon a wildcard stands for none.
 */
export function encodeActionPattern(pattern: Pattern): readonly Glob[] {
  const [token] = pattern;
  // Most actions are plain names.
  if (pattern.length === 1 && token?.kind === 'text') {
    const colon = token.text.indexOf(':');
    const isAction = colon > 0 && colon < token.text.length - 1 && !token.text.includes(':', colon + 1);
    return isAction ? [[{ kind: 'text', text: foldText(token.text) }]] : [];
  }
  const glob = encodePattern(
    pattern.map((token) => (token.kind === 'text' ? { kind: 'text', text: foldText(token.text) } : token)),
  );
  const colons = pattern.reduce((sum, token) => sum + (token.kind === 'text' ? token.text.split(':').length - 1 : 0), 0);
  if (colons === 0) return glob.some((token) => token.kind === 'star' || token.kind === 'one') ? [glob] : [];
  if (colons > 1) return [];
  const sides: [GlobToken[], GlobToken[]] = [[], []];
  let side = sides[0];
  for (const token of glob) {
    if (token.kind === 'text' && token.text.includes(':')) {
      const [before = '', after = ''] = token.text.split(':');
      side.push(...text(before));
      side = sides[1];
      side.push(...text(after));
    } else {
      side.push(token.kind === 'star' || token.kind === 'one' ? { kind: token.kind, of: 'notColon' } : token);
    }
  }
  const [service, name] = sides.map((tokens) => (tokens.every(({ kind }) => kind === 'star') ? atLeastOne(tokens) : tokens));
  return service === undefined || name === undefined ? [] : [[...service, ...text(':'), ...name]];
}

/** `*` alone on one side of the colon: any text but none. An empty side stays empty, and matches no action. */
function atLeastOne(stars: readonly GlobToken[]): readonly GlobToken[] {
  return stars.length === 0 ? stars : [{ kind: 'one', of: 'notColon' }, ...stars];
}

/** Returns the text folded character by character, the way actions are compared. */
export function foldText(value: string): string {
  if (ASCII.test(value)) return value.toLowerCase();
  let folded = '';
  for (const char of value) folded += String.fromCodePoint(foldChar(char.codePointAt(0) ?? 0));
  return folded;
}

const ASCII = /^[\0-\x7f]*$/;

const part: GlobToken = { kind: 'star', of: 'notColon' };
const somePart: readonly GlobToken[] = [{ kind: 'one', of: 'notColon' }, part];

/** A request's resource is the text `*` or an ARN of six parts. */
export const RESOURCE_DOMAIN: readonly Glob[] = [
  text('*'),
  [...text('arn:'), part, ...text(':'), part, ...text(':'), part, ...text(':'), part, ...text(':'), { kind: 'star', of: 'any' }],
];

/** A request's action is `service:Name`, both not empty, without a further colon. */
export const ACTION_DOMAIN: readonly Glob[] = [[...somePart, ...text(':'), ...somePart]];
