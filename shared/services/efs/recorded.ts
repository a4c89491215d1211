/** EFS's operations on file systems and their policies in memory. Source: EFS API Reference. */
import {
  type Account,
  capitalised,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import {
  type Documented,
  deleting,
  reading,
  removing,
  resourceNamed,
  writing,
} from '../../recording/documentOperations.ts';

function fileSystemArn(account: Account, id: string, { region }: Pick<OperationContext, 'region'>): string {
  if (id.startsWith('arn:')) return id;
  return `arn:${account.partition}:elasticfilesystem:${region}:${account.accountId}:file-system/${id}`;
}

const FILE_SYSTEM: Documented = {
  arnOf: (account, input, context) => fileSystemArn(account, required(input, 'FileSystemId'), context),
  notFound: 'FileSystemNotFound',
  noPolicy: 'PolicyNotFound',
};

const described = ({ arn, created }: Resource): Input => ({
  FileSystemArn: arn,
  FileSystemId: arn.slice(arn.indexOf('/') + 1),
  CreationTime: created,
});

const OPERATIONS: OperationTable = {
  CreateFileSystem(account, input, context) {
    const drawn = `fs-${uniqueIdOf('', required(input, 'CreationToken'), context.now).toLowerCase()}`;
    const id = optional(input, 'FileSystemId') ?? drawn;
    return described(makeResource(account, fileSystemArn(account, id, context), context.now));
  },
  DeleteFileSystem: deleting(FILE_SYSTEM),
  DescribeFileSystems(account, input, context) {
    const found =
      optional(input, 'FileSystemId') === undefined
        ? resourcesOf(account, 'elasticfilesystem', context.region)
        : [resourceNamed(FILE_SYSTEM, account, input, { ...context, lenient: false })];
    return { FileSystems: found.map(described) };
  },
  DescribeFileSystemPolicy: reading(FILE_SYSTEM, (Policy) => ({ Policy })),
  PutFileSystemPolicy: writing(FILE_SYSTEM, 'Policy'),
  DeleteFileSystemPolicy: removing(FILE_SYSTEM),
};

/** The id of a new file system stands in the answer. */
export const EFS: RecordedService = {
  client: 'efs',
  source: 'elasticfilesystem.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({
    ...capitalised(request),
    ...(response['fileSystemId'] === undefined ? {} : { FileSystemId: response['fileSystemId'] }),
  }),
  toResponse: (output) =>
    output['FileSystemId'] === undefined ? {} : { fileSystemId: output['FileSystemId'] },
};
