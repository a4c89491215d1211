// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { mayGrant } from '../../../shared/checks/underReadings.ts';
import type { Policy, PolicyType } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine();
afterAll(() => engine.close());

type Document = string | { readonly [element: string]: unknown };

function held(document: Document, policyType: PolicyType = 'IDENTITY_POLICY'): Policy {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const parsed = parsePolicy(text, { policyType, held: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const policy = (...statements: readonly unknown[]) => ({ Version: '2012-10-17', Statement: statements });
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Statements that AWS's grammar does not allow, each odd in one way. */
const ODD: readonly (readonly [string, unknown])[] = [
  ['an unknown operator without keys', { ...READ, Condition: { a: {} } }],
  ['an unknown operator', { ...READ, Condition: { StringLikes: { 'aws:a': 'b' } } }],
  ['an operator of no object', { ...READ, Condition: { StringLike: 'b' } }],
  ['conditions that are a list', { ...READ, Condition: [] }],
  ['a null in a list of values', { ...READ, Condition: { StringLike: { 'aws:a': ['b', null] } } }],
  ['a value that is an object', { ...READ, Condition: { StringLike: { 'aws:a': {} } } }],
  ['an odd date', { ...READ, Condition: { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } } }],
  ['an odd range', { ...READ, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/99' } } }],
  ['a key without a name', { ...READ, Condition: { StringLike: { '': 'b' } } }],
  ['a null in the actions', { ...READ, Action: ['s3:GetObject', null] }],
  ['actions of no text', { ...READ, Action: 7 }],
  ['no action', { Effect: 'Allow', Resource: '*' }],
  ['both kinds of action', { ...READ, NotAction: 's3:*' }],
  ['an odd NotAction', { Effect: 'Allow', NotAction: ['iam:*', 1], Resource: '*' }],
  ['a null in the resources', { ...READ, Resource: [null, 'arn:aws:s3:::b/*'] }],
  ['no resource', { Effect: 'Allow', Action: 's3:*' }],
  ['a variable that is not closed', { ...READ, Resource: 'arn:aws:s3:::b/${aws:username' }],
  ['no effect', { Action: 's3:GetObject', Resource: '*' }],
  ['an odd effect', { ...READ, Effect: 'allow' }],
  ['an unknown element', { ...READ, Resources: '*' }],
  ['a principal', { ...READ, Principal: '*' }],
  ['a text for a statement', 'Allow'],
  ['null for a statement', null],
];

describe('a document that AWS holds', () => {
  it.each(ODD)('with %s is not refused, and passes against itself', async (_, statement) => {
    const one = held(policy(statement));

    expect((await engine.checkNoNewAccess(one, held(policy(statement)))).result).toBe('PASS');
  });

  it.each(ODD)('with %s does not hide what stands beside it', async (_, statement) => {
    const verdict = await engine.checkNoNewAccess(held(policy(READ)), held(policy(READ, statement, ALL)));

    expect(verdict).toMatchObject({ result: 'FAIL', reasons: [{ statementIndex: 2 }] });
    expect(JSON.stringify(verdict)).not.toContain('\\u0001');
  });

  it.each(ODD)('with %s anew is not known to grant nothing', async (_, statement) => {
    const verdict = await engine.checkNoNewAccess(held(policy()), held(policy(statement)));

    // Where a part that can be read grants something, that is so whatever the rest means.
    expect(['UNKNOWN', 'FAIL']).toContain(verdict.result);
    if (verdict.result === 'UNKNOWN') expect(verdict.cause).toMatch(/\$\.Statement\[0\].*line 1/);
  });

  it.each(ODD)('with %s keeps no PASS when that goes, where it may have denied', async (_, statement) => {
    const deny =
      typeof statement === 'object' && statement !== null ? { ...statement, Effect: 'Deny' } : statement;
    const verdict = await engine.checkNoNewAccess(held(policy(ALL, deny)), held(policy(ALL)));

    expect(['UNKNOWN', 'FAIL']).toContain(verdict.result);
  });

  it('grants by an odd Allow only what the rest of its statement names', async () => {
    const odd = held(policy({ ...READ, Condition: { a: {} } }));

    expect((await engine.checkNoNewAccess(held(policy(READ)), odd)).result).toBe('PASS');
    expect((await engine.checkAccessNotGranted(odd, [{ actions: ['iam:*'] }])).result).toBe('PASS');
    expect((await engine.checkAccessNotGranted(odd, [{ actions: ['s3:*'] }])).result).toBe('UNKNOWN');
  });

  it('denies by an odd Deny nothing that is sure', async () => {
    const odd = policy(READ, { ...READ, Effect: 'Deny', Condition: { a: {} } });

    expect(await engine.checkNoNewAccess(held(policy()), held(odd))).toMatchObject({
      result: 'FAIL',
      notes: [expect.stringContaining('assumed to deny nothing')],
    });
    expect((await engine.checkNoNewAccess(held(odd), held(policy(READ)))).result).toBe('UNKNOWN');
  });

  it('fails by what can be read of an odd list', async () => {
    const odd = held(policy({ ...ALL, Action: ['iam:CreateUser', null] }));
    const verdict = await engine.checkAccessNotGranted(odd, [{ actions: ['iam:CreateUser'] }]);

    expect(verdict).toMatchObject({ result: 'FAIL', witness: { action: 'iam:CreateUser', context: {} } });
  });

  it('takes an odd statement for the same where the rest of it changed', async () => {
    const odd = (Action: string) => held(policy({ ...READ, Action, Condition: { a: {} } }));

    expect((await engine.checkNoNewAccess(odd('s3:*'), odd('s3:GetObject'))).result).toBe('PASS');
    expect((await engine.checkNoNewAccess(odd('s3:GetObject'), odd('s3:*'))).result).toBe('UNKNOWN');
  });

  it.each([
    [
      'twice the same element',
      '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Effect":"Allow"}}',
    ],
    ['twice the statements', '{"Statement":[],"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['a list', '[]'],
  ])('with %s is in doubt as a whole', async (_, text) => {
    expect((await engine.checkNoNewAccess(held(text), held(text))).result).toBe('PASS');
    expect((await engine.checkNoNewAccess(held(policy()), held(text))).result).toBe('UNKNOWN');
    expect((await engine.checkNoNewAccess(held(policy(ALL)), held(policy(ALL)))).result).toBe('PASS');
  });

  it('of an odd version is in doubt only where a variable stands', async () => {
    const odd = (Resource: string) => held({ Version: '2020-01-01', Statement: [{ ...READ, Resource }] });
    const empty = held(policy());

    expect((await engine.checkNoNewAccess(empty, odd('arn:aws:s3:::b'))).result).toBe('FAIL');
    expect((await engine.checkNoNewAccess(empty, odd('arn:aws:s3:::${aws:username}'))).result).toBe(
      'UNKNOWN',
    );
  });

  it.each(['', '{', 'no JSON'])('that is no JSON (%j) is refused', (text) => {
    expect(parsePolicy(text, { policyType: 'IDENTITY_POLICY', held: true }).ok).toBe(false);
  });

  it('without a principal may be for everyone', async () => {
    const odd = held(policy(READ), 'RESOURCE_POLICY');

    expect((await engine.checkNoPublicAccess(odd, 'AWS::S3::Bucket')).result).toBe('UNKNOWN');
  });

  it('may grant what it is not known to refuse', () => {
    const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', context: {} };
    const odd = { ...READ, Condition: { a: {} } };
    const grants = (...statements: readonly unknown[]) =>
      mayGrant({ policies: [{ name: '', policy: held(policy(...statements)) }] }, request);

    expect(grants(odd)).toBe(true);
    expect(grants(READ, { ...odd, Effect: 'Deny' })).toBe(true);
    expect(grants(READ, { ...READ, Effect: 'Deny' })).toBe(false);
  });
});

describe('a document that a person submits', () => {
  it.each(ODD)('with %s is refused', (_, statement) => {
    const parsed = parsePolicy(JSON.stringify(policy(statement)), { policyType: 'IDENTITY_POLICY' });

    expect(parsed.ok).toBe(false);
  });
});
