import { describe, expect, it } from 'vitest';
import type { Addition, Finding } from '../../../shared/findings/finding.ts';
import { askedAnew } from '../../../shared/guard/derive/settings.ts';
import { change, only, ref, settled } from './scenario.ts';
import { createWorld, documentOf, pass, told, type World } from './world.ts';

const list = (...letters: readonly string[]) => ({
  targets: [],
  criticalAccess: [{ name: 'the list', actions: letters.map((letter) => `s3:${letter}`) }],
});
const openOf = async (world: World) => (await world.stateOf(ref.arn))?.value.openFindings ?? [];
const put = (world: World, letters: string) => change(world, letters, { document: documentOf(letters) });
/** The configuration is another, and the target is looked at. */
function look(after: World, config: ReturnType<typeof list>, leftMs?: () => number) {
  pass(after, 1);
  return createWorld({ after, config, ...(leftMs && { leftMs }) }).guard.examineTarget(ref);
}

describe('a changed setting', () => {
  it('asks about what stands once, and starts no restore', async () => {
    const before = await settled('ab');
    const world = createWorld({
      after: before,
      config: { criticalAccess: [{ name: 'the letter b', actions: ['s3:b'] }] },
    });

    const outcome = await world.guard.examineTarget(ref);
    const again = await world.guard.examineTarget(ref);

    expect(only(outcome.findings)).toMatchObject({ listName: 'the letter b', action: { kind: 'observed' } });
    expect([outcome.rollback, again.rollback, again.findings]).toEqual([undefined, undefined, []]);
  });

  it('stays open for as long as what it found is granted', async () => {
    const before = await settled('ab');
    for (const _ of [1, 2]) {
      pass(before, 25 * 60);
      await before.guard.examineTarget(ref);
    }
    const config = { criticalAccess: [{ name: 'the letter b', actions: ['s3:b'] }] };
    const world = createWorld({ after: before, config });
    const found = only((await world.guard.examineTarget(ref)).findings);
    pass(world, 60);
    await world.guard.examineTarget(ref);

    expect(told(world).get(found.id)?.status).toBe('ACTIVE');
  });

  it('that turns rollbacks on restores nothing that was known before', async () => {
    const before = await settled('a', { config: { targets: [] } });
    await change(before, 'ab');
    const world = createWorld({ after: before });

    expect((await world.guard.examineTarget(ref)).rollback).toBeUndefined();
  });

  it('is asked of what stands where an open finding tells other access of the same list', async () => {
    const before = await settled('ab', { config: list('x') });
    await put(before, 'abx');
    await look(before, list('x', 'b'));
    await put(createWorld({ after: before, config: list('x', 'b') }), 'ab');

    expect(await openOf(before)).toMatchObject([{ listName: 'the list', witness: { action: 's3:b' } }]);
  });

  it.each([
    ['one change', ['abx']],
    ['two', ['abx', 'abxy']],
    ['two with another between', ['abx', 'abxc', 'abxcy']],
    ['two of which one is reversed', ['abx', 'abxy', 'aby']],
    ['a change of what could not be decided', ['abu']],
  ])('tells nothing anew that the findings of %s tell', async (_, contents) => {
    const before = await settled('ab', { config: list('x', 'y', 'u') });
    for (const letters of contents) await put(before, letters);

    expect((await look(before, list('x', 'y', 'u', 'q'))).findings).toEqual([]);
  });

  it('tells for certain what an open finding could not decide', async () => {
    const before = await settled('ab', { config: list('x', 'u') });
    await put(before, 'abuc');

    const { findings } = await look(before, list('x', 'u', 'c'));

    const listed = findings.filter(({ listName }) => listName === 'the list');
    expect(listed).toMatchObject([{ result: 'FAIL' }]);
  });

  it('is asked of what came since the open findings', async () => {
    const before = await settled('ab', { config: list('x') });
    await put(before, 'abx');
    await put(before, 'abxc');

    expect((await look(before, list('x', 'c'))).findings).toMatchObject([{ listName: 'the list' }]);
  });

  it('is asked again where there was no time', async () => {
    const before = await settled('ab', { config: list('x') });
    const config = list('b');
    await look(before, config, () => 0);

    expect((await look(before, config)).findings).toMatchObject([{ listName: 'the list' }]);
  });

  it('that asks for less ends a finding, and does not say that the access is gone', async () => {
    const before = await settled('ab', { config: list('b') });
    await look(before, list('x'));

    const [ended] = (await before.stateOf(ref.arn))?.value.closedFindings ?? [];
    expect(ended).toMatchObject({ status: 'RESOLVED', statusWhy: expect.stringContaining('asks for now') });
  });
});

describe('what a changed setting asks of a content that an open finding tells whole', () => {
  const settings = { since: 0, hash: '', groupingMs: 0 };
  const lines = (text: string) => [{ number: 1, text }];
  const quote = (statementIndex: number, text: string, statementId?: string) => ({
    statementIndex,
    description: '',
    lines: lines(text),
    ...(statementId === undefined ? {} : { statementId }),
  });
  const telling = (...statements: Addition['statements']): Finding => {
    const addition = {
      check: 'no-external-access',
      result: 'FAIL',
      grade: 'HIGH',
      now: 'granted',
      versions: { before: 'before', after: 'after' },
      ...{ statements, removedDenies: [], notes: [], sources: [], title: '', message: '' },
    };
    return { additions: [addition], step: { at: new Date(0).toISOString() } } as unknown as Finding; // What is looked at.
  };
  const anew = (draft: Finding, open: Finding) =>
    askedAnew([draft], {
      before: { ...settings, questions: { 'no-external-access': 'with a partner' } },
      current: { ...settings, questions: { 'no-external-access': 'without' } },
      open: [open],
      remains: () => 'gone',
    });

  it.each([
    ['the same statements', [quote(0, 'a')], [quote(0, 'a')], 0],
    ['a statement that it does not name', [quote(0, 'a'), quote(1, 'b')], [quote(0, 'a')], 1],
    ['another statement alone', [quote(1, 'b')], [quote(0, 'a')], 1],
    ['a statement that has moved', [quote(1, 'a')], [quote(0, 'a')], 0],
    ['a statement that has moved and says more', [quote(1, 'aa', 'A')], [quote(0, 'a', 'A')], 0],
    ['a statement that says more', [quote(0, 'aa')], [quote(0, 'a')], 0],
    ['fewer', [quote(1, 'b')], [quote(0, 'a'), quote(1, 'b')], 0],
  ])('is told where it is about %s', (_, asked, told, times) => {
    expect(anew(telling(...asked), telling(...told))).toHaveLength(times);
  });

  it('is told for certain where the open finding could not decide it', () => {
    const told = telling(quote(0, 'a'));
    const additions = told.additions?.map((one): Addition => ({ ...one, result: 'UNKNOWN' })) ?? [];

    expect(anew(telling(quote(0, 'a')), { ...told, additions })).toHaveLength(1);
  });
});
