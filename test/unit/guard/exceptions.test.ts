import { describe, expect, it } from 'vitest';
import { mergeOldest } from '../../../shared/guard/derive/merge.ts';
import { applyExceptions } from '../../../shared/guard/exceptions.ts';
import {
  deriveFrom,
  edit,
  FACTS,
  holding,
  MINUTE,
  puts,
  read,
  START,
  startingFrom,
  withEntries,
} from './model.ts';
import { change, only, ref, settled } from './scenario.ts';
import { createWorld, documentOf, pass, told, type World } from './world.ts';

const exception = { match: '*', owner: 'web', reason: 'known', expires: '2026-03-02T00:00:00.000Z' };
const forPublic = { ...exception, check: 'no-public-access' } as const;
const openOf = async (world: World) => (await world.stateOf(ref.arn))?.value.openFindings ?? [];
const DAY = 24 * 60;

describe('an exception', () => {
  it('suppresses the finding; the change is neither restored nor accepted', async () => {
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

  it('that expires makes the finding active, is a finding itself, and restores nothing', async () => {
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
      ['access-not-granted', 'ACTIVE'],
    ]);
    expect(outcome.rollback).toBeDefined();
  });

  it('for another check suppresses nothing', async () => {
    const world = await settled('a', {
      config: { exceptions: [forPublic] },
    });

    expect(only((await change(world, 'ab')).findings).status).toBe('ACTIVE');
  });

  it('covers no doubt that is left of what it covered', async () => {
    const world = await settled('a', { config: { exceptions: [exception] } });
    await change(world, 'au', { document: documentOf('au') });
    const doubt = { ...only(await openOf(world)), status: 'SUPPRESSED' } as const;
    const context = { target: ref, config: { exceptions: [exception] }, now: world.now.toISOString() };

    expect(applyExceptions({ open: [doubt], closed: [] }, context).open).toMatchObject([
      { result: 'UNKNOWN', status: 'ACTIVE' },
    ]);
  });

  it('that is renewed is told with its new owner and end', async () => {
    const before = await settled('a', { config: { exceptions: [exception] } });
    const { id } = only((await change(before, 'ab')).findings);
    const renewed = { ...exception, owner: 'data', expires: '2026-06-01T00:00:00.000Z' };
    const world = createWorld({ after: before, config: { exceptions: [renewed] } });
    await world.guard.examineTarget(ref);

    expect(told(world).get(id)).toMatchObject({
      status: 'SUPPRESSED',
      statusWhy: expect.stringContaining('2026-06-01'),
      suppression: { owner: 'data', expires: renewed.expires },
    });
  });

  it('that stays as it was is told once', async () => {
    const world = await settled('a', { config: { exceptions: [exception] } });
    await change(world, 'ab');

    expect((await world.guard.examineTarget(ref)).findings).toEqual([]);
  });

  it('that has expired stays acknowledged', async () => {
    const world = await settled('a', { config: { exceptions: [exception] } });
    await change(world, 'ab');
    pass(world, DAY);
    await world.guard.examineTarget(ref);
    const { id } = only([...told(world).values()].filter(({ check }) => check === 'expired-exception'));
    await world.guard.approve({ findingId: id, who: 'ann', why: 'we know' });
    await world.guard.examineTarget(ref);

    expect(told(world).get(id)?.status).toBe('APPROVED');
  });

  it('that is needed again after its end is told again', async () => {
    const world = await settled('a', { config: { targets: [], exceptions: [exception] } });
    await change(world, 'ab');
    pass(world, DAY);
    await world.guard.examineTarget(ref);
    await change(world, 'a');
    await change(world, 'ab');

    const notices = (await openOf(world)).filter(({ check }) => check === 'expired-exception');
    expect(notices).toMatchObject([{ status: 'ACTIVE', occurrences: 2 }]);
  });

  it('for public access covers no finding of many steps in which nothing is public', async () => {
    const world = await settled('a', { config: { targets: [], criticalAccess: [] } });
    await change(world, 'ab', { document: documentOf('ab') });
    const one = only(await openOf(world));
    const open = Array.from({ length: 52 }, (_, index) => ({ ...one, id: String(index).padStart(32, '0') }));
    const now = world.now.toISOString();
    const merged = mergeOldest({ open, closed: [] }, ref, now);

    const excepted = applyExceptions(merged, { target: ref, config: { exceptions: [forPublic] }, now });

    expect(excepted.open.filter(({ status }) => status === 'SUPPRESSED')).toEqual([]);
  });

  it('covers no finding of many steps where it covers only the first of them', () => {
    const texts = [...'αxβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщэюя'];
    const parts = Object.fromEntries(texts.map((letter, index) => [`inline:${index}`, letter]));
    const puttings = texts.map((letter, index) =>
      edit(START + (index + 1) * MINUTE, [puts(`inline:${index}`, letter)], { by: 'pipeline' }),
    );
    const end = START + (texts.length + 1) * MINUTE;
    const state = withEntries(startingFrom(holding({})), [...puttings, read(end, holding(parts))]);
    const exceptions = [{ ...exception, check: 'no-new-access' } as const];
    const { nextState } = deriveFrom(state, end, { ...FACTS, config: { ...FACTS.config, exceptions } });

    expect(nextState.openFindings).toHaveLength(50);
    expect(nextState.openFindings.filter(({ check }) => check === 'access-not-granted')).toMatchObject([
      { status: 'ACTIVE' },
    ]);
  });

  it('for public access covers no other access where it is not decided what is public', async () => {
    const world = await settled('a', { config: { targets: [], criticalAccess: [] } });
    await change(world, 'ab', { document: documentOf('ab') });
    const one = only(await openOf(world));
    const [addition] = one.additions ?? [];
    if (addition === undefined) throw new Error('the change added something');
    const doubt = { ...addition, check: 'no-public-access', result: 'UNKNOWN', now: 'unknown' } as const;
    const open = [{ ...one, additions: [addition, doubt] }];
    const context = { target: ref, config: { exceptions: [forPublic] }, now: world.now.toISOString() };

    expect(applyExceptions({ open, closed: [] }, context).open).toMatchObject([{ status: 'ACTIVE' }]);
  });
});
