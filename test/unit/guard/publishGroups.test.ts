import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import type { FindingPublisher } from '../../../shared/findings/publisher.ts';
import { HOLD_MS, MAX_GROUP } from '../../../shared/guard/burst.ts';
import { publishDue } from '../../../shared/guard/publish.ts';
import { type Grouping, publishHeld } from '../../../shared/guard/publishGroups.ts';
import { emptyState, type GuardStore, type TargetState } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { findingsOf } from '../../../shared/guard/swapState.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import type { Versioned } from '../../../shared/store/store.ts';
import { aFinding, bucket } from '../findings/aFinding.ts';

/** What was sent: the ids of each message. */
let mails: number[][];
let events: number[];
let down: boolean;
let now: number;
let store: GuardStore;
let grouping: Grouping;

const targetOf = (n: number) => ({ ...bucket, arn: `arn:aws:s3:::bucket-${n}` });
const nth = (n: number, more: Partial<Finding> = {}) =>
  aFinding({ id: String(n).padStart(32, '0'), target: targetOf(n), severity: 'MEDIUM', ...more });
const idsOf = (findings: readonly Finding[]) => findings.map(({ id }) => Number(id));
const refuse = (findings: readonly Finding[]) =>
  findings.map(({ id: findingId }) => ({ findingId, why: 'it is down' }));

beforeEach(() => {
  mails = [];
  events = [];
  down = false;
  now = Date.parse('2026-03-01T12:00:00.000Z');
  store = createInMemoryStore({ codecs: guardCodecs });
  const mail: FindingPublisher = {
    name: 'mail',
    async publish(findings) {
      if (down) return refuse(findings);
      mails.push(...findings.map((finding) => idsOf([finding])));
      return [];
    },
    async publishGroup(findings) {
      if (down) return refuse(findings);
      mails.push(idsOf(findings));
      return [];
    },
  };
  const bus: FindingPublisher = {
    name: 'bus',
    async publish(findings) {
      events.push(...idsOf(findings));
      return [];
    },
  };
  grouping = {
    store,
    publishers: [mail, bus],
    clock: { now: () => new Date(now) },
    logger: silentLogger,
    config: { ...defaultConfig(), interruptFrom: 'INFO' },
  };
});

async function write(finding: Finding): Promise<Versioned<TargetState> | undefined> {
  const found = await store.readState(finding.target);
  const state: TargetState = {
    ...emptyState(finding.target),
    openFindings: [finding],
  };
  await store.writeState(state, found?.version);
  return store.readState(finding.target);
}

/** One deployer changes so many buckets, each its own event. */
async function burst(count: number, from = 0) {
  for (let n = from; n < from + count; n++) await publishDue(await write(nth(n)), grouping);
}

const revisionTold = async (n: number) =>
  findingsOf((await store.readState(targetOf(n)))?.value).map(
    ({ publishedRevision }) => publishedRevision,
  )[0];

describe('a burst', () => {
  it('of 200 is a few messages and some groups for a reader, and all there is for a program', async () => {
    await burst(200);
    now += HOLD_MS;
    await publishHeld(grouping);

    expect(mails.map(({ length }) => length)).toEqual([1, 50, 50, 50, 49]);
    expect(mails.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(events).toHaveLength(200);
    expect(await Promise.all(Array.from({ length: 200 }, (_, n) => revisionTold(n)))).toEqual(
      Array.from({ length: 200 }, () => 1),
    );
  });

  it('has what is held asked for by nobody until it is due', async () => {
    await burst(1);
    const outcome = await publishDue(await write(nth(7)), grouping);

    expect(outcome).toBe(0);
    expect(await publishHeld(grouping)).toBe(0);
    now += HOLD_MS;
    expect(await publishHeld(grouping)).toBe(1);
    expect(await publishHeld(grouping)).toBe(0);
    expect(mails.at(-1)).toEqual([7]);
  });

  it('is told by the next publication, whoever it is of', async () => {
    await burst(3);
    now += HOLD_MS;
    await publishDue(
      await write(nth(90, { target: { ...targetOf(90), accountId: '444455556666' } })),
      grouping,
    );

    expect(mails.slice(-2)).toEqual([[90], [1, 2]]);
  });

  it('is told again later when nobody took it', async () => {
    await burst(3);
    now += HOLD_MS;
    down = true;
    expect(await publishHeld(grouping)).toBe(0);
    down = false;
    now += HOLD_MS;

    expect(await publishHeld(grouping)).toBe(2);
    expect(mails.at(-1)).toEqual([1, 2]);
  });

  it('leaves out what changed since, which is told as it is now', async () => {
    await burst(4);
    await publishDue(
      await write(nth(2, { status: 'ROLLED_BACK', revision: 2, newsRevision: 2, publishedTo: { bus: 1 } })),
      grouping,
    );
    now += HOLD_MS;
    await publishHeld(grouping);

    expect(mails.slice(1)).toEqual([[2], [1, 3]]);
    expect(await revisionTold(2)).toBe(2);
  });

  it('tells a change of what waits with its new likes, and not among the old ones', async () => {
    const undone = (n: number) =>
      write(nth(n, { status: 'ROLLED_BACK', revision: 2, newsRevision: 2, publishedTo: { bus: 1 } }));
    await publishDue(await undone(20), grouping);
    await burst(4);
    await publishDue(await undone(2), grouping);
    now += HOLD_MS;
    await publishHeld(grouping);

    expect(mails.slice(2)).toEqual([[1, 3], [2]]);
    expect(await revisionTold(2)).toBe(2);
  });

  it('of simultaneous writers loses nothing', async () => {
    await Promise.all(Array.from({ length: 20 }, async (_, n) => publishDue(await write(nth(n)), grouping)));
    now += HOLD_MS;
    await publishHeld(grouping);

    expect(mails.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(mails).toHaveLength(2);
  });

  it('is told one by one when the note of bursts cannot be read or written', async () => {
    grouping = {
      ...grouping,
      store: { ...store, readNote: () => Promise.reject(new Error('the bucket does not answer')) },
    };
    await burst(MAX_GROUP);

    expect(mails).toHaveLength(MAX_GROUP);
  });

  it('is noted anew where the note has another shape', async () => {
    await store.writeNote('bursts', { not: 'bursts' }, undefined);
    await burst(3);

    expect(mails).toHaveLength(1);
  });
});
