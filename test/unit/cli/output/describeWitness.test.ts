import { describe, expect, it } from 'vitest';
import { describeWitness } from '../../../../cli/output/describeWitness.ts';
import { parsePolicy } from '../../../../shared/policy/parsePolicy.ts';

const TEXT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

function policyOf(isControl: boolean) {
  const parsed = parsePolicy(TEXT, { policyType: 'IDENTITY_POLICY', isControl });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.policy;
}

describe('the witness of a policy that names no principal', () => {
  it.each([
    ['Whoever holds this policy', false],
    ['Any principal in an account under this policy', true],
  ])('is a call of: %s', (who, isControl) => {
    const witness = { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::a', context: {} };

    const sentence = describeWitness(witness, {
      isNew: true,
      isPublic: false,
      possible: true,
      policies: [policyOf(isControl)],
    });

    expect(sentence).toBe(`${who} can now call, for example, \`s3:DeleteBucket\` on \`arn:aws:s3:::a\`.`);
  });
});
