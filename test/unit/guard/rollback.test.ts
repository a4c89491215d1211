import { describe, expect, it } from 'vitest';
import { change, lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, createWorld, OWN_ID, pass, target } from './world.ts';

describe('a rollback', () => {
  it('puts the accepted version back, and its own event changes nothing', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));

    const outcome = await world.guard.rollback(request);
    const own = await world.guard.examineTarget(ref, changeOf(ref, world, { actorId: OWN_ID }));

    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      finding: { status: 'ROLLED_BACK', action: { kind: 'done', calls: ['put `a`'] } },
    });
    expect(lettersOf(world)).toBe('a');
    expect(own).toMatchObject({ kind: 'settled', findings: [] });
  });

  it('asked for twice writes once', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    await world.guard.rollback(request);

    const second = await world.guard.rollback(request);

    expect(second.kind).toBe('not-needed');
    expect(world.writes).toHaveLength(1);
  });

  it('asked for twice at the same time writes once', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));

    const outcomes = await Promise.all([world.guard.rollback(request), world.guard.rollback(request)]);

    expect(outcomes.filter(({ kind }) => kind === 'rolled-back')).toHaveLength(1);
    expect(world.writes).toHaveLength(1);
  });

  it('does not touch a document that changed since it was judged', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.set(ref.arn, 'abc');

    const outcome = await world.guard.rollback(request);

    expect(outcome).toMatchObject({ kind: 'changed-since', examined: { kind: 'findings' } });
    expect(lettersOf(world)).toBe('abc');
  });

  it('does not touch a document that changes just before the write', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.beforeStep = (step) => {
      if (step === 'restore') world.set(ref.arn, 'abc');
    };

    const outcome = await world.guard.rollback(request);

    expect(outcome.kind).toBe('changed-since');
    expect(world.writes).toEqual([]);
  });

  it('of a finding that was approved meanwhile is not carried out', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    await world.guard.approve({ findingId: request.findingId, who: 'ann', why: 'needed' });

    expect((await world.guard.rollback(request)).kind).toBe('not-needed');
    expect(lettersOf(world)).toBe('ab');
  });

  it('that crashed before it wrote is taken up again when its claim is old', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.beforeStep = (step) => {
      if (step === 'restore') throw new Error('crash');
    };
    await expect(world.guard.rollback(request)).rejects.toThrow('crash');
    world.beforeStep = () => {};

    expect((await world.guard.rollback(request)).kind).toBe('busy');
    pass(world, 20);
    expect((await world.guard.rollback(request)).kind).toBe('rolled-back');
    expect(world.writes).toHaveLength(1);
  });

  it('that crashed after it wrote is recorded by the next look', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.beforeStep = (step) => {
      if (step === 'restored') throw new Error('crash');
    };
    await expect(world.guard.rollback(request)).rejects.toThrow('crash');
    world.beforeStep = () => {};

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({ status: 'ROLLED_BACK' });
    expect((await world.guard.rollback(request)).kind).toBe('not-needed');
    expect(world.writes).toHaveLength(1);
  });

  const declined: readonly (readonly [
    name: string,
    options: Parameters<typeof createWorld>[0],
    more: Parameters<typeof changeOf>[2],
  ])[] = [
    ['in observe mode', { config: { targets: [] } }, {}],
    [
      'of a deployer',
      { config: { deployers: ['arn:*:role/ci-*'] } },
      { actor: 'arn:aws:iam::111122223333:role/ci-main' },
    ],
    [
      'of an emergency role',
      { config: { breakGlass: ['*/break-glass'] } },
      { actor: 'arn:aws:iam::111122223333:role/break-glass' },
    ],
  ];
  for (const [name, options, more] of declined) {
    it(`${name} is not asked for, now or at the next look`, async () => {
      const world = await settled('a', options);

      const outcome = await change(world, 'ab', more);

      expect(only(outcome.findings)).toMatchObject({ status: 'ACTIVE', action: { kind: 'observed' } });
      expect(outcome.rollback).toBeUndefined();
      expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
    });
  }

  it('an emergency is told with high severity', async () => {
    const world = await settled('a', { config: { breakGlass: ['*/break-glass'] } });

    const outcome = await change(world, 'ab', { actor: 'arn:aws:iam::111122223333:role/break-glass' });

    expect(only(outcome.findings).severity).toBe('HIGH');
  });

  it('is not asked for while the event that says who did it may still come', async () => {
    const world = await settled('a', { config: { deployers: ['*/ci'] } });
    world.set(ref.arn, 'ab');

    const found = await world.guard.examineTarget(ref);
    const event = changeOf(ref, world, { actor: 'arn:aws:iam::111122223333:role/ci' });
    const told = await world.guard.examineTarget(ref, event);

    expect(only(found.findings).action.kind).toBe('waiting');
    expect(only(told.findings)).toMatchObject({
      action: { kind: 'observed' },
      change: { actorArn: 'arn:aws:iam::111122223333:role/ci' },
    });
  });

  it('under way makes an event come again later', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    let held: unknown;
    world.beforeStep = async (step) => {
      if (step !== 'restored') return;
      world.beforeStep = () => {};
      world.set(ref.arn, 'abc');
      held = await world.guard.examineTarget(ref, changeOf(ref, world));
    };

    await world.guard.rollback(request);

    expect(held).toMatchObject({ kind: 'held', findings: [] });
  });

  it('whose finding cannot be told is done, and is a fault until it is told', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    await expect(world.guard.rollback(request)).rejects.toMatchObject({ code: 'FINDINGS_UNPUBLISHED' });
    await expect(world.guard.rollback(request)).rejects.toMatchObject({ code: 'FINDINGS_UNPUBLISHED' });
    world.beforeStep = () => {};

    expect((await world.guard.rollback(request)).kind).toBe('not-needed');
    expect(world.published.at(-1)).toMatchObject({ status: 'ROLLED_BACK' });
    expect(world.writes).toHaveLength(1);
  });

  it('the event of the guard itself leads to none, the next one does', async () => {
    const world = await settled('a');

    const own = await change(world, 'ab', { actorId: OWN_ID });
    const other = await world.guard.examineTarget(ref, changeOf(ref, world));

    expect(own.rollback).toBeUndefined();
    expect(requestOf(other).findingId).toBe(only(own.findings).id);
  });

  it('of what cannot be put back is declined beforehand', async () => {
    const world = createWorld();
    const fixed = target('fixed');
    world.set(fixed.arn, 'a');
    await world.guard.examineTarget(fixed);
    world.set(fixed.arn, 'ab');

    const outcome = await world.guard.examineTarget(fixed, changeOf(fixed, world));

    expect(only(outcome.findings).action).toMatchObject({
      kind: 'declined',
      why: 'nobody can change it back',
    });
  });

  it('of the guard’s own resources is left to people, with the highest severity', async () => {
    const world = await settled('a', { config: { ownResources: ['*policy/p'] } });

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({ severity: 'CRITICAL', action: { kind: 'declined' } });
  });

  it('of a fight ends at the limit with one loud finding and hands off', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 2 } } });
    for (let round = 0; round < 2; round++) await world.guard.rollback(requestOf(await change(world, 'ab')));

    const third = await change(world, 'ab');
    const fourth = await change(world, 'abc');

    expect(third.rollback).toBeUndefined();
    expect(fourth.rollback).toBeUndefined();
    expect(third.findings.filter(({ check }) => check === 'rollback-breaker')).toMatchObject([
      { severity: 'CRITICAL' },
    ]);
    expect(fourth.findings.filter(({ check }) => check === 'rollback-breaker')).toEqual([]);
    expect(world.writes).toHaveLength(2);
  });

  it('stays off after the hour, until the accepted version is back', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    await world.guard.rollback(requestOf(await change(world, 'ab')));
    await change(world, 'ab');
    pass(world, 120);

    expect((await change(world, 'abc')).rollback).toBeUndefined();
    await change(world, 'a');
    expect((await change(world, 'abc')).rollback).toBeDefined();
  });

  it('counts what was asked for before the limit was reached', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 1 } } });
    await world.guard.rollback(requestOf(await change(world, 'ab')));
    pass(world, 61);

    expect((await world.guard.rollback(requestOf(await change(world, 'ab')))).kind).toBe('rolled-back');
  });
});
