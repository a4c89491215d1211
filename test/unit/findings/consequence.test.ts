import { expect, it } from 'vitest';
import { describeConsequence } from '../../../shared/findings/consequence.ts';

it('names the role that a trust policy is of, not an example', () => {
  const target = {
    kind: 'role-trust',
    arn: 'arn:aws:iam::111122223333:role/payments',
    accountId: '111122223333',
    region: 'us-east-1',
  } as const;
  const witness = {
    principal: { type: 'AWS', value: 'arn:aws:iam::999988887777:role/x' },
    action: 'sts:AssumeRole',
    resource: 'arn:aws:iam::111122223333:role/Example',
    context: {},
  } as const;

  expect(describeConsequence('no-external-access', { witness, target })).toContain(
    'can call `sts:AssumeRole` on `arn:aws:iam::111122223333:role/payments`',
  );
});
