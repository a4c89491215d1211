import { describe, expect, it } from 'vitest';
import type { TargetRef } from '../../../shared/targets/target.ts';
import { change, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, documentOf, pass, target, told, type World } from './world.ts';

const DEPLOYER = { actor: 'arn:aws:iam::111122223333:role/pipeline', actorId: 'AROAPIPELINE' };

/** Stands there from now on, and was made now. */
function makeNow(world: World, { arn }: TargetRef, letters: string, uniqueId: string): void {
  world.things.set(arn, { letters, uniqueId, createdAt: world.now.toISOString() });
}

describe('a change', () => {
  it('that grants less is clean', async () => {
    const world = await settled('ab');

    expect(await change(world, 'a')).toMatchObject({ kind: 'clean', findings: [] });
  });

  it('that grants more is a finding with the request, who did it and what is done', async () => {
    const world = await settled('a');

    const outcome = await change(world, 'ab', { document: documentOf('ab') });

    const finding = only(outcome.findings);
    expect(finding).toMatchObject({
      check: 'no-new-access',
      result: 'FAIL',
      status: 'ACTIVE',
      witness: { action: 's3:b' },
      change: { actorArn: 'arn:aws:iam::111122223333:user/Mallory' },
      action: { kind: 'planned' },
      step: { parts: ['document'] },
      additions: [{ check: 'no-new-access', now: 'granted' }],
    });
    expect(requestOf(outcome).findingIds).toEqual([finding.id]);
  });

  it('that several questions find is one finding, led by the gravest', async () => {
    const world = await settled('a');

    const finding = only((await change(world, 'ax')).findings);

    expect(finding).toMatchObject({ check: 'access-not-granted', severity: 'HIGH' });
    expect(finding.additions?.map(({ check }) => check)).toEqual(['access-not-granted', 'no-new-access']);
  });

  it('is judged against the content just before it, approved or not', async () => {
    const world = await settled('a', { config: { targets: [] } });
    await change(world, 'ab');

    const finding = only((await change(world, 'abc')).findings);

    expect(finding.witness).toMatchObject({ action: 's3:c' });
    expect(told(world).size).toBe(2);
  });

  it('that is seen again is the same finding, told once', async () => {
    const world = await settled('a');
    const made = changeOf(ref, world, { document: documentOf('ab') });
    world.set(ref.arn, 'ab');
    await world.guard.examineTarget(ref, made);

    await world.guard.examineTarget(ref, made);
    await world.guard.examineTarget(ref);

    expect(world.published).toHaveLength(1);
  });

  it('whose access is gone closes', async () => {
    const world = await settled('a', { config: { targets: [] } });
    await change(world, 'ab');

    const finding = only((await change(world, 'a')).findings);

    expect(finding).toMatchObject({ status: 'RESOLVED', additions: [{ now: 'gone' }] });
  });

  it('stays open while a later text still grants what it added', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const { id } = only((await change(world, 'ab')).findings);

    await change(world, 'bc', { ...DEPLOYER, document: documentOf('bc') });

    expect(told(world).get(id)).toMatchObject({ status: 'ACTIVE' });
  });

  it('that is made again after it was restored is the same finding, open again', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const { id } = only((await change(world, 'ab', { document: documentOf('ab') })).findings);
    await change(world, 'a', { document: documentOf('a') });

    const again = only((await change(world, 'ab', { document: documentOf('ab') })).findings);

    expect(again).toMatchObject({ id, status: 'ACTIVE', occurrences: 2 });
  });

  it('that was reversed before it was read is told, closed and drives nothing', async () => {
    const world = await settled('a');
    pass(world, 1);

    const outcome = await world.guard.examineTarget(
      ref,
      changeOf(ref, world, { document: documentOf('ab') }),
    );

    expect(outcome).toMatchObject({ findings: [{ status: 'RESOLVED' }] });
    expect(outcome.rollback).toBeUndefined();
  });

  it('that cannot be decided is UNKNOWN and nothing is written', async () => {
    const world = await settled('a');

    const outcome = await change(world, 'au');

    expect(only(outcome.findings)).toMatchObject({ result: 'UNKNOWN', action: { kind: 'observed' } });
    expect(outcome.rollback).toBeUndefined();
  });

  it('whose UNKNOWN text is replaced by the one before it closes', async () => {
    const world = await settled('a');
    await change(world, 'au');

    expect(only((await change(world, 'a')).findings)).toMatchObject({
      result: 'UNKNOWN',
      status: 'RESOLVED',
    });
  });

  it('that AWS does not show is UNKNOWN', async () => {
    const world = await settled('a');

    expect(only((await change(world, undefined)).findings)).toMatchObject({
      check: 'document',
      result: 'UNKNOWN',
    });
  });

  it('whose checks outlast the time of the function is a stored UNKNOWN finding', async () => {
    let left = 1_000;
    const world = await settled('a', { leftMs: () => left });
    left = 0;

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({
      result: 'UNKNOWN',
      cause: 'the function ran out of time before the checks ended',
    });
    expect((await world.stateOf(ref.arn))?.value.openFindings).toHaveLength(1);
  });

  it('whose parameters were left out of the record is a finding of its own, once', async () => {
    const world = await settled('a');
    const hidden = changeOf(ref, world, { parametersOmitted: true });

    await world.guard.examineTarget(ref, hidden);
    await world.guard.examineTarget(ref, hidden);

    expect(world.published).toMatchObject([
      { check: 'parameters-omitted', result: 'NOTICE', severity: 'HIGH' },
    ]);
  });

  it('that touches several targets has all of them looked at, though one cannot be read', async () => {
    const world = await settled('a');
    world.set(target('q').arn, 'a');
    let reads = 0;
    world.beforeStep = (step) => {
      if (step === 'read' && reads++ === 0) throw new Error('throttled');
    };

    const handled = world.guard.handleRecord(changeOf(ref, world, { targets: [ref, target('q')] }));

    await expect(handled).rejects.toThrow('throttled');
    expect(await world.stateOf(target('q').arn)).toBeDefined();
  });
});

describe('a first look', () => {
  it('takes what is there for the start, and asks the lists about it', async () => {
    const world = await settled('x');

    expect(world.published).toMatchObject([{ check: 'access-not-granted', action: { kind: 'observed' } }]);
    expect(await change(world, '')).toMatchObject({ findings: [{ status: 'RESOLVED' }] });
  });

  it('at a target that is not there keeps nothing', async () => {
    const world = await settled('a');

    expect(await world.guard.examineTarget(target('nobody'))).toMatchObject({ kind: 'gone' });
    expect(await world.stateOf(target('nobody').arn)).toBeUndefined();
  });
});

describe('a target that is made again under its name', () => {
  it('starts from nothing: all that it grants is told', async () => {
    const world = await settled('a');
    pass(world, 60);
    makeNow(world, ref, 'ab', 'ANPA2');

    const finding = only((await world.guard.examineTarget(ref)).findings);

    expect(finding).toMatchObject({ step: { life: 'ANPA2', isNew: true }, witness: { action: 's3:a' } });
  });

  it('within minutes and with nothing more is INFO', async () => {
    const world = await settled('ab');
    world.things.delete(ref.arn);
    await world.guard.examineTarget(ref, changeOf(ref, world, { life: 'ended' }));
    pass(world, 2);
    makeNow(world, ref, 'a', 'ANPA2');

    expect(only((await world.guard.examineTarget(ref)).findings)).toMatchObject({ severity: 'INFO' });
  });

  it('takes its open findings with it', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const { id } = only((await change(world, 'ab')).findings);
    world.things.delete(ref.arn);

    await world.guard.examineTarget(ref);

    expect(told(world).get(id)).toMatchObject({
      status: 'RESOLVED',
      statusWhy: 'the target is not there any more',
    });
  });
});

describe('a new target', () => {
  const made = target('q');

  it('makes one finding of its first minutes, and is left unless it is grave', async () => {
    const world = await settled('a');
    pass(world, 1);
    makeNow(world, made, 'a', 'ANPAQ');
    await world.guard.examineTarget(made, changeOf(made, world, { life: 'made', document: documentOf('a') }));
    pass(world, 5);
    world.set(made.arn, 'ab');

    const outcome = await world.guard.examineTarget(
      made,
      changeOf(made, world, { document: documentOf('ab') }),
    );

    expect(outcome.findings).toMatchObject([{ step: { isNew: true }, additions: [{ isInitial: true }, {}] }]);
    expect(told(world).size).toBe(1);
  });

  it.each([
    [
      'is approved',
      (world: World, findingId: string) => world.guard.approve({ findingId, who: 'ann', why: 'mine' }),
    ],
    [
      'was made with nothing that is still granted',
      (world: World) => {
        world.set(made.arn, '');
        return world.guard.examineTarget(made, changeOf(made, world, { document: documentOf('') }));
      },
    ],
  ])('that %s is told anew of what comes later in its first minutes', async (_, end) => {
    const world = await settled('a');
    pass(world, 1);
    makeNow(world, made, 'a', 'ANPAQ');
    const creation = changeOf(made, world, { life: 'made', document: documentOf('a') });
    const { id } = only((await world.guard.examineTarget(made, creation)).findings);
    pass(world, 5);
    await end(world, id);
    pass(world, 2);
    world.set(made.arn, 'ax');
    const later = changeOf(made, world, { document: documentOf('ax') });
    pass(world, 2);
    // Whoever did it takes it away again before anybody looks.
    world.set(made.arn, '');
    const away = changeOf(made, world, { document: documentOf('') });

    await world.guard.examineTarget(made, away);
    await world.guard.examineTarget(made, later);

    const grave = [...told(world).values()].filter(({ additions = [] }) =>
      additions.some(({ check }) => check === 'access-not-granted'),
    );
    expect(grave).toMatchObject([{ step: { isNew: true }, change: { eventId: later.event.eventId } }]);
    expect(grave[0]?.id).not.toBe(id);
  });
});
