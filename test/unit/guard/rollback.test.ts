import { describe, expect, it } from 'vitest';
import { change, lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { Crash, changeOf, documentOf, OWN_ID, pass, told } from './world.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/pipeline';
const EMERGENCY = 'arn:aws:iam::111122223333:role/emergency';
const config = { deployers: [DEPLOYER], breakGlass: [EMERGENCY] };
const by = (actor: string, letters: string) => ({
  actor,
  actorId: `AROA${actor.slice(-5)}`,
  document: documentOf(letters),
});

describe('a rollback', () => {
  it('restores what was there, and its own event changes nothing', async () => {
    const world = await settled('a');
    const outcome = await change(world, 'ab', { document: documentOf('ab') });

    expect((await world.guard.rollback(requestOf(outcome))).kind).toBe('rolled-back');

    expect(lettersOf(world)).toBe('a');
    expect(only(told(world).values())).toMatchObject({
      status: 'ROLLED_BACK',
      action: { kind: 'done', calls: ['put `a`'] },
    });
    pass(world, 1);
    const own = changeOf(ref, world, { actor: 'guard', actorId: OWN_ID, document: documentOf('a') });
    expect(await world.guard.examineTarget(ref, own)).toMatchObject({ kind: 'clean', findings: [] });
  });

  it('gives back nothing that somebody took away: what was added goes, and no more', async () => {
    const world = await settled('ab');
    // A responder takes `b` away, and somebody adds `c`, before anybody looks.
    const responder = changeOf(ref, world, {
      document: documentOf('a'),
      actor: 'arn:aws:iam::111122223333:user/responder',
    });
    pass(world, 1);
    world.set(ref.arn, 'ac');
    await world.guard.examineTarget(ref, changeOf(ref, world, { document: documentOf('ac') }));

    const outcome = await world.guard.examineTarget(ref, responder);
    await world.guard.rollback(requestOf(outcome));

    expect(lettersOf(world)).toBe('a');
  });

  it('of a change that also took something away writes the tightened text', async () => {
    const world = await settled('ab');

    await world.guard.rollback(requestOf(await change(world, 'bc', { document: documentOf('bc') })));

    expect(lettersOf(world)).toBe('b');
    expect(only(told(world).values())).toMatchObject({ status: 'ROLLED_BACK' });
  });

  it('asked for twice, also at the same time, writes once', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));

    await Promise.all([world.guard.rollback(request), world.guard.rollback(request)]);
    await world.guard.rollback(request);

    expect(world.writes).toHaveLength(1);
  });

  it('does not touch a content that changed since it was decided', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.set(ref.arn, 'abc');

    const outcome = await world.guard.rollback(request);

    expect(world.writes).toEqual([]);
    expect(['changed-since', 'not-needed']).toContain(outcome.kind);
  });

  it('that was asked for before more was known is not carried out, and the newer one is', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab', { document: documentOf('ab') }));
    const newer = requestOf(await change(world, 'abc', { document: documentOf('abc') }));

    const outcome = await world.guard.rollback(request);
    await world.guard.rollback(newer);

    expect(outcome.kind).toBe('changed-since');
    expect(world.writes).toHaveLength(1);
  });

  it('does not touch a content that changes just before the write', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.beforeStep = (step) => {
      if (step === 'restore') world.set(ref.arn, 'abd');
    };

    await world.guard.rollback(request);

    expect(world.writes).toEqual([]);
    expect(lettersOf(world)).toBe('abd');
  });

  it('of a finding that was approved meanwhile is not carried out', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    await world.guard.approve({ findingId: request.findingIds[0] ?? '', who: 'ann', why: 'release' });

    expect((await world.guard.rollback(request)).kind).toBe('not-needed');
    expect(world.writes).toEqual([]);
  });

  it('that crashed before it wrote is taken up again when its claim is old', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.beforeStep = (step) => {
      if (step === 'restore') throw new Error('the function is gone');
    };
    await world.guard.rollback(request).catch(() => {});
    world.beforeStep = () => {};

    expect((await world.guard.rollback(request)).kind).toBe('busy');
    pass(world, 20);
    expect((await world.guard.rollback(request)).kind).toBe('rolled-back');
  });

  it('half-way goes on', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'abc'));
    world.endings.push({ kind: 'partial', left: 'ab' });

    expect((await world.guard.rollback(request)).kind).toBe('partial');
    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref)));

    expect(lettersOf(world)).toBe('a');
    expect(only(told(world).values())).toMatchObject({ status: 'ROLLED_BACK' });
  });

  it.each([
    ['partial', '', { kind: 'partial', why: expect.stringContaining('never stood as planned') }],
    ['partial', 'a', { kind: 'done', why: 'the previous version was restored' }],
    ['crash', '', { kind: 'partial', why: expect.stringContaining('never stood as planned') }],
    ['crash', 'a', { kind: 'done', why: 'the previous version was restored' }],
  ] as const)('half-way (%s) says what stands at last: %j', async (ending, letters, action) => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    if (ending === 'partial') world.endings.push({ kind: 'partial', left: 'ab' });
    else
      world.beforeStep = (step) => {
        if (step === 'restore') throw new Crash('the function is gone');
      };
    await world.guard.rollback(request).catch(() => {});
    world.beforeStep = () => {};

    await change(world, letters, by('arn:aws:iam::111122223333:user/responder', letters));
    // A claim that a crash has left counts no longer then.
    pass(world, 20);
    await world.guard.examineTarget(ref);

    expect(only(told(world).values())).toMatchObject({ status: 'ROLLED_BACK', action });
  });

  it('that somebody else was faster than says so, though another function looks before it ends', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab', { document: documentOf('ab') }));
    world.beforeStep = async (step) => {
      if (step !== 'restore') return;
      world.beforeStep = () => {};
      await change(world, 'a', by('arn:aws:iam::111122223333:user/responder', 'a'));
    };

    await world.guard.rollback(request);

    expect(world.writes).toEqual([]);
    const finding = only(told(world).values());
    expect(finding).toMatchObject({ status: 'RESOLVED' });
    expect(finding.action.kind).not.toBe('done');
  });

  it('that cannot be carried out says so, and is not asked for again', async () => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab'));
    world.endings.push({ kind: 'cannot-undo' });

    expect(await world.guard.rollback(request)).toMatchObject({
      kind: 'declined',
      finding: { action: { kind: 'declined' } },
    });
    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });

  it.each([
    ['that could not be carried out', { kind: 'cannot-undo' }, undefined],
    ['that came too late', undefined, 'a'],
  ] as const)('%s is not what removed it', async (_, ending, meanwhile) => {
    const world = await settled('a');
    const request = requestOf(await change(world, 'ab', { document: documentOf('ab') }));
    if (ending !== undefined) world.endings.push(ending);
    world.beforeStep = (step) => {
      if (step === 'restore' && meanwhile !== undefined) world.set(ref.arn, meanwhile);
    };
    await world.guard.rollback(request);
    world.beforeStep = () => {};

    await change(world, 'a', by('arn:aws:iam::111122223333:user/responder', 'a'));

    expect(world.writes).toEqual([]);
    const finding = only(told(world).values());
    expect(finding).toMatchObject({ status: 'RESOLVED' });
    expect(finding.action.kind).not.toBe('done');
  });
});

describe('nothing is written', () => {
  it.each([
    ['of a deployer', DEPLOYER],
    ['in an emergency', EMERGENCY],
  ])('about a change %s: it is told, and is what the next change is measured by', async (_, actor) => {
    const world = await settled('a', { config });

    const outcome = await change(world, 'ab', by(actor, 'ab'));
    const next = await change(world, 'abc', { document: documentOf('abc') });
    await world.guard.rollback(requestOf(next));

    expect(outcome.findings).toMatchObject([{ status: 'ACTIVE', action: { kind: 'observed' } }]);
    expect(outcome.rollback).toBeUndefined();
    expect(lettersOf(world)).toBe('ab');
  });

  it('to what a deployer’s later event shows, though somebody else added it first', async () => {
    const world = await settled('a', { config });
    const intruder = changeOf(ref, world, { document: documentOf('ab') });
    pass(world, 1);
    world.set(ref.arn, 'abd');
    const pipeline = changeOf(ref, world, by(DEPLOYER, 'abd'));

    await world.guard.examineTarget(ref, intruder);
    const outcome = await world.guard.examineTarget(ref, pipeline);

    expect(outcome.rollback).toBeUndefined();
    expect([...told(world).values()].filter(({ status }) => status === 'ACTIVE')).toHaveLength(2);
    expect(lettersOf(world)).toBe('abd');
  });

  it('while the event that says who did it may still come', async () => {
    const world = await settled('a');
    world.set(ref.arn, 'ab');
    const first = await world.guard.examineTarget(ref);
    pass(world, 16);

    const woken = await world.guard.wake();

    expect(first).toMatchObject({ findings: [{ action: { kind: 'waiting' } }] });
    expect(first.rollback).toBeUndefined();
    expect(woken).toMatchObject([{ target: ref }]);
  });

  it('about what the guard itself stands on, which is CRITICAL', async () => {
    const world = await settled('a', { config: { ownResources: [ref.arn] } });

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({ severity: 'CRITICAL', action: { kind: 'declined' } });
    expect(outcome.rollback).toBeUndefined();
  });

  it('about what has been known for more than an hour', async () => {
    const world = await settled('a');
    world.set(ref.arn, 'ab');
    await world.guard.examineTarget(ref);
    pass(world, 120);

    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });

  it('any more once the limit of an hour is reached: one loud finding says so', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 2 } } });
    for (const letters of ['ab', 'ac', 'ad']) {
      const { rollback } = await change(world, letters, { document: documentOf(letters) });
      if (rollback !== undefined) await world.guard.rollback(rollback);
    }

    expect(world.writes).toHaveLength(2);
    expect([...told(world).values()].filter(({ check }) => check === 'rollback-breaker')).toMatchObject([
      { severity: 'CRITICAL', status: 'ACTIVE' },
    ]);
  });

  it('about the same change a third time: that is a fight', async () => {
    const world = await settled('a', { config: { breaker: { maxRollbacksPerHour: 100 } } });
    for (let time = 0; time < 4; time++) {
      const { rollback } = await change(world, 'ab', { document: documentOf('ab') });
      if (rollback !== undefined) await world.guard.rollback(rollback);
    }

    expect(world.writes).toHaveLength(2);
    expect(only(told(world).values())).toMatchObject({ status: 'ACTIVE', action: { kind: 'declined' } });
  });
});
