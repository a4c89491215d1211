/** Whom the month wakes: the whole guard over every change of it, deployed when the account had been set up. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Told } from '../../cli/replay/people.ts';
import { emptyCounts, type ReplayCounts } from '../../cli/replay/runReplay.ts';
import { faultsOf } from '../integration/titles.ts';
import { MONTH_CONFIGURATION, makeMonth } from './makeMonth.ts';
import { playMonth } from './playMonth.ts';

const { records, planted } = makeMonth({ seed: 1 });
let counts: ReplayCounts = emptyCounts();

beforeAll(async () => {
  counts = await playMonth(records, MONTH_CONFIGURATION);
}, 600_000);

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
