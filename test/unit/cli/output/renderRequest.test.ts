import { describe, expect, it } from 'vitest';
import { describePrincipal, renderRequest } from '../../../../cli/output/renderRequest.ts';
import type { RequestPrincipal } from '../../../../shared/evaluator/request.ts';

const asked = (action: string, principal?: RequestPrincipal) => ({
  ...(principal === undefined ? {} : { principal }),
  action,
  resource: '*',
  context: {},
});

describe('describePrincipal', () => {
  it.each([
    ['s3:GetObject', 'anyone, without credentials'],
    ['lambda:InvokeFunctionUrl', 'anyone, without credentials'],
    ['s3:DeleteBucket', 'everyone'],
    ['kms:Decrypt', 'everyone'],
    ['sts:AssumeRole', 'everyone'],
    ['sts:AssumeRoleWithWebIdentity', 'anyone whom an identity provider signs in'],
    ['sts:AssumeRoleWithSAML', 'anyone whom an identity provider signs in'],
  ])('of %s by nobody in particular says %s', (action, words) => {
    expect(describePrincipal(asked(action, { type: 'Anonymous', value: '' }))).toBe(words);
  });

  it('names a service and what somebody signs in through', () => {
    expect(describePrincipal(asked('s3:PutObject', { type: 'Service', value: 'logs.amazonaws.com' }))).toBe(
      'the service logs.amazonaws.com',
    );
    expect(describePrincipal(asked('s3:GetObject', { type: 'Federated', value: 'example.com' }))).toBe(
      'somebody signed in through example.com',
    );
  });
});

describe('renderRequest', () => {
  it('has no line for a principal where the policy names none', () => {
    expect(renderRequest(asked('s3:ListAllMyBuckets'), 80)).toBe(
      '  action    s3:ListAllMyBuckets\n  resource  * (a call that names no resource)',
    );
  });
});
