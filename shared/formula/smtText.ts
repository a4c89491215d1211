/** Pieces of SMT-LIB: string literals, regular expressions, numbers, conjunctions. */
import type { Comparison, Decimal } from '../policy/ast.ts';
import { CASE_VARIANTS, foldChar } from '../policy/foldChar.ts';
import type { CharClass, Glob, GlobToken } from './formula.ts';

/** The formula holds something that has no script: `message` says what. */
export class NoScript extends Error {
  override readonly name = 'NoScript';
}

/** The SMT-LIB name of a key's one value; undefined outside a choice of values. */
export type NameOf = (key: string) => string | undefined;

/** The string is one of the globs: equality where the glob is plain, prefix and suffix where that says it, else a regular expression. */
export function inGlobs(name: string, globs: readonly Glob[], nameOf: NameOf): string {
  const expressions: string[] = [];
  const others: string[] = [];
  for (const glob of globs) {
    const [first, second] = glob;
    if (glob.length === 0) others.push(`(= ${name} "")`);
    else if (glob.length === 1 && first?.kind === 'text' && first.foldCase !== true)
      others.push(`(= ${name} ${literal(first.text)})`);
    else if (glob.length === 1 && first?.kind === 'star' && first.of === 'any') return 'true';
    else if (glob.length === 2 && isAnyOne(first) && second?.kind === 'star' && second.of === 'any')
      others.push(`(not (= ${name} ""))`);
    else if (
      glob.length === 2 &&
      first?.kind === 'text' &&
      first.foldCase !== true &&
      second?.kind === 'star' &&
      second.of === 'any'
    ) {
      others.push(`(str.prefixof ${literal(first.text)} ${name})`);
    } else if (
      glob.length === 2 &&
      second?.kind === 'text' &&
      second.foldCase !== true &&
      first?.kind === 'star' &&
      first.of === 'any'
    ) {
      others.push(`(str.suffixof ${literal(second.text)} ${name})`);
    } else if (
      glob.every((token) => (token.kind === 'variable' || token.kind === 'text') && token.foldCase !== true)
    ) {
      others.push(
        `(= ${name} ${concat(glob.map((token) => (token.kind === 'variable' ? (nameOf(token.key) ?? '""') : literal(token.kind === 'text' ? token.text : ''))))})`,
      );
    } else expressions.push(expression(glob, nameOf));
  }
  if (expressions.length > 0)
    others.push(
      `(str.in_re ${name} ${expressions.length === 1 ? expressions[0] : `(re.union ${expressions.join(' ')})`})`,
    );
  return anyOf(others);
}

function isAnyOne(token: GlobToken | undefined): boolean {
  return token?.kind === 'one' && token.of === 'any';
}

function concat(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '""') : `(str.++ ${parts.join(' ')})`;
}

function tokenExpression(token: GlobToken, nameOf: NameOf): string[] {
  switch (token.kind) {
    case 'text':
      return token.foldCase === true
        ? [...token.text].map(foldedChar)
        : [`(str.to_re ${literal(token.text)})`];
    case 'one':
      return [CLASSES[token.of]];
    case 'star':
      return [`(re.* ${CLASSES[token.of]})`];
    case 'variable':
      // No solver folds the case of a string it does not know.
      if (token.foldCase === true) throw new NoScript('a variable is compared without case');
      return [`(str.to_re ${nameOf(token.key) ?? '""'})`];
  }
}

function expression(glob: Glob, nameOf: NameOf): string {
  const parts = glob.flatMap((token) => tokenExpression(token, nameOf));
  return parts.length === 1 ? (parts[0] ?? '') : `(re.++ ${parts.join(' ')})`;
}

const notChars = (...chars: string[]) =>
  `(re.diff re.allchar (re.union ${chars.map((char) => `(str.to_re "${char}")`).join(' ')}))`;

const CLASSES: { readonly [of in CharClass]: string } = {
  any: 're.allchar',
  notColon: '(re.diff re.allchar (str.to_re ":"))',
  notSlashOrColon: notChars('/', ':'),
  lowerOrDigit: '(re.union (re.range "a" "z") (re.range "0" "9"))',
  digit: '(re.range "0" "9")',
};

function foldedChar(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  const variants = CASE_VARIANTS.get(foldChar(point)) ?? [point];
  const texts = variants.map((variant) => `(str.to_re ${literal(String.fromCodePoint(variant))})`);
  return texts.length === 1 ? (texts[0] ?? '') : `(re.union ${texts.join(' ')})`;
}

/** Returns the text as an SMT-LIB string literal: everything but plain ASCII escaped. */
export function literal(value: string): string {
  let escaped = '';
  for (const char of value) {
    const point = char.codePointAt(0) ?? 0;
    if (char === '"') escaped += '""';
    else if (point < 32 || point > 126 || char === '\\') escaped += `\\u{${point.toString(16)}}`;
    else escaped += char;
  }
  return `"${escaped}"`;
}

/** Returns the text as it may stand in a comment. */
export function comment(value: string): string {
  return value.replaceAll(/[^\u0020-\u007e]/g, '?');
}

/** Returns the comparison of a real constant with an exact decimal. */
export function compare(name: string, comparison: Comparison, { units, scale }: Decimal): string {
  const size = units < 0n ? -units : units;
  const magnitude = scale === 0 ? `${size}.0` : `(/ ${size}.0 ${10n ** BigInt(scale)}.0)`;
  return `(${comparison} ${name} ${units < 0n ? `(- ${magnitude})` : magnitude})`;
}

/** Returns the conjunction; true for none. */
export function allOf(parts: readonly string[]): string {
  return parts.length === 0 ? 'true' : parts.length === 1 ? (parts[0] ?? '') : `(and ${parts.join(' ')})`;
}

/** Returns the disjunction; false for none. */
export function anyOf(parts: readonly string[]): string {
  return parts.length === 0 ? 'false' : parts.length === 1 ? (parts[0] ?? '') : `(or ${parts.join(' ')})`;
}
