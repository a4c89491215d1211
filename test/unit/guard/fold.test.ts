/** What a timeline keeps of its reads. */
import { describe, expect, it } from 'vitest';
import { addRead, type Kept } from '../../../shared/guard/timeline/fold.ts';
import { replay } from '../../../shared/guard/timeline/replay.ts';
import type { Content, Edit, Part, Read } from '../../../shared/guard/timeline/timeline.ts';

const LAG_MS = 30_000;
const OPTIONS = { readLagMs: LAG_MS, groupingMs: 0 };
const START = Date.parse('2026-03-02T06:00:00Z');
const part = (text: string): Part => ({ id: 'document', role: 'resource', text, form: text });
const content = (text: string): Content => ({ exists: true, parts: [part(text)] });
const read = (at: number, text: string): Read => ({ kind: 'read', at: START + at, content: content(text) });
const edit: Edit = {
  kind: 'edit',
  at: START,
  change: {
    eventId: 'e',
    eventName: 'PutBucketPolicy',
    eventSource: 's3.amazonaws.com',
    eventTime: new Date(START).toISOString(),
    actorArn: '',
    actorId: '',
  },
  life: 'kept',
  isWhole: false,
  touches: [{ part: 'document', to: part('b') }],
};

describe('reads of one content after an edit that none of them shows', () => {
  it('say when it was overwritten once and for all, however many come', () => {
    const horizon = { kind: 'read', read: read(-60_000, 'a'), lives: 1 } as const;
    let timeline: Kept = { horizon, entries: [edit], writers: {}, foldedIds: [] };
    const times: (readonly number[])[] = [];
    for (const at of [2_000, 4_000, 60_000, 3_600_000, 7_200_000]) {
      timeline = addRead(timeline, read(at, 'a'), LAG_MS);
      times.push(replay(timeline, OPTIONS).steps.map((step) => step.at - START));
    }

    expect(times.slice(2)).toEqual([
      [0, 60_000],
      [0, 60_000],
      [0, 60_000],
    ]);
    expect(timeline.entries.filter(({ kind }) => kind === 'read').length).toBeLessThan(5);
  });
});
