/** What there is to know of the kinds of IAM Identity Center. */
import { resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, DocumentCommand, KindDefinition } from '../../targets/kind.ts';
import type { Snapshot } from '../../targets/target.ts';
import { memberCommands, partNames, quoted, splitId } from '../../targets/undo.ts';

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
    undo: setCommands,
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
        const [, set = '', type, principal] = /^(.*)\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
        return `aws sso-admin ${verb}-account-assignment ${whichSet(set)} --target-type AWS_ACCOUNT --target-id ${resourceName(live.target.arn)} --principal-type ${type} --principal-id ${principal}`;
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

/** The options that name a permission set; its ARN names its instance too. */
function whichSet(arn: string): string {
  const instance = arn.replace(/:permissionSet\/([^/]+)\/.*$/, ':instance/$1');
  return `--instance-arn ${instance} --permission-set-arn ${arn}`;
}

/** What makes a permission set what it was, and then brings that to the accounts that have it. */
function setCommands({ target: { arn }, parts }: Snapshot, wanted: Snapshot): (string | DocumentCommand)[] {
  const which = whichSet(arn);
  const call = (operation: string, options = '') => `aws sso-admin ${operation} ${which}${options}`;
  const there = new Map(parts.map(({ id, document }) => [id, document]));
  const before = new Map(wanted.parts.map(({ id, document }) => [id, document]));
  const surplus = [...there.keys()].filter((id) => !before.has(id));
  const missing = [...before.keys()].filter((id) => !there.has(id));
  const reference = (path: string) => {
    const at = path.lastIndexOf('/') + 1;
    return quoted(`Name=${path.slice(at)},Path=${path.slice(0, at)}`);
  };
  const commands: { readonly [sort: string]: (name: string, isBack: boolean) => string } = {
    boundary: (name, isBack) =>
      isBack
        ? call(
            'put-permissions-boundary-to-permission-set',
            ` --permissions-boundary ${name.startsWith('arn:') ? `ManagedPolicyArn=${name}` : quoted(`CustomerManagedPolicyReference={${reference(name)}}`)}`,
          )
        : call('delete-permissions-boundary-from-permission-set'),
    attached: (name, isBack) =>
      call(
        isBack ? 'attach-managed-policy-to-permission-set' : 'detach-managed-policy-from-permission-set',
        ` --managed-policy-arn ${name}`,
      ),
    named: (name, isBack) =>
      call(
        isBack
          ? 'attach-customer-managed-policy-reference-to-permission-set'
          : 'detach-customer-managed-policy-reference-from-permission-set',
        ` --customer-managed-policy-reference ${reference(name)}`,
      ),
  };
  const boundaryBack = missing.some((id) => id.startsWith('boundary:'));
  const ofPart = (isBack: boolean) => (id: string) => {
    const [sort, name] = splitId(id);
    // Putting the boundary before replaces the one there is.
    return !isBack && sort === 'boundary' && boundaryBack ? [] : (commands[sort]?.(name, isBack) ?? []);
  };
  const inline = before.get('inline');
  const written: (string | DocumentCommand)[] = [
    ...missing.filter((id) => id.startsWith('boundary:')).flatMap(ofPart(true)),
    ...surplus.flatMap(ofPart(false)),
    ...missing.filter((id) => !id.startsWith('boundary:')).flatMap(ofPart(true)),
  ];
  if (before.has('inline') && inline !== there.get('inline'))
    written.push({
      command: call('put-inline-policy-to-permission-set', ' --inline-policy file://before.json'),
      document: inline,
    });
  if (!before.has('inline') && there.has('inline'))
    written.push(call('delete-inline-policy-from-permission-set'));
  return written.length === 0
    ? []
    : [...written, call('provision-permission-set', ' --target-type ALL_PROVISIONED_ACCOUNTS')];
}
