import { describe, expect, it } from 'vitest';
import { createEngine, type Proof, type RoledPolicy } from '../../../shared/checks/index.ts';
import { proveRestore } from '../../../shared/checks/proveRestore.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicyValue } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms', linkPrincipal: true });

type Statement = { readonly [element: string]: unknown };

function policyOf(policyType: Policy['policyType'], statements: readonly Statement[]): Policy {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement }));
  const parsed = parsePolicyValue({ Version: '2012-10-17', Statement }, { policyType });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const document =
  (role: RoledPolicy['role'], policyType: Policy['policyType']) =>
  (name: string, ...statements: Statement[]): RoledPolicy => ({
    name,
    role,
    policy: policyOf(policyType, statements),
  });

const grant = document('grant', 'IDENTITY_POLICY');
const boundary = document('boundary', 'IDENTITY_POLICY');
const resource = document('resource', 'RESOURCE_POLICY');
const limit = document('limit', 'RESOURCE_POLICY');
const deny = (statement: Statement) => ({ Effect: 'Deny', ...statement });

const prove = (live: RoledPolicy[], candidate: RoledPolicy[], eachDocument = false): Promise<Proof> =>
  engine.proveRestore({ live, candidate, removed: [], eachDocument });

/** The obligation that is not met, or `proved`. */
const outcome = async (...restore: Parameters<typeof prove>): Promise<string> => {
  const proof = await prove(...restore);
  return proof.result === 'refuted' ? proof.obligation : proof.result;
};

const s3 = { Action: 's3:*' };
const get = { Action: 's3:GetObject' };
const iam = { Action: 'iam:*' };
const everyone = { Principal: '*', ...get };
const guard = { AWS: 'arn:aws:iam::111122223333:role/guard' };

describe('a restore is proved', () => {
  it.each<[string, RoledPolicy[], RoledPolicy[]]>([
    ['when nothing changes', [grant('a', s3, deny(iam))], [grant('a', s3, deny(iam))]],
    ['when an Allow goes', [grant('a', s3, iam)], [grant('a', s3)]],
    ['when an Allow is narrowed', [grant('a', s3)], [grant('a', get)]],
    ['when a document goes that only allows', [grant('a', s3), grant('b', iam)], [grant('a', s3)]],
    ['when a Deny comes', [grant('a', s3)], [grant('a', s3, deny(get))]],
    ['when a limit comes', [grant('a', s3)], [grant('a', s3), boundary('b', get)]],
    ['when a limit is narrowed', [boundary('b', s3)], [boundary('b', get)]],
    [
      'when another boundary that lets less through replaces it',
      [boundary('wide', { Action: '*' })],
      [boundary('narrow', s3)],
    ],
    [
      'when an Allow that a Deny of the same text stops comes in other words',
      [grant('a', get)],
      [grant('a', s3, deny({ NotAction: 's3:GetObject' }))],
    ],
    [
      'when a Deny with NotPrincipal excepts fewer',
      [resource('p', deny({ ...get, NotPrincipal: { AWS: ['111122223333', '444455556666'] } }))],
      [resource('p', deny({ ...get, NotPrincipal: { AWS: '111122223333' } }))],
    ],
  ])('%s', async (_, live, candidate) => {
    expect(await outcome(live, candidate)).toBe('proved');
  });
});

describe('a restore is refuted', () => {
  it.each<[string, RoledPolicy[], RoledPolicy[], string]>([
    ['when it allows more', [grant('a', get)], [grant('a', s3)], 'allows no more'],
    ['when a document comes back', [grant('a', s3)], [grant('a', s3), grant('b', iam)], 'allows no more'],
    [
      'when an Allow comes back under the Deny of another document',
      [grant('a'), grant('b', deny({ Action: '*' }))],
      [grant('a', iam), grant('b', deny({ Action: '*' }))],
      'allows no more',
    ],
    [
      'when a Deny moves away from the Allow it stops',
      [grant('a', s3, deny(get)), grant('b')],
      [grant('a', s3), grant('b', deny(get))],
      'allows no more',
    ],
    [
      'when an Allow comes back under a limit',
      [grant('a'), boundary('b', get)],
      [grant('a', iam), boundary('b', get)],
      'allows no more',
    ],
    ['when a Deny goes with its Allow', [grant('a', s3, deny(get))], [grant('a')], 'denies no less'],
    [
      'when a Deny goes that stops nothing here',
      [resource('p', deny(everyone))],
      [resource('p')],
      'denies no less',
    ],
    [
      'when a Deny with NotAction excepts more',
      [grant('a', s3, deny({ NotAction: 's3:*' }))],
      [grant('a', s3, deny({ NotAction: ['s3:*', 'iam:*'] }))],
      'denies no less',
    ],
    [
      'when a Deny with NotPrincipal excepts more',
      [resource('p', deny({ ...get, NotPrincipal: { AWS: '111122223333' } }))],
      [resource('p', deny({ ...get, NotPrincipal: { AWS: ['111122223333', '444455556666'] } }))],
      'denies no less',
    ],
    [
      'when a Deny gains a condition',
      [resource('p', deny(everyone))],
      [resource('p', deny({ ...everyone, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))],
      'denies no less',
    ],
    [
      'when a Deny on everyone becomes one on all but the account',
      [resource('p', deny({ Principal: '*', Action: 's3:DeleteBucket' }))],
      [resource('p', deny({ NotPrincipal: guard, Action: 's3:DeleteBucket' }))],
      'denies no less',
    ],
    [
      'when a variable of a Deny names less',
      [grant('a', deny({ ...get, Resource: 'arn:aws:s3:::home/*' }))],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable.
      [grant('a', deny({ ...get, Resource: 'arn:aws:s3:::home/${aws:username}/*' }))],
      'denies no less',
    ],
    ['when a limit goes', [grant('a', s3), boundary('b', get)], [grant('a', s3)], 'limits no less'],
    ['when a limit goes and nothing is granted', [boundary('b', get)], [], 'limits no less'],
    ['when a limit lets more through', [boundary('b', get)], [boundary('b', s3)], 'limits no less'],
    [
      'when one of the documents that add up to a limit comes back',
      [boundary('session', get)],
      [boundary('session', get), boundary('managed', iam)],
      'limits no less',
    ],
    [
      'when a Deny of a limit goes',
      [limit('endpoint', { Principal: '*', ...s3 }, deny(everyone))],
      [limit('endpoint', { Principal: '*', ...s3 })],
      'denies no less',
    ],
  ])('%s', async (_, live, candidate, obligation) => {
    expect(await outcome(live, candidate)).toBe(obligation);
  });

  it('with a request that shows it', async () => {
    const proof = await prove([grant('a', deny(iam))], [grant('a', deny({ Action: 'iam:Create*' }))]);

    expect(proof).toMatchObject({
      result: 'refuted',
      witness: { action: expect.stringMatching(/^iam:/) },
      reasons: [{ statementIndex: 0 }],
    });
  });

  it('with its document where each is compared by itself', async () => {
    const live = [grant('a', get), grant('b', iam)];
    const swapped = [grant('a', iam), grant('b', get)];

    expect(await prove(live, swapped)).toEqual({ result: 'proved' });
    expect(await prove(live, swapped, true)).toMatchObject({
      result: 'refuted',
      obligation: 'allows no more',
      document: 'a',
    });
  });
});

describe('a limit that goes, where each document is compared by itself', () => {
  const [session, managed] = [boundary('session', get), boundary('managed', iam)];

  it.each<[string, RoledPolicy[], RoledPolicy[], string]>([
    ['lets less through with those that it adds up with', [session, managed], [session], 'proved'],
    ['lets all through where no other is left', [session], [], 'limits no less'],
    [
      'leaves no other where one of another sort is',
      [session, limit('rcp', everyone)],
      [limit('rcp', everyone)],
      'limits no less',
    ],
    ['takes a Deny with it', [session, boundary('managed', iam, deny(s3))], [session], 'denies no less'],
    [
      'leaves another that lets more through',
      [session, managed],
      [boundary('session', s3)],
      'limits no less',
    ],
  ])('%s', async (_, live, candidate, expected) => {
    expect(await outcome(live, candidate, true)).toBe(expected);
  });
});

describe('a restore must leave nothing of what is removed', () => {
  const before = policyOf('IDENTITY_POLICY', [get, deny(iam)]);
  const after = policyOf('IDENTITY_POLICY', [s3, iam]);
  const live = [grant('a', s3, iam, { Action: 'sqs:*' })];

  it.each<[string, Statement[], Proof['result']]>([
    ['the text before the step', [get, deny(iam)], 'proved'],
    ['the text without what was added', [get, { Action: 'sqs:*' }], 'proved'],
    ['a text with some of it', [get, { Action: 's3:PutObject' }], 'refuted'],
  ])('%s', async (_, statements, result) => {
    const candidate = [grant('a', ...statements)];

    const proof = await engine.proveRestore({ live, candidate, removed: [{ before, after }] });

    expect(proof.result).toBe(result);
  });

  it('a lost Deny among it', async () => {
    const removed = [{ before, after, question: { check: 'no-lost-deny' } as const }];

    const without = await engine.proveRestore({ live, candidate: [grant('a', get)], removed });
    const withIt = await engine.proveRestore({ live, candidate: [grant('a', get, deny(iam))], removed });

    expect(without).toMatchObject({ result: 'refuted', obligation: 'nothing remains' });
    expect(withIt).toEqual({ result: 'proved' });
  });
});

describe('a question that is not decided', () => {
  const unknown: Verdict = {
    result: 'UNKNOWN',
    message: '',
    reasons: [],
    decidedBy: 'atoms',
    cause: 'too many cases',
  };
  const pass: Verdict = { result: 'PASS', message: '', reasons: [], decidedBy: 'atoms' };
  const restore = { live: [grant('a', s3)], candidate: [grant('a', get)], removed: [] };

  it('leaves the restore undecided, with its cause', async () => {
    const proof = await proveRestore(restore, async (_, { check }) =>
      check === 'no-lost-limit' ? unknown : pass,
    );

    expect(proof).toEqual({
      result: 'undecided',
      obligation: 'limits no less',
      cause: 'too many cases',
    });
  });

  it('does not hide that another obligation is refuted', async () => {
    const fail: Verdict = {
      ...pass,
      result: 'FAIL',
      possible: true,
      witness: { action: 's3:PutObject', resource: '*', context: {} },
    };

    const proof = await proveRestore(restore, async (_, { check }) =>
      check === 'no-new-access' ? fail : unknown,
    );

    expect(proof).toMatchObject({ result: 'refuted', obligation: 'allows no more' });
  });
});
