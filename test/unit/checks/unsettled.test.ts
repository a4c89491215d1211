import { describe, expect, it, vi } from 'vitest';
import { createBudget } from '../../../shared/checks/index.ts';
import { noNewAccess } from '../../../shared/checks/noNewAccess.ts';
import { runCheck } from '../../../shared/checks/runCheck.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { toSet } from '../../../shared/policy/policySet.ts';
import { createPortfolio } from '../../../shared/solver/portfolio.ts';

function read(statements: readonly object[]) {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  return toSet(parsed.policy);
}

const finite = createPortfolio('atoms', () => expect.fail('Z3 is not asked'));

/** The verdict, and of how many statements the decider was asked. */
async function judge(existing: readonly object[], updated: readonly object[]) {
  const check = noNewAccess(read(existing), read(updated), { linkPrincipal: false });
  const decide = vi.fn(finite.decide);
  const budget = createBudget({ steps: 1_000_000, timeoutMs: 5_000 });
  const verdict = await runCheck(check, { portfolio: { ...finite, decide }, budget });
  return { verdict, candidates: check.candidates.length };
}

const statement = (
  Effect: 'Allow' | 'Deny',
  Action: string | string[],
  Resource = '*',
  Condition?: object,
) => ({
  Effect,
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

const READ = statement('Allow', 's3:GetObject');
const START = statement('Allow', 'ec2:StartInstances');

describe('a Deny that went', () => {
  it('leaves only those statements to be asked about whose actions it named', async () => {
    const { verdict, candidates } = await judge([READ, START, statement('Deny', 'ec2:*')], [READ, START]);

    expect(verdict).toMatchObject({ result: 'FAIL', reasons: [{ statementIndex: 1 }] });
    expect(candidates).toBe(1);
  });

  it('opens nothing that another Deny refuses still', async () => {
    const all = statement('Deny', 's3:*');

    const { verdict } = await judge([READ, statement('Deny', 's3:Get*'), all], [READ, all]);

    expect(verdict.result).toBe('PASS');
  });

  it('opens nothing where it comes back in other words', async () => {
    const { verdict } = await judge(
      [READ, statement('Deny', ['s3:GetObject', 's3:PutObject'])],
      [READ, statement('Deny', 's3:PutObject'), statement('Deny', 's3:Get*')],
    );

    expect(verdict.result).toBe('PASS');
  });

  it('opens what it no longer names', async () => {
    const { verdict } = await judge(
      [READ, statement('Deny', 's3:GetObject', 'arn:aws:s3:::*')],
      [READ, statement('Deny', 's3:GetObject', 'arn:aws:s3:::secret/*')],
    );

    expect(verdict).toMatchObject({ result: 'FAIL', removedDenies: [{ statementIndex: 1 }] });
  });

  it('is no Allow before: the same words allowed now are new', async () => {
    const { verdict } = await judge([START, statement('Deny', 's3:GetObject')], [START, READ]);

    expect(verdict).toMatchObject({ result: 'FAIL', reasons: [{ statementIndex: 1 }] });
  });

  it('leaves of a statement of other actions only what is new to be asked about', async () => {
    const both = statement('Allow', ['s3:GetObject', 's3:PutObject']);

    const { verdict } = await judge([READ, START, statement('Deny', 'ec2:*')], [both, START]);

    expect(verdict.reasons.map(({ statementIndex }) => statementIndex)).toEqual([0, 1]);
    expect(verdict).toMatchObject({ result: 'FAIL' });
  });

  it('counts where the statement has more actions than before, too', async () => {
    const secret = statement('Deny', 's3:GetObject', 'arn:aws:s3:::secret/*');
    const closed = statement('Deny', 's3:PutObject');

    const { verdict } = await judge(
      [READ, secret, closed],
      [statement('Allow', ['s3:GetObject', 's3:PutObject']), closed],
    );

    expect(verdict).toMatchObject({ result: 'FAIL', witness: { action: 's3:GetObject' } });
  });
});

describe('the same words', () => {
  const ofApi = (owner: string, Resource: string | string[]) => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource }],
    });
    const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY', owner });
    if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
    return toSet(parsed.policy);
  };
  const [one, other] = ['a1', 'b2'].map((api) => `arn:aws:execute-api:eu-west-1:111122223333:${api}`) as [
    string,
    string,
  ];

  it.each<[string, string | string[], string | string[]]>([
    ['alone', 'execute-api:/s/*', 'execute-api:/s/*'],
    ['among others', 'execute-api:/s/*', ['execute-api:/s/*', `${one}/t/*`]],
  ])('of another API are of other resources, %s', (_, before, after) => {
    const { candidates } = noNewAccess(ofApi(one, before), ofApi(other, after), { linkPrincipal: false });

    expect(candidates.map(({ statement }) => statement.resource?.patterns[0]?.text)).toEqual([
      'execute-api:/s/*',
    ]);
  });
});
