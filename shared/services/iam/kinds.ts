/** What there is to know of the kinds of IAM. */
import { parseArn, principalName, resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';
import { partDocument } from '../../targets/snapshot.ts';
import type { TargetRef } from '../../targets/target.ts';
import { memberCommands, partNames } from '../../targets/undo.ts';
import { policyCommands, principalCommands, providerCommands } from './iamCommands.ts';

const ROLES = 'arn:{partition}:iam::{account}:role/*';
const USERS = 'arn:{partition}:iam::{account}:user/*';
const GROUPS = 'arn:{partition}:iam::{account}:group/*';
const POLICIES = 'arn:{partition}:iam::{account}:policy/*';
const PROFILES = 'arn:{partition}:iam::{account}:instance-profile/*';

const ERRORS = {
  gone: ['NoSuchEntityException', 'NoSuchEntity'],
  notNow: ['ConcurrentModificationException', 'EntityTemporarilyUnmodifiableException'],
} as const;

/** Says why IAM refuses writes to a role of that name. */
function whyRoleStays({ arn }: TargetRef): string | undefined {
  const { type, name } = principalName(arn);
  if (type !== 'role') return undefined;
  if (name.startsWith('AWSServiceRoleFor'))
    return 'the role is linked to an AWS service, which alone may change it';
  if (name.startsWith('AWSReservedSSO_'))
    return 'the role belongs to IAM Identity Center; change its permission set instead';
  return undefined;
}

export const IAM_CLIENTS: readonly ClientDefinition[] = [
  { name: 'iam', module: '@aws-sdk/client-iam', class: 'IAMClient', scope: 'iam', protocol: 'awsQuery' },
];

export const IAM_KINDS: readonly KindDefinition[] = [
  {
    kind: 'managed-policy',
    words: 'policy',
    client: 'iam',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::ManagedPolicy',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-holders',
    scope: 'global',
    parts: [{ id: 'document', role: 'grant', text: 'own', absence: 'not-allowed' }],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: [
            'iam:GetPolicy',
            'iam:GetPolicyVersion',
            'iam:ListPolicyVersions',
            'iam:ListEntitiesForPolicy',
          ],
          resources: [POLICIES, 'arn:{partition}:iam::aws:policy/*'],
          why: 'managed policies, AWS’s own included',
        },
      ],
      list: [{ actions: ['iam:ListPolicies'], resources: ['*'] }],
      write: [
        {
          actions: ['iam:SetDefaultPolicyVersion', 'iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
          resources: [POLICIES],
          why: 'the previous default again, or a new version and a freed slot',
        },
      ],
    },
    undo: policyCommands,
    findingType: 'AwsIamPolicy',
    places: {
      cloudFormation: ['AWS::IAM::ManagedPolicy.PolicyDocument'],
      terraform: ['aws_iam_policy.policy'],
    },
    whyNotRestorable: ({ arn }) =>
      parseArn(arn).accountId === 'aws'
        ? 'AWS manages this policy; detach it from those who should not have it'
        : undefined,
    load: async () => (await import('./managedPolicy.ts')).managedPolicy,
  },
  {
    kind: 'iam-principal',
    words: 'permissions of',
    client: 'iam',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::Role',
    namesPrincipals: false,
    // A role's or user's documents are judged all together; a group's members hold others beside.
    grantedElsewhere: ({ arn }) => (principalName(arn).type === 'group' ? 'by-holders' : 'nowhere'),
    scope: 'global',
    parts: [
      { id: 'inline:*', role: 'grant', text: 'own', absence: 'grants-nothing' },
      { id: 'attached:*', role: 'grant', text: 'shared', absence: 'grants-nothing' },
      { id: 'group:*', role: 'grant', text: 'shared', absence: 'grants-nothing' },
      { id: 'boundary:*', role: 'boundary', text: 'shared', absence: 'limits-nothing' },
    ],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: [
            'iam:GetRole',
            'iam:ListRolePolicies',
            'iam:GetRolePolicy',
            'iam:ListAttachedRolePolicies',
          ],
          resources: [ROLES],
        },
        {
          actions: [
            'iam:GetUser',
            'iam:ListUserPolicies',
            'iam:GetUserPolicy',
            'iam:ListAttachedUserPolicies',
            'iam:ListGroupsForUser',
          ],
          resources: [USERS],
        },
        {
          actions: [
            'iam:GetGroup',
            'iam:ListGroupPolicies',
            'iam:GetGroupPolicy',
            'iam:ListAttachedGroupPolicies',
          ],
          resources: [GROUPS],
        },
      ],
      list: [{ actions: ['iam:ListRoles', 'iam:ListUsers', 'iam:ListGroups'], resources: ['*'] }],
      write: [
        {
          actions: [
            'iam:PutRolePolicy',
            'iam:DeleteRolePolicy',
            'iam:AttachRolePolicy',
            'iam:DetachRolePolicy',
            'iam:PutRolePermissionsBoundary',
            'iam:DeleteRolePermissionsBoundary',
          ],
          resources: [ROLES],
        },
        {
          actions: [
            'iam:PutUserPolicy',
            'iam:DeleteUserPolicy',
            'iam:AttachUserPolicy',
            'iam:DetachUserPolicy',
            'iam:PutUserPermissionsBoundary',
            'iam:DeleteUserPermissionsBoundary',
          ],
          resources: [USERS],
        },
        {
          actions: [
            'iam:PutGroupPolicy',
            'iam:DeleteGroupPolicy',
            'iam:AttachGroupPolicy',
            'iam:DetachGroupPolicy',
            'iam:AddUserToGroup',
            'iam:RemoveUserFromGroup',
          ],
          resources: [GROUPS],
        },
      ],
    },
    undo: principalCommands,
    findingType: (arn) => {
      const { type } = principalName(arn);
      return type === 'user' ? 'AwsIamUser' : type === 'group' ? 'AwsIamGroup' : 'AwsIamRole';
    },
    places: {
      cloudFormation: [
        'AWS::IAM::Role.Policies[].PolicyDocument',
        'AWS::IAM::Role.ManagedPolicyArns',
        'AWS::IAM::Role.PermissionsBoundary',
        'AWS::IAM::User.Policies[].PolicyDocument',
        'AWS::IAM::User.ManagedPolicyArns',
        'AWS::IAM::User.PermissionsBoundary',
        'AWS::IAM::User.Groups',
        'AWS::IAM::Group.Policies[].PolicyDocument',
        'AWS::IAM::Group.ManagedPolicyArns',
        'AWS::IAM::Policy.PolicyDocument',
        'AWS::IAM::RolePolicy.PolicyDocument',
        'AWS::IAM::UserPolicy.PolicyDocument',
        'AWS::IAM::GroupPolicy.PolicyDocument',
        'AWS::IAM::UserToGroupAddition.Users',
        'AWS::IAM::ManagedPolicy.Roles',
        'AWS::IAM::ManagedPolicy.Users',
        'AWS::IAM::ManagedPolicy.Groups',
      ],
      terraform: [
        'aws_iam_role.inline_policy[].policy',
        'aws_iam_role.managed_policy_arns',
        'aws_iam_role.permissions_boundary',
        'aws_iam_user.permissions_boundary',
        'aws_iam_role_policy.policy',
        'aws_iam_user_policy.policy',
        'aws_iam_group_policy.policy',
        'aws_iam_role_policy_attachment.policy_arn',
        'aws_iam_user_policy_attachment.policy_arn',
        'aws_iam_group_policy_attachment.policy_arn',
        'aws_iam_policy_attachment.policy_arn',
        'aws_iam_user_group_membership.groups',
        'aws_iam_group_membership.users',
      ],
    },
    whyNotRestorable: whyRoleStays,
    load: async () => (await import('./iamPrincipal.ts')).iamPrincipal,
  },
  {
    kind: 'role-trust',
    words: 'trust policy of',
    client: 'iam',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::IAM::AssumeRolePolicyDocument',
    namesPrincipals: true,
    // A role is assumed only by whom its trust policy names.
    grantedElsewhere: () => 'nowhere',
    scope: 'global',
    parts: [{ id: 'document', role: 'resource', text: 'own', absence: 'not-allowed' }],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['iam:GetRole'], resources: [ROLES] }],
      list: [{ actions: ['iam:ListRoles'], resources: ['*'] }],
      write: [{ actions: ['iam:UpdateAssumeRolePolicy'], resources: [ROLES] }],
    },
    undo: ({ target: { arn } }, wanted) => [
      {
        command: `aws iam update-assume-role-policy --role-name ${resourceName(arn)} --policy-document file://before.json`,
        document: partDocument(wanted, 'document'),
      },
    ],
    findingType: 'AwsIamRole',
    places: {
      cloudFormation: ['AWS::IAM::Role.AssumeRolePolicyDocument'],
      terraform: ['aws_iam_role.assume_role_policy'],
    },
    whyNotRestorable: whyRoleStays,
    load: async () => (await import('./roleTrust.ts')).roleTrust,
  },
  {
    kind: 'instance-profile',
    words: 'roles in instance profile',
    client: 'iam',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::InstanceProfile',
    namesPrincipals: false,
    grantedElsewhere: () => 'nowhere',
    scope: 'global',
    parts: [{ id: 'role:*', role: 'grant', text: 'derived', absence: 'grants-nothing' }],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['iam:GetInstanceProfile'], resources: [PROFILES] }],
      list: [{ actions: ['iam:ListInstanceProfiles'], resources: ['*'] }],
      write: [
        {
          actions: ['iam:RemoveRoleFromInstanceProfile'],
          resources: [PROFILES],
          why: 'no role is put in again: that would take iam:PassRole',
        },
      ],
    },
    undo: (live, wanted) => {
      const which = `--instance-profile-name ${resourceName(live.target.arn)}`;
      return memberCommands(partNames(live), partNames(wanted), {
        remove: (role) => `aws iam remove-role-from-instance-profile ${which} --role-name ${role}`,
        add: (role) => `aws iam add-role-to-instance-profile ${which} --role-name ${role}`,
      });
    },
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::IAM::InstanceProfile.Roles'],
      terraform: ['aws_iam_instance_profile.role'],
    },
    load: async () => (await import('./instanceProfile.ts')).instanceProfile,
  },
  {
    kind: 'identity-provider',
    words: 'identity provider',
    client: 'iam',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::IAM::SAMLProvider',
    namesPrincipals: true,
    grantedElsewhere: () => 'nowhere',
    scope: 'global',
    parts: [{ id: 'document', role: 'resource', text: 'derived', absence: 'not-allowed' }],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: ['iam:GetSAMLProvider'],
          resources: ['arn:{partition}:iam::{account}:saml-provider/*'],
        },
        {
          actions: ['iam:GetOpenIDConnectProvider'],
          resources: ['arn:{partition}:iam::{account}:oidc-provider/*'],
        },
      ],
      list: [{ actions: ['iam:ListSAMLProviders', 'iam:ListOpenIDConnectProviders'], resources: ['*'] }],
      write: [],
    },
    undo: providerCommands,
    findingType: 'Other',
    places: {
      cloudFormation: [
        'AWS::IAM::SAMLProvider.SamlMetadataDocument',
        'AWS::IAM::OIDCProvider.ClientIdList',
        'AWS::IAM::OIDCProvider.ThumbprintList',
      ],
      terraform: [
        'aws_iam_saml_provider.saml_metadata_document',
        'aws_iam_openid_connect_provider.client_id_list',
        'aws_iam_openid_connect_provider.thumbprint_list',
      ],
    },
    whyNotRestorable: () =>
      'an identity provider is only reported: whether the old certificate or audience is still in use, only people know',
    load: async () => (await import('./identityProvider.ts')).identityProvider,
  },
];
