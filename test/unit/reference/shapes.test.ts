import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine();

function grantOf(condition: unknown) {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::b/*',
    Condition: condition,
  };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const outsideNobody = (condition: unknown) => engine.checkNoExternalAccess(grantOf(condition), {});

describe('values that AWS itself writes', () => {
  it.each([
    ['an organization', 'StringLike', 'aws:PrincipalOrgID', 'o-*', /^o-[a-z0-9]{10,32}$/],
    [
      'a path of an organization',
      'ForAnyValue:StringLike',
      'aws:PrincipalOrgPaths',
      '*/ou-*',
      /^o-\w{10,}\/r-\w{4,}\/ou-[^/]+(\/ou-[^/]+)*\/$/,
    ],
    ['an instant in seconds', 'DateGreaterThan', 'aws:EpochTime', '2030-01-01', /^\d{10}$/],
    ['an account', 'StringLike', 'aws:SourceAccount', '1*', /^1\d{11}$/],
    ['an ARN', 'StringLike', 'aws:SourceArn', '*topic*', /^arn:aws[\w-]*:[^:]+:[^:]*:[^:]*:.+$/],
    ['a network', 'StringLike', 'aws:SourceVpc', 'vpc-*', /^vpc-\w{8,}$/],
  ])('a witness shows %s as AWS writes it', async (_, operator, key, value, shape) => {
    const verdict = await outsideNobody({ [operator]: { [key]: value } });

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
    if (verdict.result !== 'FAIL') return;
    expect(Object.values(verdict.witness.context).flat()).toEqual([expect.stringMatching(shape)]);
  });

  it('a witness shows the service by which a key is used', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: '444455556666' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: {
        StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
        Null: { 'kms:ViaService': 'false' },
      },
    };
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY' });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));

    const verdict = await engine.checkNoExternalAccess(parsed.policy, {});

    expect(verdict).toMatchObject({
      result: 'FAIL',
      possible: true,
      witness: { context: { 'kms:viaservice': [expect.stringMatching(/^\w+\.[\w-]+\.amazonaws\.com/)] } },
    });
  });

  it.each([
    ['one compared without case', { StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': 'O-A1B2C3D4E5' } }],
    [
      'one besides the one that is ruled out',
      {
        StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-f6g7h8i9j0'] },
        StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      },
    ],
    ['a made-up one', { StringLike: { 'aws:PrincipalOrgID': '*' } }],
  ])('a witness shows an organization in lower case: %s', async (_, condition) => {
    const verdict = await outsideNobody(condition);

    if (verdict.result !== 'FAIL') throw new Error(verdict.message);
    expect(verdict.possible).toBe(true);
    expect(verdict.witness.context['aws:principalorgid']).toEqual([
      expect.stringMatching(/^o-[a-z0-9]{10,32}$/),
    ]);
  });

  it.each([
    [
      'the capitals that are left of an id',
      {
        StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      },
    ],
    ['an organization that begins with a capital', { StringLike: { 'aws:PrincipalOrgID': 'o-A*' } }],
    ['a network with capitals', { StringLike: { 'aws:SourceVpc': 'vpc-0A*' } }],
    ['a root with capitals', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/r-ROOT/*' } }],
  ])('no request holds %s', async (_, condition) => {
    const verdict = await outsideNobody(condition);

    expect(verdict).toMatchObject({ result: 'FAIL', possible: false });
  });

  it('a value that the policy names in full is taken as it stands', async () => {
    const verdict = await outsideNobody({ StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } });

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
  });

  it('a value that the policy names in full without case is taken as it stands where it has no shape', async () => {
    const verdict = await outsideNobody({ StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': 'O-abc' } });

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
  });

  it('what fits no value of the shape is access by words alone', async () => {
    const verdict = await outsideNobody({ StringLike: { 'aws:PrincipalOrgID': 'o-a?' } });

    expect(verdict).toMatchObject({ result: 'FAIL', possible: false });
  });

  it('a made-up caller is of a partition that there is', async () => {
    const verdict = await outsideNobody({
      StringNotLike: { 'aws:PrincipalArn': ['arn:aws:*', 'arn:aws-cn:*'] },
      Null: { 'aws:PrincipalArn': 'false' },
    });

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
    if (verdict.result !== 'FAIL') return;
    expect(verdict.witness.principal?.value).toMatch(/^arn:aws-us-gov:/);
  });

  it('only services hold the list of their names', async () => {
    const condition = { 'ForAnyValue:StringLike': { 'aws:PrincipalServiceNamesList': 'logs.*' } };

    const verdict = await outsideNobody(condition);

    if (verdict.result !== 'FAIL') throw new Error(verdict.message);
    expect(verdict.witness.principal?.type).toBe('Service');
  });
});
