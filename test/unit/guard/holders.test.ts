/** A finding about a shared policy says how far the change carries. */
import { describe, expect, it } from 'vitest';
import type { Reached } from '../../../shared/targets/target.ts';
import { change, only, ref, settled } from './scenario.ts';
import type { World } from './world.ts';

const NOBODY = { names: [], hasMore: false };

/** A settled policy that reaches these, and how often the guard asked for them since. */
async function reaching(reached: Reached): Promise<{ readonly world: World; readonly asked: () => number }> {
  const world = await settled('ab');
  world.reached = reached;
  let asked = 0;
  world.beforeStep = (step) => {
    if (step === 'reaches') asked++;
  };
  return { world, asked: () => asked };
}

describe('a new finding', () => {
  it.each([
    [
      { attachedTo: { names: ['role a', 'user b', 'group c'], hasMore: false }, boundaryOf: NOBODY },
      'reaches role `a`, user `b`, group `c`',
    ],
    [{ attachedTo: { names: ['role a'], hasMore: true }, boundaryOf: NOBODY }, 'reaches role `a`, and more'],
    [{ attachedTo: { names: [], hasMore: true }, boundaryOf: NOBODY }, 'reaches some who were not shown'],
    [{ attachedTo: NOBODY, boundaryOf: NOBODY }, 'no known attachments'],
    [
      { attachedTo: NOBODY, boundaryOf: { names: ['user d'], hasMore: false } },
      'no known attachments; is the boundary of user `d`',
    ],
  ])('of a policy with %j notes: %s', async (reached, note) => {
    const { world } = await reaching(reached);

    const { findings } = await change(world, 'abc');

    expect(only(findings).notes).toEqual([note]);
  });

  it('names whom it reaches once, however often the policy is looked at', async () => {
    const { world, asked } = await reaching({ attachedTo: NOBODY, boundaryOf: NOBODY });
    await change(world, 'abc');

    await world.guard.examineTarget(ref);

    expect(asked()).toBe(1);
    expect(only((await world.stateOf(ref.arn))?.value.openFindings ?? []).notes).toHaveLength(1);
  });

  it('is told with a note when it could not be read whom it reaches', async () => {
    const { world } = await reaching({ attachedTo: NOBODY, boundaryOf: NOBODY });
    world.beforeStep = (step) => {
      if (step === 'reaches') throw new Error('throttled');
    };

    const { findings, unpublished } = await change(world, 'abc');

    expect(only(findings).notes).toEqual(['whom it reaches could not be read: throttled']);
    expect(unpublished).toBe(0);
    expect(world.published).toHaveLength(1);
  });
});

it('asks nothing about a change that grants nothing new', async () => {
  const { world, asked } = await reaching({ attachedTo: NOBODY, boundaryOf: NOBODY });

  expect(await change(world, 'a')).toMatchObject({ kind: 'clean' });

  expect(asked()).toBe(0);
});
