/** What is done with an event, whoever brings it: examined, and its rollback asked for where one is due. */
import * as v from 'valibot';
import type { Guard, RollbackRequest } from '../../shared/guard/contract.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { createSqsHandler } from '../../shared/runtime/sqsBatch.ts';

/** The event is not done with, and handling it again later is the way to go on. */
class NotDone extends Error {
  override readonly name = 'NotDone';
}

const WHY_AGAIN = {
  unsettled: 'AWS does not show yet what the event says',
  unpublished: 'a finding is stored and could not be published yet',
} as const;

type DetectDependencies = {
  readonly guard: Pick<Guard, 'handleRecord' | 'publishHeld' | 'wake'>;
  /** Hands the request to the function that may write policies; at least once. */
  readonly requestRollback: (request: RollbackRequest) => Promise<unknown>;
  readonly logger: Logger;
};

/** Returns the Lambda handler of a queue of CloudTrail events. An event that is not done with is named as failed. */
export function createDetect({ guard, requestRollback, logger }: DetectDependencies) {
  return createSqsHandler(async (event, leftMs) => {
    if (isTick(event)) {
      const told = await guard.publishHeld();
      if (told > 0) logger.info('held findings were published', { told });
      for (const request of await guard.wake()) await requestRollback(request);
      return;
    }
    if (v.is(configEventSchema, event)) {
      // The log's metric filter counts these, so somebody is told, whoever it was.
      const { 'detail-type': what, detail } = event;
      logger.warn('the configuration was changed', { what, by: detail.requester, key: detail.object.key });
      return;
    }
    const outcome = await guard.handleRecord(event, leftMs);
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
          if (rollback !== undefined) await requestRollback(rollback);
        }
        const again = outcome.targets.find(
          ({ kind, unpublished }) => kind === 'unsettled' || unpublished > 0,
        );
        if (again !== undefined)
          throw new NotDone(WHY_AGAIN[again.kind === 'unsettled' ? 'unsettled' : 'unpublished']);
      }
    }
  }, logger);
}

/** What a schedule sends. Source: EventBridge Events Reference, "Scheduled Event". */
const tickSchema = v.object({
  source: v.literal('aws.events'),
  'detail-type': v.literal('Scheduled Event'),
});

/** What the bucket tells of the configuration in it. Source: Amazon S3 User Guide, "EventBridge event message structure". */
const configEventSchema = v.object({
  source: v.literal('aws.s3'),
  'detail-type': v.picklist(['Object Created', 'Object Deleted']),
  detail: v.object({
    object: v.object({ key: v.pipe(v.string(), v.startsWith('config/')) }),
    requester: v.optional(v.string()),
  }),
});

/** Every few minutes the stack's clock asks for what is due. */
function isTick(event: unknown): boolean {
  return v.is(tickSchema, event);
}
