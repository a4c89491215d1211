/** What there is to know of the kinds of S3 Tables. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const S3_TABLES_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 's3Tables',
    module: './s3TablesClient.ts',
    class: 'S3TablesClient',
    scope: 's3tables',
    protocol: 'restJson',
  },
];

export const S3_TABLES_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'table-bucket-policy',
    words: 'policy of table bucket',
    client: 's3Tables',
    resourceType: 'AWS::S3Tables::TableBucket',

    identity: 'none',
    errors: { gone: ['NotFoundException'], notNow: ['ConflictException'] },
    permissions: {
      read: [
        {
          actions: ['s3tables:GetTableBucketPolicy'],
          resources: ['arn:{partition}:s3tables:*:{account}:bucket/*'],
        },
      ],
      list: [{ actions: ['s3tables:ListTableBuckets'], resources: ['*'] }],
      write: [
        {
          actions: ['s3tables:PutTableBucketPolicy', 's3tables:DeleteTableBucketPolicy'],
          resources: ['arn:{partition}:s3tables:*:{account}:bucket/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws s3tables put-table-bucket-policy --table-bucket-arn ${arn} --resource-policy file://before.json`,
      (arn) => `aws s3tables delete-table-bucket-policy --table-bucket-arn ${arn}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::S3Tables::TableBucketPolicy.ResourcePolicy'],
      terraform: ['aws_s3tables_table_bucket_policy.resource_policy'],
    },
    load: async () => (await import('./tableBucketPolicy.ts')).tableBucketPolicy,
  },
];
