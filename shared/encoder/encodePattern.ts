/**
 * Patterns of the policy language → globs of the formula.
 *
 * | policy                                | formula                                                    |
 * | `*`, `?` in an action, string, last ARN part | star, one of any character                          |
 * | `*`, `?` in one of the first five ARN parts  | star, one of any character but `:`                  |
 * | `${key}`                              | variable                                                   |
 * | `${key, 'd'}`                         | two cases: key absent → the text d; key present → variable |
 * | a variable in the first five ARN parts | two cases: its value holds a colon → nothing; else → variable |
 * | an ARN pattern                        | one glob: the six parts joined by `:`                      |
 */

import { and, not, or, present, REST, someValue, text } from '../formula/build.ts';
import type { CharClass, Formula, Glob, GlobToken } from '../formula/formula.ts';
import type { ArnPattern, Pattern, PatternToken, ResourcePattern } from '../policy/ast.ts';
import { foldChar } from '../policy/foldChar.ts';

/** Too many variables that need a case of their own in one element: the split would be too wide. */
export class TooManyCases extends Error {
  override readonly name = 'TooManyCases';
}

/** Each such key doubles the cases of its element. */
const MAX_SPLIT_KEYS = 6;

/** What is taken to be so of the variables' keys in one case of the split. */
export type VariableCase = {
  /** Keys of variables with defaults that are absent: the default stands in their place. */
  readonly absent: ReadonlySet<string>;
  /** Keys of variables in the first five parts of an ARN whose value holds a colon: no part can equal it. */
  readonly withColon: ReadonlySet<string>;
};

const PLAIN_CASE: VariableCase = { absent: new Set(), withColon: new Set() };

/**
 * Returns the disjunction over the cases that the variables of some patterns make necessary; `build` makes the
 * formula of one case and is called once when there is but one. `arns` are split into parts, `texts` are not.
 * Throws `TooManyCases` beyond six keys.
 */
export function splitVariableCases(
  { texts = [], arns = [] }: { readonly texts?: readonly Pattern[]; readonly arns?: readonly ArnPattern[] },
  build: (variableCase: VariableCase) => Formula,
): Formula {
  if (!texts.some(hasVariable) && !arns.some((parts) => parts.some(hasVariable))) return build(PLAIN_CASE);
  const defaulted = new Set<string>();
  const inParts = new Set<string>();
  for (const pattern of [...texts, ...arns.flat()]) {
    for (const token of pattern) {
      if (token.kind === 'variable' && token.defaultText !== undefined) defaulted.add(token.key);
    }
  }
  for (const pattern of arns.flatMap((parts) => parts.slice(0, 5))) {
    for (const token of pattern) if (token.kind === 'variable') inParts.add(token.key);
  }
  const facts = [
    ...[...defaulted].map((key) => ({ key, of: 'absent' as const, holds: not(present(key)) })),
    ...[...inParts].map((key) => ({
      key,
      of: 'withColon' as const,
      holds: someValue(key, { kind: 'text', globs: [WITH_COLON] }),
    })),
  ];
  if (facts.length === 0) return build(PLAIN_CASE);
  if (facts.length > MAX_SPLIT_KEYS) {
    throw new TooManyCases(
      `more than ${MAX_SPLIT_KEYS} variables with a default or before the fifth colon in one element`,
    );
  }
  const cases: Formula[] = [];
  for (let choice = 0; choice < 2 ** facts.length; choice++) {
    const chosen = facts.filter((_, bit) => (choice >> bit) & 1);
    const keysOf = (of: 'absent' | 'withColon') =>
      new Set(chosen.filter((fact) => fact.of === of).map(({ key }) => key));
    const guards = facts.map((fact) => (chosen.includes(fact) ? fact.holds : not(fact.holds)));
    cases.push(and([...guards, build({ absent: keysOf('absent'), withColon: keysOf('withColon') })]));
  }
  return or(cases);
}

function hasVariable(pattern: Pattern): boolean {
  return pattern.some(({ kind }) => kind === 'variable');
}

/** Returns the glob that matches exactly the texts the pattern matches, when just the keys in `absent` are absent. */
export function encodePattern(
  pattern: Pattern,
  options: {
    readonly wildcard?: CharClass;
    readonly foldCase?: boolean;
    readonly variableCase?: VariableCase;
  } = {},
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
        if (token.defaultText !== undefined && options.variableCase?.absent.has(token.key) === true) {
          glob.push(...text(token.defaultText, options.foldCase));
        } else {
          glob.push({
            kind: 'variable',
            key: token.key,
            ...(options.foldCase === true ? { foldCase: true } : {}),
          });
        }
        break;
    }
  }
  return glob;
}

/**
 * Returns the glob of an ARN pattern, none when it can match nothing in this case: wildcards and variables of the
 * first five parts stay inside their part.
 */
export function encodeArnPattern(
  parts: ArnPattern,
  variableCase: VariableCase = PLAIN_CASE,
): readonly Glob[] {
  const glob: GlobToken[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0) glob.push(...text(':'));
    const isLast = index === 5;
    if (!isLast && part.some((token) => token.kind === 'variable' && leavesItsPart(token, variableCase)))
      return [];
    glob.push(...encodePattern(part, { wildcard: isLast ? 'any' : 'notColon', variableCase }));
  }
  return [glob];
}

function leavesItsPart(
  { key, defaultText }: Extract<PatternToken, { kind: 'variable' }>,
  { absent, withColon }: VariableCase,
): boolean {
  return absent.has(key) ? (defaultText ?? '').includes(':') : withColon.has(key);
}

/** Returns the globs of a resource pattern over the attribute `resource`; `*` is the two globs of the whole domain. */
export function encodeResourcePattern(
  pattern: ResourcePattern,
  variableCase: VariableCase = PLAIN_CASE,
): readonly Glob[] {
  switch (pattern.kind) {
    case 'any':
      return RESOURCE_DOMAIN;
    case 'arn':
      return encodeArnPattern(pattern.parts, variableCase);
    case 'whole':
      return [encodePattern(pattern.pattern, { variableCase })];
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
  const colons = pattern.reduce(
    (sum, token) => sum + (token.kind === 'text' ? token.text.split(':').length - 1 : 0),
    0,
  );
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
  const [service, name] = sides.map((tokens) =>
    tokens.every(({ kind }) => kind === 'star') ? atLeastOne(tokens) : tokens,
  );
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

const WITH_COLON: Glob = [REST, ...text(':'), REST];

const ASCII = /^[\0-\x7f]*$/;

const part: GlobToken = { kind: 'star', of: 'notColon' };
const somePart: readonly GlobToken[] = [{ kind: 'one', of: 'notColon' }, part];

/** A request's resource is the text `*` or an ARN of six parts. */
export const RESOURCE_DOMAIN: readonly Glob[] = [
  text('*'),
  [
    ...text('arn:'),
    part,
    ...text(':'),
    part,
    ...text(':'),
    part,
    ...text(':'),
    part,
    ...text(':'),
    { kind: 'star', of: 'any' },
  ],
];

/** A request's action is `service:Name`, both not empty, without a further colon. */
export const ACTION_DOMAIN: readonly Glob[] = [[...somePart, ...text(':'), ...somePart]];
