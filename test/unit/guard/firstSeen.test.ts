import { describe, expect, it } from 'vitest';
import { change, lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, createWorld, pass, type World } from './world.ts';

describe('a target that is seen for the first time', () => {
  it('is accepted as the start when nothing on the lists is granted', async () => {
    const world = createWorld();
    world.set(ref.arn, 'abc');

    const outcome = await world.guard.examineTarget(ref);

    expect(outcome).toMatchObject({ kind: 'accepted', findings: [] });
    expect((await world.stateOf(ref.arn))?.value.accepted?.by).toBe('guard');
  });

  it('is accepted with a finding when it grants critical access', async () => {
    const world = createWorld();
    world.set(ref.arn, 'ax');

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({
      check: 'access-not-granted',
      status: 'ACTIVE',
      acceptedHash: '',
    });
    expect(outcome.rollback).toBeUndefined();
    expect((await world.stateOf(ref.arn))?.value.accepted).toBeDefined();
  });

  it('the finding of the start stays while the start does', async () => {
    const world = createWorld();
    world.set(ref.arn, 'ax');
    await world.guard.examineTarget(ref);

    const again = await world.guard.examineTarget(ref);

    expect(again).toMatchObject({ kind: 'settled', findings: [] });
    expect((await world.stateOf(ref.arn))?.value.openFindings).toHaveLength(1);
  });

  it('the finding of the start resolves when the access is taken away', async () => {
    const world = createWorld();
    world.set(ref.arn, 'ax');
    await world.guard.examineTarget(ref);

    const outcome = await change(world, 'a');

    expect(only(outcome.findings)).toMatchObject({ check: 'access-not-granted', status: 'RESOLVED' });
  });

  it('waits for an approval when the configuration says to flag', async () => {
    const world = createWorld({ config: { firstSeen: 'flag' } });
    world.set(ref.arn, 'ax');

    await world.guard.examineTarget(ref);

    expect((await world.stateOf(ref.arn))?.value.accepted).toBeUndefined();
  });

  it('is not accepted when it cannot be judged', async () => {
    const world = createWorld();
    world.set(ref.arn, undefined);

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({ check: 'document', result: 'UNKNOWN', status: 'ACTIVE' });
    expect((await world.stateOf(ref.arn))?.value.accepted).toBeUndefined();
  });

  it('that is not there is nothing to remember', async () => {
    const world = createWorld();

    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'gone', findings: [] });
    expect(await world.stateOf(ref.arn)).toBeUndefined();
  });
});

describe('a target that is being set up', () => {
  async function young(): Promise<World> {
    const world = createWorld();
    world.things.set(ref.arn, { letters: 'a', uniqueId: 'ANPA1', createdAt: world.now.toISOString() });
    await world.guard.examineTarget(ref);
    return world;
  }

  it('may widen without a finding', async () => {
    const world = await young();

    expect(await change(world, 'abc')).toMatchObject({ kind: 'accepted', findings: [] });
  });

  it('gets a finding for critical access, which is undone: the lists hold from the first minute', async () => {
    const world = await young();

    const outcome = await change(world, 'abx');
    await world.guard.rollback(requestOf(outcome));

    expect(only(outcome.findings)).toMatchObject({
      check: 'access-not-granted',
      action: { kind: 'planned' },
    });
    expect(lettersOf(world)).toBe('a');
  });

  it('is held to what it has once the window is over', async () => {
    const world = await young();
    pass(world, 30);

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({ check: 'no-new-access', status: 'ACTIVE' });
  });
});

describe('a target that goes', () => {
  it('resolves its findings', async () => {
    const world = await settled('a');
    await change(world, 'ab');
    world.things.delete(ref.arn);

    const outcome = await world.guard.examineTarget(ref);

    expect(outcome.kind).toBe('gone');
    expect(only(outcome.findings)).toMatchObject({ status: 'RESOLVED', statusWhy: 'the target was deleted' });
  });

  it('and comes back as the same thing is held to what it had', async () => {
    const world = await settled('a');
    world.things.delete(ref.arn);
    await world.guard.examineTarget(ref);

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({ check: 'no-new-access' });
  });

  it('and is made again under its name takes its findings with it', async () => {
    const world = await settled('a');
    await change(world, 'ab');
    world.things.set(ref.arn, { letters: 'abc', uniqueId: 'ANPA2', createdAt: world.now.toISOString() });

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({
      status: 'RESOLVED',
      statusWhy: expect.stringContaining('another one'),
    });
    expect((await world.stateOf(ref.arn))?.value).toMatchObject({ uniqueId: 'ANPA2', acceptedBefore: [] });
  });

  it('and has no unique id is another thing once its deletion is recorded', async () => {
    const anonymous = { uniqueId: undefined, createdAt: '2020-01-01T00:00:00.000Z' } as const;
    const world = createWorld();
    world.things.set(ref.arn, { letters: 'a', ...anonymous });
    await world.guard.examineTarget(ref);
    pass(world, 60);
    const deleted = changeOf(ref, world, { deletes: true });
    pass(world, 1);
    world.things.set(ref.arn, { letters: 'b', ...anonymous });

    const seen = await world.guard.examineTarget(ref);
    const made = await world.guard.examineTarget(ref, deleted);
    const again = await change(world, 'ab');
    const late = await world.guard.examineTarget(ref, deleted);

    expect(only(seen.findings)).toMatchObject({ status: 'ACTIVE', check: 'no-new-access' });
    expect(made).toMatchObject({ kind: 'accepted', findings: [{ status: 'RESOLVED' }] });
    expect(only(again.findings)).toMatchObject({ status: 'ACTIVE' });
    expect(late.rollback?.acceptedHash).toBe(again.rollback?.acceptedHash);
  });

  it('and is made again under its name is another thing', async () => {
    const world = await settled('a');
    world.things.set(ref.arn, { letters: 'ab', uniqueId: 'ANPA2', createdAt: world.now.toISOString() });

    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'accepted', findings: [] });
  });
});
