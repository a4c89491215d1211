// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so
import { describe, expect, it } from 'vitest';
import { parseOperator } from '../../../shared/policy/operators.ts';
import { parseActionPattern, parseArnParts, parsePattern } from '../../../shared/policy/parsePattern.ts';
import { parsePrincipalValue, principalKind } from '../../../shared/policy/parsePrincipal.ts';

const text = (value: string) => ({ kind: 'text', text: value });
const star = { kind: 'star' };
const question = { kind: 'question' };
const all = { wildcards: true, variables: true };

describe('parsePattern', () => {
  it.each([
    ['', []],
    ['abc', [text('abc')]],
    ['a**b', [text('a'), star, text('b')]],
    ['*?*', [star, question, star]],
    ['${*}${?}${$}', [text('*?$')]],
    ['${ AWS:UserName }${ * }', [{ kind: 'variable', key: 'aws:username' }, text('*')]],
    ['a${AWS:UserName}', [text('a'), { kind: 'variable', key: 'aws:username' }]],
    ["${a:x, 'b c'}", [{ kind: 'variable', key: 'a:x', defaultText: 'b c' }]],
    ["${a:x,''}", [{ kind: 'variable', key: 'a:x', defaultText: '' }]],
    ['${aws:PrincipalTag/cost center}', [{ kind: 'variable', key: 'aws:principaltag/cost center' }]],
    ['$', [text('$')]],
    ['$a{b}', [text('$a{b}')]],
    ['${constructor}', [{ kind: 'variable', key: 'constructor' }]],
  ])('reads %j', (source, pattern) => {
    expect(parsePattern(source, all)).toEqual(pattern);
  });

  it('leaves wildcards and variables as text where they are none', () => {
    expect(parsePattern('a*?${x}', { wildcards: false, variables: false })).toEqual([text('a*?${x}')]);
  });

  it('shortens what it quotes', () => {
    expect(parsePattern(`\${${'x'.repeat(500)}`, all)).toMatchObject({
      problem: expect.stringMatching(/^.{60,120}$/),
    });
  });
});

describe('parseActionPattern', () => {
  it('reads no variables', () => {
    expect(parseActionPattern('s3:${x}*')).toEqual([text('s3:${x}'), star]);
  });
});

describe('parseArnParts', () => {
  it('completes a short pattern that ends in a star', () => {
    expect(parseArnParts('arn:aws:s3*', false)).toEqual([
      [text('arn')],
      [text('aws')],
      [text('s3'), star],
      [star],
      [star],
      [star],
    ]);
  });

  it('keeps colons of the sixth part', () => {
    expect(parseArnParts('a:b:c:d:e:f:g', false)).toHaveProperty('5', [text('f:g')]);
  });

  it('does not split at a colon in a variable', () => {
    expect(parseArnParts('arn:aws:s3:::${a:b:c}', true)).toHaveProperty('5', [
      { kind: 'variable', key: 'a:b:c' },
    ]);
  });

  it('splits at it where variables are text', () => {
    expect(parseArnParts('arn:aws:s3::${a:b}', false)).toHaveProperty('4', [text('${a')]);
  });

  it.each(['', 'x', 'arn:aws:s3::', '?'])('reads %j as no ARN', (source) => {
    expect(parseArnParts(source, true)).toBeUndefined();
  });

  it('does not take an escaped star for a closing one', () => {
    expect(parseArnParts('arn:${*}', true)).toBeUndefined();
  });
});

describe('parseOperator', () => {
  it.each([
    ['StringEquals', { ifExists: false }],
    ['StringNotLikeIfExists', { ifExists: true }],
    ['ForAllValues:ArnLike', { ifExists: false, quantifier: 'ForAllValues' }],
    ['foranyvalue:boolifexists', { ifExists: true, quantifier: 'ForAnyValue' }],
    ['ForAllValues:Null', { quantifier: 'ForAllValues' }],
  ])('reads %s', (name, use) => {
    expect(parseOperator(name)).toMatchObject(use);
  });

  it.each([
    '',
    'NullIfExists',
    'StringEqualsIfExistsIfExists',
    'ForAllValues:',
    'ForAllValues:ForAnyValue:Bool',
    'Bool ',
    'IfExists',
    'toString',
    'BinaryNotEquals',
  ])('knows no operator %j', (name) => {
    expect(parseOperator(name)).toBeUndefined();
  });
});

describe('parsePrincipalValue', () => {
  it.each([
    ['*', { kind: 'everyone' }],
    ['111122223333', { kind: 'account', account: '111122223333' }],
    ['arn:aws-cn:iam::111122223333:root', { kind: 'account', account: '111122223333' }],
    [
      'arn:aws:iam::111122223333:role/a/b/R',
      { kind: 'role', partition: 'aws', account: '111122223333', entity: 'role/a/b/R', name: 'R' },
    ],
    [
      'arn:aws-us-gov:sts::111122223333:assumed-role/R/s@x',
      { kind: 'session', partition: 'aws-us-gov', account: '111122223333', roleName: 'R', session: 's@x' },
    ],
    [
      'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1',
      {
        kind: 'entity',
        partition: 'aws',
        service: 'iam',
        account: 'cloudfront',
        entity: 'user/CloudFront Origin Access Identity E1',
      },
    ],
    [
      'arn:aws:sts::111122223333:federated-user/F',
      {
        kind: 'entity',
        partition: 'aws',
        service: 'sts',
        account: '111122223333',
        entity: 'federated-user/F',
      },
    ],
    ['AIDACKCEVSQ6C2EXAMPLE', { kind: 'uniqueId', id: 'AIDACKCEVSQ6C2EXAMPLE' }],
  ])('reads %s', (value, pattern) => {
    expect(parsePrincipalValue('AWS', value)).toEqual(pattern);
  });

  it.each([
    'urn:aws:iam::111122223333:user/a',
    'arn::iam::111122223333:user/a',
    'arn:aws:iam:us-east-1:111122223333:user/a',
    'arn:aws:iam:::user/a',
    'arn:aws:iam::111122223333:',
    'arn:aws:iam::111122223333:user',
    'arn:aws:iam::111122223333',
    'arn:aws:sts::111122223333:root',
    'arn:aws:sts::111122223333:assumed-role/R/s/t',
    'arn:aws:ec2::111122223333:role/R',
    'A'.repeat(200),
    'aroaexampleid12345',
  ])('reads no principal in %s', (value) => {
    expect(parsePrincipalValue('AWS', value)).toEqual(expect.stringContaining('is not a principal'));
  });

  it('knows the four kinds by their exact names', () => {
    const names = ['AWS', 'Service', 'Federated', 'CanonicalUser', 'aws', 'Anonymous', ''];

    expect(names.map((name) => principalKind(name))).toEqual([
      'AWS',
      'Service',
      'Federated',
      'CanonicalUser',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
