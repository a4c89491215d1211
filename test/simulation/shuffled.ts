/**
 * Changes that are all made before the first of their events arrives, with the events in one order or another. Every read
 * comes after every change then, so what AWS holds in the end must not depend on the order. Restores wait until all events
 * have been handled, and each target has its turn: what a restore leaves depends on what is known by then, and on what the
 * restore of a text that principals share has taken away.
 */
import fc from 'fast-check';
import { createDice } from '../../scripts/dice.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { type Beginning, beginning, type Change, change, make, TARGETS } from './changes.ts';
import { found, type Played, pass, toRest } from './history.ts';
import { callsOf, MAX_CALLS, type Player, type Scheme, scheme } from './intruder.ts';
import { withVirtualTimers } from './scheduler.ts';
import { keyOf, latest } from './witness.ts';
import { createWorld, type Delivery } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Act = { readonly after: number } & (
  | { readonly kind: 'change'; readonly change: Change; readonly maker: Player }
  | { readonly kind: 'scheme'; readonly scheme: Scheme }
);

export type Shuffled = {
  /** Of the latencies. */
  readonly seed: number;
  readonly beginning: Beginning;
  readonly acts: readonly Act[];
};

const after = fc.oneof(fc.nat(SECOND), fc.nat(10 * SECOND));

/** Any changes within a few minutes. */
export const shuffled: fc.Arbitrary<Shuffled> = fc.record({
  seed: fc.noShrink(fc.nat()),
  beginning: fc.noShrink(beginning),
  acts: fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('change' as const),
          after,
          change: fc.noShrink(change),
          maker: fc.constantFrom<Player[]>('somebody', 'somebody', 'deployer', 'emergency'),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('scheme' as const),
          after,
          scheme: fc.noShrink(scheme),
        }),
      },
    ),
    { minLength: 1, maxLength: 6 },
  ),
});

/** All events have come this long after the last change: before the guard gives one up. */
const WITHIN = 8 * MINUTE;
/** All are handled then, also what a crowd of changes of the same target kept from it at first. */
const HANDLED_WITHIN = 25 * MINUTE;

/** Plays the changes with their events in the order of that number. */
export async function playInOrder(
  { seed, beginning: first, acts }: Shuffled,
  order: number,
): Promise<Pick<Played, 'world'>> {
  let restoresFrom = 0;
  const rollbackDelay = (target: TargetRef, now: number) => {
    const turn = TARGETS.findIndex((one) => keyOf(one) === keyOf(target));
    return Math.max(0, restoresFrom + turn * MINUTE - now);
  };
  const world = createWorld({ seed, rollbackDelay });
  const dice = createDice(order);
  const { scheduler } = world;
  return withVirtualTimers(scheduler, async () => {
    await found(world, first);
    const longest = acts.reduce((sum, act) => sum + act.after + MAX_CALLS, 0);
    const end = scheduler.now() + longest + MINUTE;
    restoresFrom = end + WITHIN + HANDLED_WITHIN;
    const delivery = (): Delivery => ({
      isLost: false,
      delays: [end - scheduler.now() + Math.floor(dice() * WITHIN)],
    });
    for (const act of acts) {
      await pass(world, act.after);
      if (act.kind === 'change') await make(act.change, world.clientsAs(act.maker, delivery()));
      else
        for (const call of callsOf(act.scheme)) {
          // Two resources that are made in one millisecond would have one unique id.
          await pass(world, 1);
          await call.act(world.clientsAs(call.by, delivery()));
        }
    }
    return await toRest(world);
  });
}

/** Returns what AWS holds in the end, one line a target. */
export function endOf({ world }: Pick<Played, 'world'>): readonly string[] {
  return TARGETS.map((target) => {
    const snapshot = latest(world.witness, target)?.snapshot;
    return `${keyOf(target)} ${JSON.stringify(snapshot?.parts.map(({ id, document }) => [id, document]))}`;
  });
}

/** Returns what differs in the end between the first order and another; none iff nothing does. */
export async function differencesOf(one: Shuffled, orders: number): Promise<readonly string[]> {
  const first = endOf(await playInOrder(one, 0));
  for (let order = 1; order < orders; order++) {
    const other = endOf(await playInOrder(one, order));
    const differing = first.flatMap((line, index) =>
      line === other[index] ? [] : [`order 0: ${line}\norder ${order}: ${other[index]}`],
    );
    if (differing.length > 0) return differing;
  }
  return [];
}
