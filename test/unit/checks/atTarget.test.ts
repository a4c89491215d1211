/** The request that a finding shows is one that AWS would serve by this policy: on what the policy hangs on. */
import { describe, expect, it } from 'vitest';
import { atTarget } from '../../../shared/checks/atTarget.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../../shared/policy/policySet.ts';

const NOTHING: PolicySet = { policies: [] };

function granting(statement: object): PolicySet {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { policies: [{ name: '', policy: parsed.policy }] };
}
const toOther = { Principal: { AWS: '444455556666' } };
const request = (action: string, resource: string, context: { readonly [key: string]: string[] } = {}) => ({
  principal: { type: 'AWS' as const, value: 'arn:aws:iam::444455556666:user/Alice' },
  action,
  resource,
  context,
});
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:partner-api-a1B2c3';
const ANY_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:example-secret';
const read = granting({ ...toOther, Action: 'secretsmanager:GetSecretValue', Resource: '*' });

const resourceOf = (found: ReturnType<typeof request>, arn: string, after: PolicySet, before = NOTHING) =>
  atTarget(found, arn, { before, after }).resource;

describe('the request of a finding about a resource policy', () => {
  it('is on the target where the policy names any resource', () => {
    expect(resourceOf(request('secretsmanager:GetSecretValue', ANY_SECRET), SECRET, read)).toBe(SECRET);
  });

  it('is on the target where the policy names none', () => {
    const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/base';
    const found = request('ecr:BatchGetImage', 'arn:aws:ecr:us-east-1:111122223333:repository/example');
    const pull = granting({ ...toOther, Action: 'ecr:BatchGetImage' });

    expect(resourceOf(found, repository, pull)).toBe(repository);
  });

  it('is in the target where the action takes what is in it', () => {
    const found = request('s3:GetObject', 'arn:aws:s3:::example-bucket/example');
    const open = granting({ ...toOther, Action: 's3:GetObject', Resource: '*' });

    expect(resourceOf(found, 'arn:aws:s3:::reports', open)).toBe('arn:aws:s3:::reports/example');
  });

  it('stays as it was found where it is on the target already', () => {
    const found = request('s3:GetObject', 'arn:aws:s3:::reports/a');

    expect(
      resourceOf(found, 'arn:aws:s3:::reports', granting({ ...toOther, Action: 's3:*', Resource: '*' })),
    ).toBe('arn:aws:s3:::reports/a');
  });

  it('stays as it was found where the target was granted before', () => {
    const before = granting({ ...toOther, Action: 'secretsmanager:GetSecretValue', Resource: SECRET });

    expect(resourceOf(request('secretsmanager:GetSecretValue', ANY_SECRET), SECRET, read, before)).toBe(
      ANY_SECRET,
    );
  });

  it('stays as it was found where it says more of its resource, or the action takes another sort', () => {
    const tagged = request('secretsmanager:GetSecretValue', ANY_SECRET, { 'aws:ResourceTag/team': ['a'] });
    const bucket = request('s3:ListBucket', 'arn:aws:s3:::example-bucket');

    expect(resourceOf(tagged, SECRET, read)).toBe(ANY_SECRET);
    expect(resourceOf(bucket, SECRET, granting({ ...toOther, Action: '*', Resource: '*' }))).toBe(
      'arn:aws:s3:::example-bucket',
    );
  });
});
