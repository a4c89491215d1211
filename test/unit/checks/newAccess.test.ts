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
