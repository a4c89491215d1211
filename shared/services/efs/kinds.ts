/** What there is to know of the kinds of EFS. */
import { resourceName } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, LIMIT } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const EFS_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'efs',
    module: '@aws-sdk/client-efs',
    class: 'EFSClient',
    scope: 'elasticfilesystem',
    protocol: 'restJson',
  },
];

export const EFS_KINDS: readonly KindDefinition[] = [
  {
    ...LIMIT,
    kind: 'file-system-policy',
    words: 'policy of file system',
    client: 'efs',
    resourceType: 'AWS::EFS::FileSystem',

    parts: [{ id: 'document', role: 'limit', text: 'own', absence: 'limits-nothing' }],
    identity: 'unique-id',
    errors: { gone: ['FileSystemNotFound'], notNow: ['IncorrectFileSystemLifeCycleState'] },
    permissions: {
      read: [
        {
          actions: ['elasticfilesystem:DescribeFileSystems', 'elasticfilesystem:DescribeFileSystemPolicy'],
          resources: ['arn:{partition}:elasticfilesystem:*:{account}:file-system/*'],
        },
      ],
      list: [{ actions: ['elasticfilesystem:DescribeFileSystems'], resources: ['*'] }],
      write: [
        {
          actions: ['elasticfilesystem:PutFileSystemPolicy', 'elasticfilesystem:DeleteFileSystemPolicy'],
          resources: ['arn:{partition}:elasticfilesystem:*:{account}:file-system/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws efs put-file-system-policy --file-system-id ${resourceName(arn)} --policy file://before.json`,
      (arn) => `aws efs delete-file-system-policy --file-system-id ${resourceName(arn)}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::EFS::FileSystem.FileSystemPolicy'],
      terraform: ['aws_efs_file_system_policy.policy'],
    },

    load: async () => (await import('./fileSystemPolicy.ts')).fileSystemPolicy,
  },
];
