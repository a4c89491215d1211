/** Kinesis's operations on streams and resource policies in memory. Source: Kinesis Data Streams API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

const STREAM: Documented = {
  arnOf: (_, input) => required(input, 'ResourceARN'),
  notFound: 'ResourceNotFoundException',
};

function streamArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  return (
    optional(input, 'StreamARN') ??
    `arn:${account.partition}:kinesis:${region}:${account.accountId}:stream/${required(input, 'StreamName')}`
  );
}

const OPERATIONS: OperationTable = {
  CreateStream(account, input, context) {
    makeResource(account, streamArn(account, input, context), context.now);
    return {};
  },
  DeleteStream: deleting({ ...STREAM, arnOf: streamArn }),
  GetResourcePolicy: reading(STREAM, (policy) => ({ Policy: policy ?? '{}' })),
  PutResourcePolicy: writing(STREAM, 'Policy'),
  DeleteResourcePolicy: removing(STREAM),
  ListStreams: (account, _, { region }) => ({
    StreamSummaries: resourcesOf(account, 'kinesis', region).map(({ arn }) => ({ StreamARN: arn })),
    HasMoreStreams: false,
  }),
};

export const KINESIS: RecordedService = {
  client: 'kinesis',
  source: 'kinesis.amazonaws.com',
  operations: OPERATIONS,
};
