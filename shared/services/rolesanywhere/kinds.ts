/** What there is to know of the kinds of IAM Roles Anywhere. */
import { resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, DocumentCommand, KindDefinition } from '../../targets/kind.ts';
import type { Snapshot } from '../../targets/target.ts';
import { memberOf } from '../../targets/undo.ts';

const PROFILES = ['arn:{partition}:rolesanywhere:*:{account}:profile/*'];
const ANCHORS = ['arn:{partition}:rolesanywhere:*:{account}:trust-anchor/*'];
const ERRORS = { gone: ['ResourceNotFoundException'], notNow: [] } as const;

export const ROLES_ANYWHERE_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'rolesAnywhere',
    module: './rolesAnywhereClient.ts',
    class: 'RolesAnywhereClient',
    scope: 'rolesanywhere',
    protocol: 'restJson',
  },
];

export const ROLES_ANYWHERE_KINDS: readonly KindDefinition[] = [
  {
    kind: 'roles-anywhere-profile',
    words: 'profile of Roles Anywhere',
    client: 'rolesAnywhere',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::RolesAnywhere::Profile',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-roles',
    scope: 'regional',
    isWrittenAsRead: true,
    parts: [
      { id: 'roles', role: 'boundary', text: 'derived', absence: 'not-allowed' },
      { id: 'session', role: 'boundary', text: 'derived', absence: 'default' },
      { id: 'attached:*', role: 'boundary', text: 'shared', absence: 'default' },
    ],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['rolesanywhere:GetProfile'], resources: PROFILES }],
      list: [{ actions: ['rolesanywhere:ListProfiles'], resources: ['*'] }],
      write: [
        {
          actions: [
            'rolesanywhere:UpdateProfile',
            'rolesanywhere:EnableProfile',
            'rolesanywhere:DisableProfile',
          ],
          resources: PROFILES,
          why: 'never their roles, which would take iam:PassRole',
        },
      ],
    },
    undo: profileCommands,
    findingType: 'Other',
    places: {
      cloudFormation: [
        'AWS::RolesAnywhere::Profile.RoleArns',
        'AWS::RolesAnywhere::Profile.SessionPolicy',
        'AWS::RolesAnywhere::Profile.ManagedPolicyArns',
        'AWS::RolesAnywhere::Profile.Enabled',
      ],
      terraform: [
        'aws_rolesanywhere_profile.role_arns',
        'aws_rolesanywhere_profile.session_policy',
        'aws_rolesanywhere_profile.managed_policy_arns',
        'aws_rolesanywhere_profile.enabled',
      ],
    },
    load: async () => (await import('./rolesAnywhereProfile.ts')).rolesAnywhereProfile,
  },
  {
    kind: 'roles-anywhere-trust-anchor',
    words: 'trust anchor',
    client: 'rolesAnywhere',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::RolesAnywhere::TrustAnchor',
    namesPrincipals: true,
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    parts: [{ id: 'document', role: 'resource', text: 'derived', absence: 'not-allowed' }],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [
        { actions: ['rolesanywhere:GetTrustAnchor'], resources: ANCHORS },
        {
          actions: ['rolesanywhere:ListCrls'],
          resources: ['*'],
          why: 'lists of revoked certificates belong to no resource',
        },
      ],
      list: [{ actions: ['rolesanywhere:ListTrustAnchors'], resources: ['*'] }],
      write: [],
    },
    undo: ({ target: { arn } }) => [
      `aws rolesanywhere disable-trust-anchor --trust-anchor-id ${resourceName(arn)}`,
    ],
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::RolesAnywhere::TrustAnchor.Source', 'AWS::RolesAnywhere::TrustAnchor.Enabled'],
      terraform: ['aws_rolesanywhere_trust_anchor.source', 'aws_rolesanywhere_trust_anchor.enabled'],
    },
    whyNotRestorable: () =>
      'a trust anchor is only reported: whose certificates are to be believed, only people know; disable it if not these',
    load: async () => (await import('./rolesAnywhereTrustAnchor.ts')).rolesAnywhereTrustAnchor,
  },
];

/** Switched off, a profile lets nothing pass, so that goes first and the other way last. */
function profileCommands(live: Snapshot, wanted: Snapshot): (string | DocumentCommand)[] {
  const which = `--profile-id ${resourceName(live.target.arn)}`;
  const [there, before] = [live, wanted].map(({ restoreHints }) => ({
    isEnabled: memberOf(restoreHints?.['profile'], 'enabled') === true,
    session: memberOf(restoreHints?.['profile'], 'sessionPolicy'),
    lists: [
      ['role-arns', 'roleArns'],
      ['managed-policy-arns', 'managedPolicyArns'],
    ].map(([option = '', name = '']) => ` --${option} ${listed(memberOf(restoreHints?.['profile'], name))}`),
  }));
  if (before?.isEnabled !== true) return [`aws rolesanywhere disable-profile ${which}`];
  const options = before.lists.filter((list, index) => list !== there?.lists[index]).join('');
  const update = `aws rolesanywhere update-profile ${which}${options}`;
  const isSession = before.session !== there?.session;
  const session = typeof before.session === 'string' ? before.session : '';
  return [
    ...(isSession ? [{ command: `${update} --session-policy file://before.json`, document: session }] : []),
    ...(!isSession && options !== '' ? [update] : []),
    ...(there?.isEnabled === true ? [] : [`aws rolesanywhere enable-profile ${which}`]),
  ];
}

/** As the AWS CLI takes a list. */
function listed(values: unknown): string {
  return Array.isArray(values) && values.length > 0 ? values.join(' ') : "'[]'";
}
