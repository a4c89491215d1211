/** How listings end, and how a restore goes when AWS holds something else than it should in the course of it. */
import { describe, expect, it } from 'vitest';
import {
  collectPages,
  isElsewhere,
  readListed,
  restoreByWrites,
  TargetFault,
} from '../../../shared/targets/aws.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetRef } from '../../../shared/targets/target.ts';

const target: TargetRef = {
  kind: 'iam-principal',
  arn: 'arn:aws:iam::111122223333:role/r',
  accountId: '111122223333',
  region: 'us-east-1',
};

const holding = (...names: readonly string[]): Snapshot =>
  makeSnapshot({
    target,
    exists: true,
    parts: names.map((name) => ({ id: `inline:${name}`, role: 'grant', document: `{"Id":"${name}"}` })),
  });

const accepted = holding('a');
const from = holding('a', 'b', 'c');

/** Restores with two writes, of which the second is refused; `contents` is what AWS shows from read to read. */
async function restore(...contents: readonly Snapshot[]) {
  const shown = [...contents];
  const outcome = await restoreByWrites({
    accepted,
    from,
    read: async () => (shown.length > 1 ? shown.shift() : shown[0]) ?? accepted,
    plan: () => [
      { operation: 'One', summary: 'one', send: async () => {} },
      { operation: 'Two', summary: 'two', send: () => Promise.reject(new Error('the revision is another')) },
    ],
  });
  return { kind: outcome.kind, live: 'live' in outcome ? outcome.live : undefined };
}

describe('an answer of AWS', () => {
  const named = (name: string) => new TargetFault('', { cause: Object.assign(new Error(''), { name }) });

  it.each([
    ['AccessDenied', true],
    ['PermanentRedirect', true],
    ['SlowDown', false],
  ])('%s says that it is elsewhere: %s', (name, expected) => {
    expect(isElsewhere(named(name))).toBe(expected);
  });
});

describe('what is listed and gone when it is read', () => {
  /** Reads what the lists name, one list after the other and the last for ever; only `held` is there. */
  const readLists = (held: readonly string[], ...lists: readonly (readonly string[])[]) => {
    const left = [...lists];
    return readListed(
      async () => (left.length > 1 ? left.shift() : left[0]) ?? [],
      async (name) => (held.includes(name) ? name : undefined),
    );
  };

  it('is listed again, since it may bear another name by then', async () => {
    expect(await readLists(['two'], ['one'], ['two'])).toEqual(['two']);
  });

  it('is left out where the list goes on naming it', async () => {
    expect(await readLists(['two'], ['one', 'two'])).toEqual(['two']);
  });

  it('is a fault where each list names others that are gone', async () => {
    const reading = readLists([], ...['a', 'b', 'c', 'd', 'e'].map((name) => [name]));
    await expect(reading).rejects.toThrow(/somebody is changing it/);
  });
});

it('a restore that somebody overtakes tells the calls that were made', async () => {
  const shown = [from, holding('d')];
  const call = (operation: string) => ({ operation, summary: operation, send: async () => {} });

  const outcome = await restoreByWrites({
    accepted,
    from,
    read: async () => shown.shift() ?? holding('d'),
    plan: () => [call('One'), call('Two')],
  });

  expect(outcome).toMatchObject({ kind: 'changed-since', calls: [{ operation: 'One' }] });
});

describe('what a restore brings that is another target’s text', () => {
  const sent: string[] = [];
  const call = (operation: string, ...says: readonly (string | undefined)[]) => {
    const causes = [...says];
    return {
      operation,
      summary: operation,
      send: async () => sent.push(operation),
      whyNot: async () => causes.shift(),
    };
  };
  const go = (...plan: readonly ReturnType<typeof call>[]) => {
    sent.length = 0;
    return restoreByWrites({ accepted, from, read: async () => from, plan: () => plan });
  };

  it('is looked at before the first call of all is made', async () => {
    const outcome = await go(call('One', undefined), call('Two', 'it is another one'));

    expect(outcome).toEqual({ kind: 'cannot-undo', cause: 'it is another one' });
    expect(sent).toEqual([]);
  });

  it('is looked at again before its own call', async () => {
    const outcome = await go(call('One', undefined), call('Two', undefined, 'it is another one'));

    expect(outcome).toMatchObject({ kind: 'partial', cause: 'it is another one' });
    expect(sent).toEqual(['One']);
  });
});

describe('a listing', () => {
  it.each([undefined, ''])('ends where the next page has the marker %o', async (last) => {
    const asked: (string | undefined)[] = [];

    const items = await collectPages(async (marker) => {
      asked.push(marker);
      if (asked.length > 2) throw new Error('asked for a page that is not there');
      return marker === undefined ? { items: ['a'], next: 'more' } : { items: ['b'], next: last };
    });

    expect(items).toEqual(['a', 'b']);
    expect(asked).toEqual([undefined, 'more']);
  });
});

describe('a restore of a principal without a boundary', () => {
  const limitedBy = (name: string, ...names: readonly string[]): Snapshot =>
    makeSnapshot({
      target,
      exists: true,
      parts: [...holding(...names).parts, { id: `boundary:${name}`, role: 'boundary', document: '{}' }],
    });

  it('leaves it alone where there was one and was to be one: no restore takes it away', async () => {
    const live = limitedBy('after', 'a', 'b');
    const shown = [live];

    const outcome = await restoreByWrites({
      accepted: limitedBy('before', 'a'),
      from: live,
      read: async () => shown.shift() ?? holding('a'),
      plan: () => [
        { operation: 'One', summary: 'one', send: async () => {} },
        { operation: 'Two', summary: 'two', send: () => Promise.reject(new Error('not asked for')) },
      ],
    });

    expect(outcome).toMatchObject({ kind: 'changed-since', live: holding('a') });
  });
});

describe('a restore of several writes', () => {
  it.each([
    ['what somebody made of it after the first', holding('a', 'c', 'd')],
    ['another resource under its name', makeSnapshot({ target, exists: true, uniqueId: 'AROA2', parts: [] })],
  ])('leaves %s', async (_, theirs) => {
    const shown = [from, theirs];
    const sent: string[] = [];
    const write = (operation: string) => ({
      operation,
      summary: operation,
      send: async () => void sent.push(operation),
    });

    const outcome = await restoreByWrites({
      accepted,
      from,
      read: async () => shown.shift() ?? theirs,
      plan: () => [write('One'), write('Two')],
    });

    expect(sent).toEqual(['One']);
    expect(outcome).toMatchObject({ kind: 'changed-since', live: theirs });
  });
});

describe('a restore of what is another resource by now, with the same content', () => {
  it('writes nothing', async () => {
    const made = (uniqueId: string, { parts }: Snapshot) =>
      makeSnapshot({ target, exists: true, uniqueId, parts });
    const live = made('AROA2', from);

    const outcome = await restoreByWrites({
      accepted: made('AROA1', accepted),
      from: made('AROA1', from),
      read: async () => live,
      plan: () => [
        { operation: 'One', summary: 'one', send: () => Promise.reject(new Error('not asked for')) },
      ],
    });

    expect(outcome).toMatchObject({ kind: 'changed-since', live });
  });
});

describe('a restore whose write is refused', () => {
  it('is half-way when AWS holds what the writes before left', async () => {
    expect(await restore(from, holding('a', 'c'))).toEqual({ kind: 'partial', live: holding('a', 'c') });
  });

  it('is at its beginning when AWS holds what it held', async () => {
    expect(await restore(from, from)).toEqual({ kind: 'partial', live: from });
  });

  it('leaves alone what somebody else made of it meanwhile', async () => {
    const theirs = holding('a', 'b', 'c', 'd');

    expect(await restore(from, theirs)).toMatchObject({ kind: 'changed-since', live: theirs });
  });
});
