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

/** `all`, an account's number, or the ARN of an organization or of one of its units. */
function principalOf(sharee: string): object | undefined {
  if (sharee === 'all')
    return {
      Principal: { AWS: '*' },
      Condition: { StringNotEquals: { 'aws:PrincipalType': 'Anonymous' } },
    };
  if (/^\d{12}$/.test(sharee)) return { Principal: { AWS: sharee } };
  const [, type, organization, unit] =
    /^arn:[^:]+:organizations::\d{12}:(organization|ou)\/(o-[a-z0-9]+)(?:\/(ou-[a-z0-9-]+))?$/.exec(sharee) ??
    [];
  if (type === 'organization')
    return { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': organization } } };
  if (type === 'ou' && unit !== undefined)
    return {
      Principal: '*',
      Condition: {
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/*/${unit}/*` },
      },
    };
  return undefined;
}
