/**
 * Lists of those a snapshot or an image is shared with, as policy documents: being on the list is being allowed to use
 * it. `all` is everybody with an AWS account.
 * Source: EC2 User Guide, "Share an AMI", "Share an Amazon EBS snapshot"; RDS User Guide, "Sharing a DB snapshot".
 */

/** How the ids of parts begin that say whom a resource is shared with. */
export const SHARED_WITH = 'shared-with:';

type Shared = { readonly actions: readonly string[]; readonly resource: string };

/**
 * Returns what being on the list lets one entry do, as JSON text: `all`, an account's number, or the ARN of an
 * organization or of one of its units. Undefined for anything else, so that nothing passes.
 */
export function sharingDocument(sharee: string, { actions, resource }: Shared): string | undefined {
  const principal = principalOf(sharee);
  if (principal === undefined) return undefined;
  const statement = { Effect: 'Allow', ...principal, Action: actions, Resource: resource };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** Returns what a call did that put the entry on the list, as `Touch` in `changes/` has it. */
export function sharingTouch(
  sharee: string,
  shared: Shared,
): { readonly part: string; readonly to: { readonly document: string } | 'hidden' } {
  const document = sharingDocument(sharee, shared);
  return { part: `${SHARED_WITH}${sharee}`, to: document === undefined ? 'hidden' : { document } };
}

/** Who is not signed in is on no list. */
const ANONYMOUS = { 'aws:PrincipalType': 'Anonymous' };

function principalOf(sharee: string): object | undefined {
  const anybody = { Principal: { AWS: '*' } };
  if (sharee === 'all') return { ...anybody, Condition: { StringNotEquals: ANONYMOUS } };
  if (/^\d{12}$/.test(sharee)) return { Principal: { AWS: sharee } };
  const [, organization, unit] =
    /^arn:[^:]+:organizations::\d{12}:(?:organization|ou)\/(o-[a-z0-9]+)(?:\/(ou-[a-z0-9-]+))?$/.exec(
      sharee,
    ) ?? [];
  if (organization === undefined) return undefined;
  const within = { StringNotEquals: ANONYMOUS, StringEquals: { 'aws:PrincipalOrgID': organization } };
  if (unit === undefined) return { ...anybody, Condition: within };
  const paths = { 'aws:PrincipalOrgPaths': `${organization}/*/${unit}/*` };
  return { ...anybody, Condition: { ...within, 'ForAnyValue:StringLike': paths } };
}
