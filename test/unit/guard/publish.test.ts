import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import type { FindingPublisher } from '../../../shared/findings/publisher.ts';
import { publishDue } from '../../../shared/guard/publish.ts';
import type { GuardStore, TargetState } from '../../../shared/guard/state.ts';
import { emptyState } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { markTold } from '../../../shared/guard/told.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import type { Versioned } from '../../../shared/store/store.ts';
import { aFinding } from '../findings/aFinding.ts';

const config = { ...defaultConfig(), interruptFrom: 'INFO' } as const;
const clock = { now: () => new Date('2026-03-01T12:00:00.000Z') };

/** A publisher that remembers what it was given, and refuses while `down` says so. */
function publisher(name: string): FindingPublisher & { down: 'no' | 'refuses' | 'throws'; took: string[] } {
  const took: string[] = [];
  return {
    name,
    took,
    down: 'no',
    async publish(findings) {
      if (this.down === 'throws') throw new Error('no route');
      if (this.down === 'refuses') return findings.map(({ id: findingId }) => ({ findingId, why: 'full' }));
      took.push(...findings.map(({ id, revision }) => `${id.slice(0, 1)}${revision}`));
      return [];
    },
  };
}

async function storeWith(openFindings: readonly Finding[]): Promise<{
  readonly store: GuardStore;
  readonly found: () => Promise<Versioned<TargetState>>;
  readonly state: () => Promise<TargetState>;
}> {
  const store: GuardStore = createInMemoryStore({ codecs: guardCodecs });
  const { target } = aFinding();
  await store.writeState(
    {
      ...emptyState(target),
      openFindings,
    },
    undefined,
  );
  const found = async () => {
    const versioned = await store.readState(target);
    if (versioned === undefined) throw new Error('the state is gone');
    return versioned;
  };
  return { store, found, state: async () => (await found()).value };
}

describe('publishDue', () => {
  it.each(['refuses', 'throws'] as const)(
    'tells the others when one publisher %s, and later that one alone',
    async (down) => {
      const [mail, bus] = [publisher('mail'), publisher('bus')];
      const { store, found, state } = await storeWith([aFinding()]);
      const publishing = { store, publishers: [mail, bus], logger: silentLogger, clock, config };
      mail.down = down;

      expect(await publishDue(await found(), publishing)).toBe(1);
      expect((await state()).openFindings[0]).toMatchObject({
        publishedRevision: 0,
        publishedTo: { bus: 1 },
      });
      mail.down = 'no';
      expect(await publishDue(await found(), publishing)).toBe(0);

      expect([mail.took, bus.took]).toEqual([['a1'], ['a1']]);
      expect((await state()).openFindings[0]).toEqual(aFinding({ publishedRevision: 1 }));
    },
  );

  it('keeps one finding due that a batch did not take, and no other', async () => {
    const one = aFinding();
    const other = aFinding({ id: 'b'.repeat(32) });
    const { store, found, state } = await storeWith([one, other]);
    const half: FindingPublisher = {
      name: 'half',
      publish: async () => [{ findingId: other.id, why: 'too many' }],
    };

    const outcome = await publishDue(await found(), {
      store,
      publishers: [half],
      logger: silentLogger,
      clock,
      config,
    });

    expect(outcome).toBe(1);
    expect((await state()).openFindings.map(({ publishedRevision }) => publishedRevision)).toEqual([1, 0]);
  });
});

describe('markTold', () => {
  const told = (revision: number, ...names: string[]) => ({ revision, publishers: new Set(names) });

  it('tells a publisher that is behind the newest revision only', () => {
    const first = markTold(aFinding(), told(1, 'bus'), ['mail', 'bus']);
    const second = markTold({ ...first, revision: 2 }, told(2, 'mail'), ['mail', 'bus']);

    expect(first.publishedTo).toEqual({ bus: 1 });
    expect(second).toMatchObject({ publishedRevision: 1, publishedTo: { mail: 2 } });
  });

  it('does not wait for a publisher that is no longer there', () => {
    const behind = aFinding({ revision: 2, publishedTo: { bus: 2 } });

    expect(markTold(behind, told(2), ['bus'])).toEqual(aFinding({ revision: 2, publishedRevision: 2 }));
  });

  it('never goes back when an older publication is marked later', () => {
    const finding = aFinding({ revision: 3, publishedRevision: 3 });

    expect(markTold(finding, told(2, 'mail'), ['mail'])).toBe(finding);
  });
});
