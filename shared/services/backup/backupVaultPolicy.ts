/** Access policies of Backup vaults. */
import {
  DeleteBackupVaultAccessPolicyCommand,
  DescribeBackupVaultCommand,
  GetBackupVaultAccessPolicyCommand,
  ListBackupVaultsCommand,
  PutBackupVaultAccessPolicyCommand,
} from '@aws-sdk/client-backup';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';

const NOT_THERE = ['ResourceNotFoundException'];

export const backupVaultPolicy = documentTarget({
  kind: 'backup-vault-policy',
  service: 'backup',
  noun: 'backup vault',
  async read(backup, target) {
    const BackupVaultName = lastOf(target);
    const found = await unless(NOT_THERE, backup.send(new DescribeBackupVaultCommand({ BackupVaultName })));
    if (found === undefined) return undefined;
    const held = await unless(
      NOT_THERE,
      backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })),
    );
    const created = found.CreationDate;
    return { document: held?.Policy, uniqueId: created?.toISOString(), created };
  },
  async *list(backup) {
    const vaults = allPages(async (NextToken) => {
      const page = await orFault(backup.send(new ListBackupVaultsCommand({ NextToken })));
      return { items: page.BackupVaultList ?? [], next: page.NextToken };
    });
    for await (const { BackupVaultArn: arn } of vaults) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutBackupVaultAccessPolicy',
    send: (backup, { target, document: Policy }) =>
      backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName: lastOf(target), Policy })),
  },
  remove: {
    operation: 'DeleteBackupVaultAccessPolicy',
    send: (backup, { target }) =>
      backup.send(new DeleteBackupVaultAccessPolicyCommand({ BackupVaultName: lastOf(target) })),
  },
});
