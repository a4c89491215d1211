import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../shared/changes/change.ts';
import type { RollbackRequest } from '../../../shared/guard/contract.ts';
import { UnpublishedFault } from '../../../shared/guard/publish.ts';
import { loadSnapshot } from '../../../shared/guard/snapshotDocument.ts';
import { changeOf, contentHashOf, createWorld, documentOf, pass, target, type World } from './world.ts';

const ref = target('p');

/** What happens to the policy, to the events and to the queue. */
type Step =
  | { readonly kind: 'change'; readonly letters: string; readonly withDocument: boolean }
  /** Delivers the event of that number (modulo what there is) once more. */
  | { readonly kind: 'deliver'; readonly index: number }
  | { readonly kind: 'rollback'; readonly index: number }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'wait'; readonly minutes: number }
  /** The next neighbour that is called so many steps from now fails, before or after it did its work. */
  | { readonly kind: 'crash'; readonly after: number; readonly done: boolean };

const letters = fc.subarray(['a', 'b', 'c', 'u', 'x']).map((list) => list.join(''));
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('change' as const), letters, withDocument: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), index: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('rollback' as const), index: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(90) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.nat(6), done: fc.boolean() }),
  },
);
const histories = fc.array(steps, { maxLength: 25 });

type Run = {
  readonly world: World;
  readonly events: Change[];
  readonly requests: RollbackRequest[];
  readonly changes: string[];
};

/** Somebody changes the policy; the event is not delivered yet. */
function make(run: Run, content: string, withDocument: boolean): Change {
  pass(run.world, 1);
  run.world.set(ref.arn, content);
  const event = changeOf(ref, run.world, withDocument ? { document: documentOf(content) } : {});
  run.events.push(event);
  run.changes.push(content);
  return event;
}

async function deliver({ world, requests }: Run, event?: Change): Promise<void> {
  const { rollback } = await world.guard.examineTarget(ref, event);
  if (rollback !== undefined) requests.push(rollback);
}

/** Faults end a call as they end a function: the platform tries again, which the history does or not. */
async function attempt(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const isCrash = error instanceof Error && error.message === 'crash';
    if (!isCrash && !(error instanceof UnpublishedFault)) throw error;
  }
}

async function carryOut(run: Run, step: Step): Promise<void> {
  const { world, events, requests } = run;
  const pick = <Value>(list: readonly Value[], index: number) => list[index % Math.max(1, list.length)];
  switch (step.kind) {
    case 'change':
      make(run, step.letters, step.withDocument);
      return;
    case 'deliver': {
      const event = pick(events, step.index);
      if (event !== undefined) await attempt(() => deliver(run, event));
      return;
    }
    case 'rollback': {
      const request = pick(requests, step.index);
      if (request !== undefined) await attempt(() => world.guard.rollback(request));
      return;
    }
    case 'sweep':
      await attempt(() => deliver(run));
      return;
    case 'wait':
      pass(world, step.minutes);
      return;
    case 'crash': {
      let left = step.after;
      const crash = () => {
        if (left-- !== 0) return;
        throw new Error('crash');
      };
      if (step.done) world.afterStep = crash;
      else world.beforeStep = crash;
    }
  }
}

/** Everything that was asked for comes to pass: events again, rollbacks, a sweep. */
async function settle(run: Run): Promise<void> {
  const { world, events, requests } = run;
  world.beforeStep = () => {};
  world.afterStep = () => {};
  // A claim that a crash left behind ends.
  pass(world, 20);
  for (const event of [...events]) await deliver(run, event);
  for (let round = 0; round < 3; round++) {
    await deliver(run);
    for (const request of [...requests]) await world.guard.rollback(request);
  }
  await deliver(run);
  await world.guard.publishPending();
}

async function play(history: readonly Step[]): Promise<Run> {
  const world = createWorld();
  const run: Run = { world, events: [], requests: [], changes: [] };
  world.set(ref.arn, 'ab');
  await deliver(run);
  pass(world, 60);
  for (const step of history) await carryOut(run, step);
  return run;
}

async function stateOf({ world }: Run) {
  const state = (await world.stateOf(ref.arn))?.value;
  if (state === undefined) throw new Error('there is no state');
  return state;
}

async function lettersAccepted(
  { world }: Run,
  version: { contentHash: string; snapshotHash: string },
): Promise<string> {
  const snapshot = await loadSnapshot(world.store, version);
  return [...(snapshot.parts[0]?.document ?? '').matchAll(/s3:([a-z])"/g)]
    .map(([, letter]) => letter)
    .join('');
}

const isSubset = (part: string, whole: string) => [...part].every((letter) => whole.includes(letter));

/** Checks a law over random histories; a failure prints its seed and the shrunk history. */
function law(name: string, holds: (run: Run) => Promise<void>, { runs = 300 }: { runs?: number } = {}): void {
  it(name, async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        await holds(await play(history));
      }),
      { numRuns: runs },
    );
  });
}

describe('over any history of changes, duplicates, delays, waits and crashes', () => {
  law('what is accepted only ever tightens', async (run) => {
    await settle(run);

    const { accepted, acceptedBefore } = await stateOf(run);
    const versions = [...acceptedBefore, ...(accepted === undefined ? [] : [accepted])];
    const contents = await Promise.all(versions.map((version) => lettersAccepted(run, version)));
    for (const [index, content] of contents.slice(1).entries())
      expect(isSubset(content, contents[index] ?? '')).toBe(true);
  });

  law('what AWS holds in the end is accepted, or has an open finding', async (run) => {
    await settle(run);

    const { accepted, observed, openFindings } = await stateOf(run);
    const concerning = openFindings.filter(({ liveHash }) => liveHash === observed?.contentHash);
    if (accepted?.contentHash !== observed?.contentHash) expect(concerning.length).toBeGreaterThan(0);
  });

  law('a finding is open in the end only while its access, or its doubt, is there', async (run) => {
    await settle(run);

    const live = run.world.things.get(ref.arn)?.letters ?? '';
    for (const { witness, check, liveHash } of (await stateOf(run)).openFindings) {
      // What cannot be decided ends nothing.
      if (check === 'rollback-breaker' || live.includes('u')) continue;
      if (witness !== undefined) expect(live).toContain(witness.action.slice('s3:'.length));
      else expect(liveHash).toBe((await stateOf(run)).observed?.contentHash);
    }
  });

  law('every finding was published as it is in the end', async (run) => {
    await settle(run);

    const { openFindings, closedFindings } = await stateOf(run);
    const last = new Map(run.world.published.map((finding) => [finding.id, finding.status]));
    for (const { id, status, revision, publishedRevision } of [...openFindings, ...closedFindings]) {
      expect(publishedRevision).toBe(revision);
      expect(last.get(id)).toBe(status);
    }
  });

  law('every change that grants more and whose event shows it is told, undone or not', async (run) => {
    await settle(run);

    const toldHashes = new Set(run.world.published.map(({ liveHash }) => liveHash));
    const shown = run.events.flatMap(({ document }, index) =>
      document === undefined ? [] : [run.changes[index] ?? ''],
    );
    for (const content of shown)
      if (!isSubset(content, 'ab')) expect(toldHashes).toContain(contentHashOf(content));
  });

  law('every write takes proved access away, and puts back what was accepted', async (run) => {
    await settle(run);

    const state = await stateOf(run);
    const versions = [...state.acceptedBefore, ...(state.accepted === undefined ? [] : [state.accepted])];
    const contents = await Promise.all(versions.map((version) => lettersAccepted(run, version)));
    for (const { from = '', to = '' } of run.world.writes) {
      expect([...from].some((letter) => letter !== 'u' && !to.includes(letter))).toBe(true);
      expect(contents).toContain(to);
    }
  });

  law('there are no more writes than changes that grant more', async (run) => {
    await settle(run);

    const widening = run.changes.filter((content) => !isSubset(content.replace('u', ''), 'ab')).length;
    const { accepted } = await stateOf(run);
    const start = accepted === undefined ? '' : await lettersAccepted(run, accepted);
    const beyondTightest = run.changes.filter((content) => !isSubset(content, start)).length;
    expect(run.world.writes.length).toBeLessThanOrEqual(Math.max(widening, beyondTightest));
  });

  law(
    'once all is settled, the same events and requests again change nothing and say nothing',
    async (run) => {
      await settle(run);
      const before = await stateOf(run);
      const { published, writes } = run.world;
      const counts = [published.length, writes.length];

      for (const event of [...run.events, ...run.events].reverse()) await deliver(run, event);
      for (const request of run.requests) await run.world.guard.rollback(request);

      expect(await stateOf(run)).toEqual(before);
      expect([published.length, writes.length]).toEqual(counts);
    },
  );
});

describe('events of changes that all happened before', () => {
  it('lead to the same end in any order', async () => {
    const contents = fc.array(fc.record({ content: letters, withDocument: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    });
    const orders = contents.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
    );
    const play = async (
      list: readonly { content: string; withDocument: boolean }[],
      order: readonly number[],
    ) => {
      const world = createWorld({ config: { targets: [] } });
      const run: Run = { world, events: [], requests: [], changes: [] };
      world.set(ref.arn, 'ab');
      await deliver(run);
      pass(world, 60);
      for (const { content, withDocument } of list) make(run, content, withDocument);
      pass(world, 5);
      for (const index of order) await deliver(run, run.events[index]);
      const { accepted, openFindings, closedFindings } = await stateOf(run);
      return {
        accepted: accepted?.contentHash,
        open: openFindings.map(({ id, status }) => `${id} ${status}`).sort(),
        closed: closedFindings.map(({ id, status }) => `${id} ${status}`).sort(),
      };
    };

    await fc.assert(
      fc.asyncProperty(orders, async ([list, order]) => {
        expect(await play(list, order)).toEqual(await play(list, [...list.keys()]));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a change that grants more and is rolled back', () => {
  /** Plays it with a crash at one step of some neighbour; false: the crash never came. */
  async function playWithCrash(at: number, done: boolean): Promise<{ crashed: boolean; run: Run }> {
    const world = createWorld();
    const run: Run = { world, events: [], requests: [], changes: [] };
    world.set(ref.arn, 'a');
    await deliver(run);
    pass(world, 60);
    const event = make(run, 'ab', true);
    let steps = 0;
    let crashed = false;
    const crash = () => {
      if (steps++ !== at) return;
      crashed = true;
      throw new Error('crash');
    };
    if (done) world.afterStep = crash;
    else world.beforeStep = crash;
    await attempt(() => deliver(run, event));
    for (const request of run.requests) await attempt(() => world.guard.rollback(request));
    await settle(run);
    return { crashed, run };
  }

  for (const done of [false, true]) {
    it(`ends the same whichever step crashes ${done ? 'after' : 'before'} its work`, async () => {
      let at = 0;
      for (; ; at++) {
        const { crashed, run } = await playWithCrash(at, done);
        const state = await stateOf(run);

        expect(run.world.things.get(ref.arn)?.letters).toBe('a');
        expect(run.world.writes).toHaveLength(1);
        expect(state.openFindings).toEqual([]);
        expect(state.closedFindings).toMatchObject([{ check: 'no-new-access', status: 'ROLLED_BACK' }]);
        expect(run.world.published.at(-1)).toMatchObject({ status: 'ROLLED_BACK' });
        if (!crashed) break;
      }
      expect(at).toBeGreaterThan(10);
    });
  }
});

describe('handlers at work at the same time', () => {
  it('write once for one change and end as one handler would', async () => {
    const delays = fc.infiniteStream(fc.nat(4));
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 2, max: 4 }), async (stream, handlers) => {
        const world = createWorld();
        const run: Run = { world, events: [], requests: [], changes: [] };
        world.set(ref.arn, 'a');
        await deliver(run);
        pass(world, 60);
        const event = make(run, 'ab', true);
        world.beforeStep = async () => {
          const [ticks = 0] = stream.take(1);
          for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
        };

        await Promise.all(
          Array.from({ length: handlers }, async () => {
            await deliver(run, event);
            for (const request of [...run.requests]) await world.guard.rollback(request);
          }),
        );
        await settle(run);

        expect(world.writes).toHaveLength(1);
        expect((await stateOf(run)).closedFindings).toMatchObject([
          { status: 'ROLLED_BACK', occurrences: 1 },
        ]);
      }),
      { numRuns: 150 },
    );
  });
});
