import { describe, expect, it } from 'vitest';
import { type TrustedProvider, trustProblem } from '../../../shared/policy/trustedProviders.ts';

const sub = (provider: string, ...values: string[]): TrustedProvider => ({
  provider,
  claims: { sub: values },
});
const GITHUB = 'token.actions.githubusercontent.com';
const POOL = 'eu-west-1:0d9d2c1e-4a4b-4a0f-9a5b-1f1e2d3c4b5a';

describe('a provider that a zone of trust names', () => {
  it.each<[string, TrustedProvider]>([
    ['a cluster', { provider: 'oidc.eks.eu-west-1.amazonaws.com/id/9D4E21C0B7A85F3364EE10ACFD72B915' }],
    ['an issuer of one organization', { provider: 'login.acme.example' }],
    ['a SAML provider by its ARN', { provider: 'arn:aws:iam::111122223333:saml-provider/okta' }],
    ['a CircleCI organization', { provider: 'oidc.circleci.com/org/4f1c9a52-6a0f-4b4e-8f0e-3b1f4a3c2d1e' }],
    ['an owner at GitHub', sub(GITHUB, 'repo:acme-corp/*')],
    ['an owner at GitHub, with its number', sub(GITHUB, 'repo:acme-corp@12/*')],
    [
      'an owner at GitHub by the provider’s ARN',
      sub(`arn:aws:iam::111122223333:oidc-provider/${GITHUB}`, 'repo:acme-corp/*'),
    ],
    ['an owner’s id', { provider: GITHUB, claims: { repository_owner_id: ['65'] } }],
    ['a group at GitLab', sub('gitlab.com', 'project_path:acme/*')],
    ['an organization at Terraform Cloud', sub('app.terraform.io', 'organization:acme:*')],
    [
      'a pool without guests',
      { provider: 'cognito-identity.amazonaws.com', claims: { aud: [POOL], amr: ['authenticated'] } },
    ],
  ])('may be %s', (_, provider) => {
    expect(trustProblem(provider)).toBeUndefined();
  });

  it.each<[string, TrustedProvider, RegExp]>([
    ['GitHub as a whole', { provider: GITHUB }, /gives tokens to anybody.*`sub`.*`repo:OWNER/],
    [
      'GitHub by its ARN',
      { provider: `arn:aws:iam::111122223333:oidc-provider/${GITHUB}` },
      /gives tokens to anybody/,
    ],
    ['any repository', sub(GITHUB, 'repo:*'), /gives tokens to anybody/],
    ['any repository of that name', sub(GITHUB, 'repo:*/web'), /gives tokens to anybody/],
    ['owners whose names begin alike', sub(GITHUB, 'repo:acme*'), /gives tokens to anybody/],
    ['an owner, and everybody', sub(GITHUB, 'repo:acme-corp/*', '*'), /gives tokens to anybody/],
    [
      'an audience at GitHub',
      { provider: GITHUB, claims: { aud: ['sts.amazonaws.com'] } },
      /gives tokens to anybody/,
    ],
    ['GitLab without a group', sub('gitlab.com', 'project_path:*'), /gives tokens to anybody/],
    ['Terraform Cloud without an organization', { provider: 'app.terraform.io' }, /gives tokens to anybody/],
    [
      'a pool with guests',
      { provider: 'cognito-identity.amazonaws.com', claims: { aud: [POOL] } },
      /admits guests/,
    ],
    ['any cluster', { provider: 'oidc.eks.eu-west-1.amazonaws.com/id/*' }, /must be one provider/],
    ['a URL', { provider: 'https://login.acme.example' }, /must be an issuer without/],
    ['a bare word', { provider: 'github' }, /must be an issuer without/],
    ['a claim without values', sub('login.acme.example'), /lists no value for the claim `sub`/],
  ])('may not be %s', (_, provider, problem) => {
    expect(trustProblem(provider)).toMatch(problem);
  });
});
