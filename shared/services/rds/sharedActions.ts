/** What being on the sharing list of a snapshot allows. Source: RDS User Guide, "Sharing a DB snapshot". */
export const SHARED_ACTIONS = {
  DBSnapshot: ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:CopyDBSnapshot', 'rds:DescribeDBSnapshots'],
  DBClusterSnapshot: [
    'rds:RestoreDBClusterFromSnapshot',
    'rds:CopyDBClusterSnapshot',
    'rds:DescribeDBClusterSnapshots',
  ],
} as const;
