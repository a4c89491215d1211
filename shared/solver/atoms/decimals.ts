/** Numbers and dates: what some comparisons leave of the line, and points on it. */
import type { Comparison, Decimal } from '../../policy/ast.ts';
import { compareDecimals, formatDecimal } from '../../policy/decimal.ts';

/** A value must (`want`), or must not, compare like this to one of the values. */
type Compared = {
  readonly test: { readonly comparison: Comparison; readonly values: readonly Decimal[] };
  readonly want: boolean;
};

type Bound = { readonly value: Decimal; readonly isIn: boolean };

/** A part of the line: between two bounds, on one of `named` where that says something, and on none of `barred`. */
type Stretch = {
  low: Bound | undefined;
  high: Bound | undefined;
  named: ReadonlyMap<string, Decimal> | undefined;
  readonly barred: Set<string>;
};

/**
 * Returns the points that meet the demands, of which some does if any number does: every value that is compared with,
 * the middle between neighbours, and one beyond each end. Takes no longer than sorting them.
 */
export function decimalPoints(demands: readonly Compared[]): Decimal[] {
  const left = stretchOf(demands);
  if (left === undefined) return [];
  const { low, high, named, barred } = left;
  const isBetween = (value: Decimal) => isBeyond(value, low, 1) && isBeyond(value, high, -1);
  const isLeft = (value: Decimal) => isBetween(value) && !barred.has(formatDecimal(value));
  if (named !== undefined) return [...named.values()].filter(isLeft).sort(compareDecimals);
  const ends = [low, high].flatMap((bound) => bound?.value ?? []);
  const within = demands.flatMap(({ test }) => test.values).filter(isBetween);
  return around([...ends, ...within].sort(compareDecimals)).filter(isLeft);
}

/** Undefined when a demand leaves nothing. */
function stretchOf(demands: readonly Compared[]): Stretch | undefined {
  const left: Stretch = { low: undefined, high: undefined, named: undefined, barred: new Set() };
  for (const { test, want } of demands) {
    const { comparison, values } = test;
    if (comparison === '=') {
      const named = new Map(values.map((value) => [formatDecimal(value), value]));
      if (!want) for (const word of named.keys()) left.barred.add(word);
      else left.named = new Map([...(left.named ?? named)].filter(([word]) => named.has(word)));
      continue;
    }
    // One of the values is enough, so only the one that is met most easily matters.
    const isBelow = comparison.startsWith('<');
    const value = furthest(values, isBelow ? 1 : -1);
    if (value === undefined && want) return undefined;
    if (value === undefined) continue;
    const bound = { value, isIn: comparison.endsWith('=') === want };
    if (isBelow === want) left.high = nearer(left.high, bound, -1);
    else left.low = nearer(left.low, bound, 1);
  }
  return left;
}

/** The greatest value where `sign` is 1, the least where it is -1. */
function furthest(values: readonly Decimal[], sign: number): Decimal | undefined {
  let found = values[0];
  for (const value of values) {
    if (found !== undefined && compareDecimals(value, found) * sign > 0) found = value;
  }
  return found;
}

/** Which of two bounds leaves less: low ones (`sign` 1) the greater, high ones (-1) the lesser. */
function nearer(known: Bound | undefined, bound: Bound, sign: number): Bound {
  if (known === undefined) return bound;
  const order = compareDecimals(bound.value, known.value) * sign;
  return order > 0 || (order === 0 && !bound.isIn) ? bound : known;
}

function isBeyond(value: Decimal, bound: Bound | undefined, sign: number): boolean {
  if (bound === undefined) return true;
  const order = compareDecimals(value, bound.value) * sign;
  return order > 0 || (order === 0 && bound.isIn);
}

/** Sorted bounds, the middle between neighbours, and one beyond each end. */
function around(sorted: readonly Decimal[]): Decimal[] {
  const bounds = sorted.filter(
    (bound, index) => index === 0 || compareDecimals(bound, sorted[index - 1] ?? bound) !== 0,
  );
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
