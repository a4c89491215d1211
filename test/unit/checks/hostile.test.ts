/** Documents that somebody made to break the engine: it answers, or says which limit it met. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms' });

function allow(elements: { Action?: unknown; Resource?: unknown; Condition?: unknown }): Policy {
  return read([{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...elements }]);
}

function read(statements: readonly object[]): Policy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

describe('long texts', () => {
  it('takes a resource of hundreds of thousands of characters', async () => {
    const resource = `arn:aws:s3:::${'a'.repeat(300_000)}`;

    const verdict = await engine.checkNoNewAccess(
      allow({ Resource: resource }),
      allow({ Resource: `${resource}*` }),
    );

    expect(verdict.result).toBe('FAIL');
  });

  it('takes wildcards by the thousand', async () => {
    const [before, after] = ['*a', 'a*'].map((pair) => allow({ Action: `s3:${pair.repeat(500)}` }));
    if (before === undefined || after === undefined) throw new Error('two policies are compared');

    const verdict = await engine.checkNoNewAccess(before, after);

    expect(verdict.result).toBe('FAIL');
  });

  it('takes variables by the thousand', async () => {
    const own = (key: string) => allow({ Resource: `arn:aws:s3:::${`\${${key}}`.repeat(1_000)}` });

    const verdict = await engine.checkNoNewAccess(own('aws:username'), own('aws:userid'));

    expect(verdict.result).toBe('FAIL');
  });
});

describe('long lists', () => {
  it('says that the time ran out, and does not guess', async () => {
    const impatient = createEngine({ solver: 'atoms', timeoutMs: 1 });
    const resources = (letter: string) =>
      Array.from({ length: 500 }, (_, n) => `arn:aws:s3:::*${letter}${n}*`);

    const verdict = await impatient.checkNoNewAccess(
      allow({ Resource: resources('x') }),
      allow({ Resource: resources('y') }),
    );

    expect(verdict).toMatchObject({ result: 'UNKNOWN', cause: 'statement 0: more than 1 ms' });
  });

  it('finds a number that none of thousands is', async () => {
    const numbers = Array.from({ length: 2_000 }, (_, n) => n);

    const verdict = await engine.checkNoNewAccess(
      allow({ Condition: { NumericEquals: { 'example:n': numbers } } }),
      allow({
        Condition: { NumericLessThan: { 'example:n': 2_000 }, NumericGreaterThan: { 'example:n': 0 } },
      }),
    );

    expect(verdict.result).toBe('FAIL');
  });

  it('finds a number beside tens of thousands that must be avoided', async () => {
    const numbers = Array.from({ length: 20_000 }, (_, n) => n);
    const unlike = (values: readonly number[]) =>
      allow({ Condition: { NumericNotEquals: { 'example:n': values } } });

    const verdict = await engine.checkNoNewAccess(unlike(numbers), unlike(numbers.slice(1)));

    expect(verdict).toMatchObject({ result: 'FAIL', witness: { context: { 'example:n': ['0'] } } });
  });

  it('keeps no pair of two lists of patterns that partly overlap', async () => {
    const actions = (text: (n: number) => string) =>
      allow({ Action: Array.from({ length: 800 }, (_, n) => text(n)), Resource: '*' });

    const verdict = await engine.checkNoNewAccess(
      actions((n) => `s3:*a${n}`),
      actions((n) => `s3:*${n}*a`),
    );

    expect(verdict.result).toBe('FAIL');
  });

  it('finds a text that holds all of many pieces', async () => {
    const pieces = Array.from({ length: 24 }, (_, n) => `*${String.fromCharCode(97 + n)}?*`);
    const denyUnlike = (wanted: readonly string[]) =>
      read([
        { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
        ...wanted.map((piece) => ({
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringNotLike: { 'aws:username': piece } },
        })),
      ]);

    const verdict = await engine.checkNoNewAccess(denyUnlike(pieces), denyUnlike(pieces.slice(1)));

    expect(verdict.result).toBe('FAIL');
  });

  it('says that more variables with defaults than it splits are not decided', async () => {
    const variables = Array.from({ length: 7 }, (_, n) => `\${example:k${n}, 'd'}`);

    const verdict = await engine.checkNoNewAccess(
      allow({ Resource: 'arn:aws:s3:::b' }),
      allow({ Resource: `arn:aws:s3:::${variables.join('')}` }),
    );

    expect(verdict).toMatchObject({
      result: 'UNKNOWN',
      cause: expect.stringContaining('more than 6 variables'),
    });
  });
});

describe.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('the name %s', (name) => {
  it('is a key like any other', async () => {
    const test = (value: string) => allow({ Condition: { StringLike: Object.fromEntries([[name, value]]) } });

    const narrower = await engine.checkNoNewAccess(test('x*'), test('xy*'));
    const wider = await engine.checkNoNewAccess(test('xy*'), test('x*'));

    expect([narrower.result, wider.result]).toEqual(['PASS', 'FAIL']);
  });

  it('is a service like any other', async () => {
    const verdict = await engine.checkNoNewAccess(allow({}), allow({ Action: `${name}:Get*` }));

    expect(verdict.result).toBe('FAIL');
  });

  it('is a variable like any other', async () => {
    const own = allow({ Resource: `arn:aws:s3:::b/\${${name}}` });
    const all = allow({ Resource: 'arn:aws:s3:::b/*' });

    const narrower = await engine.checkNoNewAccess(all, own);
    const wider = await engine.checkNoNewAccess(own, all);

    expect([narrower.result, wider.result]).toEqual(['PASS', 'FAIL']);
  });
});
