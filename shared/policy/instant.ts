/**
 * Instants: ISO 8601 in the W3C profile, or seconds since 1970. Source: IAM User Guide, "Date condition operators".
 * A date without a time is its first instant, a time without a zone is UTC.
 */
import type { Decimal } from './ast.ts';
import { formatDecimal, normalise, parseDecimal } from './decimal.ts';

const ISO =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,18}))?)?(Z|z|[+-]\d\d:?\d\d)?)?)?)?$/;

/** Returns the instant in seconds since 1970-01-01T00:00:00Z, or undefined when the text is neither form. */
export function parseInstant(text: string): Decimal | undefined {
  const match = ISO.exec(text);
  if (match === null) return parseDecimal(text);
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number);
  if (
    y === undefined ||
    mo === undefined ||
    d === undefined ||
    h === undefined ||
    mi === undefined ||
    s === undefined
  ) {
    return undefined;
  }
  // 24:00 is the end of the day and :60 a leap second; both are instants, the following one.
  if (h > 24 || mi > 59 || s > 60 || (h === 24 && mi + s > 0)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return undefined;
  const offset = offsetSeconds(zone);
  if (offset === undefined) return undefined;
  const whole = BigInt(date.getTime()) / 1000n + BigInt(h * 3600 + mi * 60 + s - offset);
  return normalise(
    whole * 10n ** BigInt(fraction.length) + BigInt(fraction === '' ? 0 : fraction),
    fraction.length,
  );
}

function offsetSeconds(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

const FIRST = -62_167_219_200n; // 0000-01-01
const LAST = 253_402_300_799n; // 9999-12-31T23:59:59

/** Returns the instant as ISO 8601 in UTC; as epoch seconds when its year has not four digits. */
export function formatInstant(instant: Decimal): string {
  const one = 10n ** BigInt(instant.scale);
  const whole = instant.units >= 0n ? instant.units / one : -((-instant.units + one - 1n) / one);
  if (whole < FIRST || whole > LAST) return formatDecimal(instant);
  const rest = instant.units - whole * one;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(instant.scale, '0').replace(/0+$/, '')}`;
  return new Date(Number(whole) * 1000).toISOString().replace('.000Z', `${fraction}Z`);
}
