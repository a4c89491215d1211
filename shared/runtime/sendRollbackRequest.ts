/** Rollback requests into their queue. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { RollbackRequest } from '../guard/contract.ts';

/** Returns what puts a request into the queue. */
export function createSender(queueUrl: string | undefined): (request: RollbackRequest) => Promise<unknown> {
  const client = new SQSClient({});
  return (request) =>
    client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request) }));
}
