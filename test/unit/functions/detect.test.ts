import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createDetect } from '../../../functions/detect/detect.ts';
import type { RecordOutcome } from '../../../shared/guard/guard.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';

/** Runs one message through detect, and tells what it asked of the guard. */
async function run(body: unknown, publishHeld: () => Promise<number> = async () => 0) {
  const asked: string[] = [];
  const detect = createDetect({
    guard: {
      async handleRecord(): Promise<RecordOutcome> {
        asked.push('handleRecord');
        return { kind: 'ignored', cause: 'not-a-policy-event' };
      },
      publishHeld() {
        asked.push('publishHeld');
        return publishHeld();
      },
    },
    requestRollback: async () => asked.push('requestRollback'),
    logger: silentLogger,
  });
  const record = { messageId: 'm', body: JSON.stringify(body) };
  const answer = await detect({ Records: [record] } as never, {} as Context); // What a handler reads of them is there.
  return { asked, failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const tick = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {}, resources: ['arn:rule'] };

describe('detect', () => {
  it('has held findings told when the clock of the stack ticks, and looks for no change', async () => {
    expect(await run(tick)).toEqual({ asked: ['publishHeld'], failed: [] });
  });

  it('is asked again when they could not be told for a fault of the store', async () => {
    expect(await run(tick, () => Promise.reject(new Error('the bucket does not answer')))).toEqual({
      asked: ['publishHeld'],
      failed: ['m'],
    });
  });

  it('takes every other message for a record', async () => {
    const others = [
      {},
      { ...tick, source: 'mine' },
      { ...tick, 'detail-type': 'AWS API Call via CloudTrail' },
    ];

    for (const other of others) expect((await run(other)).asked).toEqual(['handleRecord']);
  });
});
