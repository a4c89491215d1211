/** The caller of a witness is one whose requests can hold its keys. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine();
afterAll(() => engine.close());

type Conditions = { readonly [operator: string]: { readonly [key: string]: unknown } };

function parse(Condition: Conditions) {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::b/*',
    Condition,
  };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

async function askPublic(condition: Conditions) {
  const verdict = await engine.checkNoPublicAccess(parse(condition), 'AWS::S3::Bucket');
  if (verdict.result !== 'FAIL') throw new Error(verdict.message);
  return verdict;
}

describe('the caller', () => {
  it.each<[string, Conditions, RegExp]>([
    ['tags', { StringEquals: { 'aws:PrincipalTag/x': 'y' } }, /^AWS arn:.*:(user\/|assumed-role\/|role\/)/],
    ['a second factor', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, /^AWS arn:/],
    ['the age of that', { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }, /^AWS arn:/],
    ['a token', { DateGreaterThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } }, /^AWS arn:/],
    [
      'a service between',
      { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
      /^AWS arn:/,
    ],
    ['a source identity', { StringLike: { 'aws:SourceIdentity': 'a*' } }, /^AWS arn:.*role\//],
    ['a provider', { StringLike: { 'aws:FederatedProvider': '*' } }, /^(AWS arn:.*role\/|Federated )/],
    [
      'no key of its own',
      { StringEqualsIfExists: { 'aws:PrincipalAccount': '111122223333' } },
      /^Service [a-z0-9.-]+\.amazonaws\.com$/,
    ],
    [
      'neither tags nor a second factor',
      { Null: { 'aws:PrincipalTag/x': 'true', 'aws:MultiFactorAuthPresent': 'true' } },
      /^(Anonymous |AWS )/,
    ],
  ])('that shows %s is one that can', async (_, condition, expected) => {
    const { possible, witness } = await askPublic(condition);

    expect(`${witness.principal?.type} ${witness.principal?.value}`).toMatch(expected);
    expect(possible).toBe(true);
  });

  it.each<[string, Conditions]>([
    [
      'without credentials has a second factor',
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, StringEquals: { 'aws:PrincipalType': 'Anonymous' } },
    ],
    [
      'that is the root user has tags',
      { StringEquals: { 'aws:PrincipalTag/x': 'y', 'aws:PrincipalType': 'Account' } },
    ],
    [
      'that is a user has a source identity',
      { StringLike: { 'aws:SourceIdentity': 'a', 'aws:username': '*' } },
    ],
    [
      'signs in by federation with a second factor',
      {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        StringEquals: { 'aws:PrincipalType': 'FederatedUser' },
      },
    ],
    [
      'that is a role acts as a root user of another account',
      { Bool: { 'aws:AssumedRoot': 'true' }, StringEquals: { 'aws:PrincipalType': 'AssumedRole' } },
    ],
    ['that is a user runs in a build', { StringLike: { 'codebuild:BuildArn': '*', 'aws:username': '*' } }],
    [
      'comes by an address and through an endpoint',
      { StringLike: { 'aws:SourceVpce': 'vpce-*' }, IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
    ],
    ['is a user whose name is a wildcard', { StringEquals: { 'aws:username': '*' } }],
  ])('never %s', async (_, condition) => {
    expect((await askPublic(condition)).possible).toBe(false);
  });

  it('comes by an address, or through an endpoint', async () => {
    const { witness } = await askPublic({
      StringLikeIfExists: { 'aws:SourceVpce': 'vpce-*' },
      NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
      Null: { 'aws:SourceIp': 'false' },
    });

    expect(Object.keys(witness.context).map((key) => key.toLowerCase())).toEqual(['aws:sourceip']);
  });

  it('has no other service’s names', async () => {
    const nothing = parse({ StringEquals: { 'aws:PrincipalServiceName': [] } });
    const named = parse({
      'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': 'cloudtrail.eu-west-1.amazonaws.com' },
    });

    const verdict = await engine.checkNoNewAccess(nothing, named);

    expect(verdict).toMatchObject({
      possible: true,
      witness: {
        principal: {
          type: 'Service',
          value: expect.stringMatching(/^cloudtrail(\.[a-z]+-[a-z]+-\d)?\.amazonaws\.com$/),
        },
      },
    });
  });
});

describe('a set of values', () => {
  it.each<Conditions>([
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', ''] }, Null: { 'aws:TagKeys': 'false' } },
    { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } },
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', ''] } },
  ])('holds no empty text in %j', async (condition) => {
    const { witness } = await askPublic(condition);

    const keys = Object.entries(witness.context).find(([key]) => key.toLowerCase() === 'aws:tagkeys')?.[1];
    expect(keys?.length).toBeGreaterThan(0);
    expect(keys).not.toContain('');
  });
});
