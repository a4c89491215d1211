/** What can be judged of an entity, a row each: the same facts as the guard's kinds. */
import type { PolicyType } from '../../shared/policy/ast.ts';

export type Facet = {
  /** "`permissions` of role `app`". */
  readonly words: string;
  readonly policyType: PolicyType;
  /** As the check for public access names it. */
  readonly resourceType: string;
  /** True: it can let in the public, or strangers. */
  readonly namesPrincipals: boolean;
  /** Who else may grant what a Deny or a limit here keeps out. */
  readonly elsewhere: 'by-holders' | 'by-account' | 'by-anyone' | 'nowhere';
  /** The kind whose critical list counts; absent: lists for every kind only. */
  readonly kind?: string;
};

const resource = (words: string, resourceType: string, more: Partial<Facet> = {}): Facet => ({
  words,
  policyType: 'RESOURCE_POLICY',
  resourceType,
  namesPrincipals: true,
  elsewhere: 'by-account',
  ...more,
});

const identity = (words: string, resourceType: string, more: Partial<Facet> = {}): Facet => ({
  words,
  policyType: 'IDENTITY_POLICY',
  resourceType,
  namesPrincipals: false,
  elsewhere: 'by-holders',
  ...more,
});

const ANYONE = { namesPrincipals: false, elsewhere: 'by-anyone' } as const;

/** By name. A document that no row covers is `document`, or `identity-document` where it names no principal. */
export const FACETS = {
  permissions: identity('permissions', 'AWS::IAM::Role', { kind: 'iam-principal' }),
  'permission-set': identity('permissions', 'AWS::SSO::PermissionSet', { kind: 'permission-set' }),
  'managed-policy': identity('policy', 'AWS::IAM::ManagedPolicy', { kind: 'managed-policy' }),
  'control-policy': identity('control policy', 'AWS::Organizations::Policy', {
    kind: 'organizations-policy',
  }),
  'identity-document': identity('policy', 'AWS::IAM::ManagedPolicy', { kind: 'managed-policy' }),
  'share-permission': identity('share permission', 'AWS::RAM::Permission', { elsewhere: 'nowhere' }),
  trust: resource('trust policy', 'AWS::IAM::AssumeRolePolicyDocument', {
    elsewhere: 'nowhere',
    kind: 'role-trust',
  }),
  'bucket-policy': resource('bucket policy', 'AWS::S3::Bucket', { kind: 'bucket-policy' }),
  'bucket-acl': resource('ACL', 'AWS::S3::Bucket', { elsewhere: 'by-anyone', kind: 'bucket-acl' }),
  'public-access-block': resource('public access block', 'AWS::S3::Bucket', {
    ...ANYONE,
    kind: 'bucket-public-access-block',
  }),
  'function-policy': resource('function policy', 'AWS::Lambda::Function', { kind: 'lambda-function-policy' }),
  'function-url': resource('function URL', 'AWS::Lambda::Url', { kind: 'lambda-function-url' }),
  'key-policy': resource('key policy', 'AWS::KMS::Key', { elsewhere: 'nowhere', kind: 'kms-key' }),
  'endpoint-policy': resource('endpoint policy', 'AWS::EC2::VPCEndpoint', {
    ...ANYONE,
    kind: 'vpc-endpoint-policy',
  }),
  'api-policy': resource('API policy', 'AWS::ApiGateway::RestApi', { kind: 'rest-api-policy' }),
  'file-system-policy': resource('file system policy', 'AWS::EFS::FileSystem', {
    elsewhere: 'by-anyone',
    kind: 'file-system-policy',
  }),
  sharing: resource('sharing', 'AWS::EC2::Snapshot'),
  'cluster-access': resource('cluster access', 'AWS::EKS::Cluster', {
    elsewhere: 'nowhere',
    kind: 'cluster-access',
  }),
  assignment: resource('assignments', 'AWS::SSO::Assignment', {
    namesPrincipals: false,
    elsewhere: 'nowhere',
  }),
  'identity-provider': resource('identity provider', 'AWS::IAM::SAMLProvider', { elsewhere: 'nowhere' }),
  document: resource('policy', 'AWS::S3::Bucket'),
  /** Nothing to judge: it only makes the entity. */
  none: resource('', ''),
} as const satisfies { readonly [name: string]: Facet };

export type FacetName = keyof typeof FACETS;
