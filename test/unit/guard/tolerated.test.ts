/** What an exempt role made stands: whatever comes after it, its change is not undone with somebody else's. */
import { describe, expect, it } from 'vitest';
import { change, lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, documentOf, pass, type World } from './world.ts';

const EMERGENCY = 'arn:aws:iam::111122223333:role/break-glass';
const SOMEBODY = 'arn:aws:iam::111122223333:role/somebody';
const exempt = { config: { criticalAccess: [], breakGlass: ['*/break-glass'] } };

/** Accepted is `a`; the emergency role made it `ab`, and its event came. */
async function emergency(): Promise<World> {
  const world = await settled('a', exempt);
  await change(world, 'ab', { actor: EMERGENCY });
  return world;
}

const openOn = async (world: World) => (await world.stateOf(ref.arn))?.value.openFindings ?? [];

describe('after a change of an emergency role', () => {
  it('a restore to what it left is not taken for done where it passes by the accepted content', async () => {
    const world = await emergency();
    const request = requestOf(await change(world, 'abc', { actor: SOMEBODY }));
    const seen: string[] = [];
    world.beforeStep = async (step) => {
      if (step !== 'restore') return;
      world.beforeStep = () => {};
      world.set(ref.arn, 'a');
      seen.push((await world.guard.examineTarget(ref)).kind);
      world.set(ref.arn, 'abc');
    };

    await world.guard.rollback(request);

    expect(seen).toEqual(['held']);
    expect(lettersOf(world)).toBe('ab');
  });

  it('it is told at once', async () => {
    const world = await emergency();

    expect(only(world.published)).toMatchObject({
      status: 'ACTIVE',
      severity: 'HIGH',
      action: { kind: 'observed' },
      change: { actorArn: EMERGENCY },
    });
  });

  it('a further change of somebody else goes back to what the emergency role left', async () => {
    const world = await emergency();

    const request = requestOf(await change(world, 'abc', { actor: SOMEBODY }));
    const outcome = await world.guard.rollback(request);

    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      finding: {
        status: 'ROLLED_BACK',
        action: { why: `the version that \`${EMERGENCY}\` left was put back` },
      },
    });
    expect(lettersOf(world)).toBe('ab');
  });

  it('what it left stays told and is never undone by a later look', async () => {
    const world = await emergency();
    await world.guard.rollback(requestOf(await change(world, 'bc', { actor: SOMEBODY })));
    await world.guard.rollback(requestOf(await change(world, 'c', { actor: SOMEBODY })));

    for (const minutes of [1, 20, 24 * 60]) {
      pass(world, minutes);

      expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
    }
    expect(lettersOf(world)).toBe('ab');
    const open = (await openOn(world)).filter(({ result }) => result === 'FAIL');
    expect(only(open)).toMatchObject({ status: 'ACTIVE', action: { kind: 'observed' } });
  });

  it('a change of somebody else that grants nothing beyond it is told and left', async () => {
    const world = await emergency();

    const outcome = await change(world, 'b', { actor: SOMEBODY });

    expect(outcome.rollback).toBeUndefined();
    expect((await openOn(world)).every(({ action }) => action.kind === 'observed')).toBe(true);
    expect((await world.stateOf(ref.arn))?.value.accepted?.why).toBe(
      'it was there when the target was first seen',
    );
  });

  it('its own further change stands as well', async () => {
    const world = await emergency();

    await change(world, 'abd', { actor: EMERGENCY });
    await world.guard.rollback(requestOf(await change(world, 'abcd', { actor: SOMEBODY })));

    expect(lettersOf(world)).toBe('abd');
  });

  it('nobody takes it for their own: an event of somebody else for the same content changes nothing', async () => {
    const world = await settled('a', exempt);
    pass(world, 1);
    const theirs = changeOf(ref, world, { actor: SOMEBODY });
    world.set(ref.arn, 'ab');
    const its = changeOf(ref, world, { actor: EMERGENCY });
    pass(world, 1);
    await world.guard.examineTarget(ref, its);

    expect((await world.guard.examineTarget(ref, theirs)).rollback).toBeUndefined();
  });

  it('once the accepted version is back, everything is undone to it again', async () => {
    const world = await emergency();
    await change(world, 'a', { actor: EMERGENCY });

    await world.guard.rollback(requestOf(await change(world, 'ab', { actor: SOMEBODY })));

    expect(lettersOf(world)).toBe('a');
  });

  it('approved, it is what later changes are measured by', async () => {
    const world = await emergency();
    const { id } = only(await openOn(world));
    await world.guard.approve({ findingId: id, who: 'ann', why: 'right' });

    await world.guard.rollback(requestOf(await change(world, 'abc', { actor: SOMEBODY })));

    expect(lettersOf(world)).toBe('ab');
    expect(await openOn(world)).toEqual([]);
  });

  it('which the store no longer gives, nothing is undone', async () => {
    const world = await emergency();
    const known = await world.stateOf(ref.arn);
    if (known?.value.tolerated === undefined) throw new Error('nothing is tolerated');
    const tolerated = { ...known.value.tolerated, snapshotHash: 'lost' };
    await world.store.writeState({ ...known.value, tolerated }, known.version);

    expect((await change(world, 'abc', { actor: SOMEBODY })).rollback).toBeUndefined();
  });
});

describe('an emergency role beside somebody else', () => {
  it('keeps a content from being undone that both had a hand in, whichever event comes first', async () => {
    const world = await settled('a', exempt);
    pass(world, 1);
    const theirs = changeOf(ref, world, { actor: SOMEBODY });
    const its = changeOf(ref, world, { actor: EMERGENCY });
    pass(world, 1);
    world.set(ref.arn, 'abc');

    const request = requestOf(await world.guard.examineTarget(ref, theirs));
    const second = await world.guard.examineTarget(ref, its);

    expect(second.rollback).toBeUndefined();
    expect((await world.guard.rollback(request)).kind).toBe('not-needed');
    expect(lettersOf(world)).toBe('abc');
  });

  it('whose change was overtaken before it was read has it put back', async () => {
    const world = await settled('a', exempt);
    pass(world, 1);
    const its = changeOf(ref, world, { actor: EMERGENCY, document: documentOf('ab') });
    pass(world, 1);
    world.set(ref.arn, 'abc');
    const theirs = changeOf(ref, world, { actor: SOMEBODY, document: documentOf('abc') });
    await world.guard.examineTarget(ref, its);

    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, theirs)));

    expect(lettersOf(world)).toBe('ab');
  });

  it('is not taken for the maker of what came next, when its event comes twice', async () => {
    const world = await settled('a', exempt);
    pass(world, 1);
    world.set(ref.arn, 'ab');
    const its = changeOf(ref, world, { actor: EMERGENCY });
    await world.guard.examineTarget(ref, its);
    pass(world, 1);
    world.set(ref.arn, 'abc');
    const theirs = changeOf(ref, world, { actor: SOMEBODY });

    await world.guard.examineTarget(ref, its);
    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, theirs)));

    expect(lettersOf(world)).toBe('ab');
  });

  it('is not taken for the maker of what came next, by another event from before', async () => {
    const world = await settled('a', exempt);
    pass(world, 1);
    world.set(ref.arn, 'ab');
    const [first, second] = [1, 2].map(() => changeOf(ref, world, { actor: EMERGENCY }));
    pass(world, 1);
    await world.guard.examineTarget(ref, first);
    pass(world, 1);
    world.set(ref.arn, 'abc');
    const theirs = changeOf(ref, world, { actor: SOMEBODY });

    await world.guard.examineTarget(ref, second);
    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, theirs)));

    expect(lettersOf(world)).toBe('ab');
  });

  it('keeps a content that a deployer was told of first when somebody else had a hand in it too', async () => {
    const world = await settled('a', { config: { ...exempt.config, deployers: ['*/ci'] } });
    pass(world, 1);
    world.set(ref.arn, 'ab');
    const [deployed, its, theirs] = ['arn:aws:iam::111122223333:role/ci', EMERGENCY, SOMEBODY].map((actor) =>
      changeOf(ref, world, { actor }),
    );
    for (const event of [deployed, its]) await world.guard.examineTarget(ref, event);

    expect((await world.guard.examineTarget(ref, theirs)).rollback).toBeUndefined();
    expect(only(await openOn(world))).toMatchObject({ severity: 'HIGH', change: { actorArn: EMERGENCY } });
  });

  it('is what rollbacks go back to when the excuse of a deployer who came after it ends', async () => {
    const world = await settled('a', { config: { ...exempt.config, deployers: ['*/ci'] } });
    await change(world, 'ab', { actor: EMERGENCY });
    pass(world, 1);
    const theirs = changeOf(ref, world, { actor: SOMEBODY });
    const deployed = changeOf(ref, world, { actor: 'arn:aws:iam::111122223333:role/ci' });
    pass(world, 1);
    world.set(ref.arn, 'abd');
    await world.guard.examineTarget(ref, deployed);

    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, theirs)));

    expect(lettersOf(world)).toBe('ab');
  });

  it('is not put aside by a late duplicate of the change that was undone', async () => {
    const world = await emergency();
    pass(world, 1);
    world.set(ref.arn, 'c');
    const theirs = changeOf(ref, world, { actor: SOMEBODY });
    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, theirs)));
    pass(world, 30);

    expect((await world.guard.examineTarget(ref, theirs)).rollback).toBeUndefined();
    await world.guard.rollback(requestOf(await change(world, 'abd', { actor: SOMEBODY })));
    expect(lettersOf(world)).toBe('ab');
  });
});
