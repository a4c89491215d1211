/** The queue of rollback requests, as detect and sweep fill it. Its client is loaded with the first request. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RollbackRequest } from '../guard/contract.ts';

/** Returns what puts a request into the queue. */
export function createRollbackQueue(
  queueUrl: string | undefined,
): (request: RollbackRequest) => Promise<unknown> {
  let client: Promise<SQSClient> | undefined;
  const load = async () => new (await import('@aws-sdk/client-sqs')).SQSClient({});
  return async (request) => {
    client ??= load();
    return (await client).send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request) }),
    );
  };
}
