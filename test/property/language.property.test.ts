/** Laws of the language over generated texts: what parsing, matching and comparing must hold for every input. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPattern } from '../../shared/evaluator/matchPattern.ts';
import type { Pattern, PolicyProblem } from '../../shared/policy/ast.ts';
import { formatAddress, parseAddress, parseCidr } from '../../shared/policy/cidr.ts';
import { compareDecimals, formatDecimal, parseDecimal } from '../../shared/policy/decimal.ts';
import { formatInstant, parseInstant } from '../../shared/policy/instant.ts';
import { hasDuplicateKeys, locatePath, parseJson, pathOf } from '../../shared/policy/jsonDocument.ts';
import { parsePattern } from '../../shared/policy/parsePattern.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';

const POLICY = JSON.stringify(
  {
    Version: '2012-10-17',
    Id: 'é',
    Statement: [
      {
        Sid: 'A',
        Effect: 'Allow',
        Action: ['s3:Get*', 's3:PutObject'],
        Resource: ['arn:aws:s3:::b/$\u007baws:username}/*', 'arn:aws:s3*'],
        Condition: {
          'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a*', 'b'] },
          NumericLessThan: { 's3:max-keys': 10.5 },
          DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
          IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '::1'] },
          Bool: { 'aws:SecureTransport': true },
        },
      },
      { Effect: 'Deny', NotAction: 'iam:*', NotResource: '*' },
    ],
  },
  undefined,
  1,
);

/** The text with some pieces cut out, doubled, or replaced by others. */
const mutated = (text: string) =>
  fc
    .array(
      fc.record({
        at: fc.nat(text.length),
        length: fc.nat(12),
        instead: fc.oneof(
          fc.constantFrom(
            '',
            '{',
            '}',
            '[',
            ']',
            '"',
            ',',
            ':',
            '\\',
            '\\u',
            '$\u007b',
            '*',
            '1e9',
            'null',
            '\u0000',
          ),
          fc.string({ unit: 'binary', maxLength: 3 }),
          fc.nat(text.length).map((from) => text.slice(from, from + 20)),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((edits) =>
      edits.reduce(
        (current, { at, length, instead }) => current.slice(0, at) + instead + current.slice(at + length),
        text,
      ),
    );

function expectPlaced(text: string, { path, position }: PolicyProblem): void {
  const lines = text.split('\n');
  expect(path.startsWith('$')).toBe(true);
  if (position === undefined) return;
  expect(position.line).toBeLessThanOrEqual(lines.length);
  const before = lines.slice(0, position.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  expect(position.offset).toBe(before + position.column - 1);
  expect(position.offset).toBeLessThanOrEqual(text.length);
}

describe('parsing', () => {
  it('ends in a policy or in placed problems, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: mutated(POLICY) }, fc.string({ unit: 'binary' }), fc.json()),
        (text) => {
          for (const policyType of ['IDENTITY_POLICY', 'RESOURCE_POLICY'] as const) {
            const result = parsePolicy(text, { policyType });
            if (result.ok) continue;
            expect(result.problems.length).toBeGreaterThan(0);
            for (const problem of result.problems)
              expectPlaced(text.startsWith('\ufeff') ? text.slice(1) : text, problem);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('takes JSON exactly where the native parser does, and finds keys written twice', () => {
    fc.assert(
      fc.property(fc.oneof(mutated('{"a":{"b":[1,"x:\\"y"],"c":{}},"d":null}'), fc.json()), (text) => {
        const isJson = attempt(() => JSON.parse(text));
        const result = parseJson(text);
        expect(result.ok || !result.problem.message.startsWith('not JSON')).toBe(isJson);
      }),
    );
  });

  it('sees a key twice iff one was written twice', () => {
    const key = fc.string({ maxLength: 2 });
    const pairs = fc.array(fc.tuple(key, fc.json({ maxDepth: 2 })), { maxLength: 5 });
    fc.assert(
      fc.property(pairs, (members) => {
        const text = `[{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}]`;
        const names = members.map(([name]) => name);
        expect(hasDuplicateKeys(text, JSON.parse(text))).toBe(new Set(names).size < names.length);
      }),
    );
  });

  it('finds each value where it stands', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        for (const [path, member] of membersOf('$', JSON.parse(text))) {
          const span = locatePath(text, path);
          expect(JSON.parse(text.slice(span?.start.offset, span?.end.offset))).toEqual(member);
        }
      }),
    );
  });
});

function attempt(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

function membersOf(path: string, value: unknown): (readonly [string, unknown])[] {
  const children = Array.isArray(value)
    ? value.map((member: unknown, index) => [`${path}[${index}]`, member] as const)
    : Object.entries(typeof value === 'object' && value !== null ? value : {}).map(
        ([key, member]: [string, unknown]) => [pathOf(path, key), member] as const,
      );
  return [[path, value], ...children.flatMap(([childPath, child]) => membersOf(childPath, child))];
}

/** An independent matcher: which prefixes of the text each prefix of the pattern matches. */
function matchesByTable(pattern: string, text: string): boolean {
  const chars = [...text];
  let reached = [true, ...chars.map(() => false)];
  for (const sign of pattern) {
    if (sign === '*') {
      const first = reached.indexOf(true);
      reached = reached.map((_, at) => first >= 0 && at >= first);
    } else {
      reached = reached.map(
        (_, at) => at > 0 && reached[at - 1] === true && (sign === '?' || sign === chars[at - 1]),
      );
    }
  }
  return reached.at(-1) === true;
}

function patternOf(source: string): Pattern {
  const pattern = parsePattern(source, { wildcards: true, variables: false });
  if ('problem' in pattern) expect.fail(pattern.problem);
  return pattern;
}

const small = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '\n', '😀', '.', '\ud800'), maxLength: 10 });
const glob = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', '\n', '😀', '.', '*', '*', '?'),
  maxLength: 10,
});

describe('matching', () => {
  it('agrees with a table over all prefixes', () => {
    fc.assert(
      fc.property(glob, small, (pattern, text) => {
        expect(matchPattern(patternOf(pattern), text)).toBe(matchesByTable(pattern, text));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with a regular expression', () => {
    fc.assert(
      fc.property(glob, small, (pattern, text) => {
        const source = [...pattern].map((sign) => {
          if (sign === '*') return '.*';
          return sign === '?' ? '.' : sign.replace('.', '\\.');
        });
        expect(matchPattern(patternOf(pattern), text)).toBe(
          new RegExp(`^(?:${source.join('')})$`, 'su').test(text),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('without case, agrees with matching lower-case texts', () => {
    fc.assert(
      fc.property(glob, small, (pattern, text) => {
        const lower = matchPattern(patternOf(pattern.toLowerCase()), text.toLowerCase());
        expect(matchPattern(patternOf(pattern), text, { foldCase: true })).toBe(lower);
      }),
    );
  });

  it('takes the value of a variable as plain text', () => {
    fc.assert(
      fc.property(glob, glob, small, (before, value, text) => {
        const pattern: Pattern = [...patternOf(before), { kind: 'variable', key: 'k' }];
        const expected = [...text].some(
          (_, at, chars) =>
            chars.slice(at).join('') === value && matchesByTable(before, chars.slice(0, at).join('')),
        );
        const whole = value === '' && matchesByTable(before, text);
        expect(matchPattern(pattern, text, { valuesOf: () => [value] })).toBe(expected || whole);
      }),
    );
  });
});

describe('comparing', () => {
  const units = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
  const scale = fc.nat(30);
  const written = ([value, places]: readonly [bigint, number]) => `${value}e-${places}`;

  it('orders decimals as exact rationals', () => {
    fc.assert(
      fc.property(fc.tuple(units, scale), fc.tuple(units, scale), (a, b) => {
        const [x, y] = [parseDecimal(written(a)), parseDecimal(written(b))];
        if (x === undefined || y === undefined) expect.fail('a decimal was not read');
        const difference = a[0] * 10n ** BigInt(b[1]) - b[0] * 10n ** BigInt(a[1]);
        expect(Math.sign(compareDecimals(x, y))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
    );
  });

  it('gives equal decimals one form, and reads what it writes', () => {
    fc.assert(
      fc.property(units, scale, fc.nat(5), (value, places, zeros) => {
        const plain = parseDecimal(written([value, places]));
        expect(parseDecimal(written([value * 10n ** BigInt(zeros), places + zeros]))).toEqual(plain);
        expect(plain && parseDecimal(formatDecimal(plain))).toEqual(plain);
      }),
    );
  });

  it('reads dates as the platform does, and what it writes', () => {
    const date = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (value) => {
        const instant = parseInstant(value.toISOString());
        expect(instant).toEqual(parseDecimal(`${value.getTime()}e-3`));
        expect(instant && parseInstant(formatInstant(instant))).toEqual(instant);
      }),
    );
  });

  it('reads addresses as numbers, and ranges as those that share the prefix', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, address, fc.nat(128), (one, other, length) => {
        const [a, b] = [parseAddress(one), parseAddress(other)];
        // The generator also makes IPv6 notations that end in an IPv4 address.
        if (a === undefined || b === undefined) expect.fail(`${one} or ${other} was not read`);
        const bits = a.version === 4 ? 32 : 128;
        const range = parseCidr(`${one}/${length % (bits + 1)}`);
        const shift = BigInt(bits - (length % (bits + 1)));
        const inside =
          range !== undefined &&
          range.version === b.version &&
          range.first <= b.value &&
          b.value <= range.last;
        expect(inside).toBe(a.version === b.version && a.value >> shift === b.value >> shift);
        expect(parseAddress(formatAddress(a))).toEqual(a);
      }),
    );
  });
});
