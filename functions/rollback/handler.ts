/** Rollback requests in, the accepted policies back in place. The only function that may write policies. */
import * as v from 'valibot';
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createSqsHandler, UnreadableMessage } from '../../shared/runtime/sqsBatch.ts';
import { targetRefSchema } from '../../shared/store/targetSchema.ts';

const logger = createLogger('ratchet-rollback');
const guard = createFunctionGuard(readEnvironment(process.env), logger);

const requestSchema = v.object({
  target: targetRefSchema,
  findingId: v.string(),
  offendingHash: v.string(),
  acceptedHash: v.string(),
});

/** The restore is not done, and trying again is the way to go on. */
class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** One request: carried out, declined with a reason in the finding, or tried again when it is busy or partly done. */
export const handler = createSqsHandler(async (message) => {
  const parsed = v.safeParse(requestSchema, message);
  if (!parsed.success) throw new UnreadableMessage('the message is no rollback request');
  const outcome = await guard.rollback(parsed.output);
  logger.info('rollback', {
    kind: outcome.kind,
    findingId: parsed.output.findingId,
    target: parsed.output.target.arn,
  });
  if (outcome.kind === 'busy' || outcome.kind === 'partial') throw new NotDone(outcome.why);
}, logger);
