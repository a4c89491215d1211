import { describe, expect, it } from 'vitest';
import {
  checkAccessNotGranted,
  checkNoExternalAccess,
  checkNoNewAccess,
  checkNoPublicAccess,
  evaluate,
  type PolicyType,
  parsePolicy,
} from '../../shared/index.ts';

function parse(statement: object, policyType: PolicyType) {
  const parsed = parsePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] }),
    { policyType },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

describe('the library', () => {
  const narrow = parse({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }, 'IDENTITY_POLICY');
  const wide = parse({ Action: 's3:*', Resource: 'arn:aws:s3:::b/*' }, 'IDENTITY_POLICY');
  const open = parse(
    { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
    'RESOURCE_POLICY',
  );

  it.each([
    [[]],
    [[{ actions: [] }]],
    [[{ actions: ['GetObject'] }]],
    [[{ resources: ['b'] }]],
    [[{ actions: ['s3:PutObject'] }, { actions: ['s3:Get*'], resources: ['arn:aws:s3'] }]],
  ])('does not pass what lists nothing that a request can name: %j', async (access) => {
    expect((await checkAccessNotGranted(narrow, access)).result).toBe('UNKNOWN');
  });

  it('fails by one group, whatever another lists', async () => {
    const verdict = await checkAccessNotGranted(narrow, [{ actions: ['GetObject'] }, { actions: ['s3:*'] }]);

    expect(verdict.result).toBe('FAIL');
  });

  it('answers the four questions', async () => {
    const answers = await Promise.all([
      checkNoNewAccess(narrow, wide),
      checkNoNewAccess(wide, narrow),
      checkAccessNotGranted(narrow, [{ actions: ['s3:PutObject'] }]),
      checkNoPublicAccess(open, 'AWS::S3::Bucket'),
      checkNoExternalAccess(open, { accounts: ['111122223333'] }),
    ]);

    expect(answers.map(({ result }) => result)).toEqual(['FAIL', 'PASS', 'PASS', 'FAIL', 'FAIL']);
  });

  it('evaluates the witness it gives', async () => {
    const verdict = await checkNoNewAccess(narrow, wide);
    if (verdict.result !== 'FAIL') throw new Error('expected a FAIL');

    expect(evaluate(wide, verdict.witness).granted).toBe(true);
    expect(evaluate(narrow, verdict.witness).granted).toBe(false);
  });
});
