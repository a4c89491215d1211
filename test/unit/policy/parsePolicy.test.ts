// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../shared/policy/ast.ts';
import {
  decodePolicyDocument,
  MAX_DOCUMENT_BYTES,
  type ParseOptions,
  parsePolicy,
  parsePolicyValue,
} from '../../../shared/policy/parsePolicy.ts';

const identity: ParseOptions = { policyType: 'IDENTITY_POLICY' };

function accept(document: unknown, options: ParseOptions = identity): Policy {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const result = parsePolicy(text, options);
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.policy;
}

function refuse(text: string, options: ParseOptions = identity) {
  const result = parsePolicy(text, options);
  if (result.ok) expect.fail('the document was taken');
  return result.problems;
}

const statement = (more: object = {}) => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more });
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });

describe('parsePolicy', () => {
  it('keeps version, id, sids, effects and the order of statements', () => {
    const policy = accept({
      ...document(statement({ Sid: 'A' }), statement({ Effect: 'Deny', Sid: '' })),
      Id: 'example',
    });

    expect(policy).toMatchObject({ version: '2012-10-17', id: 'example', policyType: 'IDENTITY_POLICY' });
    expect(policy.statements.map(({ index, sid, effect }) => ({ index, sid, effect }))).toEqual([
      { index: 0, sid: 'A', effect: 'Allow' },
      { index: 1, sid: undefined, effect: 'Deny' },
    ]);
  });

  it('keeps the text, for quoting its lines', () => {
    const text = JSON.stringify(document(statement()), undefined, 2);

    expect(accept(text).source).toBe(text);
  });

  it('drops a byte order mark and counts from after it', () => {
    expect(accept(`\ufeff${JSON.stringify(document())}`).source.startsWith('{')).toBe(true);
    expect(refuse('\ufeff{"Statement":[],\n "x":1}')[0]?.position).toEqual({
      line: 2,
      column: 6,
      offset: 22,
    });
  });

  it('names the source in each problem and in the policy', () => {
    const options = { ...identity, sourceName: 'a.json' };

    expect(refuse('{', options)[0]?.sourceName).toBe('a.json');
    expect(refuse('{"Statement":[],"x":1}', options)[0]?.sourceName).toBe('a.json');
    expect(accept(document(), options).sourceName).toBe('a.json');
  });

  it.each([
    ['Resource', { Resource: 'arn:aws:s3::b' }, 'an empty field'],
    ['Resource', { Resource: 'arn:aws:*:*:*:b' }, 'a wildcard for its service'],
    ['Resource', { Resource: 'x:aws:s3:::b' }, 'AWS ignores the first field'],
    ['Resource', { Resource: 'arn:aws:lambda:*:function:f' }, 'no account in its account field'],
    ['Resource', { Resource: 'arn:aws:sns:*:${aws:PrincipalAccount}:t' }, 'before the fifth colon'],
    ['Action', { Action: [] }, 'empty list'],
    ['Action', { Action: 'a a:ListBucket' }, 'has ` ` in its service, which IAM refuses'],
    ['Action', { Action: ' s3:GetObject' }, 'has ` ` in its service'],
    ['Action', { Action: 's3:List:Bucket' }, 'has more than one colon, which IAM refuses'],
    ['Action', { Action: '*:Untag*' }, 'has a wildcard for its service'],
    ['Resource', { Resource: 'arn:error:s3:::example_bucket' }, 'in no AWS partition'],
    ['Resource', { Resource: 'arn:b:cadfsdf' }, 'in no AWS partition'],
    ['Condition.StringEquals["a:x"]', { Condition: { StringEquals: { 'a:x': [] } } }, 'empty list'],
    ['Condition.ArnLike["a:x"]', { Condition: { ArnLike: { 'a:x': 'b' } } }, 'matches no ARN'],
    ['Condition.ArnLike["a:x"]', { Condition: { ArnLike: { 'a:x': 'arn:aws:sns' } } }, 'incomplete ARN'],
  ])('warns of %s in %j', (path, more, message) => {
    const [warning, ...others] = accept(document(statement(more))).warnings;

    expect(warning).toMatchObject({
      path: `$.Statement[0].${path}`,
      message: expect.stringContaining(message),
    });
    expect(warning?.position?.line).toBe(1);
    expect(others).toEqual([]);
  });

  it.each([
    ['arn:aws:iam::11112222333:root', 'twelve digits'],
    ['arn:aws:iam::11112222333:role/R', 'twelve digits'],
    ['arn:aws:sts::1111222233334:assumed-role/R/s', 'twelve digits'],
  ])('refuses the principal %s, and takes it with a warning where AWS holds it', (AWS, message) => {
    const text = JSON.stringify(
      document({ Effect: 'Allow', Principal: { AWS }, Action: 's3:*', Resource: '*' }),
    );
    const options = { policyType: 'RESOURCE_POLICY' } as const;

    expect(refuse(text, options)).toMatchObject([{ message: expect.stringContaining(message) }]);
    expect(accept(text, { ...options, held: true }).warnings).toMatchObject([
      { message: expect.stringContaining(message) },
    ]);
  });

  it('judges a trust policy for everyone, with a warning', () => {
    const trust = document({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' });

    expect(accept(trust, { policyType: 'RESOURCE_POLICY' }).warnings).toMatchObject([
      { path: '$.Statement[0].Principal', message: expect.stringContaining('trust policy') },
    ]);
  });

  it.each(['*:*', 's3*', 's3:Get*', 'AWS-Marketplace:ViewSubscriptions', '*'])(
    'has nothing to say of the action %s',
    (Action) => {
      expect(accept(document(statement({ Action }))).warnings).toEqual([]);
    },
  );

  it('warns of a policy without statements', () => {
    expect(accept(document()).warnings).toMatchObject([{ path: '$.Statement' }]);
  });

  it.each([
    ['1.0000000000000000000000001', 10_000_000_000_000_000_000_000_001n, 25],
    ['9007199254740993', 9_007_199_254_740_993n, 0],
    ['-2.50e1', -25n, 0],
  ])('compares the JSON number %s by its own digits', (text, units, scale) => {
    const body = JSON.stringify(document(statement({ Condition: { NumericEquals: { 'a:x': 0 } } })));

    const policy = accept(body.replace('"a:x":0', `"a:x":${text}`));

    expect(policy.statements[0]?.conditions[0]?.test).toMatchObject({ values: [{ units, scale }] });
  });

  it('tells at most 100 problems, from top to bottom', () => {
    const problems = refuse(JSON.stringify({ Statement: Array.from({ length: 500 }, () => 1) }));

    expect(problems).toHaveLength(100);
    expect(problems.map(({ position }) => position?.offset)).toEqual(
      problems.map((_, index) => 14 + 2 * index),
    );
  });
});

describe('parsePolicy on hostile texts', () => {
  it('refuses more than 1 MiB of UTF-8 and names the limit', () => {
    const [problem] = refuse(`{"Id":"${'é'.repeat(MAX_DOCUMENT_BYTES / 2)}","Statement":[]}`);

    expect(problem).toMatchObject({ path: '$', message: expect.stringContaining('1048576') });
  });

  it('takes exactly 1 MiB', () => {
    const frame = JSON.stringify({ Id: '', Statement: [] });

    accept(frame.replace('""', `"${'x'.repeat(MAX_DOCUMENT_BYTES - frame.length)}"`));
  });

  it.each([
    ['arrays that are not closed', '['.repeat(100_000)],
    ['arrays in a statement', `{"Statement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    [
      'objects in a condition',
      `{"Statement":[{"Condition":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_001)}]}`,
    ],
    ['a key twice, deep inside', `{"Statement":${'['.repeat(50_000)}{"a":1,"a":1}${']'.repeat(50_000)}}`],
    ['the same statement key 100,000 times', `{"Statement":[{${'"Sid":"",'.repeat(100_000)}"Sid":""}]}`],
    ['100,000 bad entries', JSON.stringify(document(statement({ Action: Array(100_000).fill(1) })))],
    ['a variable that never ends', JSON.stringify(document(statement({ Resource: '${'.repeat(100_000) })))],
    [
      'a default of quotes',
      JSON.stringify(document(statement({ Resource: `\${a, ${"'".repeat(100_000)}}` }))),
    ],
    ['a key of spaces', JSON.stringify(document(statement({ Resource: `\${a${' '.repeat(100_000)}b}` })))],
    ['NUL characters', '\0'.repeat(1000)],
  ])('refuses %s', (_, text) => {
    expect(refuse(text).length).toBeGreaterThan(0);
  });

  it.each([
    ['100,000 actions', { Action: Array(100_000).fill('s3:*') }],
    ['50,000 resources that are warned of', { Resource: Array(50_000).fill('x:aws:s3:::b') }],
    ['100,000 numbers', { Condition: { NumericEquals: { 'a:x': Array(100_000).fill(1.5) } } }],
    ['a long pattern of stars', { Resource: `arn:aws:s3:::${'*?'.repeat(100_000)}` }],
    [
      '20,000 keys with a number each',
      {
        Condition: {
          NumericEquals: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at])),
        },
      },
    ],
  ])('takes %s', (_, more) => {
    expect(accept(document(statement(more))).statements).toHaveLength(1);
  });
});

describe('parsePolicyValue', () => {
  it('reads the same policy as the text', () => {
    const value = document(statement({ Condition: { NumericLessThan: { 'a:x': 10 } } }));
    const fromText = accept(value);

    const fromValue = parsePolicyValue(value, identity);

    expect(fromValue).toEqual({ ok: true, policy: { ...fromText, source: '' } });
  });

  it('places problems where the caller says', () => {
    const position = { line: 7, column: 3, offset: 90 };

    const result = parsePolicyValue({ Statement: 1 }, { ...identity, locate: () => position });

    expect(result).toMatchObject({ ok: false, problems: [{ path: '$.Statement', position }] });
  });

  it.each([[undefined], [null], [1], ['{}'], [[]], [new Map()]])('refuses %s', (value) => {
    expect(parsePolicyValue(value, identity).ok).toBe(false);
  });
});

describe('decodePolicyDocument', () => {
  it('decodes what IAM hands out', () => {
    const text = '{"Statement":[{"Resource":"a b/é+%"}]}';

    expect(decodePolicyDocument(encodeURIComponent(text))).toBe(text);
  });

  it.each(['{"Id":"%7B"}', '', '%7', '%7B%'])('leaves %j as it is', (text) => {
    expect(decodePolicyDocument(text)).toBe(text);
  });
});

describe('a statement that was read before', () => {
  const inFolder = statement({ Resource: 'arn:aws:s3:::home/${aws:username}/*' });
  const first = accept(document(inFolder)).statements[0];

  it('shares its elements and stays a statement of its own, at its own place', () => {
    const [, again] = accept(document(statement(), inFolder)).statements;

    expect(again).toEqual({ ...first, index: 1 });
    expect(again).not.toBe(first);
    expect(again?.resource).toBe(first?.resource);
  });

  it.each<[string, object, ParseOptions]>([
    ['the other version of the language', { Version: '2008-10-17', Statement: [inFolder] }, identity],
    ['a control policy', document(inFolder), { ...identity, isControl: true }],
  ])('is read anew in %s', (_, other, options) => {
    expect(accept(other, options).statements[0]?.resource).not.toBe(first?.resource);
  });

  it('gets its warning again', () => {
    const odd = document(statement({ Action: 's3:Get Object' }));
    const [once, twice] = [accept(odd), accept(odd)];

    expect(once.warnings).toHaveLength(1);
    expect(twice.warnings).toEqual(once.warnings);
  });

  it('is read anew where it holds a number, of which the text may say more', () => {
    const limit = (text: string) =>
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":${text}}}}]}`;
    const testOf = (text: string) => accept(limit(text)).statements[0]?.conditions[0]?.test;

    expect(testOf('9007199254740993')).not.toEqual(testOf('9007199254740992'));
  });
});
