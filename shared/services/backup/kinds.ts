/** What there is to know of the kinds of Backup. */
import { resourceName } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const BACKUP_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'backup',
    module: '@aws-sdk/client-backup',
    class: 'BackupClient',
    scope: 'backup',
    protocol: 'restJson',
  },
];

export const BACKUP_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'backup-vault-policy',
    words: 'access policy of vault',
    client: 'backup',
    resourceType: 'AWS::Backup::BackupVault',

    identity: 'creation-time',
    errors: { gone: ['ResourceNotFoundException'], notNow: [] },
    permissions: {
      read: [
        {
          actions: ['backup:DescribeBackupVault', 'backup:GetBackupVaultAccessPolicy'],
          resources: ['arn:{partition}:backup:*:{account}:backup-vault:*'],
        },
      ],
      list: [{ actions: ['backup:ListBackupVaults'], resources: ['*'] }],
      write: [
        {
          actions: ['backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy'],
          resources: ['arn:{partition}:backup:*:{account}:backup-vault:*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws backup put-backup-vault-access-policy --backup-vault-name ${resourceName(arn)} --policy file://before.json`,
      (arn) => `aws backup delete-backup-vault-access-policy --backup-vault-name ${resourceName(arn)}`,
    ),
    findingType: 'AwsBackupBackupVault',
    places: {
      cloudFormation: ['AWS::Backup::BackupVault.AccessPolicy'],
      terraform: ['aws_backup_vault_policy.policy'],
    },

    load: async () => (await import('./backupVaultPolicy.ts')).backupVaultPolicy,
  },
];
