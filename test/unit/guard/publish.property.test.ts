/** Publishing over any history: crashes before and after each step, publishers that fail, bursts, waits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, isUnpublished, revisionTold } from '../../../shared/findings/finding.ts';
import type { FindingPublisher } from '../../../shared/findings/publisher.ts';
import { BURST_MS, HOLD_MS } from '../../../shared/guard/burst.ts';
import { publishDue, publishListed } from '../../../shared/guard/publish.ts';
import { type Grouping, publishHeld } from '../../../shared/guard/publishGroups.ts';
import { emptyState, type GuardStore, type TargetState } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { findingsOf } from '../../../shared/guard/swapState.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import { aFinding, bucket } from '../findings/aFinding.ts';

const PUBLISHERS = ['mail', 'bus'] as const;
/** What comes after the first news of a finding waits for a digest. */
const DAY_MS = 86_400_000;
const TARGETS = 12;

/** `crash`: before the n-th step from now. */
type Step =
  | { readonly kind: 'change'; readonly target: number; readonly status: Finding['status'] }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'tick' }
  | { readonly kind: 'crash'; readonly after: number }
  | { readonly kind: 'switch'; readonly publisher: (typeof PUBLISHERS)[number] };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      target: fc.nat(TARGETS - 1),
      status: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, 'ROLLED_BACK' as const),
    }),
  },
  fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.constantFrom(1_000, HOLD_MS, BURST_MS) }),
  fc.record({ kind: fc.constant('tick' as const) }),
  fc.record({ kind: fc.constant('crash' as const), after: fc.nat(12) }),
  fc.record({ kind: fc.constant('switch' as const), publisher: fc.constantFrom(...PUBLISHERS) }),
);

class Crash extends Error {}

function createRun() {
  const plain: GuardStore = createInMemoryStore({ codecs: guardCodecs });
  const run = {
    now: Date.parse('2026-03-01T12:00:00.000Z'),
    /** Steps until a crash; Infinity: none is coming. */
    left: Number.POSITIVE_INFINITY,
    down: new Set<string>(),
    /** `publisher id revision` of all that was told. */
    told: new Set<string>(),
    messages: { mail: 0, bus: 0 },
  };
  const pass = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    if (run.left-- <= 0) {
      run.left = Number.POSITIVE_INFINITY;
      throw new Crash();
    }
    return act();
  };
  const store: GuardStore = {
    ...plain,
    readState: (place) => pass(() => plain.readState(place)),
    writeState: (state, expected) => pass(() => plain.writeState(state, expected)),
    readNote: (name) => pass(() => plain.readNote(name)),
    writeNote: (name, note, expected) => pass(() => plain.writeNote(name, note, expected)),
  };
  const tell = (name: (typeof PUBLISHERS)[number], findings: readonly Finding[], messages: number) =>
    pass(async () => {
      if (run.down.has(name)) return findings.map(({ id: findingId }) => ({ findingId, why: 'down' }));
      for (const { id, revision } of findings) run.told.add(`${name} ${id} ${revision}`);
      run.messages[name] += messages;
      return [];
    });
  const mail: FindingPublisher = {
    name: 'mail',
    publish: (findings) => tell('mail', findings, findings.length),
    publishGroup: (findings) => tell('mail', findings, 1),
  };
  const bus: FindingPublisher = {
    name: 'bus',
    publish: (findings) => tell('bus', findings, findings.length),
  };
  const grouping: Grouping = {
    store,
    publishers: [mail, bus],
    clock: { now: () => new Date(run.now) },
    logger: silentLogger,
    // Every finding interrupts: what waits for a digest has tests of its own.
    config: { ...defaultConfig(), interruptFrom: 'INFO' },
  };
  const targetOf = (n: number) => ({ ...bucket, arn: `arn:aws:s3:::bucket-${n}` });

  /** Stores the change, as the guard does before it publishes; a crash may come after. */
  const change = async (n: number, status: Finding['status']) => {
    const found = await plain.readState(targetOf(n));
    const [before] = findingsOf(found?.value);
    const finding: Finding = {
      ...(before ??
        aFinding({ id: String(n).padStart(32, '0'), target: targetOf(n), severity: 'MEDIUM', revision: 0 })),
      status,
      revision: (before?.revision ?? 0) + 1,
    };
    const state: TargetState = {
      ...emptyState(targetOf(n)),
      openFindings: [finding],
    };
    await plain.writeState(state, found?.version);
    await publishDue(await plain.readState(state.target), grouping);
  };
  const all = async () =>
    (await plain.listStates(bucket.kind)).values.flatMap(({ value }) => findingsOf(value));
  /** What a sweep does in the end. */
  const settle = async () => {
    run.left = Number.POSITIVE_INFINITY;
    run.down.clear();
    for (let round = 0; round < 3; round++) {
      run.now += DAY_MS;
      for (const { value } of (await plain.listStates(bucket.kind)).values)
        await publishListed(value, grouping);
      await publishHeld(grouping);
    }
  };
  return { run, change, all, settle, tick: () => publishHeld(grouping) };
}

async function play(steps: readonly Step[]) {
  const world = createRun();
  for (const one of steps) {
    try {
      if (one.kind === 'change') await world.change(one.target, one.status);
      if (one.kind === 'tick') await world.tick();
      if (one.kind === 'wait') world.run.now += one.milliseconds;
      if (one.kind === 'crash') world.run.left = one.after;
      if (one.kind === 'switch' && !world.run.down.delete(one.publisher)) world.run.down.add(one.publisher);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  await world.settle();
  return world;
}

describe('publishing, over any history of changes, crashes, failing publishers and waits', () => {
  it('tells each publisher every finding as it is in the end, and knows that it did', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { run, all } = await play(steps);

        for (const finding of await all()) {
          expect(isUnpublished(finding)).toBe(false);
          for (const name of PUBLISHERS) {
            expect(revisionTold(finding, name)).toBe(finding.revision);
            expect(run.told).toContain(`${name} ${finding.id} ${finding.revision}`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('without a crash tells nothing twice', async () => {
    const calm = step.filter(({ kind }) => kind !== 'crash' && kind !== 'switch');
    await fc.assert(
      fc.asyncProperty(fc.array(calm, { maxLength: 60 }), async (steps) => {
        const { run } = await play(steps);

        expect(run.messages.bus).toBe([...run.told].filter((told) => told.startsWith('bus')).length);
      }),
      { numRuns: 100 },
    );
  });

  it('sends a reader a bounded number of messages, however many findings there are', async () => {
    const steps = Array.from({ length: 200 }, (_, n) => ({
      kind: 'change' as const,
      target: n % TARGETS,
      status: 'ACTIVE' as const,
    }));
    const { run } = await play(steps);

    expect(run.messages.bus).toBe(200);
    expect(run.messages.mail).toBeLessThanOrEqual(1 + 5);
  });
});
