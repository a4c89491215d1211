/** What the guard's tests begin with: one policy of the small world, and somebody who changes it. */
import type { RollbackRequest } from '../../../shared/guard/contract.ts';
import { changeOf, createWorld, pass, target, type World, type WorldOptions } from './world.ts';

/** The policy that the tests are about. */
export const ref = target('p');

/** Returns a world in which `letters` are accepted, an hour ago. */
export async function settled(letters: string, options: WorldOptions = {}): Promise<World> {
  const world = createWorld(options);
  world.set(ref.arn, letters);
  await world.guard.examineTarget(ref);
  pass(world, 60);
  return world;
}

/** Somebody changes the policy, and the event arrives. */
export async function change(
  world: World,
  letters: string | undefined,
  more: Parameters<typeof changeOf>[2] = {},
) {
  pass(world, 1);
  world.set(ref.arn, letters);
  return world.guard.examineTarget(ref, changeOf(ref, world, more));
}

/** Returns the one value; throws when there are none or several. */
export function only<Value>(values: Iterable<Value>): Value {
  const [first, ...others] = values;
  if (first === undefined || others.length > 0) throw new Error('there is not exactly one');
  return first;
}

/** Returns the rollback that was asked for; throws when none was. */
export function requestOf(outcome: { readonly rollback?: RollbackRequest }): RollbackRequest {
  if (outcome.rollback === undefined) throw new Error('no rollback was asked for');
  return outcome.rollback;
}

/** Returns what the policy grants now. */
export function lettersOf(world: World): string | undefined {
  return world.things.get(ref.arn)?.letters;
}
