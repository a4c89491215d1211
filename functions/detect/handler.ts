/** Events in, findings out. Reads policies, writes only its own bucket, topic and queue. */
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { createRollbackQueue } from '../../shared/runtime/createRollbackQueue.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createDetect } from './detect.ts';

const logger = createLogger('ratchet-detect');
const environment = readEnvironment(process.env);

/** CloudTrail events from EventBridge. */
export const handler = createDetect({
  guard: createFunctionGuard(environment, logger),
  requestRollback: createRollbackQueue(environment.RATCHET_ROLLBACK_QUEUE_URL),
  logger,
});
