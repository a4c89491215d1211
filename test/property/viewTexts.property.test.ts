import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text } from '../../shared/formula/build.ts';
import { evaluateValueTest, isOfType } from '../../shared/formula/evaluateFormula.ts';
import type { Glob, GlobToken, KeyType, ValueTest } from '../../shared/formula/formula.ts';
import { parseAddress, parseCidr } from '../../shared/policy/cidr.ts';
import { parseDecimal } from '../../shared/policy/decimal.ts';
import { parseInstant } from '../../shared/policy/instant.ts';
import { findValue } from '../../shared/solver/atoms/findValue.ts';
import { compileGlob } from '../../shared/solver/atoms/glob.ts';
import { hasText } from '../../shared/solver/atoms/globSet.ts';
import { mayRead, spellings, spellingsOfBytes, TEXTS } from '../../shared/solver/atoms/viewTexts.ts';
import { createBudget } from '../../shared/solver/budget.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 500);

const READERS = { number: parseDecimal, date: parseInstant, ip: parseAddress };

const made: { readonly [view in keyof typeof READERS]: fc.Arbitrary<string> } = {
  number: fc.stringMatching(/^[+-]?(\d{1,3}\.?\d{0,3}|\.\d{1,3})([eE][+-]?\d{1,3})?$/),
  date: fc.oneof(
    fc.stringMatching(
      /^[012]\d{3}(-[01]\d(-[0-2]\d([Tt][01]\d:?[0-5]\d(:?[0-5]\d([.,]\d{1,3})?)?(Z|z|[+-]0\d:?\d\d)?)?)?)?$/,
    ),
    fc.stringMatching(/^-?\d{1,9}$/),
  ),
  ip: fc.oneof(
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6(),
    fc.ipV6().map((address) => address.toUpperCase()),
  ),
};

describe('the texts of a view', () => {
  it.each(['number', 'date', 'ip'] as const)('hold every text that reads as a %s', (view) => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(made[view], fc.stringMatching(/^[\d.:eE+TZa-f-]{0,8}$/)), (written) => {
        if (READERS[view](written) === undefined) return;
        read++;
        expect(hasText(TEXTS[view].within, written)).toBe(true);
        expect(mayRead(view, compileGlob(text(written)))).toBe(true);
      }),
    );
    expect(read).toBeGreaterThan(10);
  });

  it('of one number read as it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(3), (units, scale) => {
        const value = (units / 10 ** scale).toFixed(scale);

        for (const other of spellings('number', value))
          expect(parseDecimal(other)).toEqual(parseDecimal(value));
      }),
    );
  });

  it('of bytes are all that stand for them, and no others', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 5 }).map((list) => Buffer.from(list));
    const written = fc.tuple(fc.stringMatching(/^[\w+/]$/), fc.constantFrom('', '=', '=='));
    fc.assert(
      fc.property(bytes, written, (list, [digit, padding]) => {
        const base64 = list.toString('base64');
        const test = { kind: 'binary', values: [base64] } as const;
        const all = spellingsOfBytes(base64);
        const other = `${base64.replace(/=+$/, '').slice(0, -1)}${digit}${padding}`;

        expect(all.filter((value) => !evaluateValueTest(test, value))).toEqual([]);
        expect(all.includes(other)).toBe(evaluateValueTest(test, other));
      }),
    );
  });
});

/** Texts that several views read, or one, or none. */
const POOL = [
  ...[
    '0',
    '1',
    '5',
    '-1',
    '0.5',
    '1e2',
    '2027',
    '100',
    '1767225600',
    '2026',
    '2026-01-01',
    '2026-01-01T00:00:00Z',
  ],
  ...[
    '10.0.0.1',
    '192.0.2.7',
    '::1',
    '2001:db8::',
    'YQ==',
    'YWI=',
    'YWJj',
    '1234',
    'true',
    'a',
    'a1',
    'x:y:z',
    '',
  ],
];
const texts = [
  ...new Set(
    POOL.flatMap((value) =>
      (['number', 'date', 'ip', 'binary'] as const).flatMap((view) => spellings(view, value)),
    ),
  ),
];

const ANY: GlobToken = { kind: 'star', of: 'any' };
const decimals = fc
  .constantFrom('0', '1', '5', '100', '2027', '1767225600')
  .map((value) => ({ units: BigInt(value), scale: 0 }));
const comparison = fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const, '=' as const);
const tests: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('number' as const, 'date' as const),
    comparison,
    values: fc.array(decimals, { maxLength: 2 }),
  }),
  fc
    .constantFrom('10.0.0.0/8', '::/0', '192.0.2.7')
    .map((text) => ({ kind: 'ip' as const, ranges: [parseCidr(text) ?? expect.fail(text)] })),
  fc.constantFrom('YQ==', 'YWJj', 'MTIzNA==').map((value) => ({ kind: 'binary' as const, values: [value] })),
  fc
    .constantFrom<readonly Glob[]>(
      [[ANY]],
      [text('1')],
      [[ANY, ...text('1')]],
      [[...text('2'), ANY]],
      [[ANY, ...text(':'), ANY]],
      [text('a', true)],
      [],
    )
    .map((globs) => ({ kind: 'text' as const, globs })),
);

describe('the texts of two views', () => {
  it('are apart where one reads addresses', () => {
    for (const value of texts.filter((one) => parseAddress(one) !== undefined))
      expect([value, parseDecimal(value), parseInstant(value)]).toEqual([value, undefined, undefined]);
  });

  it('are all dates where they are numbers, four digits too', () => {
    for (const value of texts.filter((one) => parseDecimal(one) !== undefined))
      expect([value, parseInstant(value)]).not.toEqual([value, undefined]);
  });
});

describe('a value that several views are asked of', () => {
  it('is found only where it meets all demands, and none only where no text does', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(fc.record({ test: tests, want: fc.boolean() }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom<KeyType>('text', 'number', 'date', 'ip'),
        fc.subarray(['0', '1', '10.0.0.1'], { maxLength: 2 }),
        (demands, type, avoid) => {
          const answer = findValue([type], demands, avoid, createBudget({ steps: 1e7, timeoutMs: 60_000 }));
          const isMet = (value: string) =>
            !avoid.includes(value) &&
            isOfType(type, value) &&
            demands.every(({ test, want }) => evaluateValueTest(test, value) === want);

          kinds.set(answer.kind, (kinds.get(answer.kind) ?? 0) + 1);
          if (answer.kind === 'found') expect(isMet(answer.value)).toBe(true);
          if (answer.kind === 'none') expect(texts.filter(isMet)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
    expect(kinds.get('found')).toBeGreaterThan(RUNS / 20);
    expect(kinds.get('none')).toBeGreaterThan(RUNS / 20);
    expect(kinds.get('unclear') ?? 0).toBeLessThan(RUNS / 20);
  });
});
