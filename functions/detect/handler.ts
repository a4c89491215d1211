/** Events in, findings out. Reads policies, writes only its own bucket, topic and queue. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createSqsHandler } from '../../shared/runtime/sqsBatch.ts';

const logger = createLogger('ratchet-detect');
const environment = readEnvironment(process.env);
const guard = createFunctionGuard(environment, logger);
const sqs = new SQSClient({});

/** One CloudTrail event from EventBridge: examined, and its rollback asked for where one is due. */
export const handler = createSqsHandler(async (event) => {
  const outcome = await guard.handleRecord(event);
  switch (outcome.kind) {
    case 'ignored':
      return;
    case 'not-covered':
      logger.warn('a policy event is not judged yet', {
        eventSource: outcome.eventSource,
        eventName: outcome.eventName,
      });
      return;
    case 'malformed':
      // Trying again cannot help; the log's metric filter counts these.
      logger.error('an event could not be read', { path: outcome.path, problem: outcome.message });
      return;
    case 'examined':
      for (const { rollback, target, findings } of outcome.targets) {
        for (const { id, check, result, status } of findings) {
          logger.info('finding', { id, check, result, status, target: target.arn });
        }
        if (rollback === undefined) continue;
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: environment.RATCHET_ROLLBACK_QUEUE_URL,
            MessageBody: JSON.stringify(rollback),
          }),
        );
      }
  }
}, logger);
