/** Policies of Kinesis data streams and of their registered consumers. */
import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListStreamsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-kinesis';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget, unlessEmpty } from '../../targets/documentTarget.ts';

export const streamPolicy = documentTarget({
  kind: 'stream-policy',
  service: 'kinesis',
  noun: 'stream',
  async read(kinesis, { arn: ResourceARN }) {
    const found = await unless(
      ['ResourceNotFoundException'],
      kinesis.send(new GetResourcePolicyCommand({ ResourceARN })),
    );
    return found && { document: unlessEmpty(found.Policy) };
  },
  async *list(kinesis) {
    const streams = allPages(async (NextToken) => {
      const page = await orFault(kinesis.send(new ListStreamsCommand({ NextToken })));
      return {
        items: page.StreamSummaries ?? [],
        next: page.HasMoreStreams === true ? page.NextToken : undefined,
      };
    });
    for await (const { StreamARN: arn } of streams) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutResourcePolicy',
    send: (kinesis, { target: { arn: ResourceARN }, document: Policy }) =>
      kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy })),
  },
  remove: {
    operation: 'DeleteResourcePolicy',
    send: (kinesis, { target: { arn: ResourceARN } }) =>
      kinesis.send(new DeleteResourcePolicyCommand({ ResourceARN })),
  },
});
