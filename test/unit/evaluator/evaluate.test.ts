import { describe, expect, it } from 'vitest';
import { matchesAccess } from '../../../shared/evaluator/access.ts';
import { evaluatePolicy, evaluatePolicySet } from '../../../shared/evaluator/evaluate.ts';
import type { Request } from '../../../shared/evaluator/request.ts';
import type { Policy, PolicyType } from '../../../shared/policy/ast.ts';
import { parsePolicyValue } from '../../../shared/policy/parsePolicy.ts';

function policyOf(statements: readonly object[], policyType: PolicyType = 'IDENTITY_POLICY'): Policy {
  const result = parsePolicyValue({ Version: '2012-10-17', Statement: statements }, { policyType });
  if (!result.ok) expect.fail(JSON.stringify(result.problems));
  return result.policy;
}

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const deny = (Action: string) => ({ Effect: 'Deny', Action, Resource: '*' });
const request: Request = { action: 's3:GetObject', resource: '*', context: {} };

describe('evaluatePolicy', () => {
  it('names every matching statement by its index, the Allows and the Denies', () => {
    const policy = policyOf([allow('s3:*'), deny('sqs:*'), allow('sns:*'), deny('s3:Get*'), allow('*')]);

    expect(evaluatePolicy(policy, request)).toEqual({ granted: false, allows: [0, 4], denies: [3] });
  });

  it('grants iff some Allow matches and no Deny does', () => {
    expect(evaluatePolicy(policyOf([allow('s3:*'), deny('sqs:*')]), request).granted).toBe(true);
    expect(evaluatePolicy(policyOf([deny('sqs:*')]), request).granted).toBe(false);
  });

  it('joins the values of a key that is there in two spellings', () => {
    const condition = { Condition: { 'ForAllValues:StringEquals': { 'a:x': ['1', '2'] } } };
    const policy = policyOf([{ ...allow('s3:*'), ...condition }]);

    expect(evaluatePolicy(policy, { ...request, context: { 'a:x': ['1'], 'A:X': ['3'] } }).granted).toBe(
      false,
    );
    expect(evaluatePolicy(policy, { ...request, context: { 'a:x': ['1'], 'A:X': ['2'] } }).granted).toBe(
      true,
    );
  });

  it('lets a request without a principal pass no principal element', () => {
    const policy = policyOf([{ ...allow('s3:*'), Principal: '*' }], 'RESOURCE_POLICY');

    expect(evaluatePolicy(policy, request).granted).toBe(false);
  });

  it('lets a Deny of everybody else hold a request without a principal', () => {
    const policy = policyOf([{ ...deny('s3:*'), NotPrincipal: { AWS: '111122223333' } }], 'RESOURCE_POLICY');

    expect(evaluatePolicy(policy, request).denies).toEqual([0]);
  });
});

describe('evaluatePolicySet', () => {
  const named = (...statements: object[]) => ({ name: 'document', policy: policyOf(statements) });

  it.each([
    ['an Allow of any document grants', [[allow('sqs:*')], [allow('s3:*')]], undefined, true],
    ['a Deny of any document takes away', [[allow('s3:*')], [deny('s3:*')]], undefined, false],
    ['no document grants nothing', [], undefined, false],
    ['a boundary that allows leaves it', [[allow('s3:*')]], [[allow('*')]], true],
    ['a boundary that does not allow takes it away', [[allow('s3:*')]], [[allow('sqs:*')]], false],
    ['a boundary grants nothing by itself', [[allow('sqs:*')]], [[allow('s3:*')]], false],
    ['a Deny of the boundary takes away', [[allow('s3:*')]], [[allow('*'), deny('s3:*')]], false],
    ['each limit of a boundary must allow it', [[allow('s3:*')]], [[allow('*')], [allow('sqs:*')]], false],
    ['a boundary without limits leaves it', [[allow('s3:*')]], [], true],
  ])('%s', (_, policies, boundary, granted) => {
    const set = {
      policies: policies.map((statements) => named(...statements)),
      ...(boundary === undefined ? {} : { boundary: boundary.map((statements) => named(...statements)) }),
    };

    expect(evaluatePolicySet(set, request).granted).toBe(granted);
  });

  it.each([
    ['documents of one limit add up', [[allow('sqs:*')], [allow('s3:*')]], true],
    ['a Deny of one document holds for its whole limit', [[allow('*')], [deny('s3:*')]], false],
    ['a limit without documents allows nothing', [], false],
  ])('%s', (_, limit, granted) => {
    const policies = limit.map((statements) => named(...statements));
    const set = { policies: [named(allow('s3:*'))], boundary: [{ policies }] };

    expect(evaluatePolicySet(set, request).granted).toBe(granted);
  });
});

describe('matchesAccess', () => {
  const asked = { ...request, resource: 'arn:aws:s3:::b/x' };

  it.each([
    [{ actions: ['S3:get*'] }, true],
    [{ actions: ['s3:PutObject', 's3:GetObject'] }, true],
    [{ actions: ['s3:PutObject'] }, false],
    [{ actions: [] }, false],
    [{ resources: ['arn:aws:s3:::b/*'] }, true],
    [{ resources: ['*'] }, true],
    [{ resources: ['arn:aws:s3:::B/*'] }, false],
    [{ resources: ['b'] }, false],
    [{ actions: ['s3:*'], resources: ['arn:aws:s3:::c'] }, false],
    [{ actions: ['s3:*'], resources: ['arn:aws:s3:::c', 'arn:aws:s3*'] }, true],
    [{}, true],
  ])('%j is %s of s3:GetObject on arn:aws:s3:::b/x', (access, expected) => {
    expect(matchesAccess(access, asked)).toBe(expected);
  });
});
