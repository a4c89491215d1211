/**
 * Identity providers that a zone of trust may name. An issuer that gives tokens to anybody counts only with a claim
 * that says who the caller is: the provider alone names nobody.
 */
import { type Claim, sharedIssuer } from './sharedIssuers.ts';

/** A provider of the zone of trust, and what a token of it must say. */
export type TrustedProvider = {
  /** An OIDC issuer without `https://`, of the zone's accounts, or the ARN of one OIDC or SAML provider. */
  readonly provider: string;
  /** What a caller's token must say: each claim one of its values, `*` for any characters. */
  readonly claims?: { readonly [claim: string]: readonly string[] };
};

const PROVIDER_ARN = /^arn:[a-z-]+:iam::\d{12}:(?:oidc-provider\/(?<issuer>.+)|saml-provider\/[\w+=,.@-]+)$/;
const ISSUER = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[^\s*?]+)?$/i;

/**
 * Returns why nobody may be trusted by this, one sentence after the provider's name; undefined iff its callers are
 * told apart from strangers.
 */
export function trustProblem({ provider, claims = {} }: TrustedProvider): string | undefined {
  if (/[*?]/.test(provider)) return 'must be one provider: anybody can create another with a similar name';
  if (!PROVIDER_ARN.test(provider) && !ISSUER.test(provider))
    return 'must be an issuer without `https://`, such as `oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE`, or the ARN of a provider';
  const empty = Object.entries(claims).find(([, values]) => values.length === 0);
  if (empty !== undefined) return `lists no value for the claim \`${empty[0]}\``;
  const shared = sharedIssuer(provider);
  if (shared === undefined) return undefined;
  const { guests } = shared;
  if (guests !== undefined && !isRequired(claimOf(guests.key, provider), claims, guests.value))
    return `admits guests; require the claim \`${claimOf(guests.key, provider)}\` to be another value than \`${guests.value}\``;
  const names = [...new Set(shared.claims.map(({ key }) => claimOf(key, provider)))];
  const isNamed = names.some((name) => {
    const values = valuesOf(name, claims);
    const known = shared.claims.filter(({ key }) => claimOf(key, provider) === name);
    return values.length > 0 && values.every((value) => known.some((claim) => namesOwner(value, claim)));
  });
  if (isNamed) return undefined;
  const after = shared.claims.find(({ owner }) => owner !== undefined)?.owner?.after[0] ?? '';
  const example = after === '' ? '' : `, such as \`${after}OWNER…\` up to the end of the owner’s name`;
  return `gives tokens to anybody; require a claim that names the owner: ${names.map((name) => `\`${name}\``).join(', ')}${example}`;
}

/** Returns the condition key of a claim, lower-cased. A claim with a colon is a whole key. */
export function keyOfClaim(provider: string, claim: string): string {
  if (claim.includes(':')) return claim.toLowerCase();
  if (provider.includes(':saml-provider/')) return `saml:${claim.toLowerCase()}`;
  return `${issuerOf(provider)}:${claim}`.toLowerCase();
}

const issuerOf = (provider: string) => PROVIDER_ARN.exec(provider)?.groups?.['issuer'] ?? provider;

/** The claim of a key, where the key is the provider's own. */
function claimOf(key: string, provider: string): string {
  const prefix = `${issuerOf(provider)}:`.toLowerCase();
  return key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

function valuesOf(name: string, claims: NonNullable<TrustedProvider['claims']>): readonly string[] {
  return Object.entries(claims).find(([claim]) => claim.toLowerCase() === name)?.[1] ?? [];
}

/** True iff the claim is required to be something that is not `value`. */
function isRequired(name: string, claims: NonNullable<TrustedProvider['claims']>, value: string): boolean {
  const values = valuesOf(name, claims);
  return values.length > 0 && values.every((one) => !one.includes('*') && one !== value);
}

/** True iff every text that the pattern matches holds the same owner's name in full. */
function namesOwner(pattern: string, { owner }: Claim): boolean {
  const prefix = pattern.split('*')[0] ?? '';
  const isWhole = prefix.length === pattern.length;
  if (owner === undefined) return isWhole && pattern !== '';
  return owner.after.some((after) => {
    if (!prefix.startsWith(after)) return false;
    const rest = prefix.slice(after.length);
    return owner.upTo.some((end) => rest.indexOf(end) > 0) || (isWhole && rest !== '');
  });
}
