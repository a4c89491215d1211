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

/** The event is not done with, and handling it again later is the way to go on. */
class NotDone extends Error {
  override readonly name = 'NotDone';
}

const WHY_AGAIN = {
  held: 'a rollback of the target is at work, so nothing was judged yet',
  unpublished: 'a finding is stored and could not be published yet',
} as const;

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
    case 'examined': {
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
      const again = outcome.targets.find(({ kind, unpublished }) => kind === 'held' || unpublished > 0);
      if (again !== undefined) throw new NotDone(WHY_AGAIN[again.kind === 'held' ? 'held' : 'unpublished']);
    }
  }
}, logger);
