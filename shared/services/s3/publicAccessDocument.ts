/**
 * Public access blocks as policy documents. A block grants nothing: it keeps out what bucket policies and ACLs may
 * otherwise let in, so each flag that is on is a Deny, and one that goes off is a Deny that goes away.
 * What S3 looks at and no request shows (is the ACL or policy to be written a public one, was the request granted by
 * an ACL or by a policy) stands under keys of our own, `ratchet:…`, which no policy in AWS can hold.
 * Source: S3 User Guide, "Blocking public access to your Amazon S3 storage".
 */

/** The four flags. One that is missing is off. */
export type PublicAccessBlock = {
  readonly BlockPublicAcls?: boolean | undefined;
  readonly IgnorePublicAcls?: boolean | undefined;
  readonly BlockPublicPolicy?: boolean | undefined;
  readonly RestrictPublicBuckets?: boolean | undefined;
};

/** In the order in which S3's documentation lists them. */
export const BLOCK_FLAGS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const satisfies readonly (keyof PublicAccessBlock)[];

/** What an ACL can grant. Source: S3 User Guide, "Access control list overview", mapping of ACL permissions. */
export const ACL_ACTIONS = {
  READ: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'],
  WRITE: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
  READ_ACP: ['s3:GetBucketAcl'],
  WRITE_ACP: ['s3:PutBucketAcl'],
} as const;

/** What the ACL of an object can grant beside. */
const OBJECT_ACL_ACTIONS = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectAcl',
  's3:GetObjectVersionAcl',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
] as const;

/** What people fear most comes first: a witness names the first that fits. */
const WHAT_ACLS_GRANT = [...OBJECT_ACL_ACTIONS, ...Object.values(ACL_ACTIONS).flat()];

type Statement = { readonly [element: string]: unknown };

/** Whose buckets: the account, and the ARNs of what the block covers. */
export type Covered = { readonly accountId: string; readonly resources: readonly string[] };

const STATEMENTS: { readonly [flag in (typeof BLOCK_FLAGS)[number]]: (accountId: string) => Statement } = {
  BlockPublicAcls: () => ({
    Action: ['s3:PutBucketAcl', 's3:PutObject', 's3:PutObjectAcl', 's3:PutObjectVersionAcl'],
    Condition: { Bool: { 'ratchet:PutsPublicAcl': 'true' } },
  }),
  IgnorePublicAcls: (accountId) => ({
    Action: WHAT_ACLS_GRANT,
    Condition: {
      StringEquals: { 'ratchet:GrantedBy': 'acl' },
      StringNotEquals: { 'aws:PrincipalAccount': accountId },
    },
  }),
  BlockPublicPolicy: () => ({
    Action: ['s3:PutBucketPolicy', 's3:PutAccessPointPolicy'],
    Condition: { Bool: { 'ratchet:PutsPublicPolicy': 'true' } },
  }),
  RestrictPublicBuckets: (accountId) => ({
    Action: 's3:*',
    Condition: {
      StringEquals: { 'ratchet:GrantedBy': 'public-policy' },
      StringNotEquals: { 'aws:PrincipalAccount': accountId },
    },
  }),
};

/** Returns what the block keeps out, as JSON text; undefined when it keeps nothing out. */
export function publicAccessDocument(block: PublicAccessBlock, covered: Covered): string | undefined {
  const statements = BLOCK_FLAGS.filter((flag) => block[flag] === true).map((flag) => ({
    Sid: flag,
    Effect: 'Deny',
    Principal: '*',
    ...STATEMENTS[flag](covered.accountId),
    Resource: covered.resources,
  }));
  if (statements.length === 0) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
