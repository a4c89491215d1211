/** What a timeline says happened. */
import { describe, expect, it } from 'vitest';
import { replay } from '../../../shared/guard/timeline/replay.ts';
import type { Content, Edit, Part } from '../../../shared/guard/timeline/timeline.ts';

const START = Date.parse('2026-03-02T06:00:00Z');
const part = (text: string): Part => ({ id: 'inline:p', role: 'grant', text, form: text });
const content = (uniqueId: string, ...texts: readonly string[]): Content => ({
  exists: true,
  uniqueId,
  parts: texts.map(part),
});
const edit: Edit = {
  kind: 'edit',
  at: START + 10_000,
  change: {
    eventId: 'e',
    eventName: 'PutGroupPolicy',
    eventSource: 'iam.amazonaws.com',
    eventTime: new Date(START + 10_000).toISOString(),
    actorArn: '',
    actorId: '',
  },
  life: 'kept',
  isWhole: false,
  touches: [{ part: 'inline:p', to: part('b') }],
};

describe('an edit of a target that was made again, before the event of its making has come', () => {
  it('is of the new target, which started from nothing', () => {
    const horizon = {
      kind: 'read',
      read: { kind: 'read', at: START, content: content('AGPAONE', 'a') },
      lives: 1,
    } as const;
    const read = {
      kind: 'read',
      at: START + 60_000,
      content: content('AGPATWO', 'b'),
      createdAt: START + 9_000,
    } as const;

    const { steps } = replay(
      { horizon, entries: [edit, read], writers: {} },
      { readLagMs: 30_000, groupingMs: 900_000 },
    );

    expect(steps).toMatchObject([
      {
        before: { uniqueId: 'AGPATWO', parts: [] },
        after: { parts: [{ form: 'b' }] },
        bornAt: START + 9_000,
      },
    ]);
  });
});

describe('what a read showed before calls that do not say what they did', () => {
  it.each([
    ['is what stood before them, where one person made them', 'mallory', 'mallory', 'kept'],
    ['is not what stood before the last, where another made the first', 'pipeline', 'mallory', undefined],
  ])('%s', (_, first, last, expected) => {
    const hidden = (at: number, actorArn: string): Edit => ({
      ...edit,
      at: START + at,
      change: { ...edit.change, actorArn, eventId: `e${at}` },
      touches: [{ part: '*', to: 'hidden' }],
    });
    const { steps } = replay(
      {
        horizon: {
          kind: 'read',
          read: { kind: 'read', at: START, content: { ...content('A', 'a'), snapshot: 'kept' } },
          lives: 1,
        },
        entries: [
          hidden(10_000, first),
          hidden(11_000, last),
          { kind: 'read', at: START + 60_000, content: content('A', 'b') },
        ],
        writers: {},
      },
      { readLagMs: 30_000, groupingMs: 0 },
    );

    expect(steps.map(({ before }) => before.snapshot)).toEqual([expected]);
  });
});

describe('a call whose record hides what it did', () => {
  const naming = (at: number, actorArn: string, comes: string[], goes: string[] = []): Edit => ({
    ...edit,
    at: START + at,
    change: { ...edit.change, actorArn, eventId: `e${at}` },
    touches: [{ part: '*', to: 'hidden', names: { comes, goes } }],
  });
  const holding = (...ids: readonly string[]): Content => ({
    exists: true,
    uniqueId: 'A',
    parts: ids.map((id) => ({ ...part(id), id })),
  });
  const handsIn = (edits: readonly Edit[], before: Content, after: Content) =>
    replay(
      {
        horizon: { kind: 'read', read: { kind: 'read', at: START, content: before }, lives: 1 },
        entries: [...edits, { kind: 'read', at: START + 60_000, content: after }],
        writers: {},
      },
      { readLagMs: 30_000, groupingMs: 0 },
    ).steps.map(({ by }) => by.map(({ actorArn }) => actorArn));

  it.each<[string, readonly Edit[], readonly string[], readonly string[]]>([
    [
      'other parts than those that changed',
      [naming(10_000, 'pipeline', ['with:7']), naming(11_000, 'mallory', ['with:9'])],
      ['with:7', 'with:9'],
      ['mallory'],
    ],
    ['a part that it took out', [naming(10_000, 'pipeline', [], ['with:9'])], ['with:7', 'with:9'], []],
    ['a part that it put in', [naming(10_000, 'pipeline', ['with:7'])], [], []],
    [
      'a part of the same sort, spelled otherwise',
      [
        naming(10_000, 'pipeline', ['shared:a']),
        naming(11_000, 'mallory', ['with:nine']),
        naming(12_000, 'ann', [], ['with:nine']),
      ],
      ['with:7', 'with:9'],
      ['mallory'],
    ],
  ])('has a hand in what it can have done: %s', (_, edits, after, expected) => {
    expect(handsIn(edits, holding('with:7'), holding(...after))).toEqual([expected]);
  });
});
