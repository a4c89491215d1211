/** Events of Backup vaults. */

import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

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
      edit: puts(requestText('policy')),
    }),
    row('DeleteBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy', { edit: removes() }),
    row('CreateBackupVault', 'not restored', { edit: makes() }),
    row('DeleteBackupVault', 'not restored', { edit: ends }),
  ],
};
