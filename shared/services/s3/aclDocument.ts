/**
 * A bucket's ACL as a policy document: a grant of the ACL is an Allow of what its permission stands for. And the setting
 * that the bucket's owner owns every object as another: then ACLs grant nothing, those of objects included, so it is a
 * Deny of all that an ACL may grant, and that it goes away is what widens.
 * Source: S3 User Guide, "Access control list (ACL) overview", "Controlling ownership of objects".
 */
import type { Grant } from '@aws-sdk/client-s3';
import { ACL_ACTIONS } from './publicAccessDocument.ts';

type BucketAcl = {
  readonly grants: readonly Grant[];
  /** Canonical user id of the bucket's owner. */
  readonly ownerId: string | undefined;
};

type BucketPlace = { readonly arn: string; readonly accountId: string };

const GROUPS = 'http://acs.amazonaws.com/groups/';

/** Predefined groups, and who is in them. */
const GROUP_PRINCIPALS: { readonly [uri: string]: object } = {
  [`${GROUPS}global/AllUsers`]: { Principal: '*' },
  // Whoever signs with the credentials of any account.
  [`${GROUPS}global/AuthenticatedUsers`]: {
    Principal: { AWS: '*' },
    Condition: { StringNotEquals: { 'aws:PrincipalType': 'Anonymous' } },
  },
  [`${GROUPS}s3/LogDelivery`]: { Principal: { Service: 'logging.s3.amazonaws.com' } },
};

/** What a canned ACL grants beside the owner. Source: S3 User Guide, "Canned ACL". */
const CANNED: {
  readonly [name: string]: readonly (readonly [
    group: string,
    permission: NonNullable<Grant['Permission']>,
  ])[];
} = {
  private: [],
  'public-read': [['global/AllUsers', 'READ']],
  'public-read-write': [
    ['global/AllUsers', 'READ'],
    ['global/AllUsers', 'WRITE'],
  ],
  'authenticated-read': [['global/AuthenticatedUsers', 'READ']],
  'log-delivery-write': [
    ['s3/LogDelivery', 'WRITE'],
    ['s3/LogDelivery', 'READ_ACP'],
  ],
};

/** Returns the grants of a canned ACL beside the owner's; none for an ACL of another name. */
export function cannedGrants(acl = 'private'): readonly Grant[] {
  return (CANNED[acl] ?? []).map(([group, Permission]) => ({
    Grantee: { Type: 'Group', URI: `${GROUPS}${group}` },
    Permission,
  }));
}

/** Returns what the ACL grants as JSON text; undefined when a grantee cannot be told, so that nothing passes. */
export function aclDocument(acl: BucketAcl, { arn, accountId }: BucketPlace): string | undefined {
  const statements = acl.grants.map(({ Grantee: grantee, Permission: permission = '' }, index) => {
    const principal =
      grantee?.URI === undefined
        ? canonicalUser(grantee?.ID, acl.ownerId, accountId)
        : GROUP_PRINCIPALS[grantee.URI];
    const actions = actionsOf(permission);
    if (principal === undefined || actions === undefined) return undefined;
    return {
      Sid: `Grant${index}`,
      Effect: 'Allow',
      ...principal,
      Action: actions,
      Resource: [arn, `${arn}/*`],
    };
  });
  return statements.includes(undefined) ? undefined : documentOf(statements);
}

function documentOf(statements: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/**
 * Returns what the ownership setting keeps out, as JSON text; undefined when it keeps nothing out: ACLs count with
 * `BucketOwnerPreferred`, `ObjectWriter`, and where it was never set.
 */
export function ownershipDocument(ownership: string | undefined, arn: string): string | undefined {
  if (ownership !== 'BucketOwnerEnforced') return undefined;
  return documentOf([
    {
      Sid: ownership,
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [arn, `${arn}/*`],
      Condition: { StringEquals: { 'ratchet:GrantedBy': 'acl' } },
    },
  ]);
}

/** The owner's own grant is the account's. */
function canonicalUser(
  id: string | undefined,
  ownerId: string | undefined,
  accountId: string,
): object | undefined {
  if (id === undefined) return undefined;
  return { Principal: id === ownerId ? { AWS: accountId } : { CanonicalUser: id } };
}

function actionsOf(permission: string): readonly string[] | undefined {
  if (permission === 'FULL_CONTROL') return Object.values(ACL_ACTIONS).flat();
  return Object.entries(ACL_ACTIONS).find(([name]) => name === permission)?.[1];
}
