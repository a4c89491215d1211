/** What there is to know of the kinds of RAM. */
import type { ClientDefinition, DocumentCommand, KindDefinition } from '../../targets/kind.ts';
import type { Snapshot } from '../../targets/target.ts';
import { withoutParts } from './resourceShareDocument.ts';
import {
  EXTERNAL,
  factsOf,
  HELD_BY,
  HELD_BY_DEFAULT,
  permissionChanges,
  SHARED,
  type ShareFacts,
  WITH,
} from './shareParts.ts';

const SHARES = ['arn:{partition}:ram:*:{account}:resource-share/*'];
const PERMISSIONS = ['arn:{partition}:ram:*:{account}:permission/*'];
const ANY_PERMISSION = ['arn:{partition}:ram::aws:permission/*', ...PERMISSIONS];

const ERRORS = {
  gone: ['UnknownResourceException', 'ResourceArnNotFoundException'],
  notNow: ['OperationNotPermittedException', 'InvalidStateTransitionException'],
} as const;

export const RAM_CLIENTS: readonly ClientDefinition[] = [
  { name: 'ram', module: '@aws-sdk/client-ram', class: 'RAMClient', scope: 'ram', protocol: 'restJson' },
];

export const RAM_KINDS: readonly KindDefinition[] = [
  {
    kind: 'resource-share',
    words: 'resource share',
    client: 'ram',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::RAM::ResourceShare',
    namesPrincipals: true,
    // Whoever may write the share.
    grantedElsewhere: () => 'by-anyone',
    scope: 'regional',
    isWrittenAsRead: true,
    withoutParts,
    parts: [
      { id: 'document', role: 'resource', text: 'derived', absence: 'not-allowed' },
      ...[`${WITH}*`, `${SHARED}*`, `${HELD_BY}*`, `${HELD_BY_DEFAULT}*`, EXTERNAL].map(
        (id) => ({ id, role: 'resource', text: 'derived', absence: 'grants-nothing' }) as const,
      ),
    ],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: [
            'ram:GetResourceShares',
            'ram:GetResourceShareAssociations',
            'ram:ListResources',
            'ram:ListPermissionAssociations',
            'ram:ListReplacePermissionAssociationsWork',
          ],
          resources: ['*'],
        },
        { actions: ['ram:ListResourceSharePermissions'], resources: SHARES },
        { actions: ['ram:GetPermission'], resources: ANY_PERMISSION },
      ],
      list: [],
      write: [
        {
          actions: [
            'ram:AssociateResourceShare',
            'ram:DisassociateResourceShare',
            'ram:UpdateResourceShare',
            'ram:AssociateResourceSharePermission',
            'ram:DisassociateResourceSharePermission',
          ],
          resources: SHARES,
        },
      ],
    },
    undo: shareCommands,
    findingType: 'Other',
    places: {
      cloudFormation: [
        'AWS::RAM::ResourceShare.Principals',
        'AWS::RAM::ResourceShare.ResourceArns',
        'AWS::RAM::ResourceShare.PermissionArns',
        'AWS::RAM::ResourceShare.AllowExternalPrincipals',
      ],
      terraform: [
        'aws_ram_resource_share.allow_external_principals',
        'aws_ram_principal_association.principal',
        'aws_ram_resource_association.resource_arn',
      ],
    },
    load: async () => (await import('./resourceShare.ts')).resourceShare,
  },
  {
    kind: 'resource-share-permission',
    words: 'share permission',
    client: 'ram',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::RAM::Permission',
    namesPrincipals: false,
    // It only allows.
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    parts: [{ id: 'document', role: 'grant', text: 'derived', absence: 'not-allowed' }],
    identity: 'creation-time',
    errors: ERRORS,
    permissions: {
      read: [
        { actions: ['ram:ListPermissionAssociations'], resources: ['*'] },
        { actions: ['ram:GetPermission', 'ram:ListPermissionVersions'], resources: ANY_PERMISSION },
      ],
      list: [{ actions: ['ram:ListPermissions'], resources: ['*'] }],
      write: [
        {
          actions: [
            'ram:CreatePermissionVersion',
            'ram:SetDefaultPermissionVersion',
            'ram:DeletePermissionVersion',
          ],
          resources: PERMISSIONS,
        },
      ],
    },
    undo: ({ target: { arn }, restoreHints }, { revision, restoreHints: kept }) => {
      const versions = restoreHints?.['versions'];
      const isGone = Array.isArray(versions) && !versions.includes(revision);
      return [
        revision === undefined || isGone
          ? {
              command: `aws ram create-permission-version --permission-arn ${arn} --policy-template file://before.json`,
              document: textOf(kept?.['template']),
            }
          : `aws ram set-default-permission-version --permission-arn ${arn} --permission-version ${revision}`,
      ];
    },
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::RAM::Permission.PolicyTemplate'],
      terraform: [],
      none: 'the AWS provider has no such resource',
    },
    load: async () => (await import('./resourceSharePermission.ts')).resourceSharePermission,
  },
];

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What is in a share, with whom and by which permissions, each as the options of a command take them. */
function shareCommands(live: Snapshot, wanted: Snapshot): (string | DocumentCommand)[] {
  const which = `--resource-share-arn ${live.target.arn}`;
  if (!wanted.exists) return [`aws ram delete-resource-share ${which}`];
  const [there, before] = [live, wanted].map(factsOf);
  if (there === undefined || before === undefined) return [];
  const only = (share: ShareFacts, other: ShareFacts) =>
    (
      [
        ['principals', 'principals'],
        ['resources', 'resource-arns'],
      ] as const
    ).flatMap(([name, option]) => {
      const names = share[name].filter((one) => !other[name].includes(one));
      return names.length > 0 ? [` --${option} ${names.join(' ')}`] : [];
    });
  const [surplus, missing] = [only(there, before), only(before, there)];
  const { gone, put } = permissionChanges(there.permissions, before.permissions);
  const { allowExternalPrincipals: mayLeave } = before;
  return [
    ...(surplus.length > 0 ? [`aws ram disassociate-resource-share ${which}${surplus.join('')}`] : []),
    ...gone.map((arn) => `aws ram disassociate-resource-share-permission ${which} --permission-arn ${arn}`),
    ...put.map(
      ({ arn, version, replace }) =>
        `aws ram associate-resource-share-permission ${which} --permission-arn ${arn} --permission-version ${version} --${replace ? '' : 'no-'}replace`,
    ),
    ...(mayLeave === there.allowExternalPrincipals
      ? []
      : [`aws ram update-resource-share ${which} --${mayLeave ? '' : 'no-'}allow-external-principals`]),
    ...(missing.length > 0 ? [`aws ram associate-resource-share ${which}${missing.join('')}`] : []),
  ];
}
