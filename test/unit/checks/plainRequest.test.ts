import { describe, expect, it, vi } from 'vitest';
import { createBudget, createEngine } from '../../../shared/checks/index.ts';
import { noNewAccess } from '../../../shared/checks/noNewAccess.ts';
import { runCheck } from '../../../shared/checks/runCheck.ts';
import type { PolicyType } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { toSet } from '../../../shared/policy/policySet.ts';
import { createPortfolio, type Portfolio } from '../../../shared/solver/portfolio.ts';

function read(statements: readonly object[], policyType: PolicyType = 'IDENTITY_POLICY') {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { policyType });
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const allow = (Action: string | string[], Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

const finite = createPortfolio('atoms', () => expect.fail('Z3 is not asked'));

/** The verdict, and how many questions a decider was asked for it. */
async function judge(
  [existing, updated]: readonly [readonly object[], readonly object[]],
  { policyType, takesPlainRequests = true }: { policyType?: PolicyType; takesPlainRequests?: boolean } = {},
) {
  const decide = vi.fn(finite.decide);
  const portfolio: Portfolio = { ...finite, decide, takesPlainRequests };
  const sides = [existing, updated].map((statements) => toSet(read(statements, policyType)));
  const check = noNewAccess(sides[0] ?? expect.fail(), sides[1] ?? expect.fail(), { linkPrincipal: false });
  const verdict = await runCheck(check, {
    portfolio,
    budget: createBudget({ steps: 1_000_000, timeoutMs: 5_000 }),
  });
  return { verdict, asked: decide.mock.calls.length };
}

describe('a new statement', () => {
  it.each([
    ['an action', allow('s3:GetObject', 'arn:aws:s3:::reports/*')],
    ['a wildcard in an action', allow('s3:Get*', 'arn:aws:s3:::reports/*')],
    ['any resource', allow('s3:ListAllMyBuckets', '*')],
    [
      'a condition',
      allow('s3:GetObject', 'arn:aws:s3:::b/*', { StringLike: { 'aws:PrincipalTag/team': 'red' } }),
    ],
    ['a flag', allow('s3:GetObject', 'arn:aws:s3:::b/*', { Bool: { 'aws:SecureTransport': 'true' } })],
    [
      'a key that must not be there',
      allow('s3:GetObject', 'arn:aws:s3:::b/*', { Null: { 's3:prefix': 'true' } }),
    ],
    ['a variable', allow('s3:GetObject', `arn:aws:s3:::b/\${aws:PrincipalTag/team}/*`)],
  ])('with %s shows a request in its own words, and nobody is asked', async (_, statement) => {
    const { verdict, asked } = await judge([[], [statement]]);

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
    expect(asked).toBe(0);
  });

  it('is asked about where the deciders are held against each other', async () => {
    const { verdict, asked } = await judge([[], [allow('s3:GetObject', '*')]], { takesPlainRequests: false });

    expect(verdict.result).toBe('FAIL');
    expect(asked).toBeGreaterThan(0);
  });

  it('is asked about where its first words are granted already', async () => {
    const { verdict, asked } = await judge([
      [allow('s3:GetObject', '*')],
      [allow('s3:GetObject', '*'), allow(['s3:Get*'], 'arn:aws:s3:::reports/*')],
    ]);

    expect(verdict).toMatchObject({ result: 'FAIL', reasons: [{ statementIndex: 1 }] });
    expect(asked).toBeLessThan(3);
  });

  it('is asked about where it names who may ask', async () => {
    const statement = {
      ...allow('s3:GetObject', 'arn:aws:s3:::reports/*'),
      Principal: { AWS: '111122223333' },
    };

    const { verdict, asked } = await judge([[], [statement]], { policyType: 'RESOURCE_POLICY' });

    expect(verdict.result).toBe('FAIL');
    expect(asked).toBeGreaterThan(0);
  });

  it('that only what is no value of a key could use adds nothing', async () => {
    const addresses = allow('s3:GetObject', '*', { StringLike: { 'aws:SourceIp': '10.*.x' } });

    const { verdict } = await judge([[], [addresses]]);

    expect(verdict.result).toBe('PASS');
  });

  it('that another one grants alone is no reason', async () => {
    // In its own words it would need a key of two values.
    const never = allow('s3:GetObject', 'arn:aws:s3:::reports/*', {
      StringEquals: { 'aws:PrincipalOrgID': 'o-a1' },
      StringLike: { 'aws:PrincipalOrgID': 'o-b2' },
    });

    const { verdict } = await judge([[], [never, allow('s3:GetObject', 'arn:aws:s3:::reports/*')]]);

    expect(verdict).toMatchObject({ result: 'FAIL', reasons: [{ statementIndex: 1 }] });
    expect(verdict.reasons).toHaveLength(1);
  });
});

it('no request is tried any more where many in a row have shown nothing', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `arn:aws:s3:::reports-${n}`);
  const existing = toSet(read(names.map((name) => allow('s3:Get*', `${name}/*`))));
  const updated = toSet(read(names.map((name) => allow('s3:GetObject', `${name}/a/*`))));
  const check = noNewAccess(existing, updated, { linkPrincipal: false });
  const confirm = vi.fn(check.confirm);

  const verdict = await runCheck(
    { ...check, confirm },
    {
      portfolio: { ...finite, takesPlainRequests: true },
      budget: createBudget({ steps: 1_000_000, timeoutMs: 60_000 }),
    },
  );

  expect(verdict.result).toBe('PASS');
  expect(confirm.mock.calls.length).toBeLessThan(150);
});

describe('what one Deny asks of every request', () => {
  it('is found once, and tried with the words of the next statement', async () => {
    const names = Array.from({ length: 20 }, (_, n) => allow('s3:GetObject', `arn:aws:s3:::reports-${n}/*`));
    const deny = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
    };

    const { verdict, asked } = await judge([[], [...names, deny]]);

    expect(verdict.reasons).toHaveLength(20);
    expect(asked).toBeLessThan(5);
  });
});

it('a request is shown where the question about it cannot be put into a formula', async () => {
  const tags = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((tag) => `\${aws:PrincipalTag/${tag}, 'x'}`);
  const engine = createEngine();

  const verdict = await engine.checkNoNewAccess(
    read([]),
    read([allow('s3:GetObject', `arn:aws:s3:::reports/${tags.join('/')}`)]),
  );

  expect(verdict).toMatchObject({ result: 'FAIL', notes: [expect.stringContaining('was not decided')] });
});
