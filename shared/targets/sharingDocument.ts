/**
 * Lists of those a snapshot or an image is shared with, as policy documents: being on the list is being allowed to use
 * it. `all` is everybody with an AWS account.
 * Source: EC2 User Guide, "Share an AMI", "Share an Amazon EBS snapshot"; RDS User Guide, "Sharing a DB snapshot".
 */

export type Shared = { readonly actions: readonly string[]; readonly resource: string };

/** Returns what the list lets happen, as JSON text; `undefined` for an entry that says nothing known, so that nothing passes. */
export function sharingDocument(
  sharedWith: readonly string[],
  { actions, resource }: Shared,
): string | undefined {
  const statements = sharedWith.map((sharee) => {
    const principal = principalOf(sharee);
    return principal === undefined
      ? undefined
      : { Effect: 'Allow', ...principal, Action: actions, Resource: resource };
  });
  if (statements.includes(undefined)) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Who is not signed in is on no list. */
const ANONYMOUS = { 'aws:PrincipalType': 'Anonymous' };

/** `all`, an account's number, or the ARN of an organization or of one of its units. */
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
