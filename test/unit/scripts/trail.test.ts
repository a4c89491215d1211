import { describe, expect, it } from 'vitest';
import { type MadeRecord, makeTrail } from '../../../scripts/trail.ts';
import type { EventRow } from '../../../shared/changes/eventRow.ts';
import { namesEvent } from '../../../shared/changes/eventRow.ts';
import { EVENT_TABLE } from '../../../shared/services/eventTable.ts';
import { readRecord } from '../../../shared/services/readRecord.ts';

const options = { seed: 7, events: 8_000, from: new Date('2026-09-01T00:00:00Z'), days: 2 };
const records = [...makeTrail(options)];

describe('a made trail', () => {
  it('is the same for the same seed and another for another', () => {
    expect([...makeTrail(options)]).toEqual(records);
    expect([...makeTrail({ ...options, seed: 8 })]).not.toEqual(records);
  });

  it('stands in order of time, within its days', () => {
    const times = records.map(({ eventTime }) => Date.parse(eventTime));

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(options.from.getTime() + 2 * 86_400_000);
  });

  it('is mostly of events that touch no policy', () => {
    const changes = records.filter((record) => readRecord(record).kind === 'change');

    expect(changes.length).toBeGreaterThan(records.length / 30);
    expect(changes.length).toBeLessThan(records.length / 10);
  });

  it('holds nearly every event that is judged, and none that cannot be read', () => {
    const made = new Set(EVENT_TABLE.filter((row) => records.some((record) => isOf(record, row))));
    const unreadable = records.filter((record) => readRecord(record).kind === 'malformed');

    expect(made.size).toBeGreaterThan(EVENT_TABLE.length * 0.9);
    expect(unreadable).toEqual([]);
  });
});

function isOf({ eventSource, eventName }: MadeRecord, { source, name }: EventRow): boolean {
  return eventSource === source && namesEvent(name, String(eventName));
}
