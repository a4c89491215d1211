/** Answers of one target: what was kept first stays, whoever asks at the same time. */
import { describe, expect, it } from 'vitest';
import { readVerdicts } from '../../../shared/guard/judge/keptVerdicts.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';

const target = {
  kind: 'bucket-policy',
  arn: 'arn:aws:s3:::a',
  accountId: '111122223333',
  region: 'us-east-1',
} as const;
const verdictOf = (undoWith: string) => ({
  answers: [],
  versions: { after: '' },
  hashes: { before: '', after: '' },
  undoWith,
});

describe('answers of a target', () => {
  it('are there for the next round, but for what ran out of time', async () => {
    const store = createInMemoryStore({ codecs: guardCodecs });
    const round = await readVerdicts(store, target);
    round.get({ kind: 'remains', key: 'a' });
    round.get({ kind: 'remains', key: 'b' });
    round.add({ kind: 'remains', key: 'a' }, 'granted', true);
    round.add({ kind: 'remains', key: 'b' }, 'unknown', false);
    expect(round.get({ kind: 'remains', key: 'b' })).toBe('unknown');
    expect(await round.save()).toBe(true);

    const next = await readVerdicts(store, target);

    expect(['a', 'b'].map((key) => next.get({ kind: 'remains', key: key }))).toEqual(['granted', undefined]);
  });

  it('that were kept first are taken over by whoever answered otherwise', async () => {
    const store = createInMemoryStore({ codecs: guardCodecs });
    const [first, second] = [await readVerdicts(store, target), await readVerdicts(store, target)];
    for (const [round, words] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      round.get({ kind: 'step', key: 'a' });
      round.add({ kind: 'step', key: 'a' }, verdictOf(words), true);
    }
    second.get({ kind: 'step', key: 'b' });
    second.add({ kind: 'step', key: 'b' }, verdictOf('own'), true);

    expect([await first.save(), await second.save()]).toEqual([true, false]);
    expect(second.get({ kind: 'step', key: 'a' })?.undoWith).toBe('first');
    const next = await readVerdicts(store, target);
    expect(['a', 'b'].map((key) => next.get({ kind: 'step', key: key })?.undoWith)).toEqual(['first', 'own']);
  });

  it('go when nobody asks any more, those about steps the last', async () => {
    const store = createInMemoryStore({ codecs: guardCodecs });
    const round = await readVerdicts(store, target);
    for (let number = 0; number < 30; number++) {
      round.get({ kind: 'step', key: `${number}` });
      round.add({ kind: 'step', key: `step ${number}` }, verdictOf(''), true);
      round.add({ kind: 'remains', key: `remains ${number}` }, 'gone', true);
    }
    await round.save();

    const next = await readVerdicts(store, target);
    const numbers = [...Array(30).keys()];

    expect(numbers.filter((number) => next.get({ kind: 'step', key: `step ${number}` }))).toEqual(
      numbers.slice(10),
    );
    expect(numbers.filter((number) => next.get({ kind: 'remains', key: `remains ${number}` }))).toEqual([]);
  });
});
