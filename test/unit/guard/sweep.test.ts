import { describe, expect, it } from 'vitest';
import { ACCOUNT, createWorld, pass, target, type World } from './world.ts';

const place = { accountId: ACCOUNT, region: 'us-east-1', kinds: ['managed-policy'] } as const;

function worldOf(contents: { readonly [name: string]: string }): World {
  const world = createWorld();
  for (const [name, letters] of Object.entries(contents)) world.set(target(name).arn, letters);
  return world;
}

describe('a sweep', () => {
  it('of a new account accepts what is there', async () => {
    const world = worldOf({ p: 'a', q: 'b' });

    expect(await world.guard.sweep(place)).toEqual({ examined: 2, findings: 0, rollbacks: [], faults: [] });
    expect((await world.stateOf(target('q').arn))?.value.accepted).toBeDefined();
  });

  it('finds what no event told, and has it undone when no event comes', async () => {
    const world = worldOf({ p: 'a', q: 'b' });
    await world.guard.sweep(place);
    pass(world, 60);
    world.set(target('q').arn, 'bc');

    const first = await world.guard.sweep(place);
    pass(world, 20);
    const second = await world.guard.sweep(place);

    expect(first).toMatchObject({ findings: 1, rollbacks: [] });
    expect(second).toMatchObject({ rollbacks: [{ target: { arn: target('q').arn } }] });
    expect(world.published).toMatchObject([
      { check: 'no-new-access', action: { kind: 'waiting' } },
      { check: 'no-new-access', action: { kind: 'planned' } },
    ]);
  });

  it('notices what is gone', async () => {
    const world = worldOf({ p: 'ax' });
    await world.guard.sweep(place);
    world.things.delete(target('p').arn);

    await world.guard.sweep(place);

    expect(world.published.at(-1)).toMatchObject({ status: 'RESOLVED', statusWhy: 'the target was deleted' });
  });

  it('that is stopped goes on where it stopped', async () => {
    const world = worldOf({ p: 'a', q: 'b', r: 'c' });
    let left = 2;

    const first = await world.guard.sweep({ ...place, shouldStop: () => left-- === 0 });
    const second = await world.guard.sweep({
      ...place,
      ...(first.cursor === undefined ? {} : { cursor: first.cursor }),
    });

    expect(first).toMatchObject({ examined: 2, cursor: { kind: 'managed-policy', listed: 2 } });
    expect(second.examined).toBe(1);
    expect(second.cursor).toBeUndefined();
  });

  it('goes on past a target that cannot be read', async () => {
    const world = worldOf({ p: 'a', q: 'b' });
    let reads = 0;
    world.beforeStep = (step) => {
      if (step === 'read' && reads++ === 0) throw new Error('no answer');
    };

    const outcome = await world.guard.sweep(place);

    expect(outcome).toMatchObject({ examined: 1, faults: [{ place: target('p').arn }] });
  });

  it('tells what was stored and not told', async () => {
    const world = worldOf({ p: 'ax' });
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    await world.guard.sweep(place);
    world.beforeStep = () => {};

    await world.guard.sweep(place);

    expect(world.published).toMatchObject([{ check: 'access-not-granted', status: 'ACTIVE' }]);
  });
});
