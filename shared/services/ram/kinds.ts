/** What there is to know of the kinds of RAM. */
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';

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
    parts: [{ id: 'document', role: 'resource', text: 'derived', absence: 'not-allowed' }],
    identity: 'unique-id',
    errors: ERRORS,
    permissions: {
      read: [
        {
          actions: ['ram:GetResourceShares', 'ram:GetResourceShareAssociations', 'ram:ListResources'],
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
    undo: ({ target: { arn } }) => [`aws ram disassociate-resource-share --resource-share-arn ${arn} …`],
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
    undo: ({ target: { arn } }, { revision = 'VERSION-BEFORE' }) => [
      `aws ram set-default-permission-version --permission-arn ${arn} --permission-version ${revision}`,
    ],
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::RAM::Permission.PolicyTemplate'],
      terraform: [],
      none: 'the AWS provider has no such resource',
    },
    load: async () => (await import('./resourceSharePermission.ts')).resourceSharePermission,
  },
];
