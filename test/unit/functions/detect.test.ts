import { readFileSync } from 'node:fs';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createDetect } from '../../../functions/detect/detect.ts';
import type { RecordOutcome } from '../../../shared/guard/contract.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';

/** Runs one message through detect, and tells what it asked of the guard. */
async function run(body: unknown, publishHeld: () => Promise<number> = async () => 0) {
  const asked: string[] = [];
  const warned: unknown[] = [];
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
      async wake() {
        asked.push('wake');
        return [];
      },
    },
    requestRollback: async () => asked.push('requestRollback'),
    logger: { ...silentLogger, warn: (message, facts) => warned.push({ message, ...facts }) },
  });
  const record = { messageId: 'm', body: JSON.stringify(body) };
  const answer = await detect({ Records: [record] } as never, {} as Context); // What a handler reads of them is there.
  return { asked, warned, failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const tick = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {}, resources: ['arn:rule'] };

describe('detect', () => {
  it('has held findings published and waiting targets looked at when the clock of the stack ticks', async () => {
    expect(await run(tick)).toMatchObject({ asked: ['publishHeld', 'wake'], failed: [] });
  });

  it('is asked again when they could not be told for a fault of the store', async () => {
    expect(await run(tick, () => Promise.reject(new Error('the bucket does not answer')))).toMatchObject({
      asked: ['publishHeld'],
      failed: ['m'],
    });
  });

  it('warns of every change of the configuration, by the words that the alarm counts', async () => {
    const changed = {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { object: { key: 'config/ratchet.config.jsonc' }, requester: '111122223333' },
    };
    const what = { message: 'the configuration was changed', key: 'config/ratchet.config.jsonc' };

    expect(await run(changed)).toEqual({
      asked: [],
      warned: [{ ...what, what: 'Object Created', by: '111122223333' }],
      failed: [],
    });
    expect((await run({ ...changed, 'detail-type': 'Object Deleted' })).warned).toMatchObject([
      { ...what, what: 'Object Deleted' },
    ]);
    expect(readFileSync(new URL('../../../infra/configuration.yml', import.meta.url), 'utf8')).toContain(
      `$.message = "${what.message}"`,
    );
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
