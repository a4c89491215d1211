/** An operator's approval in, the accepted version changed. Reads policies, writes only its own bucket and topic. */
import middy from '@middy/core';
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { type ApproveAnswer, createApprove } from './approve.ts';

const logger = createLogger('ratchet-approve');
// It judges only what changed under the person's eyes, and detect judges that again by the change's own event.
const guard = createFunctionGuard(readEnvironment(process.env), logger, { solver: 'atoms' });
const approve = createApprove({ guard, logger });

/** `{ findingId, who, why, expectedHash? }`, invoked by an operator. */
export const handler = middy<unknown, ApproveAnswer>().handler((request: unknown) => approve(request));
