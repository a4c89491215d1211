/** How long, how many, and who first: the limits of the guard, each at its edge. */
import { describe, expect, it } from 'vitest';
import { holdersOf } from '../../../shared/guard/holders.ts';
import { budgetOf } from '../../../shared/guard/judge/budget.ts';
import { noteScan, scannedAt } from '../../../shared/guard/scans.ts';
import { emptyState } from '../../../shared/guard/state.ts';
import { swapState } from '../../../shared/guard/swapState.ts';
import { fold } from '../../../shared/guard/timeline/fold.ts';
import { replay } from '../../../shared/guard/timeline/replay.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import {
  deriveFrom,
  edit,
  FACTS,
  findingsIn,
  follow,
  holding,
  LAG,
  MINUTE,
  puts,
  read,
  SECOND,
  START,
  startingFrom,
  TARGET,
  withEntries,
} from './model.ts';
import { change, lettersOf, ref, requestOf, settled } from './scenario.ts';
import { changeOf, createWorld, documentOf, pass, told } from './world.ts';

const put = (letters: string) => ({ document: documentOf(letters) });

describe('the breaker', () => {
  it.each([
    [55, 'leave'],
    [65, 'restore'],
  ])('counts what was begun within an hour: %s minutes later it says %s', async (minutes, kind) => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    await world.guard.rollback(requestOf(await change(world, 'ab', put('ab'))));
    pass(world, minutes);

    const { rollback } = await change(world, 'ac', put('ac'));

    expect(rollback === undefined ? 'leave' : 'restore').toBe(kind);
  });
});

describe('restores that fail, with nothing written', () => {
  const failed = async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 2 } } });
    let request = (await change(world, 'ab', put('ab'))).rollback;
    for (let times = 0; times < 10 && request !== undefined; times++) {
      world.endings.push({ kind: 'partial', left: 'ab' });
      await world.guard.rollback(request);
      pass(world, 5);
      request = (await world.guard.examineTarget(ref)).rollback;
    }
    return world;
  };

  it('open no breaker: nobody repeats anything', async () => {
    const world = await failed();

    expect([...told(world).values()].filter(({ check }) => check === 'rollback-breaker')).toEqual([]);
  });

  it('end after three, and the finding says how the last ended', async () => {
    const world = await failed();

    expect((await world.stateOf(ref.arn))?.value.restores).toHaveLength(3);
    expect([...told(world).values()]).toMatchObject([
      {
        status: 'ACTIVE',
        action: { kind: 'declined', why: expect.stringMatching(/^3 restores .*throttled$/) },
      },
    ]);
  });

  it('keep no later change from being restored', async () => {
    const world = await failed();

    await world.guard.rollback(requestOf(await change(world, 'abc', put('abc'))));

    expect(lettersOf(world)).toBe('ab');
  });

  it('count where AWS carried a call out all the same', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    world.endings.push({ kind: 'partial', left: 'a' });
    await world.guard.rollback(requestOf(await change(world, 'ab', put('ab'))));

    expect((await change(world, 'ac', put('ac'))).rollback).toBeUndefined();
  });
});

describe('the finding that restores are paused', () => {
  it('stays while something of what was fought about is granted, whatever is looked at', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    for (const letters of ['ab', 'ac']) {
      const { rollback } = await change(world, letters, put(letters));
      if (rollback !== undefined) await world.guard.rollback(rollback);
    }
    pass(world, 61);
    await world.guard.examineTarget(ref);

    const paused = [...told(world).values()].filter(({ check }) => check === 'rollback-breaker');
    expect(paused.map(({ status }) => status)).toEqual(['ACTIVE']);
  });
});

describe('a state that somebody else changed meanwhile', () => {
  it('is worked out anew from what they left', async () => {
    const { store } = createWorld();
    const begun = { ...emptyState(ref), restores: [{ at: 1, findingIds: ['theirs'] }] };
    let rounds = 0;

    await swapState(store, ref, async (found) => {
      rounds++;
      if (rounds === 1) await store.writeState(begun, undefined);
      const restores = [...(found?.restores ?? []), { at: 2, findingIds: ['ours'] }];
      return { nextState: { ...(found ?? emptyState(ref)), restores }, result: undefined };
    });

    const kept = (await store.readState(ref))?.value.restores.map(({ findingIds }) => findingIds[0]);
    expect([rounds, kept]).toEqual([2, ['theirs', 'ours']]);
  });
});

describe('a claim', () => {
  const crashed = async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab', put('ab')));
    world.beforeStep = (step) => {
      if (step === 'restore') throw new Error('the function is gone');
    };
    await world.guard.rollback(request).catch(() => {});
    world.beforeStep = () => {};
    return { world, request };
  };

  it.each([
    [14, 'busy'],
    [15, 'rolled-back'],
  ])('holds as long as a function can run: %s minutes later the answer is %s', async (minutes, kind) => {
    const { world, request } = await crashed();
    pass(world, minutes);

    expect((await world.guard.rollback(request)).kind).toBe(kind);
  });

  it('stays while it runs, whatever is looked at meanwhile', async () => {
    const { world, request } = await crashed();
    pass(world, 5);
    await world.guard.examineTarget(ref);

    expect((await world.stateOf(ref.arn))?.value.claim?.digest).toBe(request.digest);
  });

  it('that another took over meanwhile is the other’s: the late one says nothing of it', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab', put('ab')));
    const waiting = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    let second: Promise<unknown> = Promise.resolve();
    let calls = 0;
    world.endings.push({ kind: 'cannot-undo' });
    world.beforeStep = async (step) => {
      if (step !== 'restore') return;
      calls++;
      if (calls > 1) {
        reached.resolve();
        await waiting.promise;
        return;
      }
      // So late that its claim is old.
      pass(world, 20);
      second = world.guard.rollback(request);
      await reached.promise;
    };

    await world.guard.rollback(request);
    const between = (await world.stateOf(ref.arn))?.value;
    waiting.resolve();
    await second;

    expect(between?.claim?.digest).toBe(request.digest);
    expect(between?.openFindings).toMatchObject([{ action: { kind: 'planned' } }]);
    expect(lettersOf(world)).toBe('a');
  });

  it('keeps a person from approving until it has ended', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab', put('ab')));
    let answer: string | undefined;
    world.beforeStep = async (step) => {
      if (step !== 'restore') return;
      const findingId = request.findingIds[0] ?? '';
      answer = (await world.guard.approve({ findingId, who: 'ann', why: 'release' })).kind;
    };

    await world.guard.rollback(request);

    expect(answer).toBe('busy');
  });
});

describe('an approval', () => {
  it('leaves the other findings of the target open', async () => {
    const world = await settled('a', { config: { targets: [] } });
    await change(world, 'ab', put('ab'));
    await change(world, 'abc', put('abc'));
    const [first, other] = told(world).keys();

    await world.guard.approve({ findingId: other ?? '', who: 'ann', why: 'release' });

    expect([first, other].map((id) => told(world).get(id ?? '')?.status)).toEqual(['ACTIVE', 'APPROVED']);
  });
});

describe('a new target', () => {
  const life = { life: 'made', isWhole: true, uniqueId: 'AROA2' } as const;
  const born = START + MINUTE;
  const remade = (...entries: Parameters<typeof withEntries>[1]) =>
    deriveFrom(
      withEntries(startingFrom(holding({})), [
        edit(born - 2 * SECOND, [], { life: 'ended', isWhole: true }),
        edit(born, [], life),
        ...entries,
      ]),
      START + 120 * MINUTE,
    ).nextState;
  const initials = (state: ReturnType<typeof remade>) =>
    findingsIn(state).flatMap(({ additions = [] }) => additions.map(({ isInitial }) => isInitial === true));

  it('has what it was made with told as that', () => {
    const state = remade(
      edit(born + SECOND, [puts('inline:a', 'd')]),
      read(START + 110 * MINUTE, holding({ 'inline:a': 'd' }, 'AROA2')),
    );

    expect(initials(state)).toEqual([true]);
  });

  it('has a second text in the place of its first told as a change', () => {
    const state = remade(
      edit(born + SECOND, [puts('inline:a', 'd')]),
      edit(born + 5 * SECOND, [puts('inline:a', 'de')]),
      read(START + 110 * MINUTE, holding({ 'inline:a': 'de' }, 'AROA2')),
    );

    expect(initials(state)).toEqual([true, false]);
  });

  it('is new for some minutes only', () => {
    const late = START + 60 * MINUTE;
    const state = remade(
      edit(late, [puts('inline:a', 'd')]),
      read(START + 110 * MINUTE, holding({ 'inline:a': 'd' }, 'AROA2')),
    );

    expect(initials(state)).toEqual([false]);
  });

  it.each([
    [15, 60, 20],
    [60, 15, 20],
    [15, 0, 5],
  ])('is new for %s minutes, though later it is %s, where its step was made then', (minutes, later, at) => {
    const during = (groupingMinutes: number) => ({ ...FACTS, config: { ...FACTS.config, groupingMinutes } });
    const [then, now] = [during(minutes), during(later)];
    const entries = [
      edit(born - 2 * SECOND, [], { life: 'ended', isWhole: true }),
      edit(born, [], life),
      edit(born + at * MINUTE, [puts('inline:a', 'd')]),
      read(born + (at + 1) * MINUTE, holding({ 'inline:a': 'd' }, 'AROA2')),
    ];
    const before = follow(startingFrom(holding({}), START, then), entries, { facts: then }).nextState;

    const { nextState } = deriveFrom(before, born + (at + 2) * MINUTE, now);

    expect(findingsIn(before)).toHaveLength(1);
    expect(findingsIn(nextState)).toEqual(findingsIn(before));
  });

  it('has no more additions in one finding than a person reads', () => {
    const letters = [...'αβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопр'];
    const state = remade(
      ...letters.map((letter, index) => edit(born + (index + 1) * SECOND, [puts(`inline:${index}`, letter)])),
      read(
        START + 110 * MINUTE,
        holding(Object.fromEntries(letters.map((letter, index) => [`inline:${index}`, letter])), 'AROA2'),
      ),
    );

    const counts = findingsIn(state).map(({ additions = [] }) => additions.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(letters.length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(30);
  });

  it.each([
    [5, true],
    [60, false],
  ])(
    'that is made again %s minutes after its end is compared with what it was: %s',
    (minutes, isCompared) => {
      const again = START + (1 + minutes) * MINUTE;
      const { steps } = replay(
        {
          horizon: { kind: 'read', read: read(START, holding({ 'inline:a': 'd' })), lives: 1 },
          writers: {},
          entries: [
            edit(START + MINUTE, [], { life: 'ended', isWhole: true }),
            edit(again, [], life),
            edit(again + SECOND, [puts('inline:a', 'd')]),
            read(again + MINUTE, holding({ 'inline:a': 'd' }, 'AROA2')),
          ],
        },
        { readLagMs: LAG, groupingMs: 15 * MINUTE },
      );

      expect(steps.map(({ predecessors }) => predecessors.length > 0)).toEqual([isCompared]);
    },
  );
});

describe('a timeline', () => {
  it.each([
    [23, 1],
    [25, 0],
  ])('keeps the events of a day: after %s hours there are %s', (hours, count) => {
    const { nextState } = follow(startingFrom(holding({ 'inline:a': 'a' })), [
      edit(START + MINUTE, [puts('inline:a', 'ab')]),
      read(START + 2 * MINUTE, holding({ 'inline:a': 'ab' })),
    ]);
    const now = START + hours * 60 * MINUTE;
    const folded = fold(
      nextState.timeline,
      replay(nextState.timeline, { readLagMs: LAG, groupingMs: 0 }),
      now,
    );

    expect(folded.entries.filter(({ kind }) => kind === 'edit')).toHaveLength(count);
  });
});

describe('the holders of a text', () => {
  it('are looked at now as far as there is room, and the rest is logged', async () => {
    const warnings: string[] = [];
    const names = Array.from({ length: 120 }, (_, index) => `role r${index}`);
    const world = createWorld();
    const change = changeOf(ref, world);

    const holders = await holdersOf(
      { target: ref, change, index: 0 },
      {
        adapters: {
          ...ADAPTERS,
          'managed-policy': {
            ...ADAPTERS['managed-policy'],
            reaches: async () => ({
              attachedTo: { names, hasMore: false },
              boundaryOf: { names: [], hasMore: false },
            }),
          },
        },
        clientsFor: () => ({}) as AwsClients, // Nothing else is asked.
        logger: { ...silentLogger, warn: (message: string) => void warnings.push(message) },
      } as never, // What it looks at.
    );

    expect([holders.length, warnings.length]).toEqual([50, 1]);
  });
});

describe('the time of a first look', () => {
  it('stays what it was, whatever is looked through later', async () => {
    const { store } = createWorld();
    const place = { accountId: TARGET.accountId, region: TARGET.region };
    for (const at of [START, START + MINUTE]) await noteScan(store, { kind: TARGET.kind, at }, place);

    expect(await scannedAt(store, TARGET)).toBe(START);
  });
});

describe('a budget', () => {
  it('that is used up asks nothing more', async () => {
    let asked = 0;
    const answer = await budgetOf(() => 0).within(async () => ++asked);

    expect([answer, asked]).toEqual([undefined, 0]);
  });
});
