/** When nothing is written, or not as much: each condition by a history that meets it alone. */
import { describe, expect, it } from 'vitest';
import { change, lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, createWorld, documentOf, pass, told, type World } from './world.ts';

const DEPLOYER = { actor: 'arn:aws:iam::111122223333:role/pipeline', actorId: 'AROAPIPELINE' };
const EMERGENCY = { actor: 'arn:aws:iam::111122223333:role/emergency', actorId: 'AROAEMERGENCY' };
const config = { deployers: [DEPLOYER.actor], breakGlass: [EMERGENCY.actor] };
const put = (letters: string, more: object = {}) => ({ document: documentOf(letters), ...more });

/** Somebody writes the letters now; the event is delivered later. */
function silently(world: World, letters: string, more: object = {}) {
  pass(world, 1);
  world.set(ref.arn, letters);
  return changeOf(ref, world, put(letters, more));
}

/** The finding that tells of the letter, whatever it was taken for before its event came. */
const about = (world: World, letter: string) =>
  only(
    [...told(world).values()].filter(
      ({ witness, status }) => witness?.action === `s3:${letter}` && status !== 'SUPERSEDED',
    ),
  );

describe('a finding that was known before rollbacks were switched on', () => {
  it('starts none when its event comes after', async () => {
    const before = await settled('a', { config: { targets: [] } });
    const event = silently(before, 'ab');
    await before.guard.examineTarget(ref);
    const world = createWorld({ after: before });
    pass(world, 2);
    await world.guard.examineTarget(ref);

    const outcome = await world.guard.examineTarget(ref, event);

    expect(outcome.rollback).toBeUndefined();
    expect(only(outcome.findings)).toMatchObject({
      change: { actorId: 'AIDAMALLORY' },
      action: { kind: 'observed', why: 'it was known before rollbacks were turned on' },
    });
  });
});

describe('a finding on which an exception held', () => {
  it('starts no restore when the exception is withdrawn and its event comes after', async () => {
    const exception = { match: '*', owner: 'web', reason: 'known', expires: '2026-03-02T00:00:00.000Z' };
    const before = await settled('a', { config: { exceptions: [exception] } });
    const event = silently(before, 'ab');
    await before.guard.examineTarget(ref);
    const world = createWorld({ after: before });

    const outcome = await world.guard.examineTarget(ref, event);

    expect(outcome.rollback).toBeUndefined();
    expect(about(world, 'b')).toMatchObject({ status: 'ACTIVE', action: { kind: 'observed' } });
  });
});

describe('an open breaker', () => {
  const tripped = async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    for (const letters of ['ab', 'ac']) {
      const { rollback } = await change(world, letters, put(letters));
      if (rollback !== undefined) await world.guard.rollback(rollback);
    }
    return world;
  };

  it('stops restores also when the hour is over', async () => {
    const world = await tripped();
    pass(world, 61);

    const outcome = await change(world, 'acd', put('acd'));

    expect(outcome.rollback).toBeUndefined();
    expect(about(world, 'd').action).toMatchObject({
      kind: 'declined',
      why: expect.stringContaining('the breaker is open'),
    });
  });

  it('that a person resets starts no restore of what was known', async () => {
    const world = await tripped();
    pass(world, 61);
    const { id } = only([...told(world).values()].filter(({ check }) => check === 'rollback-breaker'));

    await world.guard.approve({ findingId: id, who: 'ann', why: 'stopped' });

    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
    expect(requestOf(await change(world, 'acd', put('acd'))).findingIds).toEqual([about(world, 'd').id]);
  });

  it('that a person resets counts no restore from before', async () => {
    const world = await tripped();
    const { id } = only([...told(world).values()].filter(({ check }) => check === 'rollback-breaker'));
    await world.guard.approve({ findingId: id, who: 'ann', why: 'stopped' });

    await world.guard.rollback(requestOf(await change(world, 'acd', put('acd'))));

    expect((await change(world, 'ace', put('ace'))).rollback).toBeUndefined();
    expect(about(world, 'e').action.kind).toBe('declined');
  });

  it('that ends without a person does not start the count anew', async () => {
    const world = await tripped();
    await change(world, 'a', put('a'));

    const outcome = await change(world, 'ad', put('ad'));

    expect(outcome.rollback).toBeUndefined();
    expect(about(world, 'd').action.kind).toBe('declined');
  });

  it('closes when nothing is left that was fought about', async () => {
    const world = await tripped();
    pass(world, 61);

    await change(world, 'a', put('a'));

    expect(only([...told(world).values()].filter(({ check }) => check === 'rollback-breaker')).status).toBe(
      'RESOLVED',
    );
  });
});

describe('nothing is written, and the finding says why,', () => {
  it.each([
    ['u', 'on an answer that is not proved', 'nothing is written without a proof'],
    ['z', 'where no call makes use of it', 'no documented AWS call could use it'],
  ])('about `%s`: %s', async (letter, _, why) => {
    const world = await settled('a');

    const { rollback } = await change(world, `a${letter}`, put(`a${letter}`));

    expect(rollback).toBeUndefined();
    expect(only(told(world).values()).action.why).toBe(why);
  });

  it('with both commands where it is declined', async () => {
    const world = await settled('a');
    await change(world, 'ab', put('ab'));
    await change(world, 'abu', put('abu'));

    const { id, action, acceptWith, undoWith } = about(world, 'b');

    expect(action.kind).toBe('declined');
    expect(acceptWith).toBe(`ratchet approve ${id}`);
    expect(undoWith).toMatch(/^aws iam /);
  });
});

describe('an event of what never happened', () => {
  it.each([
    ['a deployer', DEPLOYER],
    ['somebody', {}],
  ])('takes nothing away, as the word of %s alone', async (_, who) => {
    const world = await settled('ab', { config });
    pass(world, 1);
    await world.guard.examineTarget(ref, changeOf(ref, world, put('a', who)));
    pass(world, 16);

    expect(await world.guard.wake()).toEqual([]);
    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });

  it('takes nothing away that a deployer wrote just before', async () => {
    const world = await settled('a', { config });
    const [first, second] = ['ab', 'abc'].map((letters) => silently(world, letters, DEPLOYER));
    world.set(ref.arn, 'ab');
    for (const event of [second, first]) await world.guard.examineTarget(ref, event);
    pass(world, 16);

    expect(await world.guard.wake()).toEqual([]);
    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });
});

describe('a restore', () => {
  it.each([
    ['approved', 'abc', 'c'],
    ['not proved', 'abu', undefined],
  ])('takes nothing away that somebody added since, which is %s', async (_, letters, approved) => {
    const world = await settled('a');
    await change(world, 'ab', put('ab'));
    await change(world, letters, put(letters));
    if (approved !== undefined)
      await world.guard.approve({ findingId: about(world, approved).id, who: 'ann', why: 'release' });

    const { rollback } = await world.guard.examineTarget(ref);
    if (rollback !== undefined) await world.guard.rollback(rollback);

    expect(lettersOf(world)).toBe(letters);
    expect(about(world, 'b')).toMatchObject({ status: 'ACTIVE', action: { kind: 'declined' } });
  });

  it('of something grave takes with it what cannot be told apart, and says so', async () => {
    const world = await settled('a');
    await change(world, 'ax', put('ax'));
    await change(world, 'axc', put('axc'));
    await world.guard.approve({ findingId: about(world, 'c').id, who: 'ann', why: 'release' });

    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref)));

    expect(lettersOf(world)).toBe('a');
    expect(world.published.map(({ action }) => action.why).join()).toContain('that others added since');
  });

  it('waits while the part may be somebody exempt’s: no event explains what stands', async () => {
    const world = await settled('a', { config });
    const event = silently(world, 'ax');
    world.set(ref.arn, 'axc');

    const outcome = await world.guard.examineTarget(ref, event);
    pass(world, 16);
    const woken = await world.guard.wake();

    expect(outcome.rollback).toBeUndefined();
    const [first] = told(world).values();
    expect(first).toMatchObject({ change: { actorId: 'AIDAMALLORY' }, action: { kind: 'planned' } });
    expect(woken).toHaveLength(1);
  });

  it('is carried out though the record hides the text and the target is read again at once', async () => {
    const world = await settled('a', { wait: async () => undefined });
    world.set(ref.arn, 'ab');
    const outcome = await world.guard.examineTarget(ref, changeOf(ref, world));
    world.now = new Date(world.now.getTime() + 2_000);

    await world.guard.rollback(requestOf(outcome));

    expect(lettersOf(world)).toBe('a');
  });

  it('is taken up again where AWS showed the change and then did not', async () => {
    const world = await settled('a', { wait: async () => undefined });
    const event = silently(world, 'ab');
    world.set(ref.arn, 'a');
    await world.guard.examineTarget(ref, event);
    world.set(ref.arn, 'ab');
    pass(world, 1);

    const [request] = await world.guard.wake();
    if (request !== undefined) await world.guard.rollback(request);

    expect(lettersOf(world)).toBe('a');
  });

  it('takes nothing that a person approved before a late event told of it apart', async () => {
    const world = await settled('a');
    const [first, second] = ['ax', 'axc'].map((letters) => silently(world, letters));
    await world.guard.examineTarget(ref, second);
    pass(world, 1);
    await world.guard.approve({ findingId: about(world, 'x').id, who: 'ann', why: 'release' });
    pass(world, 1);

    expect((await world.guard.examineTarget(ref, first)).rollback).toBeUndefined();
    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });

  it('leaves what an emergency role wrote, though its event hides the text', async () => {
    const world = await settled('a', { config });
    const intruder = silently(world, 'ab');
    pass(world, 1);
    const emergency = changeOf(ref, world, EMERGENCY);
    world.set(ref.arn, 'abc');

    await world.guard.examineTarget(ref, intruder);
    const outcome = await world.guard.examineTarget(ref, emergency);
    pass(world, 16);
    const later = await world.guard.examineTarget(ref);

    expect([outcome.rollback, later.rollback]).toEqual([undefined, undefined]);
    expect(about(world, 'b')).toMatchObject({ status: 'ACTIVE', action: { kind: 'declined' } });
  });

  it('of a change with two hands, one a deployer’s, is carried out', async () => {
    const world = await settled('a', { config });
    const events = [changeOf(ref, world), changeOf(ref, world, DEPLOYER)];
    world.set(ref.arn, 'ab');
    await world.guard.examineTarget(ref, events[0]);

    const { rollback } = await world.guard.examineTarget(ref, events[1]);

    expect(rollback).toBeDefined();
  });

  it('stays planned for as long as it takes, once it was planned', async () => {
    const world = await settled('a');
    await change(world, 'ab', put('ab'));
    pass(world, 120);

    expect((await world.guard.examineTarget(ref)).rollback).toBeDefined();
  });
});
