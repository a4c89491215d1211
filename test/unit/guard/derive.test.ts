/** Findings and plan, on letters alone. */
import { describe, expect, it } from 'vitest';
import type { TargetState } from '../../../shared/guard/state.ts';
import { type Touch, withPart } from '../../../shared/guard/timeline/timeline.ts';
import {
  deriveFrom,
  edit,
  FACTS,
  findingsIn,
  follow,
  holding,
  lettersOf,
  MINUTE,
  part,
  puts,
  read,
  SECOND,
  START,
  startingFrom,
  withEntries,
} from './model.ts';

const A = 'inline:a';
const BEGIN = holding({ [A]: 'ab', 'inline:c': 'c' });
const after = (letters: string) => withPart(BEGIN, A, part(A, letters));
const at = (minutes: number) => START + minutes * MINUTE;

describe('a finding', () => {
  it('with several additions stays while one of them is granted, and says which', () => {
    const { nextState } = follow(startingFrom(BEGIN), [
      edit(at(1), [puts(A, 'abdx')]),
      read(at(2), after('abdx')),
      edit(at(3), [puts(A, 'abd')]),
      read(at(4), after('abd')),
    ]);

    expect(nextState.openFindings).toMatchObject([{ status: 'ACTIVE', check: 'no-new-access' }]);
    expect(nextState.openFindings[0]?.additions?.map(({ now }) => now).sort()).toEqual(['gone', 'granted']);
  });

  it.each([
    [true, ['ACTIVE']],
    [false, ['RESOLVED']],
  ])('on a target whose deletion can be taken back, %s, is after it %s', (isReversible, statuses) => {
    const facts = { ...FACTS, isReversible };
    const { nextState } = follow(
      startingFrom(BEGIN),
      [
        edit(at(1), [puts(A, 'abd')]),
        read(at(2), after('abd')),
        edit(at(3), [], { life: 'ended', isWhole: true }),
        read(at(4)),
      ],
      { facts },
    );

    expect(findingsIn(nextState).map(({ status }) => status)).toEqual(statuses);
  });

  it('that a read found stays where a late event only makes the read before it doubtful', () => {
    const { nextState } = follow(startingFrom(BEGIN), [
      read(at(2), after('a')),
      read(at(4), after('ab')),
      edit(at(2) - 5 * SECOND, [puts(A, 'ab')]),
    ]);

    expect(findingsIn(nextState)).toMatchObject([{ status: 'ACTIVE' }]);
  });

  it('of a new target’s first minutes tells every step, however many', () => {
    const letters = [...'αβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопр'];
    const state = startingFrom(holding({}));
    const made = { life: 'made', isWhole: true, uniqueId: 'AROA2' } as const;
    const puttings = letters.map((letter, index) =>
      edit(at(1) + (index + 4) * SECOND, [puts(`inline:${index}`, letter)]),
    );
    const parts = Object.fromEntries(letters.map((letter, index) => [`inline:${index}`, letter]));
    const { nextState } = deriveFrom(
      withEntries(state, [
        edit(at(1), [], { life: 'ended', isWhole: true }),
        edit(at(1) + 2 * SECOND, [], made),
        ...puttings,
        read(at(3), holding(parts, 'AROA2')),
      ]),
      at(3),
    );

    const told = findingsIn(nextState).flatMap(({ additions = [] }) => additions.flatMap(lettersOf));
    expect(letters.filter((letter) => !told.includes(letter))).toEqual([]);
    expect(nextState.openFindings.length).toBeLessThan(5);
  });

  it('of a statement that moved to another part, its events in the wrong order, ends when both have come', () => {
    const gone = edit(at(1) + SECOND, [puts(A, undefined)]);
    const put = edit(at(1), [puts('inline:b', 'ab')]);
    const moved = holding({ 'inline:b': 'ab', 'inline:c': 'c' });
    const before = follow(startingFrom(BEGIN), [gone, read(at(3), moved)]);
    const { nextState, plan } = follow(before.nextState, [put], { now: at(4) });

    expect(before.nextState.openFindings).toHaveLength(1);
    expect(nextState.openFindings).toEqual([]);
    expect([before.plan, plan]).toEqual([undefined, undefined]);
  });
});

describe('more findings than a state should hold', () => {
  const letters = [...'αβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщэюя'];
  const parts = Object.fromEntries(letters.map((letter, index) => [`inline:${index}`, letter]));
  const puttings = letters.map((letter, index) =>
    edit(at(index + 1), [puts(`inline:${index}`, letter)], { by: 'pipeline' }),
  );
  const end = at(letters.length + 1);
  const state = withEntries(startingFrom(holding({})), [...puttings, read(end, holding(parts))]);
  const { nextState } = deriveFrom(state, end);

  it('are told as one for the oldest, with all that they added', () => {
    const { openFindings, closedFindings } = nextState;

    expect(letters.length).toBeGreaterThan(50);
    expect(openFindings).toHaveLength(50);
    const told = openFindings.flatMap(({ additions = [] }) => additions.flatMap(lettersOf));
    expect(told.toSorted()).toEqual(letters.toSorted());
    const [many, ...others] = openFindings.filter(({ additions = [] }) => additions.length > 1);
    expect(others).toEqual([]);
    expect(many?.notes.join()).toContain('more than 50');
    for (const { status, statusWhy } of closedFindings)
      expect([status, statusWhy]).toEqual(['SUPERSEDED', `it is told by \`${many?.id}\``]);
  });

  it('stay so when they are derived again, and go by their proofs', () => {
    const again = deriveFrom(nextState, end + MINUTE).nextState;
    const gone = follow(again, [read(end + 2 * MINUTE, holding({ 'inline:0': letters[0] ?? '' }))]).nextState;

    expect(again.openFindings.map(({ id }) => id)).toEqual(nextState.openFindings.map(({ id }) => id));
    expect(
      gone.openFindings.flatMap(({ additions = [] }) => additions.filter(({ now }) => now !== 'gone')),
    ).toHaveLength(1);
  });
});

describe('what is told as one', () => {
  const texts = [...'αβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщэюя'];
  const idOf = (index: number) => `inline:${index}`;
  const parts = Object.fromEntries(texts.map((letter, index) => [idOf(index), letter]));
  const puttings = texts.map((letter, index) =>
    edit(at(index + 1), [puts(idOf(index), letter)], { by: 'pipeline' }),
  );
  const end = at(texts.length + 1);
  const begun = withEntries(startingFrom(holding({})), [...puttings, read(end, holding(parts))]);
  const { nextState: state } = deriveFrom(begun, end);
  const { [idOf(0)]: _, ...others } = parts;
  const gone = [edit(end + MINUTE, [puts(idOf(0), undefined)], { by: 'pipeline' })];
  const again = edit(end + 3 * MINUTE, [puts(idOf(0), texts[0])], { by: 'mallory' });
  const handsIn = ({ openFindings }: TargetState) => openFindings.map(({ change }) => change?.actorArn);

  it('is told anew where somebody makes it again after it had gone', () => {
    const without = follow(state, [...gone, read(end + 2 * MINUTE, holding(others))]).nextState;
    const { nextState } = follow(without, [again, read(end + 4 * MINUTE, holding(parts))]);

    expect(handsIn(without).filter((hand) => hand?.includes('mallory'))).toEqual([]);
    expect(handsIn(nextState).filter((hand) => hand?.includes('mallory'))).toHaveLength(1);
  });

  it('is told anew, and once, where nothing was read meanwhile', () => {
    const { nextState } = follow(state, [...gone, again, read(end + 4 * MINUTE, holding(parts))]);
    const later = deriveFrom(nextState, end + 5 * MINUTE).nextState;

    expect(handsIn(later).filter((hand) => hand?.includes('mallory'))).toHaveLength(1);
  });
});

it('a target that is made again with what was found on it: that is told again, though its end had closed it', () => {
  const widened = [edit(at(1), [puts(A, 'ab')]), read(at(3), holding({ [A]: 'ab' }))];
  const found = follow(startingFrom(holding({ [A]: 'a' })), widened).nextState;
  const ended = follow(found, [
    edit(at(5), [], { life: 'ended', isWhole: true }),
    read(at(5) + 40 * SECOND),
  ]).nextState;

  const { nextState } = follow(ended, [
    edit(at(6), [], { life: 'made', isWhole: true, uniqueId: 'AROA2' }),
    edit(at(6) + SECOND, [puts(A, 'ab')]),
    read(at(8), holding({ [A]: 'ab' }, 'AROA2')),
  ]);

  const [finding] = found.openFindings;
  expect(ended.openFindings).toEqual([]);
  expect(nextState.openFindings.map(({ id }) => id)).toContain(finding?.id);
  expect(nextState.openFindings.find(({ id }) => id === finding?.id)).toMatchObject({ occurrences: 2 });
});

describe('far more findings than a state should hold', () => {
  const letters = Array.from({ length: 170 }, (_, index) => String.fromCodePoint(0x4e00 + index));
  const holds = (some: readonly string[]) =>
    holding(Object.fromEntries(some.map((letter) => [`inline:${letter}`, letter])));
  const puttings = letters.map((letter, index) =>
    edit(at(1) + index * SECOND, [puts(`inline:${letter}`, letter)], { by: 'pipeline' }),
  );
  const begun = withEntries(startingFrom(holding({})), [...puttings, read(at(9), holds(letters))]);
  const { nextState } = deriveFrom(begun, at(9));
  const countsIn = (state: TargetState) =>
    state.openFindings.flatMap(({ additions = [] }) => additions.flatMap(({ count }) => count ?? []));

  it('keep a hundred of what is told as one, and count the others', () => {
    const kept = nextState.openFindings.map(({ additions = [] }) => additions.length);

    expect(Math.max(...kept)).toBe(101);
    expect(countsIn(nextState)).toEqual([letters.length - 49 - 100]);
    const again = deriveFrom(nextState, at(10)).nextState;
    expect(again.openFindings.map(({ id }) => id)).toEqual(nextState.openFindings.map(({ id }) => id));
    expect(countsIn(again)).toEqual(countsIn(nextState));
  });

  it('stay open by what is counted alone, which nothing proves gone', () => {
    const left = follow(nextState, [read(at(20), holds([]))]).nextState;

    expect(left.openFindings).toMatchObject([{ result: 'UNKNOWN', status: 'ACTIVE' }]);
    expect(follow(left, [read(at(30))]).nextState.openFindings).toEqual([]);
  });
});

describe('a text that is written again, with another between', () => {
  const [P, LIMIT] = ['inline:p', 'boundary:p'];
  const beside = { [P]: 'abcd' };

  it.each([
    ['an identity policy', A, ['b', 'bc', 'D', 'bc'], MINUTE],
    ['a trust policy', 'document', ['b', 'bc', 'D', 'bc'], MINUTE],
    ['a boundary', LIMIT, ['ab', 'abd', 'a', 'abd'], MINUTE],
    ['within one second', A, ['b', 'bc', 'D', 'bc'], 300],
  ] as const)('is two findings, each of its own step: %s', (_, id, [first = '', ...texts], pause) => {
    const holds = (letters: string) => holding({ ...(id === LIMIT ? beside : {}), [id]: letters });
    const entries = texts.flatMap((letters, index) => {
      const time = at(1) + index * pause;
      return [
        edit(time, [puts(id, letters)], { id: `event-${letters}-${index}` }),
        // Where all is done within a second, reads between the calls tell their order.
        read(pause < SECOND ? time + 1 : time + SECOND, holds(letters)),
      ];
    });
    const { nextState } = follow(startingFrom(holds(first)), entries);

    const told = findingsIn(nextState).filter(({ check }) => check === 'no-new-access');
    expect(told).toHaveLength(2);
    expect(new Set(told.map(({ additions = [] }) => additions.map(lettersOf).join())).size).toBe(2);
    for (const { additions = [] } of told) expect(additions).toHaveLength(1);
  });

  it('is one finding where it is the same step, however often', () => {
    const entries = [1, 2, 3].flatMap((time) => [
      edit(at(time), [puts(A, 'abd')]),
      read(at(time) + SECOND, after('abd')),
      edit(at(time) + 20 * SECOND, [puts(A, 'ab')]),
      read(at(time) + 21 * SECOND, after('ab')),
    ]);
    const { nextState } = follow(startingFrom(BEGIN), entries);

    expect(findingsIn(nextState)).toMatchObject([{ status: 'RESOLVED', occurrences: 3 }]);
  });
});

describe('a plan', () => {
  it('leaves what only sleeps', () => {
    const begin = holding({ 'boundary:p': 'ab', [A]: 'a' });
    const { nextState, plan } = follow(startingFrom(begin), [
      edit(at(1), [puts(A, 'ad')]),
      read(at(2), withPart(begin, A, part(A, 'ad'))),
    ]);

    expect(nextState.openFindings).toMatchObject([{ check: 'dormant-access', severity: 'INFO' }]);
    expect(plan).toBeUndefined();
  });

  it('says when it is to be looked at again, also while something is restored', () => {
    const one = withPart(BEGIN, 'inline:d', part('inline:d', 'd'));
    const both = withPart(one, 'inline:b', part('inline:b', 'x'));
    const { plan, wakeAt } = follow(startingFrom(BEGIN), [
      edit(at(1), [puts('inline:d', 'd')]),
      read(at(2), both),
    ]);

    expect(plan).toBeDefined();
    expect(wakeAt).toBe(at(2) + 15 * MINUTE);
  });
});

describe('a restore of several calls', () => {
  const B = 'inline:b';
  const live = (parts: { readonly [id: string]: string }, seconds: number) =>
    read(START + MINUTE + seconds * SECOND, holding(parts));
  const byGuard = (seconds: number, touch: Touch) =>
    edit(START + MINUTE + seconds * SECOND, [touch], { by: 'guard' });

  it.each([
    ['together', []],
    ['between them', [live({}, 61)]],
  ])('is judged as a whole, though the last gives back what the first took: read %s', (_, between) => {
    const { nextState } = follow(startingFrom(holding({ [A]: 'a' })), [
      edit(START + MINUTE, [puts(A, undefined)]),
      edit(START + MINUTE + SECOND, [puts(B, 'ab')]),
      live({ [B]: 'ab' }, 2),
      byGuard(60, puts(B, undefined)),
      ...between,
      byGuard(62, puts(A, 'a')),
      live({ [A]: 'a' }, 63),
    ]);

    expect(findingsIn(nextState).map(({ change }) => change?.actorId)).toEqual(['mallory']);
  });

  it('is told where it added to what stood before', () => {
    const { nextState } = follow(startingFrom(holding({ [A]: 'a' })), [
      byGuard(60, puts(B, 'c')),
      byGuard(62, puts(A, 'ab')),
      live({ [A]: 'ab', [B]: 'c' }, 63),
    ]);

    expect(nextState.openFindings).toMatchObject([{ severity: 'CRITICAL', step: { parts: [A, B] } }]);
  });

  it('is not told together with that of an earlier life', () => {
    const [ended, begun] = [START + 2 * MINUTE, START + 3 * MINUTE];
    const { nextState } = follow(startingFrom(holding({ [A]: 'ab' })), [
      byGuard(0, puts(A, 'a')),
      edit(ended, [], { life: 'ended', isWhole: true }),
      edit(begun, [], { life: 'made', isWhole: true, uniqueId: 'AROA2' }),
      edit(begun + SECOND, [puts(A, 'a')], { by: 'guard' }),
      read(begun + MINUTE, holding({ [A]: 'a' }, 'AROA2')),
    ]);

    expect(nextState.openFindings).toMatchObject([{ step: { life: 'AROA2' } }]);
  });
});

describe('what a person approved while it slept', () => {
  const B = 'inline:b';
  const [begin, limit] = [holding({ [A]: 'a', 'boundary:p': 'a' }), 'boundary:p'];
  const slept = withPart(begin, B, part(B, 'b'));
  const sleeping = follow(startingFrom(begin), [edit(at(1), [puts(B, 'b')]), read(at(2), slept)]).nextState;
  const approved = {
    ...sleeping,
    openFindings: [],
    closedFindings: sleeping.openFindings.map((one) => ({
      ...one,
      status: 'APPROVED' as const,
      closedAt: new Date(at(3)).toISOString(),
    })),
    approvals: { [B]: at(3) },
  };

  it.each([
    ['approved', approved, false],
    ['open', sleeping, true],
  ])(
    'stays when a deployer’s loosening wakes it, unless it is to be restored: %s, %s',
    (_, state, isRestored) => {
      const { plan } = follow(state, [
        edit(at(4), [puts(limit, undefined)], { by: 'pipeline' }),
        read(at(5), holding({ [A]: 'a', [B]: 'b' })),
      ]);

      expect(plan !== undefined).toBe(isRestored);
    },
  );
});
