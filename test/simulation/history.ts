/** Random histories, and how one is played: everything that happens, and then everything that it leads to. */
import fc from 'fast-check';
import { begin, beginning, type Change, change, make, TARGETS } from './changes.ts';
import { FAULT_KINDS, type Fault } from './cloud.ts';
import type { Edition } from './edition.ts';
import { callsOf, MAX_CALLS, type Scheme, scheme } from './intruder.ts';
import { withVirtualTimers } from './scheduler.ts';
import { bucketDocument } from './vocabulary.ts';
import { keyOf, latest } from './witness.ts';
import { createWorld, type Delivery, SETTINGS, type Setting, type World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type Doing =
  | {
      readonly kind: 'change';
      readonly change: Change;
      readonly maker: 'somebody' | 'deployer' | 'emergency';
      readonly delivery: Delivery;
    }
  /** A change that is made again so many times, each time the guard has restored it. */
  | { readonly kind: 'fight'; readonly change: Change; readonly times: number; readonly pause: number }
  /** Changes of one hand, one right after the other: what is told of them comes in groups. */
  | { readonly kind: 'burst'; readonly changes: readonly Change[] }
  /** What somebody does who knows the guard; `pauses` and `deliveries` are of its calls in order. */
  | {
      readonly kind: 'scheme';
      readonly scheme: Scheme;
      readonly pauses: readonly number[];
      readonly deliveries: readonly Delivery[];
    }
  /** A message of either queue once more, however old. */
  | { readonly kind: 'redrive'; readonly index: number }
  /** An event of what never happened. */
  | { readonly kind: 'forge'; readonly document: string; readonly id: string }
  /** A person approves a finding that is open. */
  | { readonly kind: 'approve'; readonly index: number }
  /** Somebody changes a setting, deploys, and takes it back so many milliseconds later. */
  | { readonly kind: 'setting'; readonly setting: Setting; readonly backAfter: number }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** `after`: milliseconds since the step before. */
export type Step = { readonly after: number; readonly doing: Doing };

export type History = {
  /** Of the latencies. */
  readonly seed: number;
  /** Of IAM's reads, in milliseconds. */
  readonly lagMs: number;
  readonly beginning: typeof beginning extends fc.Arbitrary<infer Value> ? Value : never;
  readonly steps: readonly Step[];
};

const pause = fc.oneof(
  { weight: 2, arbitrary: fc.nat(500) },
  { weight: 3, arbitrary: fc.nat(10 * SECOND) },
  { weight: 3, arbitrary: fc.nat(20 * MINUTE) },
  { weight: 1, arbitrary: fc.nat(5 * HOUR) },
);
const delay = fc.oneof(
  { weight: 6, arbitrary: fc.nat(5 * SECOND) },
  { weight: 3, arbitrary: fc.nat(15 * MINUTE) },
  { weight: 1, arbitrary: fc.nat(8 * HOUR) },
);
const delivery = fc.record({
  isLost: fc.nat(9).map((n) => n === 9),
  delays: fc.array(delay, { minLength: 1, maxLength: 3 }),
});
const maker = fc.oneof(
  { weight: 8, arbitrary: fc.constant('somebody' as const) },
  { weight: 1, arbitrary: fc.constant('deployer' as const) },
  { weight: 1, arbitrary: fc.constant('emergency' as const) },
);
const fault = fc.record(
  {
    kind: fc.constantFrom(...FAULT_KINDS),
    service: fc.constantFrom('store' as const, 'topic' as const, 'queue' as const, 'account' as const),
    skip: fc.nat(12),
    count: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['kind', 'skip', 'count'] },
);
const doing: fc.Arbitrary<Doing> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      change: fc.noShrink(change),
      maker,
      delivery: fc.noShrink(delivery),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fight' as const),
      change: fc.noShrink(change),
      times: fc.integer({ min: 1, max: 6 }),
      pause: fc.nat(10 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      changes: fc.array(fc.noShrink(change), { minLength: 1, maxLength: 15, size: 'max' }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('scheme' as const),
      scheme: fc.noShrink(scheme),
      // Half of them within a second or two: what the order of events cannot tell.
      pauses: fc.array(fc.oneof(fc.nat(300), fc.nat(20 * SECOND)), {
        minLength: MAX_CALLS,
        maxLength: MAX_CALLS,
      }),
      deliveries: fc.noShrink(fc.array(delivery, { minLength: MAX_CALLS, maxLength: MAX_CALLS })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('approve' as const), index: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('redrive' as const), index: fc.nat(99) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('forge' as const),
      document: fc.noShrink(bucketDocument('data')),
      id: fc.noShrink(fc.uuid()),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('setting' as const),
      setting: fc.constantFrom(...(Object.keys(SETTINGS) as Setting[])), // The names of the table.
      backAfter: fc.oneof(fc.nat(40 * MINUTE), fc.nat(5 * HOUR)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('fault' as const), fault }) },
);

/** Any history. */
export const history: fc.Arbitrary<History> = fc.record({
  // What is drawn anew says nothing simpler; what is left out does.
  seed: fc.noShrink(fc.nat()),
  lagMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20 * SECOND) }),
  beginning: fc.noShrink(beginning),
  steps: fc.array(fc.record({ after: pause, doing }), { maxLength: 16, size: 'max' }),
});

/** What came of a history. */
export type Played = {
  readonly world: World;
  /** Where what was done ended, in milliseconds since 1970; afterwards only the guard was at work. */
  readonly quietFrom: number;
  /** False: it went on for as long as anybody would wait. */
  readonly cameToRest: boolean;
  /** What changed when every message came once more after that, one line each. */
  readonly again: readonly string[];
};

/** Sweeps until nothing changes; each needs two at most, one to see and one to find restored. */
const MAX_ROUNDS = 8;
const IN_TIME: Delivery = { isLost: false, delays: [2 * SECOND] };
const LOST: Delivery = { isLost: true, delays: [] };

/** A look at every target takes several turns now and then. */
const LOOK = 6 * HOUR;

/** Plays the history to its end. */
export async function play(
  { seed, lagMs, beginning: first, steps }: History,
  edition?: Edition,
): Promise<Played> {
  const world = createWorld({ seed, lagMs, ...(edition === undefined ? {} : { edition }) });
  const { scheduler, cloud } = world;
  return withVirtualTimers(scheduler, async () => {
    await found(world, first);
    for (const step of steps) {
      await pass(world, step.after);
      await carryOut(world, step.doing);
    }
    cloud.disarm();
    const rested = await toRest(world);
    return { ...rested, again: await repeatAll(world) };
  });
}

/** Makes the account and has everything looked at: what was before that is nobody's to tell. */
export async function found(world: World, beginning: History['beginning']): Promise<void> {
  await begin(beginning, world.clientsAs('start', LOST));
  await pass(world, 24 * HOUR);
  world.sweep();
  await pass(world, LOOK);
}

/** Lets the guard go on alone until it has nothing left to do. */
export async function toRest(world: World): Promise<Omit<Played, 'again'>> {
  const quietFrom = world.scheduler.now();
  let before = '';
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // What waits for a digest waits a day at most.
    await pass(world, 24 * HOUR);
    world.sweep();
    await pass(world, LOOK);
    const now = summaryOf(world);
    if (now === before) return { world, quietFrom, cameToRest: true };
    before = now;
  }
  return { world, quietFrom, cameToRest: false };
}

/** Sends every message again, and returns what changed. */
async function repeatAll(world: World): Promise<readonly string[]> {
  const before = restOf(world);
  world.redriveAll();
  await pass(world, LOOK);
  const after = new Set(restOf(world));
  const was = new Set(before);
  return [
    ...before.filter((line) => !after.has(line)).map((line) => `was before, and is not: ${line}`),
    ...[...after].filter((line) => !was.has(line)).map((line) => `is, and was not before: ${line}`),
  ];
}

/** One line for what each target holds, for each finding and for what was written. */
function restOf(world: World): readonly string[] {
  const { findings, writes } = world.witness;
  return [
    ...heldNow(world),
    `${writes.length} writes, ${findings.size} findings`,
    ...[...findings.values()].map(
      ({ id, check, status, occurrences, additions = [] }) =>
        `${check} ${id.slice(0, 6)} ${status} ${occurrences} times: ${additions.map(({ now }) => now).join()}`,
    ),
  ];
}

/** Lets so many milliseconds go by. */
export function pass({ scheduler }: World, milliseconds: number): Promise<void> {
  return scheduler.runUntil(scheduler.now() + milliseconds);
}

async function carryOut(world: World, doing: Doing): Promise<void> {
  switch (doing.kind) {
    case 'change':
      await make(doing.change, world.clientsAs(doing.maker, doing.delivery));
      return;
    case 'burst':
      for (const one of doing.changes) await make(one, world.clientsAs('somebody', IN_TIME));
      return;
    case 'scheme':
      for (const [index, { by, act }] of callsOf(doing.scheme).entries()) {
        await pass(world, doing.pauses[index] ?? 0);
        await act(world.clientsAs(by, doing.deliveries[index] ?? LOST));
      }
      return;
    case 'approve':
      await world.approve(doing.index);
      return;
    case 'redrive':
      world.redrive(doing.index);
      return;
    case 'forge':
      world.forge(doing.document, doing.id);
      return;
    case 'setting':
      world.configure(doing.setting);
      world.scheduler.after(doing.backAfter, () => world.configure('as at first'));
      return;
    case 'sweep':
      world.sweep();
      return;
    case 'fault':
      world.cloud.arm(doing.fault);
      return;
    case 'fight': {
      const again = () => make(doing.change, world.clientsAs('somebody', IN_TIME));
      const before = heldNow(world);
      await again();
      const [fought] = [...heldNow(world)].filter((content) => !before.has(content));
      let left = doing.times;
      const watching = world.afterGuardWrite;
      world.afterGuardWrite = (write) => {
        watching(write);
        if (!fought?.startsWith(`${keyOf(write.target)} `) || left-- <= 0) return;
        world.scheduler.after(doing.pause, again);
      };
    }
  }
}

/** One text a target and its content. */
function heldNow({ witness }: World): Set<string> {
  return new Set(
    TARGETS.map((target) => `${keyOf(target)} ${latest(witness, target)?.snapshot.contentHash ?? ''}`),
  );
}

/** Equal at two times iff the guard did nothing in between that matters. */
function summaryOf({ witness, events, rollbacks }: World): string {
  // Each look adds a read; what matters is what follows.
  const states = [...witness.states]
    .map(
      ([key, { openFindings, closedFindings, claim }]) => [key, openFindings, closedFindings, claim] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    states,
    witness.writes.length,
    witness.published.length,
    events.waiting(),
    rollbacks.waiting(),
  ]);
}
