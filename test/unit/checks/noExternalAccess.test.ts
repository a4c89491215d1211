import { describe, expect, it } from 'vitest';
import { createEngine, type Trusted } from '../../../shared/checks/index.ts';
import { parsePolicyValue } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms' });
const OWN = '111122223333';
const GITHUB = 'token.actions.githubusercontent.com';
const CLUSTER = 'oidc.eks.eu-west-1.amazonaws.com/id/9D4E21C0B7A85F3364EE10ACFD72B915';

async function resultOf(statement: object, trusted: Trusted): Promise<string> {
  const parsed = parsePolicyValue(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] },
    { policyType: 'RESOURCE_POLICY' },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return (await engine.checkNoExternalAccess(parsed.policy, { accounts: [OWN], ...trusted })).result;
}

const providerOf = (issuer: string, account = OWN) => `arn:aws:iam::${account}:oidc-provider/${issuer}`;

function signedIn(issuer: string, claims: { readonly [claim: string]: string | readonly string[] }) {
  const keys = Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`, value]);
  return {
    Principal: { Federated: providerOf(issuer) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(keys.length === 0 ? {} : { Condition: { StringLike: Object.fromEntries(keys) } }),
  };
}

const acme: Trusted = {
  identityProviders: [{ provider: GITHUB, claims: { sub: ['repo:acme-corp/*'] } }],
};
const cluster: Trusted = { identityProviders: [{ provider: CLUSTER }] };

describe('an identity provider in the zone of trust', () => {
  it.each([
    ['one repository of the owner', { sub: 'repo:acme-corp/web:ref:refs/heads/main' }],
    ['every repository of the owner', { sub: 'repo:acme-corp/*' }],
    ['one of two repositories', { sub: ['repo:acme-corp/web:*', 'repo:acme-corp/api:*'] }],
  ])('lets in %s', async (_, claims) => {
    expect(await resultOf(signedIn(GITHUB, claims), acme)).toBe('PASS');
  });

  it.each([
    ['another owner', { sub: 'repo:globex/web:*' }],
    ['an owner whose name only begins alike', { sub: 'repo:acme-corp*' }],
    ['an owner beside it', { sub: ['repo:acme-corp/*', 'repo:globex/*'] }],
    ['whoever shows an audience alone', { aud: 'sts.amazonaws.com' }],
    ['everybody with a token', {}],
  ])('keeps out %s', async (_, claims) => {
    expect(await resultOf(signedIn(GITHUB, claims), acme)).toBe('FAIL');
  });

  it.each([
    ['no claim', undefined],
    ['a claim that names no owner', { aud: ['sts.amazonaws.com'] }],
    ['any owner', { sub: ['repo:*'] }],
    ['an owner and anybody', { sub: ['repo:acme-corp/*', '*'] }],
  ])('that gives tokens to anybody counts for nothing with %s', async (_, claims) => {
    const trusted = {
      identityProviders: [{ provider: GITHUB, ...(claims === undefined ? {} : { claims }) }],
    };

    expect(await resultOf(signedIn(GITHUB, { sub: 'repo:acme-corp/*' }), trusted)).toBe('FAIL');
  });

  it('of one organization needs no claim', async () => {
    expect(await resultOf(signedIn(CLUSTER, { sub: 'system:serviceaccount:shop:cart' }), cluster)).toBe(
      'PASS',
    );
    expect(await resultOf(signedIn(CLUSTER, {}), cluster)).toBe('PASS');
  });

  it('is no other issuer, and no account outside the zone', async () => {
    const other = CLUSTER.replace('9D4E', 'AAAA');
    const foreign = {
      ...signedIn(CLUSTER, {}),
      Principal: { Federated: providerOf(CLUSTER, '999988887777') },
    };

    expect(await resultOf(signedIn(other, {}), cluster)).toBe('FAIL');
    expect(await resultOf(foreign, cluster)).toBe('FAIL');
  });

  it('may be a SAML provider with an attribute', async () => {
    const arn = `arn:aws:iam::${OWN}:saml-provider/okta`;
    const trusts = (aud: string) => ({
      Principal: { Federated: arn },
      Action: 'sts:AssumeRoleWithSAML',
      Condition: { StringEquals: { 'SAML:aud': aud } },
    });
    const trusted = {
      identityProviders: [{ provider: arn, claims: { aud: ['https://signin.aws.amazon.com/saml'] } }],
    };

    expect(await resultOf(trusts('https://signin.aws.amazon.com/saml'), trusted)).toBe('PASS');
    expect(await resultOf(trusts('https://evil.example/saml'), trusted)).toBe('FAIL');
  });

  it('is IAM Identity Center’s own where it is said', async () => {
    const trusts = (name: string, account = OWN) => ({
      Principal: { Federated: `arn:aws:iam::${account}:saml-provider/${name}` },
      Action: 'sts:AssumeRoleWithSAML',
    });
    const name = 'AWSSSO_3f6b1c8e9d20a745_DO_NOT_DELETE';

    expect(await resultOf(trusts(name), { identityCenter: true })).toBe('PASS');
    expect(await resultOf(trusts(name), {})).toBe('FAIL');
    expect(await resultOf(trusts('okta'), { identityCenter: true })).toBe('FAIL');
    expect(await resultOf(trusts(name, '999988887777'), { identityCenter: true })).toBe('FAIL');
  });
});

describe('a service that is trusted on behalf of the zone', () => {
  const onBehalf: Trusted = { servicesOnBehalf: ['*.amazonaws.com'], organizations: ['o-a1b2c3d4e5'] };
  const publishes = (condition?: object) => ({
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: `arn:aws:sns:eu-west-1:${OWN}:uploads`,
    ...(condition === undefined ? {} : { Condition: condition }),
  });

  it.each([
    ['its account', { StringEquals: { 'aws:SourceAccount': OWN } }],
    ['an ARN of its account', { ArnLike: { 'aws:SourceArn': `arn:aws:config:*:${OWN}:*` } }],
    ['its organization', { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }],
    ['a unit of its organization', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/*' } }],
  ])('is let in for %s', async (_, condition) => {
    expect(await resultOf(publishes(condition), onBehalf)).toBe('PASS');
  });

  it.each([
    ['no source', undefined],
    ['a bucket, whose ARN names no account', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } }],
    ['another account', { StringEquals: { 'aws:SourceAccount': '999988887777' } }],
    ['another organization', { StringEquals: { 'aws:SourceOrgID': 'o-zzzzzzzzzz' } }],
  ])('is kept out with %s', async (_, condition) => {
    expect(await resultOf(publishes(condition), onBehalf)).toBe('FAIL');
  });
});
