/**
 * Changes that are all made before the first of their events arrives, with the events in one order or another. Every read
 * comes after every change then, so what AWS holds in the end must not depend on the order. Nobody is exempt here: what
 * an exempt role took away is left only once its event has come, and the guard does not wait for events of texts that
 * others have overwritten by then. A Deny that it has restored meanwhile it never takes away again. Nor is a bucket made
 * again: it has no unique id, and its creation date changes with its policy (S3 API Reference, Bucket), so that it is new
 * is the word of events that come later than the first restore. Nor is a target compared to which the guard wrote before the
 * event of a text came that others had overwritten by then: nothing that stands tells that the event is still to come, so
 * what the steps on it were before, and how grave they are, is taken for known, and a restore does not wait.
 */
import fc from 'fast-check';
import { createDice } from '../../scripts/dice.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { type Beginning, beginning, type Change, change, make, TARGETS } from './changes.ts';
import { found, type Played, pass, toRest } from './history.ts';
import { callsOf, MAX_CALLS, type Scheme, scheme } from './intruder.ts';
import { withVirtualTimers } from './scheduler.ts';
import { keyOf, latest } from './witness.ts';
import { createWorld, type Delivery, type World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Act = { readonly after: number } & (
  | { readonly kind: 'change'; readonly change: Change }
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
          change: fc.noShrink(change.filter(({ call }) => call !== 'RecreateBucket')),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('scheme' as const),
          after,
          scheme: fc.noShrink(scheme.filter(({ name }) => name !== 'a bucket made again')),
        }),
      },
    ),
    { minLength: 1, maxLength: 6 },
  ),
});

/** All events have come this long after the last change: before the guard gives one up. */
const WITHIN = 8 * MINUTE;

/** Plays the changes with their events in the order of that number. */
export async function playInOrder(
  { seed, beginning: first, acts }: Shuffled,
  order: number,
): Promise<Pick<Played, 'world'>> {
  const world = createWorld({ seed });
  const dice = createDice(order);
  const { scheduler } = world;
  return withVirtualTimers(scheduler, async () => {
    await found(world, first);
    const longest = acts.reduce((sum, act) => sum + act.after + MAX_CALLS, 0);
    const end = scheduler.now() + longest + MINUTE;
    const delivery = (): Delivery => ({
      isLost: false,
      delays: [end - scheduler.now() + Math.floor(dice() * WITHIN)],
    });
    for (const act of acts) {
      await pass(world, act.after);
      if (act.kind === 'change') await make(act.change, world.clientsAs('somebody', delivery()));
      else
        for (const call of callsOf(act.scheme)) {
          // Two resources that are made in one millisecond would have one unique id.
          await pass(world, 1);
          await call.act(world.clientsAs('somebody', delivery()));
        }
    }
    return await toRest(world);
  });
}

/** Returns what AWS holds in the end, one line a target; undefined for one that the guard wrote to too early to compare. */
export function endOf({ world }: Pick<Played, 'world'>): readonly (string | undefined)[] {
  return TARGETS.map((target) => {
    if (isWrittenEarly(world, target)) return undefined;
    const snapshot = latest(world.witness, target)?.snapshot;
    return `${keyOf(target)} ${JSON.stringify(snapshot?.parts.map(({ id, document }) => [id, document]))}`;
  });
}

/** True iff the guard wrote to the target when the event of a text that was overwritten by then was still to come. */
function isWrittenEarly({ witness: { held, handled } }: World, target: TargetRef): boolean {
  const contents = held.get(keyOf(target)) ?? [];
  const written = contents.findIndex(({ by }) => by === 'guard');
  const changes = contents.slice(0, Math.max(0, written)).map(({ snapshot }, index) => {
    const [was, is] = [contents[index - 1]?.snapshot.parts ?? [], snapshot.parts].map(
      (parts) => new Map(parts.map(({ id, document }) => [id, document])),
    );
    return new Set(
      [...(was?.keys() ?? []), ...(is?.keys() ?? [])].filter((id) => was?.get(id) !== is?.get(id)),
    );
  });
  const at = contents[written]?.at ?? 0;
  return contents.slice(0, changes.length).some(({ by, eventId }, index) => {
    const isLate = by !== 'start' && (handled.get(eventId) ?? Number.POSITIVE_INFINITY) > at;
    return isLate && changes.slice(index + 1).some((later) => !later.isDisjointFrom(changes[index] ?? later));
  });
}

/** Returns what differs in the end between the first order and another; none iff nothing does. */
export async function differencesOf(one: Shuffled, orders: number): Promise<readonly string[]> {
  const first = endOf(await playInOrder(one, 0));
  for (let order = 1; order < orders; order++) {
    const other = endOf(await playInOrder(one, order));
    const differing = first.flatMap((line, index) =>
      line === other[index] || line === undefined || other[index] === undefined
        ? []
        : [`order 0: ${line}\norder ${order}: ${other[index]}`],
    );
    if (differing.length > 0) return differing;
  }
  return [];
}
