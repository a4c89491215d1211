/** Rollback requests in, the accepted policies back in place. The only function that may write policies. */
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createRollback } from './rollback.ts';

const logger = createLogger('ratchet-rollback');

/** Requests that detect has put into the queue. */
export const handler = createRollback({
  // It judges only what changed under its hands, and detect judges that again by the change's own event.
  guard: createFunctionGuard(readEnvironment(process.env), logger, { solver: 'atoms' }),
  logger,
});
