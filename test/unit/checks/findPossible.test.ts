import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine();

function parse(...statements: readonly { readonly [element: string]: string }[]) {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

describe('an action that the reference lacks', () => {
  const allow = { Effect: 'Allow', Action: 'connect:Get*', Resource: '*' };

  it('counts as possible where a Deny named it that went away', async () => {
    const deny = { Effect: 'Deny', Action: 'connect:GetFederationTokens', Resource: '*' };

    const verdict = await engine.checkNoNewAccess(parse(allow, deny), parse(allow));

    expect(verdict).toMatchObject({ result: 'FAIL', possible: true });
  });

  it('is not made up where a pattern alone could match one', async () => {
    const odd = { ...allow, Resource: 'arn:aws:s3:::b' };

    const verdict = await engine.checkNoNewAccess(parse(), parse(odd));

    expect(verdict).toMatchObject({ result: 'FAIL', possible: false });
  });
});
