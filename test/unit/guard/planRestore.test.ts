/** Why something is restored, or not: each condition alone, on one finding that would be restored but for it. */
import { describe, expect, it } from 'vitest';
import type { Addition, Finding, FindingChange } from '../../../shared/findings/finding.ts';
import type { Ledger } from '../../../shared/guard/derive/ledger.ts';
import type { RestoreNeed, RestoreVerdict } from '../../../shared/guard/derive/needs.ts';
import { planRestore } from '../../../shared/guard/derive/plan.ts';
import type { Writer } from '../../../shared/guard/timeline/timeline.ts';
import {
  changeBy,
  edit,
  FACTS,
  findingsIn,
  follow,
  holding,
  MINUTE,
  puts,
  read,
  START,
  startingFrom,
  TARGET,
} from './model.ts';

const A = 'inline:a';
const NOW = START + 2 * MINUTE;
const LIVE = read(NOW, holding({ [A]: 'ab' }));

type Planning = Parameters<typeof planRestore>[1];

/** A finding of somebody's that added `b` to `a` a minute after the start, as it is derived. */
const found = (() => {
  const { nextState } = follow(startingFrom(holding({ [A]: 'a' })), [
    edit(START + MINUTE, [puts(A, 'ab')]),
    LIVE,
  ]);
  const [finding] = findingsIn(nextState);
  if (finding === undefined) throw new Error('a change that adds something makes a finding');
  return { ...finding, action: { kind: 'waiting', why: 'not decided yet', at: finding.openedAt } } as const;
})();
const [granted] = found.additions ?? [];
const addition = (more: Partial<Addition>): Addition => ({ ...(granted as Addition), ...more }); // It has one.
const writer = (by: readonly string[], more: Partial<Writer> = {}): Writer => ({
  at: START + MINUTE,
  by: by.map((name) => changeBy(name, `event of ${name}`, START + MINUTE)),
  isShown: true,
  ...more,
});
const writers = (one: Writer, id = A) => new Map([[id, one]]);

/** Returns what is known of the world in which the finding is restored, with `more` of it changed. */
function planning(more: Partial<Planning>): Planning {
  return {
    target: TARGET,
    life: found.step?.life ?? '',
    config: FACTS.config,
    settled: LIVE,
    drafted: [found.id],
    writers: writers(writer(['mallory'])),
    steps: [],
    edits: [],
    slept: new Map(),
    approved: new Map(),
    modeSince: 1,
    whyNotRestorable: undefined,
    recentWrites: 0,
    failuresOf: () => 0,
    isClaimed: false,
    addedSince: () => 'gone',
    verdictOf: () => undefined,
    settings: '',
    now: NOW,
    ...more,
  };
}

/** Returns a step in the second of the finding's. */
const stepOn = (id: string, by: readonly FindingChange[]): Planning['steps'][number] => ({
  at: START + MINUTE,
  basis: 'step',
  before: holding({}),
  after: holding({ [id]: 'b' }),
  predecessors: [],
  parts: [id],
  by,
  life: found.step?.life ?? '',
  isRestorable: true,
});

/** Returns the plan for the finding, what the finding says, and what was asked about a restore. */
function plan(finding: Partial<Finding> = {}, more: Partial<Planning> = {}, closed: readonly Finding[] = []) {
  const asked: RestoreNeed[] = [];
  const ledger: Ledger = { open: [{ ...found, ...finding }], closed };
  const verdictOf = (need: RestoreNeed): RestoreVerdict => {
    asked.push(need);
    return { kind: 'candidate', how: 'previous', snapshot: 'text', contentHash: 'hash', losesOld: false };
  };
  const planned = planRestore(ledger, planning({ verdictOf, ...more }));
  const action = planned.ledger.open[0]?.action;
  const otherwise = action?.kind === 'waiting' ? 'wait' : 'leave';
  return { kind: planned.plan === undefined ? otherwise : 'restore', action, asked };
}

const rule = (more: object): Planning['config'] => ({
  ...FACTS.config,
  targets: [{ match: '*', mode: 'rollback', ...more }],
});
const opened = (milliseconds: number) => ({ openedAt: new Date(NOW - milliseconds).toISOString() });
/** The finding without whoever did it. */
const planUnknown = (finding: Partial<Finding>) => plan({ ...finding, change: undefined } as object); // Undefined is as good as absent.

describe('what somebody added', () => {
  it('is restored when nothing speaks against it', () => {
    expect(plan()).toMatchObject({ kind: 'restore', action: { kind: 'planned' } });
  });

  it('is only told where the configuration says to observe', () => {
    expect(plan({}, { config: rule({ mode: 'observe' }) }).kind).toBe('leave');
  });

  it('is left while an exception suppresses the finding', () => {
    expect(plan({ status: 'SUPPRESSED' }).kind).toBe('leave');
  });

  it('is left where what was there before is a guess', () => {
    expect(plan({ step: { ...found.step, isGuess: true } as Finding['step'] } as Partial<Finding>).kind).toBe(
      'leave',
    );
  });

  it('is left where the target was made again since, and is another', () => {
    expect(plan({}, { life: 'AROAOTHER' }).kind).toBe('leave');
  });

  it('is restored where no read had shown yet which target it is', () => {
    expect(plan({ step: { ...found.step, life: '#1' } } as Partial<Finding>).kind).toBe('restore');
  });

  it('is left where an emergency role wrote what grants it now', () => {
    expect(plan({ carriers: [changeBy('emergency', 'e9', START)] }).kind).toBe('leave');
  });

  it('is left where the kind cannot be restored, and the finding says why', () => {
    expect(plan({}, { whyNotRestorable: 'nobody can change it back' })).toMatchObject({
      kind: 'leave',
      action: { kind: 'declined', why: 'nobody can change it back' },
    });
  });

  it('is not planned while another restore is at work', () => {
    expect(plan({}, { isClaimed: true }).kind).toBe('wait');
  });

  it('waits while AWS does not show it', () => {
    expect(plan({}, { settled: undefined })).toMatchObject({
      kind: 'wait',
      action: { kind: 'waiting', why: 'AWS does not show the change yet' },
    });
  });
});

describe('of several additions', () => {
  const additionsOf = (...additions: readonly Partial<Addition>[]) =>
    plan({ additions: additions.map(addition) }).kind;

  it('one that is not proved goes with none that is proved and sleeps', () => {
    expect(additionsOf({ result: 'UNKNOWN', now: 'granted' }, { now: 'dormant' })).toBe('leave');
  });

  it('one that no call makes use of goes with none that is of use and sleeps', () => {
    expect(additionsOf({ possible: false, now: 'granted' }, { now: 'dormant' })).toBe('leave');
  });

  it('those that sleep do not go', () => {
    expect(additionsOf({ now: 'dormant' })).toBe('leave');
    expect(additionsOf({ now: 'dormant' }, { now: 'granted' })).toBe('restore');
  });

  it('only those that are proved, of use and granted are asked to go', () => {
    const additions = [
      addition({ check: 'no-new-access' }),
      addition({ check: 'no-public-access', result: 'UNKNOWN' }),
      addition({ check: 'no-external-access', possible: false }),
      addition({ check: 'access-not-granted', now: 'dormant' }),
    ];

    expect(plan({ additions }).asked[0]?.removals[0]?.additions).toEqual([additions[0]]);
  });
});

describe('what a new target was made with', () => {
  it.each([
    ['HIGH', 'leave'],
    ['CRITICAL', 'restore'],
  ] as const)('of the grade %s: %s', (grade, kind) => {
    expect(plan({ additions: [addition({ isInitial: true, grade })] }).kind).toBe(kind);
  });
});

describe('of what several people did to a new target', () => {
  const [theirs, deployed] = ['mallory', 'pipeline'].map((name) => changeBy(name, name, START + MINUTE));
  const of = (by: readonly string[], more: Partial<Addition> = {}) =>
    addition({ by, listName: by.join(), ...more });
  const asked = (additions: readonly Addition[]) =>
    plan({ additions, change: deployed, others: [theirs] } as Partial<Finding>).asked[0]?.removals[0]
      ?.additions;

  it('only what exempt roles did not do is asked to go', () => {
    const mallorys = of(['mallory']);

    expect(asked([of(['pipeline']), mallorys])).toEqual([mallorys]);
  });

  it('what both had a hand in, or nobody knows who had, is asked to go', () => {
    const [both, nobodys] = [of(['pipeline', 'mallory']), of([])];

    expect(asked([of(['pipeline']), both, nobodys])).toEqual([both, nobodys]);
  });

  it('nothing goes that exempt roles did alone', () => {
    expect(plan({ additions: [of(['pipeline'])], change: deployed } as Partial<Finding>).kind).toBe('leave');
  });
});

describe('the time', () => {
  it.each([
    [59, 'restore'],
    [61, 'leave'],
  ])('of %s minutes since the finding was opened: %s', (minutes, kind) => {
    expect(plan(opened(minutes * MINUTE)).kind).toBe(kind);
  });

  const DAY = 24 * 60 * MINUTE;
  const removed = (more: Partial<Finding> = {}, days = 6) => ({
    ...found,
    status: 'ROLLED_BACK' as const,
    closedAt: new Date(NOW - days * DAY).toISOString(),
    occurrences: 2,
    ...more,
  });

  it.each([
    ['was removed twice within a week in other words', removed({ id: 'other' }), 'leave'],
    ['was removed twice longer ago', removed({}, 8), 'restore'],
    ['was approved meanwhile', removed({ status: 'APPROVED' }), 'restore'],
    ['was removed from other parts', removed({ step: { ...found.step, parts: [] } as never }), 'restore'],
    ['was another addition', removed({ title: 'another' }), 'restore'],
  ])('of what %s', (_, earlier, kind) => {
    expect(plan({}, {}, [earlier]).kind).toBe(kind);
  });

  it.each([
    [14, 'wait'],
    [15, 'restore'],
  ])('that an event may still come is over after fifteen minutes: %s, %s', (minutes, kind) => {
    expect(planUnknown(opened(minutes * MINUTE)).kind).toBe(kind);
  });

  it.each([
    ['nobody is known to have written', writer([])],
    ['somebody unknown wrote as well', writer(['mallory'], { isBeside: true })],
  ])('is given to whoever may be exempt, where %s what stands', (_, one) => {
    expect([1, 15].map((minutes) => plan(opened(minutes * MINUTE), { writers: writers(one) }).kind)).toEqual([
      'wait',
      'restore',
    ]);
  });
});

describe('a part that may be written', () => {
  const freeOf = (one: Writer) => plan({}, { writers: writers(one) }).asked[0]?.free;

  it.each([
    ['of somebody', writer(['mallory']), [A]],
    ['of a deployer, whose event shows it', writer(['pipeline']), []],
    ['of a deployer, whose event hides it', writer(['pipeline'], { isShown: false }), [A]],
    ['of an emergency role, whose event hides it', writer(['emergency'], { isShown: false }), []],
  ])('is that %s: %j', (_, one, free) => {
    expect(freeOf(one)).toEqual(free);
  });
});

describe('whoever profits from a step of another', () => {
  const B = 'inline:b';
  const [theirs, exempts] = [changeBy('mallory', 'e8', START), changeBy('pipeline', 'e9', START)];
  const profiting = (
    by: readonly FindingChange[],
    live: { readonly [id: string]: string } = { [A]: 'ab', [B]: 'b' },
    hands: Partial<Finding> = {},
  ) =>
    plan(
      { carriers: by, additions: [addition({ sources: [B] })], ...hands },
      {
        writers: new Map([[B, { at: START, by, isShown: true }]]),
        settled: read(NOW, holding(live)),
      },
    ).asked[0]?.removals[0]?.parts;

  it('loses what profits, unless somebody exempt wrote it, or wrote it too', () => {
    expect(profiting([theirs])).toEqual([A, B]);
    expect(profiting([exempts])).toEqual([A]);
    expect(profiting([exempts, theirs])).toEqual([A]);
  });

  it('is not given back what is not there any more', () => {
    expect(profiting([theirs], { [A]: 'ab' })).toEqual([A]);
  });

  it('is no reason to restore what deployers did, where it is theirs too', () => {
    const hands = { change: changeBy('pipeline', 'e7', START + MINUTE) };

    expect(profiting([theirs], undefined, hands)).toEqual([A, B]);
    expect(profiting([exempts, theirs], undefined, hands)).toBeUndefined();
  });

  it.each([
    ['before', [B, A], [A, B]],
    ['after', [A, B], [A]],
  ])('loses what they wrote %s the step: %#', (_, order, parts) => {
    const wrote = changeBy('mallory', 'e8', START + MINUTE);
    const by = (id: string) => [id === A ? (found.change as FindingChange) : wrote];
    const steps = order.map((id) => stepOn(id, by(id)));

    const { asked } = plan(
      { carriers: [wrote], additions: [addition({ sources: [B] })] },
      {
        steps,
        writers: writers({ at: START + MINUTE, by: [wrote], isShown: true }, B),
        settled: read(NOW, holding({ [A]: 'ab', [B]: 'b' })),
      },
    );

    expect(asked[0]?.removals[0]?.parts).toEqual(parts);
  });
});

describe('a call that did again what was done', () => {
  const G = 'group:g';
  const again = edit(START + MINUTE, [puts(G, '')], { id: 'event of mallory' });

  it('has written nothing that could go with what was added since', () => {
    const after = { writers: new Map([...writers(writer(['mallory'])), ...writers(writer(['mallory']), G)]) };

    expect(plan({}, after).asked[0]?.later).toEqual([{ id: G }]);
    expect(plan({}, { ...after, edits: [again] }).asked[0]?.later).toEqual([]);
  });

  it('carries nothing that another step woke', () => {
    const carriers = [changeBy('mallory', 'event of mallory', START + MINUTE)];
    const woken = (edits: Planning['edits']) =>
      plan(
        { carriers, additions: [addition({ sources: [G] })] },
        {
          writers: writers(writer(['mallory']), G),
          settled: read(NOW, holding({ [A]: 'ab', [G]: '' })),
          edits,
        },
      ).asked[0]?.removals[0]?.parts;

    expect(woken([])).toEqual([G, A]);
    expect(woken([again])).toEqual([A]);
  });

  it.each([
    ['by somebody not exempt', ['mallory'], 0, [G, A]],
    ['by a deployer', ['pipeline'], 0, [A]],
    ['by nobody knows whom', [], 0, [A]],
    ['by somebody not exempt, before a person approved it', ['mallory'], START + 1, [A]],
  ])('carries what another step woke where it was done first %s', (_, who, approvedAt, parts) => {
    const first = {
      ...stepOn(
        G,
        who.map((name) => changeBy(name, 'e6', START)),
      ),
      at: START,
    };
    const { asked } = plan(
      {
        carriers: [changeBy('mallory', 'event of mallory', START + MINUTE)],
        additions: [addition({ sources: [G] })],
      },
      {
        writers: writers(writer(['mallory']), G),
        settled: read(NOW, holding({ [A]: 'ab', [G]: '' })),
        edits: [again],
        steps: [first],
        approved: new Map([[G, approvedAt]]),
      },
    );

    expect(asked[0]?.removals[0]?.parts).toEqual(parts);
  });
});

describe('a restore', () => {
  it.each([
    ['MEDIUM', false],
    ['HIGH', true],
  ] as const)('of the grade %s may take access that was granted before: %s', (severity, mayLoseOld) => {
    expect(plan({ severity }).asked[0]?.mayLoseOld).toBe(mayLoseOld);
  });

  it.each([
    [{}, false],
    [{ restore: 'tighten' }, false],
    [{ restore: 'previous' }, true],
  ])('by the rule %j may grant again what the change took away: %s', (said, mayRestorePrevious) => {
    expect(plan({}, { config: rule(said) }).asked[0]?.mayRestorePrevious).toBe(mayRestorePrevious);
  });

  it('of several steps of one second takes them in their order, whichever was known first', () => {
    const [one, two] = ['one', 'two'].map((id) => ({
      ...found,
      id,
      additions: [addition({ listName: id })],
    }));
    const orders = [
      [one, two],
      [two, one],
    ].map((known) => {
      const asked: RestoreNeed[] = [];
      const verdictOf = (need: RestoreNeed) => void asked.push(need);
      planRestore({ open: known as Finding[], closed: [] }, planning({ drafted: ['one', 'two'], verdictOf }));
      return asked[0]?.removals.map(({ additions: [first] }) => first?.listName);
    });

    expect(orders).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
  });
});
