import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import type { RollbackRequest } from '../../../shared/guard/guard.ts';
import { StoreFault } from '../../../shared/store/store.ts';
import { changeOf, createWorld, documentOf, OWN_ID, pass, target, told, type World } from './world.ts';

const ref = target('p');

/** A world in which `letters` are accepted. */
async function settled(letters: string, options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = createWorld(options);
  world.set(ref.arn, letters);
  await world.guard.examineTarget(ref);
  pass(world, 60);
  return world;
}

/** Somebody changes the policy, and the event arrives. */
async function change(world: World, letters: string | undefined, more: Parameters<typeof changeOf>[2] = {}) {
  pass(world, 1);
  world.set(ref.arn, letters);
  return world.guard.examineTarget(ref, changeOf(ref, world, more));
}

function only<Value>(values: Iterable<Value>): Value {
  const [first, ...others] = values;
  if (first === undefined || others.length > 0) throw new Error('there is not exactly one');
  return first;
}

function requestOf(outcome: { readonly rollback?: RollbackRequest }): RollbackRequest {
  if (outcome.rollback === undefined) throw new Error('no rollback was asked for');
  return outcome.rollback;
}

function lettersOf(world: World): string | undefined {
  return world.things.get(ref.arn)?.letters;
}

describe('a target that is seen for the first time', () => {
  it('is accepted as the start when nothing on the lists is granted', async () => {
    const world = createWorld();
    world.set(ref.arn, 'abc');

    const outcome = await world.guard.examineTarget(ref);

    expect(outcome).toMatchObject({ kind: 'accepted', findings: [] });
    expect((await world.stateOf(ref.arn))?.value.accepted?.by).toBe('guard');
  });

  it('is accepted with a finding when it grants critical access', async () => {
    const world = createWorld();
    world.set(ref.arn, 'ax');

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({
      check: 'access-not-granted',
      status: 'ACTIVE',
      acceptedHash: '',
    });
    expect(outcome.rollback).toBeUndefined();
    expect((await world.stateOf(ref.arn))?.value.accepted).toBeDefined();
  });

  it('the finding of the start stays while the start does', async () => {
    const world = createWorld();
    world.set(ref.arn, 'ax');
    await world.guard.examineTarget(ref);

    const again = await world.guard.examineTarget(ref);

    expect(again).toMatchObject({ kind: 'settled', findings: [] });
    expect((await world.stateOf(ref.arn))?.value.openFindings).toHaveLength(1);
  });

  it('the finding of the start resolves when the access is taken away', async () => {
    const world = createWorld();
    world.set(ref.arn, 'ax');
    await world.guard.examineTarget(ref);

    const outcome = await change(world, 'a');

    expect(only(outcome.findings)).toMatchObject({ check: 'access-not-granted', status: 'RESOLVED' });
  });

  it('waits for an approval when the configuration says to flag', async () => {
    const world = createWorld({ config: { firstSeen: 'flag' } });
    world.set(ref.arn, 'ax');

    await world.guard.examineTarget(ref);

    expect((await world.stateOf(ref.arn))?.value.accepted).toBeUndefined();
  });

  it('is not accepted when it cannot be judged', async () => {
    const world = createWorld();
    world.set(ref.arn, undefined);

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({ check: 'document', result: 'UNKNOWN', status: 'ACTIVE' });
    expect((await world.stateOf(ref.arn))?.value.accepted).toBeUndefined();
  });

  it('that is not there is nothing to remember', async () => {
    const world = createWorld();

    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'gone', findings: [] });
    expect(await world.stateOf(ref.arn)).toBeUndefined();
  });
});

describe('a target that is being set up', () => {
  async function young(): Promise<World> {
    const world = createWorld();
    world.things.set(ref.arn, { letters: 'a', uniqueId: 'ANPA1', createdAt: world.now.toISOString() });
    await world.guard.examineTarget(ref);
    return world;
  }

  it('may widen without a finding', async () => {
    const world = await young();

    expect(await change(world, 'abc')).toMatchObject({ kind: 'accepted', findings: [] });
  });

  it('gets a finding for critical access, which is undone: the lists hold from the first minute', async () => {
    const world = await young();

    const outcome = await change(world, 'abx');
    await world.guard.rollback(requestOf(outcome));

    expect(only(outcome.findings)).toMatchObject({
      check: 'access-not-granted',
      action: { kind: 'planned' },
    });
    expect(lettersOf(world)).toBe('a');
  });

  it('is held to what it has once the window is over', async () => {
    const world = await young();
    pass(world, 30);

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({ check: 'no-new-access', status: 'ACTIVE' });
  });
});

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
      notes: ['new access: whoever `p` is attached to can now call `s3:b`'],
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

describe('an exception', () => {
  const exception = { match: '*', owner: 'web', reason: 'known', expires: '2026-03-02T00:00:00.000Z' };

  it('suppresses the finding; the change is neither undone nor accepted', async () => {
    const world = await settled('a', { config: { exceptions: [exception] } });

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({
      status: 'SUPPRESSED',
      suppression: { owner: 'web' },
      action: { kind: 'observed' },
    });
    expect(outcome.rollback).toBeUndefined();
    expect(await change(world, 'ab')).toMatchObject({ kind: 'findings' });
  });

  it('that expires makes the finding active, is a finding itself, and undoes nothing', async () => {
    const world = await settled('a', { config: { exceptions: [exception] } });
    await change(world, 'ab');
    pass(world, 24 * 60);

    const outcome = await world.guard.examineTarget(ref);

    expect(outcome.findings.map(({ check, status }) => [check, status])).toEqual([
      ['no-new-access', 'ACTIVE'],
      ['expired-exception', 'ACTIVE'],
    ]);
    expect(outcome.rollback).toBeUndefined();
  });

  it('for one check hides nothing that another check finds', async () => {
    const critical = { ...exception, check: 'access-not-granted' } as const;
    const world = await settled('a', { config: { exceptions: [critical] } });

    const outcome = await change(world, 'ax');

    expect(outcome.findings.map(({ check, status }) => [check, status])).toEqual([
      ['no-new-access', 'ACTIVE'],
      ['access-not-granted', 'SUPPRESSED'],
    ]);
    expect(outcome.rollback).toBeDefined();
  });

  it('for another check suppresses nothing', async () => {
    const world = await settled('a', {
      config: { exceptions: [{ ...exception, check: 'no-public-access' }] },
    });

    expect(only((await change(world, 'ab')).findings).status).toBe('ACTIVE');
  });
});

describe('an approval', () => {
  it('makes what AWS holds the accepted version, with who and why', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab')).findings);

    const outcome = await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });

    expect(outcome).toMatchObject({
      kind: 'approved',
      findings: [{ id, status: 'APPROVED', approval: { who: 'ann' } }],
    });
    expect((await world.stateOf(ref.arn))?.value.accepted).toMatchObject({ by: 'ann', why: 'release 7' });
    expect(told(world).get(id)?.status).toBe('APPROVED');
    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'settled' });
  });

  it('is refused when the document changed since', async () => {
    const world = await settled('a');
    const { id } = only((await change(world, 'ab')).findings);
    world.set(ref.arn, 'abc');

    const outcome = await world.guard.approve({ findingId: id, who: 'ann', why: 'release 7' });

    expect(outcome).toMatchObject({ kind: 'changed-since', examined: { kind: 'findings' } });
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

describe('a target that goes', () => {
  it('resolves its findings', async () => {
    const world = await settled('a');
    await change(world, 'ab');
    world.things.delete(ref.arn);

    const outcome = await world.guard.examineTarget(ref);

    expect(outcome.kind).toBe('gone');
    expect(only(outcome.findings)).toMatchObject({ status: 'RESOLVED', statusWhy: 'the target was deleted' });
  });

  it('and comes back as the same thing is held to what it had', async () => {
    const world = await settled('a');
    world.things.delete(ref.arn);
    await world.guard.examineTarget(ref);

    const outcome = await change(world, 'ab');

    expect(only(outcome.findings)).toMatchObject({ check: 'no-new-access' });
  });

  it('and is made again under its name takes its findings with it', async () => {
    const world = await settled('a');
    await change(world, 'ab');
    world.things.set(ref.arn, { letters: 'abc', uniqueId: 'ANPA2', createdAt: world.now.toISOString() });

    const outcome = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({
      status: 'RESOLVED',
      statusWhy: expect.stringContaining('another one'),
    });
    expect((await world.stateOf(ref.arn))?.value).toMatchObject({ uniqueId: 'ANPA2', acceptedBefore: [] });
  });

  it('and is made again under its name is another thing', async () => {
    const world = await settled('a');
    world.things.set(ref.arn, { letters: 'ab', uniqueId: 'ANPA2', createdAt: world.now.toISOString() });

    expect(await world.guard.examineTarget(ref)).toMatchObject({ kind: 'accepted', findings: [] });
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

describe('findings that were closed long ago', () => {
  it('leave the state for the archive once they are published, and are still known', async () => {
    const world = await settled('abcdefghijklmnopqrst', { config: { criticalAccess: [] } });
    const first = only((await change(world, 'abcdefghijklmnopqrstyz')).findings);
    for (const letter of 'abcdefghijklmnopqrst') {
      await change(world, `y${letter}`);
      await change(world, 'abcdefghijklmnopqrst');
    }

    const state = (await world.stateOf(ref.arn))?.value;
    expect(state?.closedFindings.map(({ id }) => id)).not.toContain(first.id);
    expect(await world.store.getArchived(first.id)).toMatchObject({ status: 'RESOLVED' });
    const outcome = await world.guard.approve({ findingId: first.id, who: 'ann', why: 'x' });
    expect(outcome).toMatchObject({ kind: 'already-closed', finding: { id: first.id } });
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

    expect(told(world).size).toBe(23);
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

  it('what is pending is published on demand', async () => {
    const world = await settled('a');
    world.beforeStep = (step) => {
      if (step === 'publish') throw new Error('the topic is down');
    };
    await change(world, 'ab');
    world.beforeStep = () => {};

    expect(await world.guard.publishPending()).toBe(1);
    expect(await world.guard.publishPending()).toBe(0);
  });
});
