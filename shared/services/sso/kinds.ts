/** What there is to know of the kinds of IAM Identity Center. */
import { resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';
import { memberCommands, partNames } from '../../targets/undo.ts';

const SETS = [
  'arn:{partition}:sso:::instance/*',
  'arn:{partition}:sso:::permissionSet/*/*',
  'arn:{partition}:sso:::account/*',
];
const ERRORS = { gone: ['ResourceNotFoundException'], notNow: ['ConflictException'] } as const;

export const SSO_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'ssoAdmin',
    module: '@aws-sdk/client-sso-admin',
    class: 'SSOAdminClient',
    scope: 'sso',
    protocol: 'awsJson',
  },
];

export const SSO_KINDS: readonly KindDefinition[] = [
  {
    kind: 'permission-set',
    words: 'permission set',
    client: 'ssoAdmin',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::SSO::PermissionSet',
    namesPrincipals: false,
    // Whoever is assigned it acts with this alone.
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    parts: [
      { id: 'inline', role: 'grant', text: 'own', absence: 'grants-nothing' },
      { id: 'attached:*', role: 'grant', text: 'shared', absence: 'grants-nothing' },
      { id: 'named:*', role: 'grant', text: 'derived', absence: 'grants-nothing' },
      { id: 'boundary:*', role: 'boundary', text: 'shared', absence: 'limits-nothing' },
    ],
    // The ARN of a set is never used again.
    identity: 'creation-time',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: [
            'sso:DescribePermissionSet',
            'sso:GetInlinePolicyForPermissionSet',
            'sso:GetPermissionsBoundaryForPermissionSet',
            'sso:ListManagedPoliciesInPermissionSet',
            'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
          ],
          resources: SETS,
        },
      ],
      list: [
        { actions: ['sso:ListInstances'], resources: ['*'] },
        { actions: ['sso:ListPermissionSets'], resources: ['arn:{partition}:sso:::instance/*'] },
      ],
      write: [
        {
          actions: [
            'sso:PutInlinePolicyToPermissionSet',
            'sso:DeleteInlinePolicyFromPermissionSet',
            'sso:AttachManagedPolicyToPermissionSet',
            'sso:DetachManagedPolicyFromPermissionSet',
            'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
            'sso:DetachCustomerManagedPolicyReferenceFromPermissionSet',
            'sso:PutPermissionsBoundaryToPermissionSet',
            'sso:DeletePermissionsBoundaryFromPermissionSet',
            'sso:ProvisionPermissionSet',
          ],
          resources: SETS,
        },
      ],
    },
    undo: ({ target: { arn } }) => [
      `aws sso-admin put-inline-policy-to-permission-set --instance-arn … --permission-set-arn ${arn} --inline-policy file://before.json`,
      `aws sso-admin provision-permission-set --instance-arn … --permission-set-arn ${arn} --target-type ALL_PROVISIONED_ACCOUNTS`,
    ],
    findingType: 'Other',
    places: {
      cloudFormation: [
        'AWS::SSO::PermissionSet.InlinePolicy',
        'AWS::SSO::PermissionSet.ManagedPolicies',
        'AWS::SSO::PermissionSet.CustomerManagedPolicyReferences',
        'AWS::SSO::PermissionSet.PermissionsBoundary',
      ],
      terraform: [
        'aws_ssoadmin_permission_set_inline_policy.inline_policy',
        'aws_ssoadmin_managed_policy_attachment.managed_policy_arn',
        'aws_ssoadmin_customer_managed_policy_attachment.customer_managed_policy_reference',
        'aws_ssoadmin_permissions_boundary_attachment.permissions_boundary',
      ],
    },
    load: async () => (await import('./permissionSet.ts')).permissionSet,
  },
  {
    kind: 'account-assignment',
    words: 'assignments of account',
    client: 'ssoAdmin',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::SSO::Assignment',
    // Users and groups of the own directory: none of them is a stranger.
    namesPrincipals: false,
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    parts: [{ id: 'assignment:*', role: 'resource', text: 'derived', absence: 'grants-nothing' }],
    identity: 'none',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: [
            'sso:DescribePermissionSet',
            'sso:ListPermissionSetsProvisionedToAccount',
            'sso:ListAccountAssignments',
            'sso:ListAccountAssignmentCreationStatus',
            'sso:DescribeAccountAssignmentCreationStatus',
            'sso:DescribeAccountAssignmentDeletionStatus',
          ],
          resources: SETS,
        },
        {
          actions: ['sso:ListInstances'],
          resources: ['*'],
          why: 'assignments are read instance by instance',
        },
      ],
      list: [{ actions: ['sso:ListInstances', 'organizations:ListAccounts'], resources: ['*'] }],
      write: [{ actions: ['sso:CreateAccountAssignment', 'sso:DeleteAccountAssignment'], resources: SETS }],
    },
    undo: (live, wanted) => {
      const command = (verb: string) => (id: string) => {
        const [, set, type, principal] = /^(.*)\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
        return `aws sso-admin ${verb}-account-assignment --instance-arn … --permission-set-arn ${set} --target-type AWS_ACCOUNT --target-id ${resourceName(live.target.arn)} --principal-type ${type} --principal-id ${principal}`;
      };
      return memberCommands(partNames(live), partNames(wanted), {
        remove: command('delete'),
        add: command('create'),
      });
    },
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::SSO::Assignment.PermissionSetArn'],
      terraform: ['aws_ssoadmin_account_assignment.permission_set_arn'],
    },
    load: async () => (await import('./accountAssignment.ts')).accountAssignment,
  },
];
