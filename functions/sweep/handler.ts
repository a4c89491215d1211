/** Every target looked at, in turns of a schedule. Reads and lists policies, writes only its own bucket, topic and queue. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createFunctionGuard } from '../../shared/runtime/createFunctionGuard.ts';
import { createRollbackQueue } from '../../shared/runtime/createRollbackQueue.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createS3Store } from '../../shared/store/s3Store.ts';
import { createLease } from './lease.ts';
import {
  createSweep,
  type SweepProgress,
  sweepProgressKey,
  sweepProgressSchema,
  targetListKey,
  targetListSchema,
} from './sweep.ts';

const logger = createLogger('ratchet-sweep');
const environment = readEnvironment(process.env);
const s3 = new S3Client({});
const place = {
  accountId: environment.RATCHET_ACCOUNT_ID,
  region: process.env['AWS_REGION'] ?? 'us-east-1', // Lambda sets it.
};

/** One object of the bucket of versions; the lease keeps turns apart. */
function kept<Value>(key: string, schema: v.GenericSchema<unknown, Value>) {
  const at = { Bucket: environment.RATCHET_BUCKET, Key: key };
  return {
    async read(): Promise<Value | undefined> {
      try {
        const { Body } = await s3.send(new GetObjectCommand(at));
        const found = v.safeParse(
          v.pipe(v.string(), v.parseJson(), schema),
          await Body?.transformToString('utf-8'),
        );
        if (!found.success) logger.warn('what was kept of the sweep cannot be read; it begins anew', at);
        return found.success ? found.output : undefined;
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async write(value: Value): Promise<void> {
      await s3.send(
        new PutObjectCommand({ ...at, Body: JSON.stringify(value), ContentType: 'application/json' }),
      );
    },
  };
}

const sweep = createSweep({
  guard: createFunctionGuard(environment, logger),
  progress: kept(sweepProgressKey(place), sweepProgressSchema),
  lists: kept(targetListKey(place), targetListSchema),
  lease: createLease(
    createS3Store({ client: s3, bucket: environment.RATCHET_BUCKET, codecs: guardCodecs }),
    place,
    systemClock,
  ),
  place,
  requestRollback: createRollbackQueue(environment.RATCHET_ROLLBACK_QUEUE_URL),
  clock: systemClock,
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  logger,
});

const asking = v.object({ look: v.literal('now') });

/** A tick of the schedule, or a person's `{"look":"now"}`, which begins a look though the last one is young. */
export const handler = middy<unknown, SweepProgress | undefined>().handler(
  (event: unknown, context: Context) =>
    sweep(() => context.getRemainingTimeInMillis(), { isAsked: v.is(asking, event) }),
);
