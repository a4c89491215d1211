import { describe, expect, it } from 'vitest';
import { change, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, createWorld, documentOf, pass, target } from './world.ts';

describe('a change', () => {
  it('that grants less becomes the accepted version', async () => {
    const world = await settled('abc');

    expect(await change(world, 'ab')).toMatchObject({ kind: 'accepted', findings: [] });
    expect(only((await change(world, 'abc')).findings)).toMatchObject({ check: 'no-new-access' });
  });

  it('that grants more is a finding with the request, who did it and what is done', async () => {
    const world = await settled('a');

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({
      check: 'no-new-access',
      result: 'FAIL',
      status: 'ACTIVE',
      witness: { action: 's3:b' },
      change: { actorArn: 'arn:aws:iam::111122223333:user/Mallory' },
      action: { kind: 'planned' },
      statements: [{ statementIndex: 0 }],
    });
    expect(requestOf(outcome).findingId).toBe(only(outcome.findings).id);
  });

  it('that several checks find is one finding, the gravest, with the others as notes', async () => {
    const world = await settled('a');

    const outcome = await change(world, 'abx');

    expect(only(outcome.findings)).toMatchObject({
      check: 'access-not-granted',
      notes: ['new access: whoever `p` is attached to can now call, for example, `s3:b`'],
    });
  });

  it('that is seen again is the same finding, told once', async () => {
    const world = await settled('a');
    const event = changeOf(ref, world);
    world.set(ref.arn, 'ab');
    await world.guard.examineTarget(ref, event);

    await world.guard.examineTarget(ref, event);

    expect(world.published).toHaveLength(1);
  });

  it('that is undone resolves', async () => {
    const world = await settled('a');
    await change(world, 'ab');

    const outcome = await change(world, 'a');

    expect(only(outcome.findings)).toMatchObject({ status: 'RESOLVED', statusWhy: 'the change was undone' });
  });

  it('that is made again after it was undone is the same finding, open again', async () => {
    const world = await settled('a');
    const first = only((await change(world, 'ab')).findings);
    await change(world, 'a');

    const again = only((await change(world, 'ab')).findings);

    expect(again).toMatchObject({
      id: first.id,
      status: 'ACTIVE',
      occurrences: 2,
      action: { kind: 'planned' },
    });
  });

  it('that goes further keeps the older finding beside the newer while its access is there', async () => {
    const world = await settled('a');
    await change(world, 'ab');

    await change(world, 'abc');

    const open = (await world.stateOf(ref.arn))?.value.openFindings ?? [];
    expect(open.map(({ witness }) => witness?.action)).toEqual(['s3:b', 's3:b']);
  });

  it('that takes the access of an older finding away and grants something else resolves the older one', async () => {
    const world = await settled('a');
    await change(world, 'ab');

    const { findings } = await change(world, 'ac');

    expect(findings.map(({ status, witness }) => [status, witness?.action])).toEqual([
      ['ACTIVE', 's3:c'],
      ['RESOLVED', 's3:b'],
    ]);
  });

  it('that cannot be decided is UNKNOWN, is not accepted and is not undone', async () => {
    const world = await settled('a');

    const outcome = await change(world, 'au');

    expect(only(outcome.findings)).toMatchObject({ result: 'UNKNOWN', action: { kind: 'observed' } });
    expect(outcome.rollback).toBeUndefined();
    expect(await change(world, 'au')).toMatchObject({ kind: 'findings', findings: [] });
  });

  it('that AWS does not show is UNKNOWN and resolves when it does', async () => {
    const world = await settled('a');
    const hidden = await change(world, undefined);

    const shown = await change(world, 'a');

    expect(only(hidden.findings)).toMatchObject({ check: 'document', result: 'UNKNOWN', status: 'ACTIVE' });
    expect(only(shown.findings)).toMatchObject({ check: 'document', status: 'RESOLVED' });
  });

  it('that was undone before it was read is a finding that is closed and drives nothing', async () => {
    const world = await settled('a');

    const outcome = await change(world, 'a', { document: documentOf('ab') });

    expect(only(outcome.findings)).toMatchObject({ status: 'RESOLVED', witness: { action: 's3:b' } });
    expect(outcome.rollback).toBeUndefined();
  });

  it('whose event comes late is measured by what was accepted when it was made', async () => {
    const world = await settled('ab');
    const late = changeOf(ref, world, { document: documentOf('ab') });
    await change(world, 'a');

    expect(await world.guard.examineTarget(ref, late)).toMatchObject({ kind: 'settled', findings: [] });
  });

  it('of which a duplicate comes after the rollback is told no more', async () => {
    const world = await settled('a');
    const event = changeOf(ref, world, { document: documentOf('ab') });
    world.set(ref.arn, 'ab');
    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, event)));
    const before = world.published.length;

    await world.guard.examineTarget(ref, event);

    expect(world.published).toHaveLength(before);
  });

  it('that was made twice, undone in between, and first seen the second time, is told once', async () => {
    const world = await settled('ab');
    await change(world, '');
    const first = changeOf(ref, world, { document: documentOf('c') });
    const widened = await change(world, 'c');
    await world.guard.examineTarget(ref, first);
    await world.guard.rollback(requestOf(widened));
    const before = world.published.length;

    await world.guard.examineTarget(ref, first);

    expect(world.published).toHaveLength(before);
  });

  it('whose parameters were left out of the record is a finding of its own, once', async () => {
    const world = await settled('a');
    const event = changeOf(ref, world, { parametersOmitted: true });

    await world.guard.examineTarget(ref, event);
    await world.guard.examineTarget(ref, event);

    expect(only(world.published)).toMatchObject({
      check: 'parameters-omitted',
      result: 'NOTICE',
      status: 'ACTIVE',
    });
  });
});

describe('a record', () => {
  it('of a hidden request that names no target is told under the account, once', async () => {
    const world = createWorld();
    const hidden = changeOf(ref, world, { parametersOmitted: true, targets: [] });

    const outcome = await world.guard.handleRecord(hidden);
    await world.guard.handleRecord(hidden);

    expect(outcome).toMatchObject({ kind: 'examined', targets: [{ kind: 'findings' }] });
    expect(only(world.published)).toMatchObject({
      check: 'parameters-omitted',
      target: { arn: 'arn:aws:iam::111122223333:root' },
    });
  });

  it('that touches several targets has all of them looked at, though one cannot be read', async () => {
    const world = createWorld();
    world.set(target('q').arn, 'a');
    let reads = 0;
    world.beforeStep = (step) => {
      if (step === 'read' && reads++ === 0) throw new Error('no answer');
    };

    await expect(
      world.guard.handleRecord(changeOf(ref, world, { targets: [ref, target('q')] })),
    ).rejects.toThrow('no answer');

    expect(await world.stateOf(target('q').arn)).toBeDefined();
  });

  it('whose document belongs to the first target leaves the others to what AWS holds', async () => {
    const world = await settled('a');
    world.set(target('q').arn, 'a');
    await world.guard.examineTarget(target('q'));
    pass(world, 60);
    const event = changeOf(ref, world, { targets: [ref, target('q')], document: documentOf('ab') });

    await world.guard.handleRecord(event);

    expect(world.published.map(({ target: { arn } }) => arn)).toEqual([ref.arn]);
  });
});

describe('a read that lags behind the write', () => {
  /** The change shows only after so many waits. */
  async function lagging(shownAfter: number, more: Parameters<typeof changeOf>[2]) {
    const waits: number[] = [];
    const world = await settled('a', {
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        if (waits.length === shownAfter) world.set(ref.arn, 'ab');
      },
    });
    const outcome = await world.guard.examineTarget(ref, changeOf(ref, world, more));
    return { waits, outcome };
  }

  it('is waited for while the event’s document does not show', async () => {
    const { waits, outcome } = await lagging(2, { document: documentOf('ab') });

    expect(waits).toHaveLength(2);
    expect(only(outcome.findings)).toMatchObject({ status: 'ACTIVE' });
  });

  it('is waited for while nothing changed, where the event holds no document', async () => {
    const { outcome } = await lagging(1, {});

    expect(only(outcome.findings)).toMatchObject({ status: 'ACTIVE' });
  });

  it('is not waited for without end', async () => {
    const { waits, outcome } = await lagging(99, { document: documentOf('ab') });

    expect(waits.length).toBeLessThan(5);
    expect(only(outcome.findings)).toMatchObject({ status: 'RESOLVED' });
  });

  it('is not waited for when the event is old', async () => {
    let waits = 0;
    const world = await settled('a', { wait: async () => void waits++ });
    const event = changeOf(ref, world, { document: documentOf('ab') });
    pass(world, 5);

    await world.guard.examineTarget(ref, event);

    expect(waits).toBe(0);
  });
});
