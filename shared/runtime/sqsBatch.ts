/** Handlers of SQS batches: each message on its own, the failed ones named, so that only they come again. */
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Logger } from './logger.ts';

/** A message that could not be read at all: trying again cannot help, so it is told and not retried. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/**
 * Returns a Lambda handler that gives the JSON of each message to `handle`, in order. A message whose handling
 * throws is reported in `batchItemFailures`; an unreadable one is logged and dropped to no queue but the log.
 * Source: Lambda Developer Guide, "Reporting batch item failures".
 */
export function createSqsHandler(handle: (body: unknown) => Promise<void>, logger: Logger) {
  return middy<SQSEvent, SQSBatchResponse>()
    .use({
      onError: ({ error }) => {
        logger.error('the batch failed as a whole', { error: describe(error) });
      },
    })
    .handler(async ({ Records: records }) => {
      const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
      for (const { body, messageId } of records) {
        try {
          await handle(parse(body));
        } catch (error) {
          logger.error('a message was not handled', { messageId, error: describe(error) });
          if (!(error instanceof UnreadableMessage)) batchItemFailures.push({ itemIdentifier: messageId });
        }
      }
      return { batchItemFailures };
    });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnreadableMessage('the message is not JSON', { cause });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
