/**
 * Is there one value of a context key that passes these tests and fails those? A value is a text; tests of texts,
 * numbers, dates, addresses and bytes are views of it.
 *
 * Texts are decided by automata; numbers and dates by trying every bound, a point between each two and one beyond
 * each end; addresses by trying both sides of every bound; bytes by the values named; each in two spellings where
 * two different values are needed. When tests of several views meet on one key, each view alone refutes, a common text proves, and otherwise nothing is said.
 */

import { text } from '../../formula/build.ts';
import { evaluateValueTest, isOfType } from '../../formula/evaluateFormula.ts';
import type { KeyType, ValueTest } from '../../formula/formula.ts';
import { respell } from '../../formula/respell.ts';
import type { Decimal } from '../../policy/ast.ts';
import { formatAddress } from '../../policy/cidr.ts';
import { compareDecimals, formatDecimal } from '../../policy/decimal.ts';
import { formatInstant } from '../../policy/instant.ts';
import type { Budget } from './budget.ts';
import { findText } from './findText.ts';
import { compileGlob } from './glob.ts';
import { compileSet, type GlobSet, makeSet } from './globSet.ts';

/** A test that a value must pass (`want`) or fail. */
export type Demand = { readonly test: ValueTest; readonly want: boolean };

export type ValueAnswer =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'none' }
  /** Tests of several views on one key that no tried text meets together. */
  | { readonly kind: 'unclear' };

/** Returns a value of the type that meets all demands and is none of `avoid`. Variables must have been replaced. */
export function findValue(
  type: KeyType,
  demands: readonly Demand[],
  avoid: readonly string[],
  budget: Budget,
): ValueAnswer {
  const named = namedTexts(demands);
  if (named !== undefined) {
    const value = named.find(
      (guess) => !avoid.includes(guess) && isOfType(type, guess) && meetsAll(guess, demands),
    );
    return value === undefined ? { kind: 'none' } : { kind: 'found', value };
  }
  const views = new Set<ValueTest['kind']>(demands.map(({ test }) => test.kind));
  if (type === 'boolean') {
    if (demands.some(({ test }) => test.kind !== 'text')) return findBoolean(demands, avoid);
  } else if (type !== 'text') {
    views.add(type);
  }
  if (views.size === 0) views.add('text');
  const guesses: string[] = [];
  for (const view of views) {
    const mine = demands.filter(({ test }) => test.kind === view);
    const answers = view === 'text' ? texts(type, mine, avoid, budget) : points(view, mine, type, avoid);
    // Whatever the other views say, this one alone cannot be met.
    if (answers.length === 0) return { kind: 'none' };
    guesses.push(...answers);
  }
  const value = guesses.find(
    (guess) => !avoid.includes(guess) && isOfType(type, guess) && meetsAll(guess, demands),
  );
  if (value !== undefined) return { kind: 'found', value };
  return views.size === 1 ? { kind: 'none' } : { kind: 'unclear' };
}

function meetsAll(guess: string, demands: readonly Demand[]): boolean {
  return demands.every(({ test, want }) => evaluateValueTest(test, guess) === want);
}

/** Every text that a demand leaves, when one names them all: then other views can be tried on each. */
function namedTexts(demands: readonly Demand[]): readonly string[] | undefined {
  for (const { test, want } of demands) {
    if (!want || test.kind !== 'text' || demands.every((other) => other.test.kind === 'text')) continue;
    if (test.globs.every((glob) => glob.every((token) => token.kind === 'text' && token.foldCase !== true))) {
      return test.globs.map((glob) => glob.map((token) => ('text' in token ? token.text : '')).join(''));
    }
  }
  return undefined;
}

/** Every text that is true or false, in any case. */
const BOOLEAN_TEXTS: readonly string[] = ['true', 'false'].flatMap((word) =>
  Array.from({ length: 2 ** word.length }, (_, upper) =>
    Array.from(word, (char, at) => ((upper >> at) & 1 ? char.toUpperCase() : char)).join(''),
  ),
);

/** Tests of several views on a key that is true or false: so few texts can be tried all. */
function findBoolean(demands: readonly Demand[], avoid: readonly string[]): ValueAnswer {
  const value = BOOLEAN_TEXTS.find((guess) => !avoid.includes(guess) && meetsAll(guess, demands));
  return value === undefined ? { kind: 'none' } : { kind: 'found', value };
}

const BOOLEANS = compileSet([text('true', true), text('false', true)]);
const ANYTHING = compileGlob([{ kind: 'star', of: 'any' }]);

function texts(
  type: KeyType,
  demands: readonly Demand[],
  avoid: readonly string[],
  budget: Budget,
): string[] {
  const requires: GlobSet[] = type === 'boolean' ? [BOOLEANS] : [];
  const excludes: GlobSet[] = [makeSet(avoid.map((value) => compileGlob(text(value))))];
  for (const { test, want } of demands)
    if (test.kind === 'text') (want ? requires : excludes).push(compileSet(test.globs));
  // A narrow union makes a better start than "anything": each of its globs in turn.
  const [first, ...others] = [...requires].sort((a, b) => a.globs.length - b.globs.length);
  for (const base of first?.globs ?? [ANYTHING]) {
    const found = findText({ base, requires: others, excludes }, budget);
    if (found !== undefined) return [found];
  }
  return [];
}

/** Texts of which one meets the demands if any text does, by this view alone. */
function points(
  view: Exclude<ValueTest['kind'], 'text'>,
  demands: readonly Demand[],
  type: KeyType,
  avoid: readonly string[],
): string[] {
  const meets = (value: string) => demands.every(({ test, want }) => evaluateValueTest(test, value) === want);
  const found = [...pointsOf(view, demands), ...MISFITS[type]];
  // A second value may be the first one, spelled otherwise.
  const others = avoid.length === 0 ? [] : found.flatMap((value) => respell(view, value) ?? []);
  return [...found, ...others].filter((value) => !avoid.includes(value) && meets(value));
}

/** Two values of each type that the views of the other types cannot read, where the type has such. */
const MISFITS: { readonly [type in KeyType]: readonly string[] } = {
  text: ['x', 'y'],
  number: ['1', '2'],
  date: ['2026-01-01', '2026-01-02'],
  ip: ['203.0.113.1', '203.0.113.2'],
  boolean: ['true', 'false'],
};

function pointsOf(view: Exclude<ValueTest['kind'], 'text'>, demands: readonly Demand[]): string[] {
  switch (view) {
    case 'number':
      return around(boundsOf(demands)).map(formatDecimal);
    case 'date':
      return around(boundsOf(demands)).map(formatInstant);
    case 'ip':
      return addressesAround(demands);
    case 'binary':
      return bytesBeside(demands);
  }
}

function boundsOf(demands: readonly Demand[]): Decimal[] {
  const bounds = demands.flatMap(({ test }) =>
    test.kind === 'number' || test.kind === 'date' ? test.values : [],
  );
  return [...bounds]
    .sort(compareDecimals)
    .filter((bound, index, all) => index === 0 || compareDecimals(bound, all[index - 1] ?? bound) !== 0);
}

/** Every bound, the middle between neighbours, and one beyond each end. */
function around(bounds: readonly Decimal[]): Decimal[] {
  const first = bounds[0] ?? { units: 0n, scale: 0 };
  const last = bounds.at(-1) ?? first;
  const middles = bounds.slice(1).map((bound, index) => middle(bounds[index] ?? bound, bound));
  return [...bounds, ...middles, plus(first, -1n), plus(last, 1n)];
}

/** Exact: (a + b) / 2 has at most one more decimal place than the finer of the two. */
function middle(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: (atScale(a, scale) + atScale(b, scale)) * 5n, scale: scale + 1 };
}

function plus(value: Decimal, whole: bigint): Decimal {
  return { units: value.units + whole * 10n ** BigInt(value.scale), scale: value.scale };
}

function atScale(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}

const LAST = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;
/** Addresses of the documentation ranges first, so that found ones look familiar. Source: RFC 5737, RFC 3849. */
const FAMILIAR = ['203.0.113.1', '198.51.100.1', '2001:db8::1'];

function addressesAround(demands: readonly Demand[]): string[] {
  const found: string[] = [
    ...FAMILIAR,
    '0.0.0.0',
    '::',
    ...([4, 6] as const).map((version) => formatAddress({ version, value: LAST[version] })),
  ];
  for (const { test } of demands) {
    if (test.kind !== 'ip') continue;
    for (const { version, first, last } of test.ranges) {
      for (const value of [first, last, first - 1n, last + 1n]) {
        if (value >= 0n && value <= LAST[version]) found.push(formatAddress({ version, value }));
      }
    }
  }
  return found;
}

function bytesBeside(demands: readonly Demand[]): string[] {
  const named = demands.flatMap(({ test }) => (test.kind === 'binary' ? test.values : []));
  const fresh = Array.from({ length: named.length + 2 }, (_, byte) => Buffer.from([byte]).toString('base64'));
  return [...named, ...fresh];
}
