/** Events in, findings out. Reads policies, writes only its own bucket, topic and queue. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createDetect } from './detect.ts';

const logger = createLogger('ratchet-detect');
const environment = readEnvironment(process.env);
const sqs = new SQSClient({});

/** CloudTrail events from EventBridge. */
export const handler = createDetect({
  guard: createFunctionGuard(environment, logger),
  requestRollback: (request) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: environment.RATCHET_ROLLBACK_QUEUE_URL,
        MessageBody: JSON.stringify(request),
      }),
    ),
  logger,
});
