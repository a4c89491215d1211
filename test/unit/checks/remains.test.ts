import { describe, expect, it } from 'vitest';
import { type AccessQuestion, createEngine } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicyValue } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms' });

type Statement = { readonly [element: string]: unknown };

function policyOf(policyType: Policy['policyType'], statements: readonly Statement[]): Policy {
  const parsed = parsePolicyValue(
    { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
    { policyType },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const identity = (...statements: Statement[]) => policyOf('IDENTITY_POLICY', statements);
const resource = (...statements: Statement[]) => policyOf('RESOURCE_POLICY', statements);
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({ Action, Resource });
const read = (Principal: unknown, more: Statement = {}) => ({
  Principal,
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::data/*',
  ...more,
});

const before = identity(allow('s3:GetObject'));
const after = identity(allow(['s3:GetObject', 'iam:PassRole', 'sqs:SendMessage']));

describe('what remains of a change', () => {
  it('is nothing once live has none of what the change added', async () => {
    const live = identity(allow(['s3:*', 'ec2:*']));

    expect((await engine.remains({ before, after, live })).result).toBe('PASS');
  });

  it('is a request that live, after and not before grants', async () => {
    const live = identity(allow('iam:*', 'arn:aws:iam::111122223333:role/admin'));

    const verdict = await engine.remains({ before, after, live });

    expect(verdict).toMatchObject({
      result: 'FAIL',
      message: 'The access that the change added is still granted, in part or whole.',
      reasons: [{ statementIndex: 0 }],
      witness: { action: 'iam:PassRole', resource: 'arn:aws:iam::111122223333:role/admin' },
    });
  });

  it('is not what live adds beyond the change', async () => {
    const live = identity(allow('*'), { Effect: 'Deny', ...allow(['iam:PassRole', 'sqs:SendMessage']) });

    expect((await engine.remains({ before, after, live })).result).toBe('PASS');
  });

  it('without live is what the change added', async () => {
    expect(await engine.remains({ before, after })).toMatchObject({
      result: 'FAIL',
      message: 'The change adds access.',
    });
  });

  it('of a change to a whole set is what a limit of live lets through', async () => {
    const set = (policy: Policy, limit?: Policy) => ({
      policies: [{ name: 'inline', policy }],
      ...(limit === undefined ? {} : { boundary: [{ name: 'boundary', policy: limit }] }),
    });
    const limited = (limit: Policy) =>
      engine.remains({ before: set(before), after: set(after), live: set(after, limit) });

    const results = [await limited(identity(allow('s3:*'))), await limited(identity(allow('*:PassRole')))];

    expect(results.map(({ result }) => result)).toEqual(['PASS', 'FAIL']);
  });
});

describe('the result only', () => {
  const NEW = { check: 'no-new-access' } as const;
  const none = identity();
  const impossible = allow('s3:GetObject', 'arn:aws:sqs:us-east-1:111122223333:queue');

  it('names the first statement that is enough, and looks for nothing that AWS could see', async () => {
    const both = identity(impossible, allow('iam:*'));

    const verdict = await engine.remains({ before: none, after: both }, NEW, { resultOnly: true });

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true, witness: { action: 's3:GetObject' } });
    expect(verdict.reasons.map(({ statementIndex }) => statementIndex)).toEqual([0]);
  });

  it('is looked for all the same where only what AWS could see counts', async () => {
    const strict = createEngine({ solver: 'atoms', onlyPossible: true });

    const verdict = await strict.remains({ before: none, after: identity(impossible) }, NEW, {
      resultOnly: true,
    });

    expect(verdict.result).toBe('PASS');
  });
});

describe('what remains, by question', () => {
  const trusted = { accounts: ['111122223333'] };
  const questions: AccessQuestion[] = [
    { check: 'no-new-access' },
    { check: 'access-not-granted', access: [{ actions: ['s3:GetObject'] }] },
    { check: 'access-not-granted', access: [{ actions: ['iam:*'] }] },
    { check: 'no-public-access', resourceType: 'AWS::S3::Bucket' },
    { check: 'no-external-access', trusted },
  ];
  const own = read({ AWS: '111122223333' });
  const foreign = read({ AWS: '444455556666' });
  const everyone = read('*');

  it.each([
    { live: everyone, expected: ['FAIL', 'FAIL', 'PASS', 'FAIL', 'FAIL'] },
    // Live names whom it lets in: no longer public, still from outside.
    { live: foreign, expected: ['FAIL', 'FAIL', 'PASS', 'PASS', 'FAIL'] },
    { live: read({ AWS: 'arn:aws:iam::111122223333:user/dev' }), expected: Array(5).fill('PASS') },
    {
      live: { Effect: 'Deny', ...everyone },
      expected: Array(5).fill('PASS'),
    },
  ])('$live.Principal', async ({ live, expected }) => {
    const step = { before: resource(own), after: resource(own, everyone), live: resource(own, live) };

    const verdicts = [];
    for (const question of questions) verdicts.push(await engine.remains(step, question));

    expect(verdicts.map(({ result }) => result)).toEqual(expected);
  });

  it('says which question is open', async () => {
    const step = { before: resource(own), after: resource(everyone), live: resource(everyone) };

    const { message, reasons } = await engine.remains(step, {
      check: 'no-public-access',
      resourceType: 'AWS::S3::Bucket',
    });

    expect(message).toBe('The public access that the change added is still granted, in part or whole.');
    expect(reasons).toMatchObject([
      { description: 'Remaining public access in the statement with index: 0.' },
    ]);
  });
});

it('shows public access by somebody of an account that is not known', async () => {
  const open = resource(
    read('*', { Condition: { StringLike: { 'aws:Referer': 'https://portal.acme.example/*' } } }),
  );
  const accountIn = async (known: readonly string[]) => {
    const verdict = await engine.remains(
      { before: resource(), after: open },
      { check: 'no-public-access', resourceType: 'AWS::S3::Bucket', known },
    );
    const principal = verdict.result === 'FAIL' ? verdict.witness.principal : undefined;
    return principal !== undefined && 'value' in principal ? principal.value.split(':')[4] : undefined;
  };

  const first = await accountIn([]);
  const second = await accountIn([first ?? '']);

  expect(second).not.toBe(first);
  expect(second).toBeDefined();
});
