/**
 * Identity providers that issue tokens to anybody, by their whole issuer, with the claims that say who the caller is.
 * A role that trusts one of them without such a claim trusts the public.
 * Source: IAM User Guide, "Identity-provider controls for shared OIDC providers" (issuers and the claim of each),
 * "Available keys for AWS OIDC federation" (which claims are keys); for the last three, which everybody may register
 * with, "OIDC federation: Using an application to identify users". The forms of `sub` are each provider's own
 * documentation of its tokens. Issuers with a path of their own customer (`token.actions.githubusercontent.com/ACME`,
 * `oidc.circleci.com/org/ID`, Bitbucket's) belong to one organization and stand for it alone.
 */
import { toTable } from './table.ts';

/** A condition key that says who holds a token, and what of its value does. */
export type Claim = {
  /** Lower-cased. */
  readonly key: string;
  /**
   * Texts in which an owner stands: what comes after one of `after` up to one of `upTo`, or to the end of a text
   * without wildcards. Absent: the whole text, and a pattern with a wildcard says nothing.
   */
  readonly owner?: { readonly after: readonly string[]; readonly upTo: readonly string[] };
};

/** An issuer of tokens to anybody. */
export type SharedIssuer = {
  readonly claims: readonly Claim[];
  /** A key and its value that admit whoever asks, whatever the claims say. */
  readonly guests?: { readonly key: string; readonly value: string };
};

type Owner = NonNullable<Claim['owner']>;

const exactly = (issuer: string, ...names: readonly string[]): Claim[] =>
  names.map((name) => ({ key: `${issuer}:${name}` }));
const owned = (issuer: string, name: string, owner: Owner): Claim => ({ key: `${issuer}:${name}`, owner });
const subOf = (issuer: string, after: string, upTo: string): { [issuer: string]: SharedIssuer } => ({
  [issuer]: { claims: [owned(issuer, 'sub', { after: [after], upTo: [upTo] })] },
});
const wholeSubOf = (issuer: string): { [issuer: string]: SharedIssuer } => ({
  [issuer]: { claims: exactly(issuer, 'sub') },
});
const audOf = (issuer: string): { [issuer: string]: SharedIssuer } => ({
  [issuer]: { claims: exactly(issuer, 'aud') },
});

/** Whoever owns the repository; since July 2026 with the owner's number: `repo:acme@12/web@34:…`. */
const REPOSITORY: Owner = { after: ['repo:', 'repository:'], upTo: ['/', '@'] };

function github(issuer: string): { [issuer: string]: SharedIssuer } {
  return {
    [issuer]: {
      claims: [
        owned(issuer, 'sub', REPOSITORY),
        // What a customized subject may begin with; an owner's own templates cannot name another's.
        owned(issuer, 'sub', {
          after: [
            'repository_owner:',
            'repository_owner_id:',
            'repository_id:',
            'enterprise:',
            'enterprise_id:',
          ],
          upTo: [':'],
        }),
        owned(issuer, 'repository', { after: [''], upTo: ['/'] }),
        ...exactly(issuer, 'repository_id', 'repository_owner_id', 'enterprise_id'),
      ],
    },
  };
}

const SHARED_ISSUERS: { readonly [issuer: string]: SharedIssuer } = toTable<SharedIssuer>({
  ...github('token.actions.githubusercontent.com'),
  ...github('vstoken.actions.githubusercontent.com'),
  ...wholeSubOf('oidc-configuration.audit-log.githubusercontent.com'),
  'gitlab.com': {
    claims: [
      owned('gitlab.com', 'sub', { after: ['project_path:'], upTo: ['/'] }),
      ...exactly('gitlab.com', 'namespace_id', 'project_id'),
    ],
  },
  'agent.buildkite.com': {
    claims: [
      owned('agent.buildkite.com', 'sub', { after: ['organization:'], upTo: [':'] }),
      ...exactly('agent.buildkite.com', 'organization_id', 'organization_slug', 'pipeline_id', 'cluster_id'),
    ],
  },
  ...subOf('app.terraform.io', 'organization:', ':'),
  ...subOf('oidc.codefresh.io', 'account:', ':'),
  ...subOf('studio.datachain.ai/api', 'credentials:', '/'),
  ...subOf('scalr.io', 'account:', ':'),
  ...subOf('tokens.cloud.shisho.dev', 'job:', ':'),
  ...subOf('proidc.upbound.io', 'mcp:', '/'),
  ...audOf('oidc.vercel.com'),
  ...audOf('api.pulumi.com/oidc'),
  ...audOf('sandboxes.cloud'),
  // IBM Turbonomic's six.
  ...wholeSubOf('oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb'),
  ...wholeSubOf('oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu'),
  ...wholeSubOf('rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7'),
  ...wholeSubOf('rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr'),
  ...wholeSubOf('rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg'),
  ...wholeSubOf('rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26'),
  // Microsoft's own tenant, whose service puts its customer into the name of the session.
  'sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d': { claims: [{ key: 'sts:rolesessionname' }] },
  'cognito-identity.amazonaws.com': {
    claims: exactly('cognito-identity.amazonaws.com', 'aud', 'sub'),
    guests: { key: 'cognito-identity.amazonaws.com:amr', value: 'unauthenticated' },
  },
  'accounts.google.com': { claims: exactly('accounts.google.com', 'aud', 'sub') },
  'graph.facebook.com': { claims: exactly('graph.facebook.com', 'app_id', 'id') },
  'www.amazon.com': { claims: exactly('www.amazon.com', 'app_id', 'user_id') },
});

/**
 * Returns the shared issuer that a `Federated` principal names, by its provider's ARN or by its own name; undefined
 * when its tokens are one organization's.
 */
export function sharedIssuer(federated: string): SharedIssuer | undefined {
  const name = federated.replace(/^arn:[^:]*:iam::[^:]*:oidc-provider\//, '').toLowerCase();
  return SHARED_ISSUERS[name.replace(/\/$/, '')];
}
