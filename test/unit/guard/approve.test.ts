import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import { change, only, ref, settled } from './scenario.ts';
import { changeOf, documentOf, pass, told } from './world.ts';

describe('an approval', () => {
  it('says nothing of a change that reads did not show yet', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab', { document: documentOf('ab') })).findings);
    pass(world, 10);
    const later = changeOf(ref, world, { document: documentOf('abx') });
    world.now = new Date(world.now.getTime() + 5_000);
    await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });
    pass(world, 1);
    world.set(ref.arn, 'abx');

    expect((await world.guard.examineTarget(ref, later)).rollback).toBeDefined();
  });

  it('closes the finding, with who and why, and no other', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab')).findings);

    const outcome = await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });

    expect(outcome).toMatchObject({
      kind: 'approved',
      findings: [{ id, status: 'APPROVED', approval: { who: 'ann' } }],
    });
    expect(told(world).get(id)?.status).toBe('APPROVED');
    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'clean' });
  });

  it('is kept for the part when the same change is made again', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab')).findings);
    await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });
    const approved = world.now.getTime();
    await change(world, 'a');

    await change(world, 'ab');

    const { value } = (await world.stateOf(ref.arn)) ?? {};
    expect(value?.openFindings).toMatchObject([{ id, status: 'ACTIVE', occurrences: 2 }]);
    expect(value?.approvals).toEqual({ document: approved });
  });

  it('holds while AWS shows more and more of what nobody’s event explains', async () => {
    const world = await settled('a', { wait: async () => undefined });
    world.set(ref.arn, 'ab');
    const { id } = only((await world.guard.examineTarget(ref)).findings);
    await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });
    pass(world, 1);

    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'clean' });
  });

  it('is refused when the document changed since', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab')).findings);
    world.set(ref.arn, 'abc');

    const outcome = await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });

    expect(outcome).toMatchObject({ kind: 'changed-since', examined: { kind: 'findings' } });
  });

  it('that is refused names the newer findings of the same text', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const { id } = only((await change(world, 'ab')).findings);
    const newer = only((await change(world, 'abc')).findings);

    expect(await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' })).toMatchObject({
      kind: 'changed-since',
      newer: [{ id: newer.id }],
    });
  });

  it('is taken once what was changed since is approved', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const first = only((await change(world, 'ab')).findings);
    const second = only((await change(world, 'abc')).findings);

    for (const { id } of [second, first])
      await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });

    expect([first, second].map(({ id }) => told(world).get(id)?.status)).toEqual(['APPROVED', 'APPROVED']);
  });

  it('is refused where an approved text was changed since', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const first = only((await change(world, 'ab')).findings);
    const second = only((await change(world, 'abc')).findings);
    await world.guard.approve({ findingId: second.id, who: 'ann', why: 'release 7' });
    await change(world, 'abcd');

    const { kind } = await world.guard.approve({ findingId: first.id, who: 'ann', why: 'release 7' });

    expect(kind).toBe('changed-since');
  });

  it('is taken where only less is granted since', async () => {
    const world = await settled('a', { config: { targets: [] } });
    const { id } = only((await change(world, 'ab')).findings);
    await change(world, 'b');

    expect((await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' })).kind).toBe(
      'approved',
    );
  });

  it('says no more that a restore is planned', async () => {
    const world = await settled('a');
    const { id, action } = only((await change(world, 'ab')).findings);

    const outcome = await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });

    expect(action.kind).toBe('planned');
    expect(outcome).toMatchObject({
      findings: [{ action: { why: 'a person approved it before the guard acted' } }],
    });
  });

  it('of an unknown finding finds nothing', async () => {
    const world = await settled('a');

    expect((await world.guard.approve({ findingId: '0'.repeat(32), who: 'ann', why: 'x' })).kind).toBe(
      'not-found',
    );
  });

  it('of a closed finding says so', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab')).findings);
    await change(world, 'a');

    expect((await world.guard.approve({ findingId: id, who: 'ann', why: 'x' })).kind).toBe('already-closed');
  });
});

describe('findings that were closed long ago', () => {
  it('leave the state for the archive once they are published, and are still known', async () => {
    const world = await settled('yz', { config: { criticalAccess: [] } });
    for (const letter of 'abcdefghijklmnopqrstu') {
      await change(world, `yz${letter}`);
      await change(world, 'yz');
    }
    // What the timeline still tells of stays beside it.
    pass(world, 26 * 60);
    await change(world, 'y');

    const state = (await world.stateOf(ref.arn))?.value;
    const kept = [...(state?.openFindings ?? []), ...(state?.closedFindings ?? [])].map(({ id }) => id);
    const gone = only([...told(world).keys()].filter((id) => !kept.includes(id)));
    expect(await world.store.getArchived(gone)).toMatchObject({ status: 'RESOLVED' });
    const outcome = await world.guard.approve({ findingId: gone, who: 'ann', why: 'x' });
    expect(outcome).toMatchObject({ kind: 'already-closed', finding: { id: gone } });
  });

  it('stay until they are published', async () => {
    const world = await settled('abcdefghijklmnopqrst', { config: { criticalAccess: [] } });
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    for (const letter of 'abcdefghijklmnopqrstuvw') {
      await change(world, `y${letter}`);
      await change(world, 'abcdefghijklmnopqrst');
    }
    world.beforeStep = () => {};

    await world.guard.examineTarget(ref);

    expect(told(world).size).toBeGreaterThanOrEqual(23);
  });
});

describe('telling', () => {
  it('a publisher that fails is tried again at the next look', async () => {
    const world = await settled('a');
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    const first = await change(world, 'ab');
    world.beforeStep = () => {};

    const second = await world.guard.examineTarget(ref);

    expect([first.unpublished, second.unpublished]).toEqual([1, 0]);
    expect(world.published.map(({ id }) => id)).toEqual(first.findings.map(({ id }: Finding) => id));
  });

  it('what changes while it is told is told again', async () => {
    const world = await settled('a');
    let approving: Promise<unknown> | undefined;
    world.afterStep = async (step) => {
      const id = world.published[0]?.id;
      if (step !== 'publish' || approving !== undefined || id === undefined) return;
      world.beforeStep = (inner) => {
        if (inner === 'publish') throw new Error('the topic is down');
      };
      approving = world.guard.approve({ findingId: id, who: 'ann', why: 'needed' });
      await approving;
      world.beforeStep = () => {};
    };
    await change(world, 'ab');

    await world.guard.examineTarget(ref);

    expect(world.published.map(({ status }) => status)).toEqual(['ACTIVE', 'APPROVED']);
  });

  it('what is pending is published once, when the target is looked at next', async () => {
    const world = await settled('a');
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    await change(world, 'ab');
    world.beforeStep = () => {};

    await world.guard.examineTarget(ref);
    await world.guard.examineTarget(ref);

    expect(world.published).toHaveLength(1);
  });
});
