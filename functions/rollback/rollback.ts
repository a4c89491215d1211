/** What is done with a rollback request: carried out, declined with a reason in the finding, or tried again later. */
import * as v from 'valibot';
import type { Guard } from '../../shared/guard/contract.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { createSqsHandler, UnreadableMessage } from '../../shared/runtime/sqsBatch.ts';
import { targetRefSchema } from '../../shared/store/targetSchema.ts';

const requestSchema = v.object({
  target: targetRefSchema,
  findingIds: v.array(v.string()),
  digest: v.string(),
});

/** The restore is not done, and trying again is the way to go on. */
class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** Further plans that one request may lead to. */
const MAX_MORE = 3;

type RollbackDependencies = {
  readonly guard: Pick<Guard, 'rollback'>;
  readonly logger: Logger;
};

/** Returns the Lambda handler of a queue of rollback requests. A request that is busy or partly done is named as failed. */
export function createRollback({ guard, logger }: RollbackDependencies) {
  return createSqsHandler(async (message) => {
    const parsed = v.safeParse(requestSchema, message);
    if (!parsed.success) throw new UnreadableMessage('the message is no rollback request');
    let outcome = await guard.rollback(parsed.output);
    // What is there now may have its own plan: it is carried out at once, by whoever may write.
    for (let more = MAX_MORE; more > 0 && outcome.kind === 'changed-since'; more--) {
      const { rollback } = outcome.examined;
      if (rollback === undefined) break;
      outcome = await guard.rollback(rollback);
    }
    logger.info('rollback', {
      kind: outcome.kind,
      findingIds: parsed.output.findingIds,
      target: parsed.output.target.arn,
    });
    if (outcome.kind === 'busy' || outcome.kind === 'partial') throw new NotDone(outcome.why);
  }, logger);
}
