import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { createSqsHandler, UnreadableMessage } from '../../../shared/runtime/sqsBatch.ts';

/** Runs a batch of bodies, whose messages are `m0`, `m1`, …; `leftMs` says what the function has left at each look. */
async function run(
  bodies: readonly string[],
  handle: (message: unknown, leftMs: () => number) => Promise<void>,
  leftMs?: readonly number[],
) {
  const told: unknown[] = [];
  const logger: Logger = {
    info() {},
    warn() {},
    error: (_, details) => void told.push(details),
  };
  const left = [...(leftMs ?? [])];
  const event = { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) };
  const context = leftMs === undefined ? {} : { getRemainingTimeInMillis: () => left.shift() ?? 0 };
  const handler = createSqsHandler(handle, logger);
  // What a handler reads of them is there.
  const answer = await handler(event as unknown as SQSEvent, context as Context);
  return { failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), told };
}

const never = () => new Promise<void>(() => {});

describe('a batch of messages', () => {
  it('names the ones that failed, and goes on after each', async () => {
    const seen: unknown[] = [];

    const { failed } = await run(['1', '2', '3'], async (message) => {
      seen.push(message);
      if (message === 2) throw new Error('no');
    });

    expect(seen).toEqual([1, 2, 3]);
    expect(failed).toEqual(['m1']);
  });

  it('does not ask again for what can never be read', async () => {
    const { failed, told } = await run(['{', '1'], async () => {
      throw new UnreadableMessage('not of ours');
    });

    expect(failed).toEqual([]);
    expect(told).toMatchObject([{ messageId: 'm0' }, { messageId: 'm1' }]);
  });

  it('gives the checks of a message half of the time that is left, and no end outside of Lambda', async () => {
    const given: number[] = [];
    const handle = async (_: unknown, leftMs: () => number) => void given.push(leftMs());

    await run(['1'], handle, [62_000, 62_000, 62_000]);
    await run(['1'], handle);

    expect(given).toEqual([30_000, Number.POSITIVE_INFINITY]);
  });

  it('lets what is done be done when a later message takes all the time there is', async () => {
    const begun: unknown[] = [];
    // The first look is the middleware’s own.
    const left = [60_000, 60_000, 2_001, 1_000];

    const { failed, told } = await run(
      ['1', '2', '3'],
      (message) => {
        begun.push(message);
        return message === 2 ? never() : Promise.resolve();
      },
      left,
    );

    expect(failed).toEqual(['m1', 'm2']);
    expect(begun).toEqual([1, 2]);
    expect(told).toMatchObject([
      { messageId: 'm1', error: expect.stringContaining('OutOfTime') },
      { messageId: 'm2', error: expect.stringContaining('OutOfTime') },
    ]);
  });
});
