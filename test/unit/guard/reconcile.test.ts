/** What becomes of stored findings when steps are derived again, and what leaves the state. */
import { describe, expect, it } from 'vitest';
import type { Addition, Finding, FindingChange } from '../../../shared/findings/finding.ts';
import { type Ledger, trim } from '../../../shared/guard/derive/ledger.ts';
import type { AnswerTo } from '../../../shared/guard/derive/needs.ts';
import { reconcile } from '../../../shared/guard/derive/reconcile.ts';
import {
  edit,
  findingsIn,
  follow,
  holding,
  lettersOf,
  MINUTE,
  puts,
  read,
  SECOND,
  START,
  startingFrom,
} from './model.ts';

const HOUR = 60 * MINUTE;
const A = 'inline:a';
const LIVE = read(START + 2 * MINUTE, holding({ [A]: 'ab' }));
const CLOSED_AT = START + 5 * MINUTE;
const NOW = START + 10 * MINUTE;

/** Somebody added `b` a minute after the start. */
const draft = (() => {
  const put = edit(START + MINUTE, [puts(A, 'ab')]);
  const [finding] = findingsIn(follow(startingFrom(holding({ [A]: 'a' })), [put, LIVE]).nextState);
  if (finding === undefined) throw new Error('a change that adds something makes a finding');
  return finding;
})();
const [addition] = draft.additions ?? [];
if (addition === undefined) throw new Error('the draft has an addition');
const iso = (at: number) => new Date(at).toISOString();
const closedAs = (status: Finding['status'], more: Partial<Finding> = {}): Finding => ({
  ...draft,
  status,
  closedAt: iso(CLOSED_AT),
  ...more,
});

type FoundStep = NonNullable<Finding['step']>;

type Reconciling = Parameters<typeof reconcile>[2];

const withWhat = (more: Partial<Reconciling> = {}): Reconciling => ({
  since: START,
  settled: LIVE,
  remains: () => 'granted',
  wasGranted: () => true,
  restoreOf: () => undefined,
  isAtWork: () => false,
  isReversible: false,
  isAskedAnew: () => false,
  now: iso(NOW),
  ...more,
});
const opened = (closed: Finding, more: Partial<Reconciling> = {}, one: Finding = draft) =>
  reconcile({ open: [], closed: [closed] }, [one], withWhat(more)).open;
const gone = () => 'gone' as const;

describe('a finding that is derived again', () => {
  it.each([
    ['INFO', 'CRITICAL'],
    ['CRITICAL', 'INFO'],
  ] as const)('was %s while less was known, and is %s', (before, grade) => {
    const graded = (to: Addition['grade']) => ({
      ...draft,
      additions: (draft.additions ?? []).map((one) => ({ ...one, grade: to })),
    });
    const { open } = reconcile({ open: [graded(before)], closed: [] }, [graded(grade)], withWhat());

    expect(open).toMatchObject([{ severity: grade, revision: draft.revision + 1 }]);
    // What is graver than before is told at once; what is less waits.
    expect(open[0]?.newsRevision).toBe(grade === 'CRITICAL' ? draft.revision + 1 : undefined);
  });

  it('tells what events say of it where it was a guess, and nothing of the guess', () => {
    const guessed = { ...addition, listName: 'guessed' };
    const guess: Finding = {
      ...draft,
      additions: [guessed],
      step: { ...(draft.step as FoundStep), isGuess: true },
    };
    const { open } = reconcile(
      { open: [guess], closed: [] },
      [draft],
      withWhat({ since: undefined, first: START + HOUR }),
    );

    expect(open).toMatchObject([{ additions: draft.additions }]);
    expect(open[0]?.step?.isGuess).toBeUndefined();
  });

  it.each([
    ['certain', 'a guess'],
    ['a guess', 'certain'],
  ])(
    'was %s, and is %s where a late event of another part says so, and is decided anew',
    (known, derived) => {
      const being = (what: string): Finding => {
        const { isGuess: _, ...step } = draft.step as FoundStep;
        return { ...draft, step: what === 'certain' ? step : { ...step, isGuess: true } };
      };
      const action = { kind: 'planned', why: 'what the change added will be removed', at: iso(NOW) } as const;
      const { open } = reconcile(
        { open: [{ ...being(known), action }], closed: [] },
        [being(derived)],
        withWhat(),
      );

      expect(open).toMatchObject([{ action: { kind: 'waiting' } }]);
      expect(open[0]?.step).toEqual(being(derived).step);
    },
  );

  it('of what the lists say of one content names the statements that it is about since a setting was changed', () => {
    const { accepted: _, ...versions } = draft.versions ?? { live: '' };
    const naming = (...indexes: readonly number[]): Finding => {
      const { before: _before, ...of } = addition.versions;
      const statements = indexes.map((statementIndex) => ({ statementIndex, description: '', lines: [] }));
      const step = { ...(draft.step as FoundStep), isGuess: true as const };
      return { ...draft, step, versions, additions: [{ ...addition, versions: of, statements }] };
    };
    const after = (known: Finding, derived: Finding) =>
      reconcile({ open: [known], closed: [] }, [derived], withWhat()).open;

    expect(after(naming(0), naming(0, 1))[0]?.additions).toEqual(naming(0, 1).additions);
    expect(after(naming(0), naming(0))).toEqual([naming(0)]);
  });

  it('is told by what is left of it, as first told once all of it is back, and as first told once it is closed', () => {
    const { grade: _, ...facts } = { ...addition, title: 'a little' };
    const left = { ...facts, grade: 'LOW' as const };
    const round = (ledger: Ledger, answer: AnswerTo['remains']) =>
      reconcile(ledger, [draft], withWhat({ remains: () => answer }));
    const less = round({ open: [draft], closed: [] }, left);

    expect(less.open).toMatchObject([{ title: 'a little', severity: 'LOW', revision: draft.revision + 1 }]);
    expect(round(less, left).open[0]?.revision).toBe(draft.revision + 1);
    expect(round(less, 'granted').open).toMatchObject([{ title: draft.title, severity: draft.severity }]);
    expect(round(less, 'gone').closed).toMatchObject([{ title: draft.title, severity: draft.severity }]);
  });

  it('keeps apart what it grants and what it lets others grant, which one question asks of the same contents', () => {
    const own = addition;
    const both = (grade: Addition['grade']) => ({
      ...draft,
      additions: [
        { ...own, grade },
        { ...own, isBeside: true as const },
      ],
    });

    const { open } = reconcile({ open: [both('LOW')], closed: [] }, [both('HIGH')], withWhat());

    expect(open[0]?.additions?.map(({ grade, isBeside }) => [grade, isBeside])).toEqual([
      ['HIGH', undefined],
      [own.grade, true],
    ]);
  });

  it('tells its additions in the order of their steps, the last of which was known first', () => {
    const [first, last] = ['first', 'last'].map((listName) => ({ ...addition, listName }));
    const telling = (...additions: readonly (Addition | undefined)[]) => ({
      ...draft,
      additions: additions.flatMap((one) => one ?? []),
    });

    const { open } = reconcile({ open: [telling(last)], closed: [] }, [telling(first, last)], withWhat());

    expect(open).toMatchObject([telling(first, last)].map(({ additions }) => ({ additions })));
  });

  it('is of the time when its step is known first to have been made', () => {
    const earlier: Finding = { ...draft, step: { ...(draft.step as FoundStep), at: iso(START + 30_000) } };
    const stepAfter = (known: Finding, derived: Finding) =>
      reconcile({ open: [known], closed: [] }, [derived], withWhat()).open[0]?.step?.at;

    expect(stepAfter(draft, earlier)).toBe(earlier.step?.at);
    expect(stepAfter(earlier, draft)).toBe(earlier.step?.at);
  });

  it('opens where others told it and do not any more, before any read proves it', () => {
    expect(opened(closedAs('SUPERSEDED'), { settled: undefined })).toMatchObject([{ id: draft.id }]);
  });

  it('that others told meanwhile was never away: it counts as one occurrence', () => {
    expect(opened(closedAs('SUPERSEDED'))).toMatchObject([{ occurrences: 1 }]);
    expect(opened(closedAs('RESOLVED'))).toMatchObject([{ occurrences: 2 }]);
  });

  it('stays closed where it was proved gone, and is', () => {
    expect(opened(closedAs('RESOLVED'), { remains: gone })).toEqual([]);
  });

  it('says who did it, and all that the step added, where an event comes after it closed', () => {
    const late = { ...draft, change: { ...draft.change, eventId: 'late' } as FindingChange };
    const more = { ...late, additions: [...(draft.additions ?? []), { ...addition, listName: 'sending' }] };
    const { change: _, ...nobodys } = closedAs('ROLLED_BACK');
    const closed: Finding = nobodys;

    const next = reconcile({ open: [], closed: [closed] }, [more], withWhat({ remains: gone }));

    expect(next.open).toEqual([]);
    expect(next.closed).toMatchObject([
      {
        status: 'ROLLED_BACK',
        revision: draft.revision + 1,
        change: { eventId: 'late' },
        additions: [{ now: 'gone' }, { now: 'gone' }],
      },
    ]);
    expect(reconcile(next, [more], withWhat({ remains: gone }))).toEqual(next);
  });

  it('says all that the step added, where a late event shows that another, open one told too much', () => {
    const closed = closedAs('ROLLED_BACK');
    const more = { ...draft, additions: [...(draft.additions ?? []), { ...addition, listName: 'sending' }] };

    const next = reconcile({ open: [], closed: [closed] }, [more], withWhat({ remains: gone }));

    expect(next.open).toEqual([]);
    expect(next.closed).toMatchObject([
      { status: 'ROLLED_BACK', revision: draft.revision + 1, additions: [{ now: 'gone' }, { now: 'gone' }] },
    ]);
    expect(reconcile(next, [more], withWhat({ remains: gone }))).toEqual(next);
  });

  it('opens where it was proved gone, and stands all the same', () => {
    expect(opened(closedAs('ROLLED_BACK'))).toMatchObject([{ id: draft.id, status: 'ACTIVE' }]);
  });

  it('is not opened by what stood already when it was proved gone, on a read that misses something', () => {
    expect(opened(closedAs('RESOLVED'), { settled: undefined })).toEqual([]);
  });

  it.each([
    ['before it was approved', CLOSED_AT - MINUTE, 0],
    ['in the second in which it was approved', CLOSED_AT + 1_000, 0],
    ['after it was approved', CLOSED_AT + MINUTE, 1],
  ])('of what somebody made %s is told again so often: %#', (_, at, times) => {
    const made = { ...draft, step: { ...draft.step, at: iso(at) } as NonNullable<Finding['step']> };

    expect(opened(closedAs('APPROVED'), {}, made)).toHaveLength(times);
  });

  it.each([
    ['the same part', A, 0],
    ['another part', 'inline:b', 1],
  ])(
    'is told again where a late event shows that what was approved gave access through %s: %#',
    (_, source, times) => {
      const versions = { ...addition.versions, before: 'with what else was there' };
      const more = { ...draft, additions: [{ ...addition, versions, sources: [A, source] }] };

      expect(opened(closedAs('APPROVED'), {}, more)).toHaveLength(times);
    },
  );

  it.each([
    ['granted', 'dormant', addition.check, 1],
    ['dormant', 'granted', 'dormant-access', 0],
    ['dormant', 'dormant', 'dormant-access', 0],
  ] as const)(
    'is told again where it was %s, and what was approved was told as %s: %#',
    (is, told, check, times) => {
      const approved: Finding = {
        ...closedAs('APPROVED'),
        additions: [{ ...addition, check: told === 'dormant' ? 'dormant-access' : addition.check }],
      };
      const versions = { ...addition.versions, before: 'without what else was there' };
      const known = { ...draft, additions: [{ ...addition, check, versions, now: is }] };

      expect(opened(approved, {}, known)).toHaveLength(times);
    },
  );
});

describe('a finding that stays open after a restore', () => {
  it('is decided anew where something of it is granted again', () => {
    const gone: Addition = { ...addition, now: 'gone' };
    const action = { kind: 'done', why: 'what the change added was removed', at: iso(LIVE.at - 1) } as const;

    const { open } = reconcile(
      { open: [{ ...draft, additions: [gone], action }], closed: [] },
      [draft],
      withWhat(),
    );

    expect(open).toMatchObject([{ additions: [{ now: 'granted' }], action: { kind: 'waiting' } }]);
  });
});

describe('a finding that was proved gone', () => {
  it.each([
    ['in the second in which it was closed', CLOSED_AT - 300, CLOSED_AT - MINUTE, 1],
    ['before it was closed', CLOSED_AT - 2 * SECOND, CLOSED_AT - MINUTE, 0],
    ['as it tells', CLOSED_AT - 300, CLOSED_AT - 300, 0],
  ])('of a step that was made again and reversed %s is told again so often: %#', (_, at, told, times) => {
    const madeAt = (time: number) => ({ step: { ...(draft.step as FoundStep), at: iso(time) } });
    const ended: Finding = { ...closedAs('RESOLVED'), ...madeAt(told) };

    const { open, closed } = reconcile(
      { open: [], closed: [ended] },
      [{ ...draft, ...madeAt(at) }],
      withWhat({ remains: gone }),
    );

    expect([...open, ...closed]).toMatchObject([{ occurrences: 1 + times }]);
  });
});

describe('a finding whose step is made again after long', () => {
  const [B, C, LATER] = ['inline:b', 'inline:c', START + 30 * HOUR];
  const puttingBack = (at: number) => {
    const is = (parts: { readonly [id: string]: string }) => holding({ [A]: 'a', ...parts });
    const at1 = [edit(START + MINUTE, [puts(B, 'bs')]), read(START + 2 * MINUTE, is({ [B]: 'bs' }))];
    // What the step adds is granted by another part too, or stopped.
    const at2 = [
      edit(START + 3 * MINUTE, [puts(C, 'bS')]),
      read(START + 4 * MINUTE, is({ [B]: 'bs', [C]: 'bS' })),
      edit(START + 5 * MINUTE, [puts(B, undefined)]),
      read(START + 6 * MINUTE, is({ [C]: 'bS' })),
    ];
    const again = is({ [B]: 'bs', [C]: 'bS' });
    const at3 = [
      edit(at, [puts(B, 'bs')]),
      ...[2 * MINUTE, 26 * HOUR, 27 * HOUR, 60 * HOUR].map((after) => read(at + after, again)),
    ];
    return follow(startingFrom(is({})), [...at1, ...at2, read(at - MINUTE, is({ [C]: 'bS' })), ...at3]);
  };

  it.each([LATER, START + 10 * HOUR, START + 20 * HOUR])(
    'tells still what it added then, and what sleeps by now: %#',
    (at) => {
      const [finding] = puttingBack(at).nextState.openFindings;

      expect(new Set(finding?.additions?.flatMap(lettersOf))).toEqual(new Set(['b', 's']));
      expect(finding?.additions?.map(({ check, now }) => [check, now])).toEqual([
        ['no-new-access', 'granted'],
        ['dormant-access', 'dormant'],
      ]);
    },
  );
});

describe('an open finding that is not derived again', () => {
  const known: Finding = {
    ...draft,
    id: 'known',
    change: { ...(draft.change as FindingChange), eventId: 'another' },
    step: { ...(draft.step as FoundStep), parts: ['inline:z'] },
  };
  const madeAt = (time: number): FoundStep => ({ ...(draft.step as FoundStep), at: iso(time) });

  it.each([
    ['open', { open: [known], closed: [] }, {}],
    ['proved gone in the meantime', { open: [known], closed: [closedAs('RESOLVED')] }, { remains: gone }],
  ] as const)('is told by one of the same part that is derived, and %s', (_, ledger, more) => {
    const same: Finding = { ...known, step: draft.step as FoundStep };

    const { closed } = reconcile(
      { ...ledger, open: [same] },
      [draft],
      withWhat({ wasGranted: () => false, ...more }),
    );

    expect(closed.find(({ id }) => id === 'known')).toMatchObject({
      status: 'SUPERSEDED',
      statusWhy: expect.stringContaining(draft.id),
    });
  });

  it.each([
    ['before it', START + MINUTE - SECOND, 'SUPERSEDED'],
    ['in its second', START + MINUTE, 'SUPERSEDED'],
    ['after it', START + MINUTE + SECOND, undefined],
  ])('is told by those of other parts that were made %s: %#', (_, at, status) => {
    const { closed } = reconcile(
      { open: [known], closed: [] },
      [{ ...draft, step: madeAt(at) }],
      withWhat({ wasGranted: () => false }),
    );

    expect(closed.find(({ id }) => id === 'known')?.status).toBe(status);
  });

  const step = draft.step as NonNullable<Finding['step']>; // A step made it.
  const left = (finding: Finding, more: Partial<Reconciling> = {}) =>
    reconcile({ open: [finding], closed: [] }, [], withWhat(more)).open;

  it('ends where its events have come and say otherwise', () => {
    expect(left(draft)).toEqual([]);
  });

  it('stays where what it tells is not proved to have been granted before', () => {
    expect(left(draft, { wasGranted: () => false })).toHaveLength(1);
  });

  it('stays where it is older than the timeline', () => {
    expect(left(draft, { since: START + 2 * MINUTE })).toHaveLength(1);
  });

  it('stays where the timeline begins with nothing, and it was a guess', () => {
    expect(left({ ...draft, step: { ...step, isGuess: true } }, { since: undefined })).toHaveLength(1);
  });

  it('stays while no read shows everything that is known', () => {
    expect(left(draft, { settled: undefined })).toHaveLength(1);
  });

  it.each([
    ['granted', 1],
    ['dormant', 1],
    ['unknown', 1],
    ['gone', 0],
  ] as const)('stays as long as what it added is not gone: %s', (now, count) => {
    expect(left(draft, { since: START + 2 * MINUTE, remains: () => now })).toHaveLength(count);
  });

  it.each([
    ['the previous version will be restored', 'the previous version was restored'],
    [
      'what the change added will be removed; it also removes access',
      'what the change added was removed; it also removes access',
    ],
    ['more is known of it now', 'what the change added was removed'],
  ])(
    'says at its end what was said of the restore before, where nobody recorded how that went: %s',
    (why, done) => {
      const action = { kind: 'planned', why, at: iso(NOW) } as const;

      const { closed } = reconcile(
        { open: [{ ...draft, action }], closed: [] },
        [],
        withWhat({
          since: START + 2 * MINUTE,
          remains: gone,
          restoreOf: () => ({ at: NOW, findingIds: [], stood: true }),
        }),
      );

      expect(closed).toMatchObject([{ status: 'ROLLED_BACK', action: { kind: 'done', why: done } }]);
    },
  );

  it('says what was said of the restore when it was planned, though it was carried out in part first', () => {
    const says = 'the previous version will be restored; it also removes access that was granted before';
    const action = { kind: 'partial', why: 'AWS does not show it yet', at: iso(NOW) } as const;

    const { closed } = reconcile(
      { open: [{ ...draft, action }], closed: [] },
      [],
      withWhat({
        since: START + 2 * MINUTE,
        remains: gone,
        restoreOf: () => ({ at: NOW, findingIds: [], says, stood: true }),
      }),
    );

    const why = 'the previous version was restored; it also removes access that was granted before';
    expect(closed).toMatchObject([{ action: { kind: 'done', why } }]);
  });

  it.each([
    'the previous version will be restored; it also removes access',
    'what the change added will be removed; it also removes access',
  ])(
    'says that a restore which nobody recorded ended early, if what it was to leave never stood: %s',
    (says) => {
      const action = { kind: 'planned', why: says, at: iso(NOW) } as const;

      const { closed } = reconcile(
        { open: [{ ...draft, action }], closed: [] },
        [],
        withWhat({
          since: START + 2 * MINUTE,
          remains: gone,
          restoreOf: () => ({ at: NOW, findingIds: [], says, stood: false }),
        }),
      );

      const why =
        'what the change added was removed; it also removes access; the rest never stood as planned: the restore ended early, or somebody changed the target meanwhile';
      expect(closed).toMatchObject([{ status: 'ROLLED_BACK', action: { kind: 'partial', why } }]);
    },
  );

  it('says that some of it is still granted after the restore, and no more once it is gone', () => {
    const says = 'what the change added will be removed';
    const action = { kind: 'done', why: 'what the change added was removed', at: iso(LIVE.at - 1) } as const;
    const restored = { at: LIVE.at - 1, findingIds: [], says, stood: true };
    const after = (remains: Reconciling['remains'], one: Finding) =>
      reconcile(
        { open: [one], closed: [] },
        [],
        withWhat({ since: START + 2 * MINUTE, remains, restoreOf: () => restored }),
      );
    const why = 'what the change added was removed; what this finding shows now is still granted';

    const { open } = after(() => 'granted', { ...draft, action });

    expect(open).toMatchObject([{ action: { kind: 'done', why } }]);
    expect(after(() => 'granted', open[0] as Finding).open).toEqual(open);
    expect(after(gone, open[0] as Finding).closed).toMatchObject([{ action: { why: action.why } }]);
  });

  it('stays while one of several additions is not gone', () => {
    const additions = [
      ...(draft.additions ?? []),
      { ...draft.additions?.[0], check: 'no-public-access' } as Addition,
    ];
    const remains = ({ check }: Addition) => (check === 'no-public-access' ? 'granted' : 'gone');

    expect(left({ ...draft, additions }, { since: START + 2 * MINUTE, remains })).toHaveLength(1);
  });
});

describe('what leaves the state for the archive', () => {
  const MANY = 30;
  const DAY = 26 * 60 * MINUTE;
  const archived = (one: Partial<Finding>, now: number) =>
    trim(
      {
        open: [],
        closed: Array.from({ length: MANY }, (_, index) =>
          closedAs('RESOLVED', { id: `f${index}`, publishedRevision: draft.revision, ...one }),
        ),
      },
      iso(now),
    ).archived.length;

  it('is what was published and closed a day ago, but for the last twenty', () => {
    expect(archived({}, CLOSED_AT + DAY)).toBe(MANY - 20);
  });

  it('is nothing that was not published', () => {
    expect(archived({ publishedRevision: draft.revision - 1 }, CLOSED_AT + DAY)).toBe(0);
  });

  it('is nothing that the timeline may tell of again', () => {
    expect(archived({}, CLOSED_AT + MINUTE)).toBe(0);
  });
});
