import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, parseCidr } from '../../../shared/policy/cidr.ts';
import { compareDecimals, formatDecimal, parseDecimal } from '../../../shared/policy/decimal.ts';
import { CASE_VARIANTS, foldChar } from '../../../shared/policy/foldChar.ts';
import { formatInstant, parseInstant } from '../../../shared/policy/instant.ts';
import { canonicalBase64 } from '../../../shared/policy/parseCondition.ts';

describe('parseDecimal', () => {
  it.each([
    ['0', 0n, 0],
    ['-0.0', 0n, 0],
    ['007', 7n, 0],
    ['1.500', 15n, 1],
    ['.5', 5n, 1],
    ['5.', 5n, 0],
    ['12e-3', 12n, 3],
    ['1.2E3', 1200n, 0],
    ['-9007199254740993', -9_007_199_254_740_993n, 0],
  ])('reads %s', (text, units, scale) => {
    expect(parseDecimal(text)).toEqual({ units, scale });
  });

  it.each([
    '',
    '.',
    'e1',
    '1e',
    '1 ',
    ' 1',
    '1_0',
    '0x1',
    'NaN',
    'Infinity',
    '--1',
    '1.2.3',
    '1e401',
    '1e99999',
    '٣',
  ])('reads no number in %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it('refuses numbers of more than 400 characters', () => {
    expect(parseDecimal('1'.repeat(401))).toBeUndefined();
  });
});

describe('formatDecimal', () => {
  it.each(['0', '-1', '0.5', '-0.05', '123.456', '1000'])('writes %s as it was read', (text) => {
    const value = parseDecimal(text);

    expect(value && formatDecimal(value)).toBe(text);
  });
});

describe('parseInstant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', '0'],
    ['1970-01-01', '0'],
    ['1970', '0'],
    ['1970-01-01T00:00:00.25Z', '0.25'],
    ['1969-12-31T23:59:59Z', '-1'],
    ['1970-01-01T01:00:00+01:00', '0'],
    ['1970-01-01T00:00:00-0130', '5400'],
    ['1970-01-01T14:00:00+14:00', '0'],
    ['1970-01-01T00:59:00+00:59', '0'],
    ['19700101', '19700101'],
    ['2016-12-31T23:59:60Z', '1483228800'],
    ['2000-01-01T24:00:00Z', '946771200'],
    ['0001-01-01', '-62135596800'],
    ['-1.5', '-1.5'],
  ])('reads %s as %s seconds', (text, seconds) => {
    const instant = parseInstant(text);

    expect(instant && formatDecimal(instant)).toBe(seconds);
  });

  it.each([
    '',
    'now',
    '2026-00-01',
    '2026-1-1',
    '2026-02-29',
    '2026-01-01T',
    '2026-01-01T24:00:01Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00+15:00',
    '2026-01-01T00:00:00+00:60',
    '2026-01-01T00:00:00+14:60',
    '2026-01-01 00:00:00Z',
    '12026-01-01',
  ])('reads no instant in %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('formatInstant', () => {
  it.each([
    '2026-06-01T10:00:00Z',
    '1969-12-31T23:59:59.5Z',
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:00.000001Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '253402300800',
    '-62167219201',
  ])('writes %s as it was read', (text) => {
    const instant = parseInstant(text);

    expect(instant && formatInstant(instant)).toBe(text);
  });
});

describe('parseAddress and parseCidr', () => {
  it.each(['192.0.2.1', '0.0.0.0', '255.255.255.255', '2001:db8::1', '::', '::ffff:c000:201'])(
    'reads %s and writes it again',
    (text) => {
      const address = parseAddress(text);

      expect(address && formatAddress(address)).toBe(text);
    },
  );

  it.each([
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '0xc0.0.2.1',
    '3221225985',
    '::1%lo',
    ':::',
    '[::1]',
    '192.0.2.1 ',
  ])('reads no address in %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('ignores bits after the prefix', () => {
    expect(parseCidr('10.1.2.3/8')).toEqual(parseCidr('10.0.0.0/8'));
  });

  it('reads a single address as a range of one', () => {
    expect(parseCidr('::2')).toEqual({ version: 6, first: 2n, last: 2n, prefixLength: 128 });
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/ 8', '10.0.0.0/8/8', '::/129', '/8', '10.0.0.0/+8'])(
    'reads no range in %j',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

describe('foldChar', () => {
  it('folds exactly the 56 pairs of letters up to U+00FF', () => {
    const folded = Array.from({ length: 0x300 }, (_, char) => char).filter((char) => foldChar(char) !== char);
    const expected = [
      ...Array.from({ length: 26 }, (_, at) => 0x41 + at),
      ...Array.from({ length: 31 }, (_, at) => 0xc0 + at).filter((char) => char !== 0xd7),
    ];

    expect(folded).toEqual(expected);
    expect(folded.map((char) => foldChar(char) - char)).toEqual(expected.map(() => 32));
  });

  it('knows the characters that fold to one', () => {
    expect(CASE_VARIANTS.get(0x61)).toEqual([0x61, 0x41]);
    expect(CASE_VARIANTS.size).toBe(56);
  });
});

describe('canonicalBase64', () => {
  it.each([
    ['QUI', 'QUI='],
    ['QUJ=', 'QUI='],
    ['', ''],
    ['AA', 'AA=='],
  ])('reads %j as %j', (text, canonical) => {
    expect(canonicalBase64(text)).toBe(canonical);
  });

  it.each(['A', 'QUI==', 'Q=UI', 'QU I', '-_', '%'])('reads no bytes in %j', (text) => {
    expect(canonicalBase64(text)).toBeUndefined();
  });
});

describe('compareDecimals', () => {
  it('orders by value, whatever the scale', () => {
    const values = ['-10', '-0.5', '0', '0.499', '0.5', '3', '3.0001'].map((text) => parseDecimal(text));

    const signs = values.slice(1).map((value, at) => {
      const before = values[at];
      return before && value ? Math.sign(compareDecimals(before, value)) : undefined;
    });

    expect(signs).toEqual(signs.map(() => -1));
  });
});
