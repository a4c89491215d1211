import { describe, expect, it } from 'vitest';
import type { SweepCursor, TargetList } from '../../../shared/guard/contract.ts';
import { ACCOUNT, createWorld, pass, target, type World } from './world.ts';

const place = { accountId: ACCOUNT, region: 'us-east-1', kinds: ['managed-policy'] } as const;

function worldOf(contents: { readonly [name: string]: string }): World {
  const world = createWorld();
  for (const [name, letters] of Object.entries(contents)) world.set(target(name).arn, letters);
  return world;
}

/** Somebody deletes it. */
const drop = ({ things }: World, arn: string) => things.delete(arn);

describe('a secret that was deleted', () => {
  const kinds = ['secret-policy'] as const;
  const arn = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:s-AbCdEf`;
  const deletedFor = async (days: number) => {
    const world = createWorld({ kind: 'secret-policy', config: { targets: [] } });
    world.set(arn, 'a');
    await world.guard.sweep({ ...place, kinds });
    pass(world, 60);
    world.set(arn, 'ab');
    await world.guard.sweep({ ...place, kinds });
    drop(world, arn);
    for (let day = 0; day <= days; day++) {
      pass(world, 24 * 60);
      await world.guard.sweep({ ...place, kinds });
    }
    return (await world.stateOf(arn))?.value;
  };

  it('keeps its findings while it can be restored', async () => {
    expect((await deletedFor(31))?.openFindings).toMatchObject([{ status: 'ACTIVE' }]);
  });

  it('has none that nobody can end once it is gone for good', async () => {
    const state = await deletedFor(32);

    expect(state?.openFindings).toEqual([]);
    expect(state?.closedFindings).toMatchObject([
      { status: 'RESOLVED', statusWhy: 'the target is not there any more' },
    ]);
  });
});

describe('a sweep', () => {
  it('of a new account accepts what is there', async () => {
    const world = worldOf({ p: 'a', q: 'b' });

    expect(await world.guard.sweep(place)).toEqual({ examined: 2, findings: 0, rollbacks: [], faults: [] });
    expect((await world.stateOf(target('q').arn))?.value.openFindings).toEqual([]);
  });

  it('finds what no event told, and has it restored when no event comes', async () => {
    const world = worldOf({ p: 'a', q: 'b' });
    await world.guard.sweep(place);
    pass(world, 60);
    world.set(target('q').arn, 'bc');

    const first = await world.guard.sweep(place);
    pass(world, 20);
    const second = await world.guard.sweep(place);

    expect(first).toMatchObject({ findings: 1, rollbacks: [] });
    expect(second).toMatchObject({ rollbacks: [{ target: { arn: target('q').arn } }] });
    expect(world.published).toMatchObject([
      { check: 'no-new-access', action: { kind: 'waiting' } },
      { check: 'no-new-access', action: { kind: 'planned' } },
    ]);
  });

  it('tells once what it found at first sight, and once that it is gone', async () => {
    const world = worldOf({ p: 'ax' });
    await world.guard.sweep(place);
    pass(world, 60);
    world.set(target('p').arn, 'a');

    for (let look = 0; look < 4; look++) {
      pass(world, 60);
      await world.guard.sweep(place);
    }

    expect(world.published.map(({ status, occurrences }) => [status, occurrences])).toEqual([
      ['ACTIVE', 1],
      ['RESOLVED', 1],
    ]);
  });

  it('notices what is gone', async () => {
    const world = worldOf({ p: 'ax' });
    await world.guard.sweep(place);
    drop(world, target('p').arn);

    await world.guard.sweep(place);

    expect(world.published.at(-1)).toMatchObject({
      status: 'RESOLVED',
      statusWhy: 'the target is not there any more',
    });
  });

  it('that is stopped goes on where it stopped', async () => {
    const world = worldOf({ p: 'a', q: 'b', r: 'c' });
    let left = 2;

    const first = await world.guard.sweep({ ...place, shouldStop: () => left-- === 0 });
    const second = await world.guard.sweep({
      ...place,
      ...(first.cursor === undefined ? {} : { cursor: first.cursor }),
    });

    expect(first).toMatchObject({
      examined: 2,
      cursor: { kind: 'managed-policy', phase: 'listed', after: target('q').arn },
    });
    expect(second.examined).toBe(1);
    expect(second.cursor).toBeUndefined();
  });

  it('that is stopped skips nothing though a target before its place was deleted', async () => {
    const world = worldOf({ p: 'a', q: 'b', r: 'c' });
    let left = 2;
    const { cursor } = await world.guard.sweep({ ...place, shouldStop: () => left-- === 0 });
    drop(world, target('p').arn);
    world.set(target('r').arn, 'cx');

    await world.guard.sweep({ ...place, ...(cursor === undefined ? {} : { cursor }) });

    expect(world.published).toMatchObject([{ target: target('r'), check: 'access-not-granted' }]);
  });

  it('that is stopped keeps its list for the next one, which does not list again', async () => {
    const world = worldOf({ p: 'a', q: 'b', r: 'c' });
    let kept: TargetList | undefined;
    const lists = {
      read: async () => kept,
      write: async (list: TargetList) => {
        kept = list;
      },
    };
    let left = 2;
    const { cursor } = await world.guard.sweep({ ...place, lists, shouldStop: () => left-- === 0 });
    // Made after the list, and not in it.
    world.set(target('s').arn, 'd');

    const second = await world.guard.sweep({ ...place, lists, ...(cursor === undefined ? {} : { cursor }) });

    expect(kept?.listed.map(({ arn }) => arn)).toEqual(['p', 'q', 'r'].map((name) => target(name).arn));
    expect(second).toMatchObject({ examined: 1, faults: [] });
    expect(await world.guard.sweep({ ...place, lists })).toMatchObject({ examined: 4 });
  });

  it('that is stopped among what is remembered and gone looks at each of it once', async () => {
    const world = worldOf({ p: 'a', q: 'b', r: 'c' });
    await world.guard.sweep(place);
    for (const name of ['p', 'q', 'r']) drop(world, target(name).arn);
    const looked: string[] = [];
    world.beforeStep = (step) => void (step === 'read' && looked.push(step));
    let cursor: SweepCursor | undefined;
    const outcomes: number[] = [];
    do {
      let left = 2;
      const request = {
        ...place,
        ...(cursor === undefined ? {} : { cursor }),
        shouldStop: () => left-- <= 0,
      };
      const outcome = await world.guard.sweep(request);
      outcomes.push(outcome.examined);
      cursor = outcome.cursor;
    } while (cursor !== undefined);

    expect(outcomes).toEqual([1, 1, 1]);
    expect(looked).toHaveLength(3);
  });

  it('takes for new what appears once everything was looked at', async () => {
    const world = worldOf({ p: 'a' });
    await world.guard.sweep(place);
    pass(world, 1);
    world.things.set(target('q').arn, { letters: 'b', uniqueId: 'Q', createdAt: world.now.toISOString() });

    await world.guard.sweep(place);

    expect(world.published).toMatchObject([
      { target: target('q'), check: 'no-new-access', step: { isNew: true } },
    ]);
  });

  it('goes on past a target that cannot be read', async () => {
    const world = worldOf({ p: 'a', q: 'b' });
    let reads = 0;
    world.beforeStep = (step) => {
      if (step === 'read' && reads++ === 0) throw new Error('no answer');
    };

    const outcome = await world.guard.sweep(place);

    expect(outcome).toMatchObject({ examined: 1, faults: [{ place: target('p').arn }] });
  });

  it('tells what was stored and not told', async () => {
    const world = worldOf({ p: 'ax' });
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    await world.guard.sweep(place);
    world.beforeStep = () => {};

    await world.guard.sweep(place);

    expect(world.published).toMatchObject([{ check: 'access-not-granted', status: 'ACTIVE' }]);
  });
});

describe('a sweep from the hub of an organization', () => {
  const MEMBER = '444455556666';
  const OTHER = '777788889999';
  const queue = (account: string, region = 'us-east-1') => `arn:aws:sqs:${region}:${account}:q`;
  const members = { accounts: [MEMBER, OTHER, ACCOUNT], regions: ['eu-west-1'] };
  const queues = { ...place, kinds: ['queue-policy'] } as const;
  const worldWith = (...arns: readonly string[]): World => {
    const world = createWorld({ kind: 'queue-policy', config: { members } });
    for (const arn of arns) world.set(arn, 'a');
    return world;
  };

  it('looks at every member in every Region named, and at the own account in its own Region', async () => {
    const seen = [queue(ACCOUNT), queue(MEMBER), queue(MEMBER, 'eu-west-1'), queue(OTHER)];
    const world = worldWith(...seen, queue(ACCOUNT, 'eu-west-1'), queue(MEMBER, 'eu-north-1'));

    expect(await world.guard.sweep(queues)).toMatchObject({ examined: 4, faults: [] });
    for (const arn of seen) expect((await world.stateOf(arn))?.value.target.arn).toBe(arn);
    expect((await world.stateOf(queue(MEMBER, 'eu-west-1')))?.value.target).toMatchObject({
      accountId: MEMBER,
      region: 'eu-west-1',
    });
  });

  it('looks at what is global once an account', async () => {
    const world = createWorld({ config: { members } });
    world.set(`arn:aws:iam::${MEMBER}:policy/p`, 'a');

    expect(await world.guard.sweep(place)).toMatchObject({ examined: 1, faults: [] });
  });

  it('leaves the members to the hub', async () => {
    const world = worldWith(queue(MEMBER), queue(MEMBER, 'eu-west-1'));

    expect(await world.guard.sweep({ ...queues, region: 'eu-west-1' })).toMatchObject({ examined: 0 });
  });

  it('takes nothing for gone where a member cannot be listed, and goes on with the others', async () => {
    const world = worldWith(queue(MEMBER), queue(OTHER));
    await world.guard.sweep(queues);
    drop(world, queue(OTHER));
    world.beforeStep = (step) => {
      if (step === `list ${MEMBER}`) throw new Error('the role cannot be taken on');
    };

    const outcome = await world.guard.sweep(queues);

    expect(outcome.faults.map(({ place }) => place)).toEqual([
      `the list of queue-policy in ${MEMBER} us-east-1`,
    ]);
    const isThere = async (arn: string) =>
      (await world.stateOf(arn))?.value.timeline.entries.findLast((entry) => entry.kind === 'read')?.content
        .exists;
    expect(await isThere(queue(MEMBER))).toBe(true);
    expect(await isThere(queue(OTHER))).toBe(false);
  });

  it('that has no time to list them all goes on listing where it stopped', async () => {
    const world = worldWith(queue(ACCOUNT), queue(MEMBER), queue(OTHER));
    const steps: string[] = [];
    world.beforeStep = (step) => void (step.startsWith('list ') && steps.push(step));
    let kept: TargetList | undefined;
    const lists = {
      read: async () => kept,
      write: async (list: TargetList) => {
        kept = list;
      },
    };
    let cursor: SweepCursor | undefined;
    const listed: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const request = { ...queues, lists, ...(cursor === undefined ? {} : { cursor }) };
      ({ cursor } = await world.guard.sweep({ ...request, shouldStop: () => true }));
      listed.push(steps.length);
    }

    const stopped = cursor ?? { kind: 'queue-policy', phase: 'listed', after: 'none' };
    expect(await world.guard.sweep({ ...queues, lists, cursor: stopped })).toMatchObject({ examined: 3 });
    expect(steps).toEqual([ACCOUNT, MEMBER, OTHER].map((account) => `list ${account}`));
    expect(listed).toEqual([1, 2, 2, 3, 3]);
  });

  it('that is stopped among the members goes on there', async () => {
    const world = worldWith(queue(ACCOUNT), queue(MEMBER), queue(OTHER));
    let left = 2;

    const first = await world.guard.sweep({ ...queues, shouldStop: () => left-- === 0 });
    const { cursor } = first;
    const second = await world.guard.sweep({ ...queues, ...(cursor === undefined ? {} : { cursor }) });

    expect(first).toMatchObject({ examined: 2, cursor: { kind: 'queue-policy', phase: 'listed' } });
    expect(second).toMatchObject({ examined: 1, faults: [] });
  });
});
