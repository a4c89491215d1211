import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { rootDelegates } from '../../../shared/policy/rootDelegates.ts';

const ACCOUNT = '111122223333';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const USER = `arn:aws:iam::${ACCOUNT}:user/alice`;
const engine = createEngine({ solver: 'atoms', linkPrincipal: true });

const allow = (principal: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action: 'kms:*',
  Resource: '*',
  ...more,
});

function policyOf(...statements: readonly object[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), {
    policyType: 'RESOURCE_POLICY',
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return rootDelegates(parsed.policy, ACCOUNT);
}

const check = (before: Policy, after: Policy) => engine.checkNoNewAccess(before, after);

describe('rootDelegates', () => {
  it('makes a principal that is named beside the root new access', async () => {
    const verdict = await check(policyOf(allow(ROOT)), policyOf(allow(ROOT), allow(USER)));

    expect(verdict).toMatchObject({ result: 'FAIL', reasons: [{ statementIndex: 1 }] });
  });

  it('makes a principal in one list with the root new access', async () => {
    expect((await check(policyOf(allow(ROOT)), policyOf(allow([ROOT, USER])))).result).toBe('FAIL');
  });

  it('makes the root beside a principal that is named new access', async () => {
    expect((await check(policyOf(allow(USER)), policyOf(allow([USER, ACCOUNT])))).result).toBe('FAIL');
  });

  it('hides no statement for the root that a condition narrows', async () => {
    const narrowed = allow(ROOT, { Condition: { ArnLike: { 'aws:PrincipalArn': `${USER}*` } } });

    expect((await check(policyOf(), policyOf(narrowed))).result).toBe('FAIL');
  });

  it('finds nothing new in the root by another spelling, or in fewer principals', async () => {
    expect((await check(policyOf(allow(ROOT)), policyOf(allow(ACCOUNT)))).result).toBe('PASS');
    expect((await check(policyOf(allow([ROOT, USER])), policyOf(allow(ROOT)))).result).toBe('PASS');
    expect((await check(policyOf(allow('*')), policyOf(allow([ROOT, USER])))).result).toBe('PASS');
  });

  it('leaves a Deny for the account one for everybody in it', async () => {
    const denied = policyOf(
      allow(ROOT),
      { ...allow(USER), Effect: 'Allow' },
      { ...allow(ROOT), Effect: 'Deny' },
    );

    expect((await check(policyOf(), denied)).result).toBe('PASS');
  });

  it('leaves another account alone', async () => {
    const other = 'arn:aws:iam::444455556666:root';
    const role = 'arn:aws:iam::444455556666:role/R';

    expect((await check(policyOf(allow(other)), policyOf(allow(other), allow(role)))).result).toBe('PASS');
  });
});
