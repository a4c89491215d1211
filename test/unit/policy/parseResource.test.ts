// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so
import { describe, expect, it } from 'vitest';
import type { PolicyType, ResourcePattern } from '../../../shared/policy/ast.ts';
import { parseResource } from '../../../shared/policy/parseResource.ts';

type Where = 'identity' | 'control' | 'resource';

function read(text: string, where: Where): ResourcePattern {
  const policyType: PolicyType = where === 'resource' ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY';
  const parsed = parseResource(text, {
    variables: true,
    policyType,
    completes: where === 'identity' ? 'any' : 'open',
  });
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.pattern;
}

function readingsOf(text: string, where: Where): string[] {
  const pattern = read(text, where);
  return pattern.kind === 'arn' ? Object.keys(pattern.readings ?? {}) : [];
}

describe('parseResource', () => {
  it.each(['*', '**', '*****'])('reads %s as any resource', (text) => {
    expect(read(text, 'identity')).toEqual({ kind: 'any', text });
  });

  it.each([
    ['arn:aws:sqs', 'identity'],
    ['arn:aws:sqs:eu-west-1', 'identity'],
    ['arn:aws:sqs:*', 'control'],
    ['arn:aws:sqs:eu-west-1:*', 'resource'],
    ['arn:aws:s3:::b', 'resource'],
    ['arn:*:s3:::b', 'identity'],
  ] as const)('has no doubt about %s in an %s policy', (text, where) => {
    expect(readingsOf(text, where)).toEqual([]);
  });

  it('completes with a star for each missing field', () => {
    expect(read('arn:aws:sqs', 'identity')).toMatchObject({
      parts: [
        [{ text: 'arn' }],
        [{ text: 'aws' }],
        [{ text: 'sqs' }],
        [{ kind: 'star' }],
        [{ kind: 'star' }],
        [{ kind: 'star' }],
      ],
    });
  });

  it.each([
    ['arn:aws:iam::111122223333', 'identity'],
    ['arn:aws:s3::b', 'identity'],
    ['arn:aws', 'identity'],
    ['arn:aws:*', 'identity'],
    ['arn:aws:*:*:*:b', 'identity'],
    ['arn:aws:sqs:eu-west-1', 'control'],
    ['arn:aws:sqs', 'resource'],
  ] as const)('may match nothing by %s in an %s policy', (text, where) => {
    expect(read(text, where)).toMatchObject({
      kind: 'arn',
      readings: { 'refused-arn': { kind: 'nothing' } },
    });
  });

  it('reads any first field as arn', () => {
    expect(read('x:aws:s3:::b', 'identity')).toMatchObject({
      parts: [[{ kind: 'text', text: 'arn' }], {}, {}, {}, {}, {}],
    });
  });

  it.each(['function', 'x*', '11112222333', '111122223333x'])(
    'may read the star before the account field %s as one over colons',
    (account) => {
      expect(readingsOf(`arn:aws:lambda:*:${account}:f`, 'identity')).toEqual(['irregular-account']);
    },
  );

  it.each(['', '111122223333', 'aws', '*', '1111*', '????????????', '${aws:PrincipalAccount}'])(
    'keeps the star before the account field %j in its part',
    (account) => {
      expect(readingsOf(`arn:aws:lambda:*:${account}:f`, 'identity')).toEqual([]);
    },
  );

  it('needs a star that ends a field to read beyond a colon', () => {
    expect(readingsOf('arn:aws:lambda:eu-west-1:function:*', 'identity')).toEqual([]);
  });

  it('reads the short form of an API as one unknown API', () => {
    expect(read('execute-api:/prod/*', 'resource')).toMatchObject({
      kind: 'arn',
      parts: [{}, {}, [{ text: 'execute-api' }], {}, {}, [{ text: 'this-api/prod/' }, { kind: 'star' }]],
    });
  });

  it('reads the short form as the API whose policy it is, where that is known', () => {
    const owner = 'arn:aws-cn:execute-api:cn-north-1:111122223333:abc';
    const syntax = { variables: true, policyType: 'RESOURCE_POLICY', completes: 'open', owner } as const;

    expect(parseResource('execute-api:/prod/*', syntax)).toMatchObject({
      pattern: {
        parts: [{}, [{ text: 'aws-cn' }], {}, [{ text: 'cn-north-1' }], {}, [{ text: 'abc/prod/' }, {}]],
      },
    });
  });
});
