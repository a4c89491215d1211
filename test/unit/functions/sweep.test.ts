import { describe, expect, it } from 'vitest';
import { createLease, type Lease } from '../../../functions/sweep/lease.ts';
import { createSweep, type SweepDependencies, type SweepProgress } from '../../../functions/sweep/sweep.ts';
import type { SweepOutcome, SweepRequest } from '../../../shared/guard/contract.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';

const NONE: SweepOutcome = { examined: 3, findings: 1, rollbacks: [], faults: [] };
/** Nobody else is at work. */
const FREE: Lease = { take: async () => true, giveBack: async () => undefined };
const START = new Date('2026-03-01T12:00:00.000Z');

/** A function whose guard answers with these outcomes, one a turn. */
function setting(outcomes: SweepOutcome[]) {
  const requests: SweepRequest[] = [];
  const asked: unknown[] = [];
  const waits: number[] = [];
  let progress: SweepProgress | undefined;
  let now = START;
  const dependencies: SweepDependencies = {
    guard: {
      async sweep(request) {
        requests.push(request);
        await request.pause?.();
        return outcomes.shift() ?? NONE;
      },
    },
    progress: {
      read: async () => progress,
      write: async (next) => {
        progress = next;
      },
    },
    lease: FREE,
    lists: { read: async () => undefined, write: async () => {} },
    place: { accountId: '111122223333', region: 'us-east-1' },
    requestRollback: async (request) => asked.push(request),
    clock: { now: () => now },
    wait: async (milliseconds) => void waits.push(milliseconds),
    logger: silentLogger,
  };
  const sweep = createSweep(dependencies);
  return {
    sweep,
    dependencies,
    requests,
    asked,
    waits,
    turn: (minutesLater = 0, remainingMs = 900_000) => {
      now = new Date(now.getTime() + minutesLater * 60_000);
      return sweep(() => remainingMs);
    },
    kept: () => progress,
  };
}

describe('a turn of the sweep', () => {
  it('takes the first snapshot when there was none', async () => {
    const { turn, requests } = setting([NONE]);

    const after = await turn();

    expect(requests).toMatchObject([{ accountId: '111122223333', region: 'us-east-1' }]);
    expect(requests[0]).not.toHaveProperty('cursor');
    expect(after).toMatchObject({ examined: 3, findings: 1, faults: 0, finishedAt: START.toISOString() });
  });

  it('goes on where the turn before stopped, and counts both', async () => {
    const cursor = { kind: 'role-trust', phase: 'listed', after: 'arn:b' } as const;
    const { turn, requests } = setting([{ ...NONE, cursor }, NONE]);

    await turn();
    const after = await turn(15);

    expect(requests[1]?.cursor).toEqual(cursor);
    expect(after).toMatchObject({ startedAt: START.toISOString(), examined: 6, findings: 2 });
    expect(after).not.toHaveProperty('cursor');
  });

  it('keeps the first target that could not be examined until the next look begins', async () => {
    const cursor = { kind: 'role-trust', phase: 'listed', after: 'arn:b' } as const;
    const faulty = (place: string) => ({ ...NONE, faults: [{ place, fault: new Error('denied') }] });
    const { turn } = setting([{ ...faulty('a'), cursor }, faulty('b'), NONE]);

    await turn();

    expect(await turn(15)).toMatchObject({ faults: 2, firstFault: 'a: Error: denied' });
    const after = await turn(24 * 60);
    expect(after?.faults).toBe(0);
    expect(after).not.toHaveProperty('firstFault');
  });

  it('does nothing within a day of a look that is done, and begins another after it', async () => {
    const { turn, requests } = setting([NONE, NONE]);

    await turn();
    await turn(23 * 60);
    await turn(2 * 60);

    expect(requests).toHaveLength(2);
  });

  it('stops in time for the target at hand', async () => {
    const { turn, requests } = setting([NONE]);

    await turn(0, 59_000);

    expect(requests[0]?.shouldStop?.()).toBe(true);
  });

  it('keeps a pace', async () => {
    const { turn, waits } = setting([NONE]);

    await turn();

    expect(waits).toEqual([100]);
  });

  it('asks for the rollbacks that are due, and tells of what could not be looked at', async () => {
    const rollback = {
      target: { kind: 'bucket-policy', arn: 'a', accountId: '1', region: 'r' },
      findingIds: ['f'],
      digest: 'd',
    } as const;
    const { turn, asked } = setting([
      { ...NONE, rollbacks: [rollback], faults: [{ place: 'arn', fault: new Error('denied') }] },
    ]);

    const after = await turn();

    expect(asked).toEqual([rollback]);
    expect(after).toMatchObject({ faults: 1, firstFault: 'arn: Error: denied' });
  });

  it('begins at once when somebody asks, however young the last look is', async () => {
    const { turn, requests, sweep } = setting([NONE, NONE]);
    await turn();

    await turn(1);
    await sweep(() => 900_000, { isAsked: true });

    expect(requests).toHaveLength(2);
  });

  it('looks at nothing while another one is at work', async () => {
    const { requests, dependencies } = setting([NONE]);
    const taken = { take: async () => false, giveBack: async () => undefined };

    await createSweep({ ...dependencies, lease: taken })(() => 900_000);

    expect(requests).toEqual([]);
  });

  it('keeps nothing when the store does not answer, so that the next turn does it again', async () => {
    const { turn, kept } = setting([]);
    const failing = createSweep({
      guard: { sweep: () => Promise.reject(new Error('store')) },
      lists: { read: async () => undefined, write: async () => {} },
      progress: { read: async () => kept(), write: () => Promise.reject(new Error('must not be written')) },
      lease: FREE,
      place: { accountId: '1', region: 'us-east-1' },
      requestRollback: async () => undefined,
      clock: { now: () => START },
      wait: async () => undefined,
      logger: silentLogger,
    });

    await expect(failing(() => 900_000)).rejects.toThrow('store');
    expect(await turn()).toMatchObject({ examined: 3 });
  });
});

describe('the lease of a sweep', () => {
  const place = { accountId: '111122223333', region: 'us-east-1' };
  let now = START;
  const clock = { now: () => now };
  const store = () => createInMemoryStore({ codecs: guardCodecs });

  it('is given to one of two turns that ask at once', async () => {
    const kept = store();
    const leases = [createLease(kept, place, clock), createLease(kept, place, clock)];

    expect((await Promise.all(leases.map((one) => one.take(900_000)))).toSorted()).toEqual([false, true]);
  });

  it('is free once it was given back, and once its time is over', async () => {
    const kept = store();
    const [one, other] = [createLease(kept, place, clock), createLease(kept, place, clock)];
    await one.take(900_000);
    await other.giveBack();

    const whileHeld = await other.take(900_000);
    await one.giveBack();
    const whenGivenBack = await other.take(900_000);
    now = new Date(now.getTime() + 900_000);

    expect([whileHeld, whenGivenBack, await one.take(900_000)]).toEqual([false, true, true]);
  });

  it('is of one place', async () => {
    const kept = store();
    await createLease(kept, place, clock).take(900_000);

    expect(await createLease(kept, { ...place, region: 'eu-west-1' }, clock).take(900_000)).toBe(true);
  });
});
