/** Events of Backup vaults. */
import { type EventRow, requestText, type ServiceEvents, textOf } from '../../changes/eventRow.ts';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'backup.amazonaws.com',
  name,
  kind: 'backup-vault-policy',
  target: ({ request, partition, region, accountId }) => {
    const name = textOf(request, 'backupVaultName');
    return name && `arn:${partition}:backup:${region}:${accountId}:backup-vault:${name}`;
  },
  needs: 'requestParameters.backupVaultName',
  restore,
  ...more,
});

export const BACKUP_EVENTS: ServiceEvents = {
  source: 'backup.amazonaws.com',
  rows: [
    row('PutBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy or DeleteBackupVaultAccessPolicy', {
      document: requestText('policy'),
    }),
    row('DeleteBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy'),
    row('CreateBackupVault', 'not restored', { effect: 'creates' }),
    row('DeleteBackupVault', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
