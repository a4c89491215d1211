import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicyValue } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms' });

function policyOf(...statements: object[]) {
  const parsed = parsePolicyValue(
    { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
    { policyType: 'IDENTITY_POLICY' },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

describe('the list of new access', () => {
  it('is empty when nothing is new', async () => {
    const policy = policyOf({ Action: 's3:*', Resource: '*' });

    expect(await engine.listNewAccess(policy, policy)).toEqual({ pieces: [], cut: false });
  });

  it('has a piece a service, with only the actions and resources that are new', async () => {
    const existing = policyOf({ Action: ['s3:GetObject', 'ec2:RunInstances'], Resource: 'arn:aws:s3:::a/*' });
    const updated = policyOf({
      Action: ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'sqs:SendMessage'],
      Resource: ['arn:aws:s3:::a/*'],
    });

    const { pieces } = await engine.listNewAccess(existing, updated);

    expect(pieces.map(({ actions, resources }) => ({ actions, resources }))).toEqual([
      { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::a/*'] },
      { actions: ['sqs:SendMessage'], resources: ['arn:aws:s3:::a/*'] },
    ]);
  });

  it('names only the resources on which something is new', async () => {
    const existing = policyOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' });
    const updated = policyOf({ Action: 's3:GetObject', Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] });

    const { pieces } = await engine.listNewAccess(existing, updated);

    expect(pieces).toMatchObject([
      { resources: ['arn:aws:s3:::b/*'], witness: { resource: 'arn:aws:s3:::b/example' } },
    ]);
  });

  it('has no piece of a limit that stood before', async () => {
    const limit = policyOf({ Action: '*', Resource: '*' });
    const added = policyOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' });
    const within = (...policies: Policy[]) => ({
      policies: policies.map((policy) => ({ name: 'own', policy })),
      boundary: [{ name: 'limit', policy: limit }],
    });

    const { pieces } = await engine.listNewAccess(within(), within(added));

    expect(pieces.map(({ document, actions }) => [document, actions])).toEqual([['own', ['s3:GetObject']]]);
  });

  it('has a piece of a policy whose text is that of a limit, too', async () => {
    const [text, other] = [policyOf({ Action: 's3:*', Resource: '*' }), policyOf()];
    const boundary = [{ name: 'limit', policy: text }];
    const within = (policy: Policy) => ({ policies: [{ name: 'own', policy }], boundary });

    const { pieces } = await engine.listNewAccess(within(other), within(text));
    const { result } = await engine.checkNoNewAccess(within(other), within(text));

    expect(pieces.map(({ document, actions }) => [document, actions])).toEqual([['own', ['s3:*']]]);
    expect(result).toBe('FAIL');
  });

  it('has a piece of a limit that grew, though neither has a text', async () => {
    const own = policyOf({ Action: 's3:*', Resource: '*' });
    const within = (Action: string) => ({
      policies: [{ name: 'own', policy: own }],
      boundary: [{ name: 'limit', policy: policyOf({ Action, Resource: '*' }) }],
    });

    const { pieces } = await engine.listNewAccess(within('s3:Get*'), within('s3:*'));

    expect(pieces.map(({ document }) => document)).toEqual(['own', 'limit']);
  });

  it('says when it is cut', async () => {
    const services = Array.from({ length: 120 }, (_, n) => `service${n}:Act`);

    const { pieces, cut } = await engine.listNewAccess(
      policyOf(),
      policyOf({ Action: services, Resource: '*' }),
    );

    expect(pieces).toHaveLength(100);
    expect(cut).toBe(true);
  });
});
