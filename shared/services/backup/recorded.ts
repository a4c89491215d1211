/** Backup's operations on vaults and their access policies in memory. Source: Backup API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  type RecordedService,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import {
  type Documented,
  deleting,
  reading,
  removing,
  resourceNamed,
  writing,
} from '../../recording/documentOperations.ts';

function vaultArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return `arn:${account.partition}:backup:${region}:${account.accountId}:backup-vault:${required(input, 'BackupVaultName')}`;
}

const VAULT: Documented = {
  arnOf: vaultArn,
  notFound: 'ResourceNotFoundException',
  noPolicy: 'ResourceNotFoundException',
};

const OPERATIONS: OperationTable = {
  CreateBackupVault(account, input, context) {
    return { BackupVaultArn: makeResource(account, vaultArn(account, input, context), context.now).arn };
  },
  DeleteBackupVault: deleting(VAULT),
  DescribeBackupVault(account, input, context) {
    const { arn, created } = resourceNamed(VAULT, account, input, { ...context, lenient: false });
    return { BackupVaultArn: arn, CreationDate: created };
  },
  GetBackupVaultAccessPolicy: reading(VAULT, (Policy) => ({ Policy })),
  PutBackupVaultAccessPolicy: writing(VAULT, 'Policy'),
  DeleteBackupVaultAccessPolicy: removing(VAULT),
  ListBackupVaults: (account, _, { region }) => ({
    BackupVaultList: resourcesOf(account, 'backup', region).map(({ arn }) => ({ BackupVaultArn: arn })),
  }),
};

export const BACKUP: RecordedService = {
  client: 'backup',
  source: 'backup.amazonaws.com',
  operations: OPERATIONS,
};
