import { describe, expect, it } from 'vitest';
import { withKeyNames } from '../../../../cli/output/keyNames.ts';
import { policyOf } from './policyOf.ts';

const policy = policyOf(`{
  "Statement": {
    "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
    "Condition": { "StringLike": { "aws:PrincipalTag/Team": "blue" } }
  }
}`);

describe('a witness', () => {
  it('has context keys as the policy writes them, and others as they are', () => {
    const context = { 'aws:principaltag/team': ['blue'], 'aws:sourceip': ['192.0.2.1'] };

    expect(withKeyNames({ action: 's3:GetObject', resource: '*', context }, [policy]).context).toEqual({
      'aws:PrincipalTag/Team': ['blue'],
      'aws:sourceip': ['192.0.2.1'],
    });
  });
});
