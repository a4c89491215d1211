import { describe, expect, it } from 'vitest';
import { StoreFault } from '../../../shared/store/store.ts';
import { change, lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, createWorld, OWN_ID, pass, told, type World } from './world.ts';

describe('a rollback that does not get through', () => {
  it('half-way is taken up again, and what it left is nobody’s change', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'abc'));
    world.endings.push({ kind: 'partial', left: 'ac' });

    const first = await world.guard.rollback(request);
    const meanwhile = await world.guard.examineTarget(ref, changeOf(ref, world, { actorId: OWN_ID }));
    const second = await world.guard.rollback(request);

    expect(first).toMatchObject({
      kind: 'partial',
      finding: { status: 'ACTIVE', action: { kind: 'partial', why: 'throttled' } },
    });
    expect(meanwhile).toMatchObject({ findings: [], rollback: request });
    expect(second).toMatchObject({ kind: 'rolled-back', finding: { status: 'ROLLED_BACK' } });
    expect(told(world).size).toBe(1);
  });

  it('half-way, and then somebody changed what it left, is judged anew', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'abc'));
    world.endings.push({ kind: 'partial', left: 'ac' });
    await world.guard.rollback(request);

    const outcome = await change(world, 'acx');

    expect(requestOf(outcome).findingId).not.toBe(request.findingId);
    expect(outcome.findings.filter(({ status }) => status === 'ACTIVE').map(({ check }) => check)).toEqual([
      'access-not-granted',
    ]);
  });

  it('half-way, overtaken and then back where it was, is undone anew', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'abc'));
    world.endings.push({ kind: 'partial', left: 'abc' });
    await world.guard.rollback(request);
    await change(world, 'abcx');

    const again = requestOf(await change(world, 'abc'));
    const outcome = await world.guard.rollback(again);

    expect(again).toEqual(request);
    expect(outcome.kind).toBe('rolled-back');
    expect(lettersOf(world)).toBe('a');
  });

  it('three times is left to a person', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'abc'));
    for (const left of ['ac', 'acd', 'ac']) {
      world.endings.push({ kind: 'partial', left });
      expect((await world.guard.rollback(request)).kind).toBe('partial');
    }

    const outcome = await world.guard.rollback(request);

    expect(outcome).toMatchObject({
      kind: 'declined',
      finding: { status: 'ACTIVE', action: { kind: 'declined' } },
    });
    expect(world.published.at(-1)).toMatchObject({ action: { kind: 'declined' } });
  });

  it('and hangs until another took it over leaves the other’s work alone', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    let release = () => {};
    const hang = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.beforeStep = (step) => (step === 'restore' ? hang : undefined);
    const slow = world.guard.rollback(request);
    await new Promise((resolve) => setImmediate(resolve));
    world.beforeStep = () => {};
    pass(world, 20);
    await world.guard.rollback(request);
    world.set(ref.arn, 'ab');
    world.endings.push({ kind: 'partial', left: 'b' });

    release();
    await slow;

    expect((await world.stateOf(ref.arn))?.value.claim).toBeUndefined();
  });

  it('because it cannot be undone says so and is not asked for again', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.endings.push({ kind: 'cannot-undo' });

    const outcome = await world.guard.rollback(request);

    expect(outcome).toMatchObject({
      kind: 'declined',
      why: 'only the root user could',
      finding: { status: 'ACTIVE' },
    });
    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });

  it('is not carried out once the configuration says to observe', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));

    const outcome = await createWorld({ after: world, config: { targets: [] } }).guard.rollback(request);

    expect(outcome).toMatchObject({ kind: 'declined' });
    expect(lettersOf(world)).toBe('ab');
  });
});

describe('a thing that is made again under its name', () => {
  it('is not rolled back more often within an hour than the thing before it', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    await world.guard.rollback(requestOf(await change(world, 'ab')));
    world.things.set(ref.arn, { letters: 'a', uniqueId: 'ANPA2', createdAt: '2020-01-01T00:00:00.000Z' });
    await world.guard.examineTarget(ref);

    const outcome = await change(world, 'ab');

    expect(outcome.rollback).toBeUndefined();
    expect(outcome.findings.map(({ check }) => check)).toContain('rollback-breaker');
  });
});

describe('what was decided about a content', () => {
  it('holds for a finding on it that comes later', async () => {
    const world = await settled('a', { config: { criticalAccess: [], deployers: ['*/ci'] } });
    await change(world, 'ax', { actor: 'arn:aws:iam::111122223333:role/ci' });

    const outcome = await createWorld({ after: world }).guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({
      check: 'access-not-granted',
      action: { kind: 'observed' },
    });
    expect(outcome.rollback).toBeUndefined();
  });

  it('is not ended by a content that cannot be decided', async () => {
    const world = await settled('a');
    await change(world, 'ab');

    await change(world, 'u');

    const open = (await world.stateOf(ref.arn))?.value.openFindings ?? [];
    expect(open.map(({ result }) => result)).toEqual(['FAIL', 'UNKNOWN']);
  });
});

describe('an accepted version that the store has lost', () => {
  function lose(world: World): void {
    world.beforeStep = (step) => {
      if (step === 'store.getDocument')
        throw new StoreFault('DOCUMENT_MISSING', 'no document under `documents/1`');
    };
  }

  it('makes a change UNKNOWN, never accepted, until a person approves', async () => {
    const world = await settled('ab');
    lose(world);

    const outcome = await change(world, 'a');
    const { id } = only(outcome.findings);
    await world.guard.approve({ findingId: id, who: 'ann', why: 'looked at it' });

    expect(only(outcome.findings)).toMatchObject({
      check: 'no-new-access',
      result: 'UNKNOWN',
      status: 'ACTIVE',
    });
    expect(outcome.rollback).toBeUndefined();
    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'settled' });
  });

  it('cannot be put back, which the finding says', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    lose(world);

    expect(await world.guard.rollback(request)).toMatchObject({
      kind: 'declined',
      finding: { status: 'ACTIVE', action: { kind: 'declined' } },
    });
    expect(lettersOf(world)).toBe('ab');
  });

  it('that the store merely does not give now is a fault', async () => {
    const world = await settled('a');
    world.beforeStep = (step) => {
      if (step === 'store.getDocument') throw new StoreFault('STORE_UNAVAILABLE', 'no answer');
    };

    await expect(change(world, 'ab')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
