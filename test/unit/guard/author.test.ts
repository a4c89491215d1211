/** Whose change is what AWS holds? An excuse covers one's own changes, nobody else's. */
import { describe, expect, it } from 'vitest';
import { lettersOf, only, ref, requestOf, settled } from './scenario.ts';
import { changeOf, documentOf, pass, type World } from './world.ts';

const CI = 'arn:aws:iam::111122223333:role/ci';
const exempt = { config: { criticalAccess: [], deployers: ['*/ci'] } };

/** A minute later the policy holds something else; the event is not delivered yet. */
function make(world: World, letters: string, more: Parameters<typeof changeOf>[2]) {
  pass(world, 1);
  world.set(ref.arn, letters);
  return changeOf(ref, world, more);
}

describe('a change by somebody else beside that of a deployer', () => {
  it('is not put down to the deployer when the event shows another document', async () => {
    const world = await settled('a', exempt);
    const deployed = make(world, 'ab', { actor: CI, document: documentOf('ab') });
    const smuggled = make(world, 'abc', { document: documentOf('abc') });

    const first = await world.guard.examineTarget(ref, deployed);
    const second = await world.guard.examineTarget(ref, smuggled);

    const open = first.findings.filter(({ status }) => status === 'ACTIVE');
    expect(only(open)).not.toHaveProperty('change');
    expect(only(open).action.kind).toBe('waiting');
    expect(only(second.findings)).toMatchObject({ action: { kind: 'planned' } });
    expect(second.rollback).toBeDefined();
  });

  it('ends the excuse when its event comes later and no document says whose the content is', async () => {
    const world = await settled('a', exempt);
    const smuggled = make(world, 'ab', {});
    const deployed = make(world, 'abc', { actor: CI });
    pass(world, 1);

    const first = await world.guard.examineTarget(ref, deployed);
    const second = await world.guard.examineTarget(ref, smuggled);

    expect(only(first.findings).action.kind).toBe('observed');
    expect(only(second.findings)).toMatchObject({
      action: { kind: 'planned' },
      change: { actorArn: smuggled.event.actor.arn },
    });
    expect(second.rollback).toBeDefined();
  });

  it('ends the excuse of all that the deployer left since, whatever AWS holds by now', async () => {
    const world = await settled('a', exempt);
    const smuggled = make(world, 'ab', {});
    for (const letters of ['abc', 'abcd']) {
      const deployed = make(world, letters, { actor: CI });
      pass(world, 1);
      await world.guard.examineTarget(ref, deployed);
    }

    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, smuggled)));

    expect(lettersOf(world)).toBe('a');
  });

  it('has what was left for the deployer’s sake decided anew when its event comes late', async () => {
    const world = await settled('a', exempt);
    const smuggled = make(world, 'ab', {});
    const deployed = make(world, 'abc', { actor: CI });
    pass(world, 1);
    await world.guard.examineTarget(ref, deployed);
    make(world, 'ab', {});
    pass(world, 1);
    await world.guard.examineTarget(ref);
    pass(world, 20);
    const left = await world.guard.examineTarget(ref);

    const request = requestOf(await world.guard.examineTarget(ref, smuggled));
    await world.guard.rollback(request);

    expect(left.rollback).toBeUndefined();
    expect(lettersOf(world)).toBe('a');
  });

  it('leaves the excuse of what no longer holds what the event shows', async () => {
    const world = await settled('a', exempt);
    const smuggled = make(world, 'ab', { document: documentOf('ab') });
    const deployed = make(world, 'ac', { actor: CI });
    pass(world, 1);
    await world.guard.examineTarget(ref, deployed);
    const other = make(world, 'acd', {});
    pass(world, 1);
    await world.guard.examineTarget(ref, smuggled);

    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, other)));

    expect(lettersOf(world)).toBe('ac');
  });

  it('leaves the excuse when it may have come after the first look, within the same second', async () => {
    const world = await settled('a', exempt);
    const deployed = make(world, 'ab', { actor: CI });
    const other = changeOf(ref, world, {});
    world.now = new Date(world.now.getTime() + 400);

    await world.guard.examineTarget(ref, deployed);

    expect((await world.guard.examineTarget(ref, other)).rollback).toBeUndefined();
  });

  it('leaves the excuse when the deployer’s event shows all there is, whichever comes first', async () => {
    for (const isFirst of [true, false]) {
      const world = await settled('a', exempt);
      const other = make(world, 'a', {});
      const deployed = make(world, 'ab', { actor: CI, document: documentOf('ab') });
      pass(world, 1);

      const events = isFirst ? [deployed, other] : [other, deployed];
      for (const event of events) await world.guard.examineTarget(ref, event);

      const open = (await world.stateOf(ref.arn))?.value.openFindings ?? [];
      expect(only(open)).toMatchObject({ action: { kind: 'observed' }, change: { actorArn: CI } });
    }
  });

  it('is not put down to a late duplicate of what the deployer did before the accepted version', async () => {
    const world = await settled('ab', exempt);
    const deployed = make(world, 'a', { actor: CI });
    pass(world, 1);
    await world.guard.examineTarget(ref, deployed);
    const smuggled = make(world, 'ac', {});

    const first = await world.guard.examineTarget(ref, deployed);
    const second = await world.guard.examineTarget(ref, smuggled);

    expect(only(first.findings)).not.toHaveProperty('change');
    expect(second.rollback).toBeDefined();
  });

  it('leaves the excuse when its own finding was told and has ended', async () => {
    const world = await settled('a', exempt);
    const other = make(world, 'ac', {});
    const request = requestOf(await world.guard.examineTarget(ref, other));
    await world.guard.rollback(request);
    const deployed = make(world, 'ab', { actor: CI });
    await world.guard.examineTarget(ref, deployed);

    expect((await world.guard.examineTarget(ref, other)).rollback).toBeUndefined();
  });

  it('leaves the excuse when the guard had undone its change before, however often its event comes', async () => {
    const world = await settled('a', exempt);
    const [first, second] = [make(world, 'ac', {}), changeOf(ref, world, {})];
    const request = requestOf(await world.guard.examineTarget(ref, first));
    await world.guard.examineTarget(ref, second);
    pass(world, 1);
    await world.guard.rollback(request);
    for (const letters of ['ab', 'abd']) {
      const deployed = make(world, letters, { actor: CI });
      pass(world, 1);
      await world.guard.examineTarget(ref, deployed);
    }

    expect((await world.guard.examineTarget(ref, second)).rollback).toBeUndefined();
    await world.guard.rollback(requestOf(await world.guard.examineTarget(ref, make(world, 'abdx', {}))));
    expect(lettersOf(world)).toBe('abd');
  });

  it('leaves the excuse when it was made before what is accepted, or after the content was seen', async () => {
    const world = await settled('a', exempt);
    pass(world, -90);
    const old = changeOf(ref, world);
    pass(world, 90);
    const deployed = make(world, 'ab', { actor: CI });
    await world.guard.examineTarget(ref, deployed);
    pass(world, 1);
    const later = changeOf(ref, world);

    for (const event of [old, later, deployed]) {
      const { rollback } = await world.guard.examineTarget(ref, event);

      expect(rollback).toBeUndefined();
    }
    const open = (await world.stateOf(ref.arn))?.value.openFindings ?? [];
    expect(only(open)).toMatchObject({ action: { kind: 'observed' }, change: { actorArn: CI } });
  });
});
