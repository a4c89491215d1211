/** Handlers of SQS batches: each message on its own, the failed ones named, so that only they come again. */
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Logger } from './logger.ts';

/** A message that could not be read at all: trying again cannot help, so it is told and not retried. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** What is left when the function's time is nearly over: it is to come again. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Kept of the function's time, for the answer to arrive: of a function that is ended Lambda takes nothing as done. */
const RESERVE_MS = 2_000;

/**
 * Returns a Lambda handler that gives the JSON of each message to `handle`, in order, with the time that
 * its checks have. A message whose handling throws,
 * or does not end in the function's time, is reported in `batchItemFailures`, so that what is done does not come again
 * with it; an unreadable one is logged and dropped to no queue but the log.
 * Source: Lambda Developer Guide, "Reporting batch item failures".
 */
export function createSqsHandler(
  handle: (body: unknown, leftMs: () => number) => Promise<void>,
  logger: Logger,
) {
  return middy<SQSEvent, SQSBatchResponse>()
    .use({
      onError: ({ error }) => {
        logger.error('the batch failed as a whole', { error: describe(error) });
      },
    })
    .handler(async ({ Records: records }, context) => {
      // Whoever calls it outside of Lambda sets no end.
      const leftMs = () => (context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY) - RESERVE_MS;
      const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
      for (const { body, messageId } of records) {
        try {
          const message = parse(body);
          const left = leftMs();
          // Half of it is for telling, and for the messages after it.
          const kept = Number.isFinite(left) ? left / 2 : 0;
          await inTime(left, () => handle(message, () => leftMs() - kept));
        } catch (error) {
          logger.error('a message could not be handled', { messageId, error: describe(error) });
          if (!(error instanceof UnreadableMessage)) batchItemFailures.push({ itemIdentifier: messageId });
        }
      }
      return { batchItemFailures };
    });
}

/** Does it, or throws `OutOfTime`. What was begun by then goes on, and must bear being begun again. */
async function inTime(leftMs: number, act: () => Promise<void>): Promise<void> {
  if (leftMs === Number.POSITIVE_INFINITY) return act();
  const late = new OutOfTime('the function ran out of time; the message is retried');
  if (leftMs <= 0) throw late;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), leftMs);
  });
  try {
    await Promise.race([act(), end]);
  } finally {
    clearTimeout(timer);
  }
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
