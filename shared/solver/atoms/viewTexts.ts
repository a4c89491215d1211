/**
 * Which texts each view of a value can read. A key may be tested as a number here and as a text there; what only some
 * text meets together is then looked for among these.
 */
import { text } from '../../formula/build.ts';
import type { Glob, GlobToken } from '../../formula/formula.ts';
import { respell } from '../../formula/respell.ts';
import { formatDecimal } from '../../policy/decimal.ts';
import { parseInstant } from '../../policy/instant.ts';
import { type CompiledGlob, compileGlob, literalChars } from './glob.ts';
import { type GlobSet, makeSet } from './globSet.ts';

/** The views whose texts a union of globs can hold. */
type ReadView = 'number' | 'date' | 'ip';

const ANY: GlobToken = { kind: 'star', of: 'any' };
const DIGITS: GlobToken = { kind: 'star', of: 'digit' };
const DIGIT: GlobToken = { kind: 'one', of: 'digit' };
const FOUR: Glob = [DIGIT, DIGIT, DIGIT, DIGIT];
const SIGNS: readonly Glob[] = [[], text('-'), text('+')];

/** Sign, digits with or without a point, exponent. */
const NUMBERS: readonly Glob[] = SIGNS.flatMap((sign) =>
  [[DIGITS], [DIGITS, ...text('.'), DIGITS]].flatMap((digits) =>
    [[], ...SIGNS.map((own) => [...text('e', true), ...own, DIGITS])].map((exponent) => [
      ...sign,
      ...digits,
      ...exponent,
    ]),
  ),
);

/** Epoch seconds, and dates with or without a time. */
const DATES: readonly Glob[] = [
  ...NUMBERS,
  [...FOUR, ...text('-'), DIGIT, DIGIT],
  [...FOUR, ...text('-'), DIGIT, DIGIT, ...text('-'), DIGIT, DIGIT],
  [...FOUR, ...text('-'), DIGIT, DIGIT, ...text('-'), DIGIT, DIGIT, ...text('t', true), ANY],
];

const ADDRESSES: readonly Glob[] = [
  [DIGITS, ...text('.'), DIGITS, ...text('.'), DIGITS, ...text('.'), DIGITS],
  [ANY, ...text(':'), ANY, ...text(':'), ANY],
];

const setOf = (globs: readonly Glob[]) => makeSet(globs.map(compileGlob));

/** A text that the view reads is in `within` and has only characters of `chars`; not every such text is read. */
export const TEXTS: {
  readonly [view in ReadView]: { readonly within: GlobSet; readonly chars: ReadonlySet<number> };
} = {
  number: { within: setOf(NUMBERS), chars: charsOf('0123456789+-.eE') },
  date: { within: setOf(DATES), chars: charsOf('0123456789+-.eE:,tTzZ') },
  ip: { within: setOf(ADDRESSES), chars: charsOf('0123456789abcdefABCDEF:.') },
};

function charsOf(chars: string): ReadonlySet<number> {
  return new Set(Array.from(chars, (char) => char.codePointAt(0) ?? 0));
}

/** Returns false only if the view reads no text of the glob: what stands in it is in no such text. */
export function mayRead(view: ReadView, { items }: CompiledGlob): boolean {
  const { chars } = TEXTS[view];
  return items.every((item) => {
    const own = literalChars(item);
    return own.length === 0 || own.some((char) => chars.has(char));
  });
}

/** Returns the text and others that the view reads as the same; four digits, though, are a year to it and not seconds. */
export function spellings(view: ReadView | 'binary', value: string): string[] {
  const others = respell(view, value);
  const own = others === undefined ? [value] : [value, others];
  if (view === 'binary') return spellingsOfBytes(value);
  if (view === 'ip') return [...own, value.toUpperCase()];
  if (/^-?\d+(\.\d+)?$/.test(value))
    return [...own, value.replace(/^(-?)/, '$10'), `${value}e0`, value.replace(/^(?!-)/, '+')];
  const instant = view === 'date' ? parseInstant(value) : undefined;
  return [...own, value.toLowerCase(), ...(instant === undefined ? [] : [formatDecimal(instant)])];
}

const SEXTETS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Returns every text that stands for the same bytes as this base64: padded in full or not at all, whatever the bits beyond the last
 * byte are.
 */
export function spellingsOfBytes(base64: string): string[] {
  const digits = base64.replace(/=+$/, '');
  const padding = base64.length - digits.length;
  if (padding === 0) return [base64];
  const free = 4 ** padding;
  const last = SEXTETS.indexOf(digits.slice(-1));
  const first = last - (last % free);
  const all = Array.from({ length: free }, (_, bits) => digits.slice(0, -1) + SEXTETS[first + bits]);
  // As AWS writes them first.
  return [
    base64,
    ...all.flatMap((word) => [word, word + '='.repeat(padding)]).filter((one) => one !== base64),
  ];
}
