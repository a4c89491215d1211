import { describe, expect, it } from 'vitest';
import { changeOf, createWorld, OWN_ID, target } from './world.ts';

const RULE = 'arn:aws:events:us-east-1:111122223333:rule/ratchet-prod-IamRule';
const config = {
  ownResources: ['arn:aws:events:*:111122223333:rule/ratchet-prod-*', target('guard').arn],
};

describe('a call that touches the guard itself', () => {
  it('is a finding of the highest severity under the account, once, and leads to no rollback', async () => {
    const world = createWorld({ config });
    const call = changeOf(target('p'), world, { targets: [], touched: [RULE] });

    const outcome = await world.guard.handleRecord(call);
    await world.guard.handleRecord(call);

    expect(outcome).toMatchObject({ kind: 'examined', targets: [{ kind: 'findings' }] });
    expect(outcome.kind === 'examined' && outcome.targets.some(({ rollback }) => rollback)).toBe(false);
    expect(world.published).toHaveLength(1);
    expect(world.published[0]).toMatchObject({
      check: 'guard-touched',
      result: 'NOTICE',
      severity: 'CRITICAL',
      status: 'ACTIVE',
      target: { arn: 'arn:aws:iam::111122223333:root' },
      title: expect.stringContaining(RULE),
    });
  });

  it('is told each time it is made', async () => {
    const world = createWorld({ config });

    await world.guard.handleRecord(changeOf(target('p'), world, { targets: [], touched: [RULE] }));
    await world.guard.handleRecord(changeOf(target('p'), world, { targets: [], touched: [RULE] }));

    expect(new Set(world.published.map(({ id }) => id)).size).toBe(2);
  });

  it('is ended by a person alone', async () => {
    const world = createWorld({ config });
    await world.guard.handleRecord(changeOf(target('p'), world, { targets: [], touched: [RULE] }));
    const findingId = world.published[0]?.id ?? '';

    const outcome = await world.guard.approve({ findingId, who: 'Ann', why: 'our release' });

    expect(outcome).toMatchObject({ kind: 'approved', findings: [{ id: findingId, status: 'APPROVED' }] });
  });

  it('is told of any trail, without a word in the configuration', async () => {
    const world = createWorld();
    const trail = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';

    await world.guard.handleRecord(changeOf(target('p'), world, { targets: [], touched: [trail] }));

    expect(world.published).toMatchObject([{ check: 'guard-touched' }]);
  });

  it('is nothing when what it touched is somebody else’s', async () => {
    const world = createWorld({ config });
    const call = changeOf(target('p'), world, { targets: [], touched: [RULE.replace('ratchet', 'other')] });

    expect(await world.guard.handleRecord(call)).toEqual({ kind: 'ignored', cause: 'not-a-policy-event' });
    expect(world.published).toEqual([]);
  });

  it('is nothing when the guard made it', async () => {
    const world = createWorld({ config });
    const call = changeOf(target('p'), world, { targets: [], touched: [RULE], actorId: OWN_ID });

    expect(await world.guard.handleRecord(call)).toMatchObject({ kind: 'ignored' });
  });

  it('is told of a policy too, though its change grants nothing new', async () => {
    const world = createWorld({ config });
    world.set(target('guard').arn, 'ab');
    await world.guard.examineTarget(target('guard'));
    world.set(target('guard').arn, 'a');

    await world.guard.handleRecord(changeOf(target('guard'), world));

    expect(world.published.map(({ check }) => check)).toEqual(['guard-touched']);
  });
});
