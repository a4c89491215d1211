/** Exact decimal numbers: what numeric and date conditions compare. No floating point anywhere. */
import type { Decimal } from './ast.ts';

const DECIMAL = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,4}))?$/;
/** Beyond these a number is refused: nobody compares with it, and its digits would only cost time. */
const MAX_LENGTH = 400;
const MAX_EXPONENT = 400;

/** Returns the number, or undefined when the text is not a decimal number of at most 400 characters and exponent 400. */
export function parseDecimal(text: string): Decimal | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, sign, digits = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || Math.abs(Number(exponent)) > MAX_EXPONENT) return undefined;
  const point = digits.indexOf('.');
  const places = point < 0 ? 0 : digits.length - point - 1;
  const units = BigInt(`${sign === '-' ? '-' : ''}${digits.replace('.', '')}`);
  return normalise(units, places - Number(exponent));
}

/** Returns the decimal `units / 10 ** scale` in its one normal form; the scale may be negative here. */
export function normalise(units: bigint, scale: number): Decimal {
  let [u, s] = scale < 0 ? [units * 10n ** BigInt(-scale), 0] : [units, scale];
  while (s > 0 && u % 10n === 0n) {
    u /= 10n;
    s -= 1;
  }
  return { units: u, scale: s };
}

/** Returns a negative number, zero or a positive number as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = a.units * 10n ** BigInt(scale - a.scale) - b.units * 10n ** BigInt(scale - b.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Returns the number in plain decimal notation. */
export function formatDecimal({ units, scale }: Decimal): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}`;
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
