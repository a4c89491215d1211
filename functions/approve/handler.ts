/** An operator's approval in, the accepted version changed. Reads policies, writes only its own bucket and topic. */
import middy from '@middy/core';
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { type ApproveAnswer, createApprove } from './approve.ts';

const logger = createLogger('ratchet-approve');
const approve = createApprove({ guard: createFunctionGuard(readEnvironment(process.env), logger), logger });

/** `{ findingId, who, why, expectedHash? }`, invoked by an operator. */
export const handler = middy<unknown, ApproveAnswer>().handler((request: unknown) => approve(request));
