/**
 * Is there one value of a context key that passes these tests and fails those? A value is a text; tests of texts,
 * numbers, dates, addresses and bytes are views of it.
 *
 * Texts are decided by automata; numbers and dates by trying every bound, a point between each two and one beyond
 * each end; addresses by the intervals that are left of all; bytes by the values named; each in two spellings where
 * two different values are needed. When tests of several views meet on one key, each view alone refutes, and so does
 * that no text can be read by all that must; a common text proves; otherwise nothing is said.
 */

import { text } from '../../formula/build.ts';
import { evaluateValueTest, isOfType } from '../../formula/evaluateFormula.ts';
import type { KeyType, ValueTest } from '../../formula/formula.ts';
import { respell } from '../../formula/respell.ts';
import type { IpRange } from '../../policy/ast.ts';
import { formatAddress } from '../../policy/cidr.ts';
import { formatDecimal } from '../../policy/decimal.ts';
import { formatInstant } from '../../policy/instant.ts';
import type { Budget } from '../budget.ts';
import { decimalPoints } from './decimals.ts';
import { findText } from './findText.ts';
import { compileGlob } from './glob.ts';
import { compileSet, type GlobSet, hasText, makeSet } from './globSet.ts';
import { mayRead, spellings, spellingsOfBytes, TEXTS } from './viewTexts.ts';

/** A test that a value must pass (`want`) or fail; a set of globs is a test of texts. */
export type Demand = {
  readonly test: ValueTest | { readonly kind: 'set'; readonly set: GlobSet };
  readonly want: boolean;
};

type ValueAnswer =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'none' }
  /** Tests of several views on one key that no tried text meets together. */
  | { readonly kind: 'unclear' };

type View = ValueTest['kind'];

/** Returns the texts that a demand of texts is about; undefined for a demand of another view. */
export function setOf({ test }: Demand): GlobSet | undefined {
  if (test.kind === 'set') return test.set;
  return test.kind === 'text' ? compileSet(test.globs) : undefined;
}

/** Returns true iff the value is as demanded. Variables must have been replaced. */
export function meets(value: string, demand: Demand): boolean {
  const { test, want } = demand;
  if (test.kind === 'set') return hasText(test.set, value) === want;
  if (test.kind === 'text') return hasText(compileSet(test.globs), value) === want;
  return evaluateValueTest(test, value) === want;
}

/** Returns a value of all the types that meets all demands and is none of `avoid`. Variables must have been replaced. */
export function findValue(
  types: readonly KeyType[],
  demands: readonly Demand[],
  avoid: readonly string[],
  budget: Budget,
): ValueAnswer {
  budget.spend(1 + demands.length);
  const isMet = (value: string) =>
    !avoid.includes(value) &&
    types.every((type) => isOfType(type, value)) &&
    demands.every((demand) => meets(value, demand));
  const all = types.includes('boolean') ? BOOLEAN_TEXTS : namedTexts(demands);
  if (all !== undefined) {
    for (const value of all) if (isMet(value)) return { kind: 'found', value };
    return { kind: 'none' };
  }
  const views = new Set<View>(demands.map(({ test }) => (test.kind === 'set' ? 'text' : test.kind)));
  for (const type of types) if (type !== 'text' && type !== 'boolean') views.add(type);
  if (views.size === 0) views.add('text');
  const guesses: string[] = [];
  let isCertain = views.size === 1;
  for (const view of views) {
    if (view === 'text') {
      const found = findTextOf(demands, avoid, budget);
      if (found === undefined) return { kind: 'none' };
      guesses.push(found);
      continue;
    }
    const answers = points(view, demands, types, avoid);
    if (answers.length === 0) {
      // Whatever the other views say, this one alone cannot be met; but a third spelling was not looked for.
      if (avoid.length < 2 || points(view, demands, types, []).length === 0) return { kind: 'none' };
      isCertain = false;
    }
    guesses.push(...answers);
    if (views.size > 1) guesses.push(...answers.flatMap((answer) => spellings(view, answer)));
  }
  const value = guesses.find(isMet);
  if (value !== undefined) return { kind: 'found', value };
  if (isCertain) return { kind: 'none' };
  return findReadText(views, { types, demands, avoid, isMet }, budget);
}

/** So many texts are tried that the view which must read them may read. */
const MAX_TRIED = 4;

/** A text that meets the demands of texts and may be read by the views that must; `none` where there cannot be one. */
function findReadText(
  views: ReadonlySet<View>,
  {
    types,
    demands,
    avoid,
    isMet,
  }: {
    readonly types: readonly KeyType[];
    readonly demands: readonly Demand[];
    readonly avoid: readonly string[];
    readonly isMet: (value: string) => boolean;
  },
  budget: Budget,
): ValueAnswer {
  const must = (view: 'number' | 'date' | 'ip') =>
    types.includes(view) || demands.some(({ test, want }) => want && test.kind === view);
  // No address is a number or a date; and every number is a date.
  if (must('ip') && (must('number') || must('date'))) return { kind: 'none' };
  const view = (['ip', 'number', 'date'] as const).find(must);
  if (!views.has('text')) return { kind: 'unclear' };
  const read: Demand[] = [];
  if (view !== undefined) {
    const isOutOfReach = (demand: Demand) =>
      demand.want && setOf(demand)?.globs.every((glob) => !mayRead(view, glob)) === true;
    if (demands.some(isOutOfReach)) return { kind: 'none' };
    read.push({ test: { kind: 'set', set: TEXTS[view].within }, want: true });
  }
  const tried: string[] = [];
  while (tried.length < MAX_TRIED) {
    const found = findTextOf([...demands, ...read], [...avoid, ...tried], budget);
    if (found === undefined) return tried.length === 0 ? { kind: 'none' } : { kind: 'unclear' };
    if (isMet(found)) return { kind: 'found', value: found };
    tried.push(found);
  }
  return { kind: 'unclear' };
}

/** Every text that a demand leaves, when one names them all: then other views can be tried on each. */
function namedTexts(demands: readonly Demand[]): ReadonlySet<string> | undefined {
  for (const demand of demands) {
    if (!demand.want) continue;
    const { test } = demand;
    if (test.kind === 'binary') return new Set(test.values.flatMap(spellingsOfBytes));
    const set = setOf(demand);
    if (set !== undefined && set.patterns.size === 0) return set.literals;
  }
  return undefined;
}

/** What AWS writes for true and false, whatever a policy does. */
const BOOLEAN_TEXTS: readonly string[] = ['true', 'false'];

const ANYTHING = compileGlob([{ kind: 'star', of: 'any' }]);

function findTextOf(
  demands: readonly Demand[],
  avoid: readonly string[],
  budget: Budget,
): string | undefined {
  const requires: GlobSet[] = [];
  const excludes: GlobSet[] =
    avoid.length === 0 ? [] : [makeSet(avoid.map((value) => compileGlob(text(value))))];
  for (const demand of demands) {
    const set = setOf(demand);
    if (set !== undefined) (demand.want ? requires : excludes).push(set);
  }
  // A narrow union makes a better start than "anything": each of its globs in turn.
  const [first, ...others] = [...requires].sort((a, b) => a.globs.length - b.globs.length);
  for (const base of first?.globs ?? [ANYTHING]) {
    const found = findText({ base, requires: others, excludes }, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Texts of which one meets the demands if any text does, by this view alone. */
function points(
  view: Exclude<View, 'text'>,
  demands: readonly Demand[],
  types: readonly KeyType[],
  avoid: readonly string[],
): string[] {
  const mine = demands.filter(({ test }) => test.kind === view);
  const meetsMine = (value: string) => mine.every((demand) => meets(value, demand));
  const misfits = MISFITS[types.find((type) => type !== 'text') ?? 'text'].filter(meetsMine);
  const found = [...pointsOf(view, mine, avoid.length), ...misfits];
  // A second value may be the first one, spelled otherwise.
  const others = avoid.length === 0 ? [] : found.flatMap((value) => respell(view, value) ?? []);
  return [...found, ...others].filter((value) => !avoid.includes(value));
}

/** Two values of each type that the views of the other types cannot read, where the type has such. */
const MISFITS: { readonly [type in KeyType]: readonly string[] } = {
  text: ['x', 'y'],
  number: ['1', '2'],
  date: ['2026-01-01', '2026-01-02'],
  ip: ['203.0.113.1', '203.0.113.2'],
  boolean: ['true', 'false'],
};

/** Values that meet the demands, which are all of the view; `avoided` more than one where there are so many. */
function pointsOf(view: Exclude<View, 'text'>, demands: readonly Demand[], avoided: number): string[] {
  switch (view) {
    case 'number':
      return decimalPoints(comparisonsOf(demands)).map(formatDecimal);
    case 'date':
      return decimalPoints(comparisonsOf(demands)).map(formatInstant);
    case 'ip':
      return addresses(demands, avoided);
    case 'binary':
      return bytesBeside(demands).filter((value) => demands.every((demand) => meets(value, demand)));
  }
}

const comparisonsOf = (demands: readonly Demand[]) =>
  demands.flatMap(({ test, want }) =>
    test.kind === 'number' || test.kind === 'date' ? [{ test, want }] : [],
  );

const LAST = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;
/** Addresses of the documentation ranges, so that found ones look familiar. Source: RFC 5737, RFC 3849. */
const FAMILIAR = { 4: [0xcb007101n, 0xc6336401n], 6: [(0x20010db8n << 96n) | 1n] } as const;

const MAX_ENDS = 8;

type Interval = { readonly first: bigint; readonly last: bigint };

function addresses(demands: readonly Demand[], avoided: number): string[] {
  const found: string[] = [];
  for (const version of [4, 6] as const) {
    let left: readonly Interval[] = [{ first: 0n, last: LAST[version] }];
    for (const { test, want } of demands) {
      if (test.kind !== 'ip') continue;
      const ranges = test.ranges.filter((range) => range.version === version);
      left = want ? common(left, merged(ranges)) : common(left, between(merged(ranges), LAST[version]));
    }
    const isLeft = (value: bigint) => left.some(({ first, last }) => first <= value && value <= last);
    const values = new Set<bigint>(FAMILIAR[version].filter(isLeft));
    // Ends of intervals are likely to pass tests of another view on the same key.
    for (const { first, last } of left.slice(0, MAX_ENDS)) values.add(first).add(last);
    for (const { first, last } of left) {
      for (let value = first; value <= last && values.size <= avoided; value++) values.add(value);
      if (values.size > avoided) break;
    }
    for (const value of values) found.push(formatAddress({ version, value }));
  }
  return found;
}

/** The ranges in ascending order, none touching another. */
function merged(ranges: readonly IpRange[]): Interval[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const intervals: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of sorted) {
    const before = intervals.at(-1);
    if (before !== undefined && first <= before.last + 1n) {
      if (last > before.last) before.last = last;
    } else intervals.push({ first, last });
  }
  return intervals;
}

/** What lies between ascending intervals, and before and after them. */
function between(intervals: readonly Interval[], end: bigint): Interval[] {
  const gaps: Interval[] = [];
  let next = 0n;
  for (const { first, last } of intervals) {
    if (first > next) gaps.push({ first: next, last: first - 1n });
    next = last + 1n;
  }
  if (next <= end) gaps.push({ first: next, last: end });
  return gaps;
}

/** What two lists of ascending intervals have in common. */
function common(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const both: Interval[] = [];
  for (let i = 0, j = 0; ; ) {
    const [x, y] = [a[i], b[j]];
    if (x === undefined || y === undefined) return both;
    const first = x.first > y.first ? x.first : y.first;
    const last = x.last < y.last ? x.last : y.last;
    if (first <= last) both.push({ first, last });
    if (x.last < y.last) i++;
    else j++;
  }
}

function bytesBeside(demands: readonly Demand[]): string[] {
  const named = demands.flatMap(({ test }) => (test.kind === 'binary' ? test.values : []));
  const fresh = Array.from({ length: named.length + 2 }, (_, byte) => Buffer.from([byte]).toString('base64'));
  return [...named, ...fresh];
}
