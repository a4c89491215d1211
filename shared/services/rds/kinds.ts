/** What there is to know of the kinds of RDS. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { sharingCommands } from '../../targets/sharingUndo.ts';

export const RDS_CLIENTS: readonly ClientDefinition[] = [
  { name: 'rds', module: '@aws-sdk/client-rds', class: 'RDSClient', scope: 'rds', protocol: 'awsQuery' },
];

export const RDS_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'rds-snapshot-sharing',
    words: 'sharing of database snapshot',
    client: 'rds',
    resourceType: 'AWS::RDS::DBSnapshot',

    parts: [{ id: 'shared-with:*', role: 'resource', text: 'derived', absence: 'grants-nothing' }],
    identity: 'none',
    errors: {
      gone: ['DBSnapshotNotFoundFault', 'DBSnapshotNotFound'],
      notNow: ['InvalidDBSnapshotStateFault', 'InvalidDBSnapshotState'],
    },
    permissions: {
      read: [
        {
          actions: ['rds:DescribeDBSnapshotAttributes'],
          resources: ['arn:{partition}:rds:*:{account}:snapshot:*'],
        },
      ],
      list: [{ actions: ['rds:DescribeDBSnapshots'], resources: ['*'] }],
      write: [
        {
          actions: ['rds:ModifyDBSnapshotAttribute'],
          resources: ['arn:{partition}:rds:*:{account}:snapshot:*'],
        },
      ],
    },
    undo: sharingCommands(
      (id, how, names) =>
        `aws rds modify-db-snapshot-attribute --db-snapshot-identifier ${id} --attribute-name restore --${how} ${names.join(' ')}`,
      ['values-to-add', 'values-to-remove'],
    ),
    findingType: 'AwsRdsDbSnapshot',
    places: {
      cloudFormation: [],
      terraform: ['aws_db_snapshot.shared_accounts', 'aws_db_snapshot_copy.shared_accounts'],
    },

    load: async () => (await import('./rdsSharing.ts')).rdsSnapshotSharing,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'rds-cluster-snapshot-sharing',
    words: 'sharing of cluster snapshot',
    client: 'rds',
    resourceType: 'AWS::RDS::DBClusterSnapshot',

    parts: [{ id: 'shared-with:*', role: 'resource', text: 'derived', absence: 'grants-nothing' }],
    identity: 'none',
    errors: {
      gone: ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotNotFound'],
      notNow: ['InvalidDBClusterSnapshotStateFault'],
    },
    permissions: {
      read: [
        {
          actions: ['rds:DescribeDBClusterSnapshotAttributes'],
          resources: ['arn:{partition}:rds:*:{account}:cluster-snapshot:*'],
        },
      ],
      list: [{ actions: ['rds:DescribeDBClusterSnapshots'], resources: ['*'] }],
      write: [
        {
          actions: ['rds:ModifyDBClusterSnapshotAttribute'],
          resources: ['arn:{partition}:rds:*:{account}:cluster-snapshot:*'],
        },
      ],
    },
    undo: sharingCommands(
      (id, how, names) =>
        `aws rds modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier ${id} --attribute-name restore --${how} ${names.join(' ')}`,
      ['values-to-add', 'values-to-remove'],
    ),
    findingType: 'AwsRdsDbClusterSnapshot',
    places: { cloudFormation: [], terraform: ['aws_db_cluster_snapshot.shared_accounts'] },

    load: async () => (await import('./rdsSharing.ts')).rdsClusterSnapshotSharing,
  },
];
