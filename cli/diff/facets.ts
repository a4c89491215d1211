/** What can be judged of an entity, a row each: the same facts as the guard's kinds. */
import type { PolicyType } from '../../shared/policy/ast.ts';
import { OWN_ACCOUNT } from './symbols.ts';

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
  /** What AWS takes where there is no document. */
  readonly absent?: Absent;
  /** Why nobody knows what is granted where the document goes away and nothing takes its place. */
  readonly withoutIt?: string;
  /** True: only a change of one that is there is told. */
  readonly isQuietWhenNew?: boolean;
  /** True: told only where it refers to something else; a new one only where it fails. */
  readonly isByReference?: boolean;
};

type Absent = {
  readonly document: object;
  /** The most that it may have let through, where that is more. */
  readonly asBefore?: object;
  readonly role: 'resource' | 'limit';
  /** True iff a new resource without a document is told of. */
  readonly isTold: boolean;
};

const anyone = (Action: string, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*', ...more }],
});

/** A key without a policy of its own takes this one. Source: KMS Developer Guide, "Default key policy". */
const DEFAULT_KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OWN_ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};

/** An endpoint without a policy lets everything pass. Source: VPC User Guide, "Control access to VPC endpoints". */
const WHOLE_ENDPOINT = anyone('*');

/** Whoever reaches a mount target may mount, write and be root. Source: EFS User Guide, "Default EFS file system policy". */
const DEFAULT_FILE_SYSTEM_POLICY = anyone('elasticfilesystem:Client*', {
  Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
});

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
  'resource-control-policy': resource('control policy', 'AWS::Organizations::Policy', {
    ...ANYONE,
    kind: 'organizations-policy',
  }),
  'identity-document': identity('policy', 'AWS::IAM::ManagedPolicy', { kind: 'managed-policy' }),
  /** What a function, a task, a machine runs as: told where it is another role, not where its role changed. */
  role: identity('role', 'AWS::IAM::Role', { isByReference: true, kind: 'iam-principal' }),
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
  'key-policy': resource('key policy', 'AWS::KMS::Key', {
    elsewhere: 'nowhere',
    kind: 'kms-key',
    absent: { document: DEFAULT_KEY_POLICY, role: 'resource', isTold: true },
  }),
  'endpoint-policy': resource('endpoint policy', 'AWS::EC2::VPCEndpoint', {
    ...ANYONE,
    kind: 'vpc-endpoint-policy',
    absent: { document: WHOLE_ENDPOINT, role: 'limit', isTold: true },
  }),
  'api-policy': resource('API policy', 'AWS::ApiGateway::RestApi', {
    kind: 'rest-api-policy',
    withoutIt: 'without a policy the API takes whoever the authorization of its methods lets in',
  }),
  'file-system-policy': resource('file system policy', 'AWS::EFS::FileSystem', {
    elsewhere: 'by-anyone',
    kind: 'file-system-policy',
    absent: {
      document: DEFAULT_FILE_SYSTEM_POLICY,
      asBefore: anyone('elasticfilesystem:*'),
      role: 'resource',
      isTold: false,
    },
  }),
  authorization: resource('authorization', 'AWS::ApiGateway::RestApi', {
    elsewhere: 'nowhere',
    isQuietWhenNew: true,
  }),
  'guest-access': resource('guest access', 'AWS::Cognito::IdentityPool', { elsewhere: 'nowhere' }),
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
