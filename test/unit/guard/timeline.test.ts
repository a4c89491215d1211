/** Edits and reads in, steps out: what the timeline makes of entries that come late, twice, together or never. */
import { describe, expect, it } from 'vitest';
import { emptyState } from '../../../shared/guard/state.ts';
import { addEdit, addRead, fold, MAX_ENTRIES, MAX_FOLDED_IDS } from '../../../shared/guard/timeline/fold.ts';
import { orderEntries } from '../../../shared/guard/timeline/order.ts';
import type { Step } from '../../../shared/guard/timeline/place.ts';
import { replay } from '../../../shared/guard/timeline/replay.ts';
import { guessStart } from '../../../shared/guard/timeline/start.ts';
import type { Content, Edit, Entry, Part, Timeline } from '../../../shared/guard/timeline/timeline.ts';
import { edit, holding, LAG, MINUTE, part, puts, read, SECOND, START, TARGET } from './model.ts';

const A = 'inline:a';
const B = 'inline:b';
const OPTIONS = { readLagMs: LAG, groupingMs: 15 * MINUTE };
const EMPTY = emptyState(TARGET).timeline;
/** A timeline that begins with what was read. */
const from = (content: Content, ...entries: readonly Entry[]): Timeline => ({
  horizon: { kind: 'read', read: read(START, content), lives: 0 },
  entries,
  writers: {},
});
const at = (seconds: number) => START + seconds * SECOND;
/** Each step as `letters before → letters after, by whom`. */
const told = (steps: readonly Step[]) =>
  steps.map(({ before, after, by }) => {
    const say = ({ exists, parts }: Content) => (exists ? parts.map(({ text }) => text).join('+') : '-');
    return `${say(before)} → ${say(after)}, ${by.map(({ actorId }) => actorId).join('+') || 'nobody'}`;
  });
const stepsOf = (timeline: Timeline, options = OPTIONS) => told(replay(timeline, options).steps);

describe('steps', () => {
  it('are the edits, one by one, though one read shows them all', () => {
    const timeline = from(
      holding({ [A]: 'a' }),
      edit(at(1), [puts(A, 'ab')]),
      edit(at(2), [puts(A, 'abc')], { by: 'pipeline' }),
      read(at(60), holding({ [A]: 'abc' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → ab, mallory', 'ab → abc, pipeline']);
  });

  it('are what a read shows beside them, by nobody', () => {
    const timeline = from(
      holding({ [A]: 'a' }),
      edit(at(1), [puts(A, 'ab')]),
      read(at(60), holding({ [A]: 'ab', [B]: 'c' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → ab, mallory', 'ab → ab+c, nobody']);
  });

  it('stay what they were when the event of an earlier one comes late', () => {
    const [first, second] = [edit(at(1), [puts(A, 'b')]), edit(at(2), [puts(A, 'bc')])];
    const live = read(at(60), holding({ [A]: 'bc' }));

    expect(stepsOf(from(holding({ [A]: 'a' }), live, second, first))).toEqual([
      'a → b, mallory',
      'b → bc, mallory',
    ]);
    expect(stepsOf(from(holding({ [A]: 'a' }), live, second))).toEqual(['a → bc, mallory']);
  });

  it('of hidden edits between two reads are one, by all their actors', () => {
    const hidden = { part: A, to: 'hidden' } as const;
    const timeline = from(
      holding({ [A]: 'a' }),
      edit(at(1), [hidden]),
      edit(at(2), [hidden], { by: 'pipeline' }),
      read(at(60), holding({ [A]: 'abc' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → abc, mallory+pipeline']);
  });

  it('take a deleted target away and begin another life', () => {
    const timeline = from(
      holding({ [A]: 'ab' }),
      edit(at(1), [], { life: 'ended', isWhole: true }),
      edit(at(2), [], { life: 'made', isWhole: true, uniqueId: 'AROA2' }),
      edit(at(3), [puts(A, 'a')]),
      read(at(60), holding({ [A]: 'a' }, 'AROA2')),
    );

    const [step, ...others] = replay(timeline, OPTIONS).steps;

    expect(others).toEqual([]);
    expect(step).toMatchObject({
      life: 'AROA2',
      before: { parts: [] },
      predecessors: [{ parts: [{ text: 'ab' }] }, { parts: [{ text: 'ab' }] }],
    });
  });

  it('of a name that another target bears now are told by the unique id alone', () => {
    const timeline = from(holding({ [A]: 'a' }), read(at(60), holding({ [A]: 'a' }, 'AROA2')));

    expect(replay(timeline, OPTIONS).steps).toMatchObject([{ life: 'AROA2', before: { parts: [] } }]);
  });

  it('know what a target was that was made again, though no event tells of its making yet', () => {
    const again = { ...read(at(60), holding({ [B]: 'a' }, 'AROA2')), createdAt: at(10) + 16 };
    const { steps, anchors } = replay(
      from(
        holding({ [A]: 'a', 'group:g': '' }),
        edit(at(10), [puts('group:g', undefined)], { id: 'e1' }),
        edit(at(10), [], { life: 'ended', isWhole: true, id: 'e2' }),
        edit(at(10), [puts(A, undefined)], { id: 'e3' }),
        edit(at(12), [puts(B, 'a')], { id: 'e4' }),
        again,
      ),
      OPTIONS,
    );

    expect(anchors.at(-1)?.lives).toBe(1);
    expect(steps.at(-1)?.predecessors.map(({ parts }) => parts.map(({ id }) => id))).toEqual([
      [A],
      ['group:g', A],
    ]);
  });

  it.each([
    ['abcd', [0, 1, 2, 3]],
    ['dcba', [2, 0, 3, 1]],
    ['bdac', [3, 2, 1, 0]],
    ['cadb', [1, 3, 0, 2]],
  ])('of a target that is made again within a second are the same, its events called %s', (ids, order) => {
    const [taken = '', ended = '', made = '', put = ''] = ids;
    const edits = [
      edit(at(10), [puts(A, undefined)], { id: taken }),
      edit(at(10), [], { life: 'ended', isWhole: true, id: ended }),
      edit(at(10), [], { life: 'made', isWhole: true, uniqueId: 'AROA2', id: made }),
      edit(at(10), [puts(B, 'a')], { id: put }),
    ];
    const came = order.flatMap((index) => edits[index] ?? []);
    const again = read(at(60), holding({ [B]: 'a' }, 'AROA2'));

    const [step, ...others] = replay(from(holding({ [A]: 'a' }), ...came, again), OPTIONS).steps.filter(
      ({ life }) => life === 'AROA2',
    );

    expect(others).toEqual([]);
    expect(step).toMatchObject({ parts: [B], predecessors: [{ parts: [] }, { parts: [{ id: A }] }] });
  });

  it('of a target that is made again leave out what is put and taken within the second', () => {
    const { steps } = replay(
      from(
        holding({}),
        edit(at(10), [], { life: 'ended', isWhole: true, id: 'e1' }),
        edit(at(10), [], { life: 'made', isWhole: true, uniqueId: 'AROA2', id: 'e2' }),
        edit(at(10), [puts(A, 'a')], { id: 'e3' }),
        edit(at(10), [puts(A, undefined)], { id: 'e4' }),
        edit(at(12), [puts(B, 'ab')], { id: 'e5' }),
        read(at(60), holding({ [B]: 'ab' }, 'AROA2')),
      ),
      OPTIONS,
    );

    expect(steps.at(-1)?.before.parts).toEqual([]);
  });

  it('put the own hand last in its second, whatever its event is called', () => {
    const hides = (id: string, by: string) => edit(at(10), [{ part: A, to: 'hidden' }], { id, by });
    const timeline = from(
      holding({ [A]: 'a' }),
      { ...hides('e1', 'guard'), isOwn: true },
      hides('e2', 'mallory'),
      read(at(10) + 200, holding({ [A]: 'ab' })),
      read(at(10) + 700, holding({ [A]: 'a' })),
    );

    expect(stepsOf(timeline, { ...OPTIONS, readLagMs: 0 })).toEqual(['a → ab, mallory', 'ab → a, guard']);
  });

  it('do not come from a Create call that the target outlived', () => {
    const timeline = from(
      holding({ [A]: 'a' }),
      edit(at(1), [], { life: 'found-or-made' }),
      edit(at(2), [puts(A, 'ab')]),
      read(at(60), holding({ [A]: 'ab' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → ab, mallory']);
  });

  it('know a shared text by its unique id: the same words of another policy are a change', () => {
    const attached = 'attached:p';
    const holds = (uid: string): Content => ({ ...holding({}), parts: [part(attached, 'a', uid)] });

    expect(stepsOf(from(holds('ANPA1'), read(at(60), holds('ANPA1'))))).toEqual([]);
    expect(stepsOf(from(holds('ANPA1'), read(at(60), holds('ANPA2'))))).toEqual(['a → a, nobody']);
  });
});

describe('what no event explains', () => {
  const steps = (...edits: readonly Edit[]) =>
    replay(
      from(holding({ [A]: 'a', [B]: 'b' }), ...edits, read(at(60), holding({ [B]: 'b', 'inline:c': 'a' }))),
      OPTIONS,
    ).steps;

  it('is not certain where an event took away what may have stood beside it', () => {
    expect(steps(edit(at(10), [puts(A, undefined)])).map(({ isRestorable }) => isRestorable)).toEqual([
      true,
      false,
    ]);
  });

  it('is never a second boundary beside the first', () => {
    const [P, Q] = ['boundary:p', 'boundary:q'];
    const timeline = from(
      holding({ [A]: 'a', [P]: 'p' }),
      edit(at(10), [puts(B, 'b')]),
      read(at(12), holding({ [A]: 'a', [Q]: 'q' })),
    );

    expect(stepsOf(timeline)).toEqual(['p+a → p+a+b, mallory', 'p+a+b → q+a+b, nobody']);
  });

  it('is certain where it stands alone', () => {
    expect(steps().map(({ isRestorable }) => isRestorable)).toEqual([true]);
  });
});

describe('a call on a text that others hold', () => {
  const attached = 'attached:p';
  const holds = (text: string, uid = 'ANPA1'): Content => ({
    ...holding({}),
    parts: [part(attached, text, uid)],
  });
  const changed = edit(at(10), [{ part: attached, to: 'hidden', heldBy: attached }], { by: 'pipeline' });

  it.each([
    ['held it before and holds it still', holds('a'), holds('ab'), 'a → ab, pipeline'],
    ['holds it since', holding({}), holds('ab'), ' → ab, nobody'],
    ['held it before', holds('ab'), holding({ [A]: 'c' }), 'ab → c, nobody'],
    ['holds another policy of its name', holds('a'), holds('ab', 'ANPA2'), 'a → ab, nobody'],
  ])('is a step of whoever %s', (_, before, after, step) => {
    expect(stepsOf(from(before, changed, read(at(60), after)))).toEqual([step]);
  });

  it('is a step of the members of a group, whatever is new in what it gives', () => {
    const [group, given] = ['group:g', 'group:g/inline:p'];
    const put = edit(at(10), [{ part: given, to: 'hidden', heldBy: group }], { by: 'pipeline' });
    const timeline = from(
      holding({ [group]: '' }),
      put,
      read(at(60), holding({ [group]: '', [given]: 'a' })),
    );

    expect(stepsOf(timeline)).toEqual([' → +a, pipeline']);
  });

  it.each([
    ['attached', attached, 'a → ab, pipeline'],
    ['given by a group', 'group:g/inline:p', '+a → +ab, pipeline'],
  ])('is its own step though the text was read when it was changed already: %s', (_, id, step) => {
    const group = id.startsWith('group:') ? [part('group:g', '')] : [];
    const having = (text: string): Content => ({ ...holding({}), parts: [...group, part(id, text)] });
    const touches = having('ab').parts.map((one) => ({ part: one.id, to: one }));
    const timeline = from(
      holding({}),
      edit(at(1), touches),
      read(at(5), having('a')),
      edit(at(10), [{ part: id, to: 'hidden', heldBy: group[0]?.id ?? id }], { by: 'pipeline' }),
      read(at(60), having('ab')),
    );

    expect(stepsOf(timeline).at(-1)).toBe(step);
  });

  it('is not the step of whoever attached the text just before', () => {
    const timeline = from(
      holding({}),
      edit(at(1), [{ part: attached, to: part(attached, 'a') }]),
      changed,
      read(at(60), holds('ab')),
    );

    expect(stepsOf(timeline)).toEqual([' → a, mallory', 'a → ab, pipeline']);
  });

  it('says nothing of what stood there where it is not its doing', () => {
    const { steps } = replay(from(holding({}), changed, read(at(60), holds('a'))), OPTIONS);

    expect(steps.map(({ isRestorable }) => isRestorable)).toEqual([true]);
  });
});

describe('a read', () => {
  const edited = edit(at(10), [puts(A, 'ab')]);

  it('that misses an edit of the last half minute is not settled, and starts nothing', () => {
    const { live, anchors } = replay(
      from(holding({ [A]: 'a' }), edited, read(at(20), holding({ [A]: 'a' }))),
      OPTIONS,
    );

    expect(live?.isSettled).toBe(false);
    expect(anchors).toEqual([]);
  });

  it.each([false, true])(
    'tells which of two calls of one second came last, though an earlier one shows neither: %s',
    (reverse) => {
      const calls = [edit(at(10), [puts(A, undefined)]), edit(at(10), [puts(A, 'ab')], { by: 'pipeline' })];
      const late = holding({ [B]: 'c' });
      const timeline = from(
        late,
        edit(at(10), [puts(A, 'a')], { id: 'event-0' }),
        ...(reverse ? calls.toReversed() : calls),
        read(at(14), late),
        read(at(20), holding({ [A]: 'ab', [B]: 'c' })),
        read(at(60), holding({ [A]: 'ab', [B]: 'c' })),
      );

      expect(stepsOf(timeline).at(-1)).toBe('c → ab+c, pipeline');
    },
  );

  it.each([undefined, 'AROA2'])(
    'that shows what was made again keeps whoever made it, though the event of the end comes late: %s',
    (uniqueId) => {
      const being = (letters: string, id: string | undefined): Content => {
        const { uniqueId: _, ...content } = holding({ [A]: letters });
        return id === undefined ? content : { ...content, uniqueId: id };
      };
      const anew = being('b', uniqueId);
      const made = edit(at(10), [puts(A, 'b')], {
        life: 'made',
        isWhole: true,
        by: 'emergency',
        ...(uniqueId === undefined ? {} : { uniqueId }),
      });
      const ended = edit(at(10), [], { life: 'ended', isWhole: true });
      const reads = [read(at(10) + 700, anew), read(at(60), anew)];
      const before = being('a', uniqueId && 'AROA1');
      const { steps, writers } = replay(from(before, made, ended, ...reads), OPTIONS);

      expect(told(steps)).toEqual([' → b, emergency']);
      expect(writers.get(A)?.by).toMatchObject([{ actorId: 'emergency' }]);
    },
  );

  it('that shows what had ended keeps whoever wrote it: the end was taken back', () => {
    const written = edit(at(10), [puts(A, 'ab')], { by: 'pipeline' });
    const ended = edit(at(60), [], { life: 'ended', isWhole: true });
    const reads = [50, 120].map((seconds) => read(at(seconds), holding({ [A]: 'ab' })));
    const { writers } = replay(from(holding({ [A]: 'a' }), written, ended, ...reads), OPTIONS);

    expect(writers.get(A)?.by).toMatchObject([{ actorId: 'pipeline' }]);
  });

  it('that misses an edit tells of a text that neither an event nor another read does', () => {
    const other = read(at(20), holding({ [A]: 'ax' }));
    const { steps, live } = replay(from(holding({ [A]: 'a' }), edited, other), OPTIONS);

    expect(told(steps)).toEqual(['a → ax, nobody', 'ax → ab, mallory']);
    expect(live?.isSettled).toBe(false);
  });

  it.each([
    [25, []],
    [45, ['a → ax, nobody']],
  ])(
    'that misses an edit may show what an earlier one did, by half a minute: at %s s %j',
    (seconds, first) => {
      const reads = [read(at(2), holding({ [A]: 'ax' })), read(at(4), holding({ [A]: 'a' }))];
      const edited = edit(at(seconds - 5), [puts(A, 'ab')]);
      const again = read(at(seconds), holding({ [A]: 'ax' }));
      const [, , ...steps] = stepsOf(from(holding({ [A]: 'a' }), ...reads, edited, again));

      expect(steps).toEqual([...first, expect.stringContaining('→ ab, mallory')]);
    },
  );

  it.each([
    ['that may be of before both is not settled', 'boundary:limit', 10, false],
    ['is settled once that is long ago', 'boundary:limit', 60, true],
    ['is settled where the text is its own', B, 10, true],
  ])('that shows what was taken away and put there again, %s', (_, id, seconds, isSettled) => {
    const content = holding({ [A]: 'ab', [id]: 'a' });
    const timeline = from(
      content,
      edit(at(1), [{ part: id, to: 'gone' }]),
      edit(at(5), [puts(id, 'a')]),
      read(at(seconds), content),
    );

    expect(replay(timeline, OPTIONS).live?.isSettled).toBe(isSettled);
  });

  it.each([
    [39, false],
    [40, true],
  ])('that misses an edit is believed once it is old: at %s s %s', (seconds, isSettled) => {
    const timeline = from(holding({ [A]: 'a' }), edited, read(at(seconds), holding({ [A]: 'a' })));

    expect(replay(timeline, OPTIONS).live?.isSettled).toBe(isSettled);
  });

  it.each([0, 1, 2])(
    'is settled where a record hides what it shows, also the one after it: %s more',
    (more) => {
      const times = [12, 14, 16].slice(0, 1 + more);
      const reads = times.map((seconds) => read(at(seconds), holding({ [A]: 'ab' })));
      const hidden = edit(at(10), [{ part: A, to: 'hidden' }]);

      expect(replay(from(holding({ [A]: 'a' }), hidden, ...reads), OPTIONS).live?.isSettled).toBe(true);
    },
  );

  it('shows a boundary that takes the place of any other, and the step that takes it away soon after', () => {
    const put = edit(at(10), [
      { part: 'boundary:*', to: 'gone' },
      { part: 'boundary:p', to: 'hidden' },
    ]);
    const timeline = from(
      holding({ [A]: 'a' }),
      put,
      read(at(12), holding({ [A]: 'a', 'boundary:p': 'b' })),
      edit(at(14), [{ part: 'boundary:*', to: 'gone' }], { by: 'pipeline' }),
      read(at(16), holding({ [A]: 'a' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → b+a, mallory', 'b+a → a, pipeline']);
  });

  it('shows a shared text that bore the name until another did, when the event came', () => {
    const attached = 'attached:p';
    const holds = (...parts: readonly Part[]): Content => ({ ...holding({}), parts });
    const timeline = from(
      holds(),
      edit(at(10), [{ part: attached, to: part(attached, 'b', 'ANPA2') }]),
      read(at(12), holds(part(attached, 'a', 'ANPA1'))),
      edit(at(14), [{ part: attached, to: part(attached, 'b', 'ANPA2') }], { by: 'pipeline' }),
      read(at(16), holds(part(attached, 'b', 'ANPA2'))),
    );

    expect(stepsOf(timeline)).toEqual([' → a, mallory', 'a → b, pipeline']);
  });

  it('does not show the attachment of a text by an older one of that name', () => {
    const attached = 'attached:p';
    const old: Content = { ...holding({}), parts: [part(attached, 'a', 'ANPA1')] };
    const timeline = from(
      old,
      edit(at(10), [{ part: attached, to: part(attached, 'b', 'ANPA2') }]),
      read(at(12), old),
    );

    expect(replay(timeline, OPTIONS).live?.isSettled).toBe(false);
  });

  it('tells of parts that no edit names, though it misses another edit', () => {
    const timeline = from(holding({ [A]: 'a' }), edited, read(at(20), holding({ [A]: 'a', [B]: 'c' })));

    expect(stepsOf(timeline)).toContain('ab → ab+c, nobody');
  });

  it('of the same second stands before an edit unless it shows it', () => {
    const late = edit(at(10), [puts(A, 'ab')]);
    const [shows, misses] = ['ab', 'a'].map((letters) => read(at(10) + 500, holding({ [A]: letters })));

    const ordered = (...entries: readonly Entry[]) => orderEntries({ ...EMPTY, entries }, LAG);
    expect(ordered(late, shows as Entry)).toEqual([late, shows]);
    expect(ordered(late, misses as Entry)).toEqual([misses, late]);
  });
});

describe('an edit that no read ever shows', () => {
  const gone = { part: A, to: 'gone' } as const;
  const unshown = (before: Content, touches: Parameters<typeof edit>[1], live: Content) =>
    replay(from(before, edit(at(10), touches, { by: 'pipeline' }), read(at(60), live)), OPTIONS);

  it.each([
    ['narrowed a text', [puts(A, 'a')]],
    ['took a part away', [gone]],
    ['put a Deny beside', [puts(B, 'A')]],
  ])('and %s makes no step that anything is written on', (_, touches) => {
    const live = holding({ [A]: 'ab' });
    const { steps } = unshown(live, touches, live);

    expect(steps.map(({ by, isRestorable }) => [by.length, isRestorable])).toEqual([
      [1, true],
      [0, false],
    ]);
  });

  it('leaves a text to whoever is known to have written it', () => {
    const live = holding({ [A]: 'ab' });
    const written = [edit(at(10), [puts(A, 'ab')], { by: 'pipeline' }), edit(at(12), [puts(A, 'a')])];

    const { writers } = replay(from(holding({ [A]: 'a' }), ...written, read(at(60), live)), OPTIONS);

    expect(writers.get(A)?.by.map(({ actorId }) => actorId)).toEqual(['pipeline']);
    expect(unshown(live, [puts(A, 'a')], live).writers.get(A)).toBeUndefined();
  });

  it('takes nothing from what somebody else wrote over it since: that is new, whether it happened or not', () => {
    const { steps } = unshown(holding({ [A]: 'a' }), [puts(A, 'ab')], holding({ [A]: 'abc' }));

    expect(told(steps)).toEqual(['a → ab, pipeline', 'ab → a, nobody', 'a → abc, nobody']);
    expect(steps.map(({ isRestorable }) => isRestorable)).toEqual([true, false, true]);
  });

  it('that says the target was deleted makes none either', () => {
    const { uniqueId: _, ...live } = holding({ [A]: 'ab' });
    const ended = edit(at(10), [], { life: 'ended', isWhole: true, by: 'pipeline' });

    const { steps } = replay(from(live, ended, read(at(60), live)), OPTIONS);

    expect(steps.map(({ isRestorable }) => isRestorable)).toEqual([false]);
  });

  it('proves nothing against a read that shows another unique id', () => {
    const { steps } = unshown(holding({ [A]: 'a' }), [puts(A, 'b')], holding({ [A]: 'ab' }, 'AROA2'));

    expect(steps.at(-1)).toMatchObject({ life: 'AROA2', isRestorable: true });
  });
});

describe('a text that somebody writes again as it stands', () => {
  it('stays with whoever wrote it', () => {
    const written = [edit(at(1), [puts(A, 'ab')], { by: 'pipeline' }), edit(at(40), [puts(A, 'ab')])];
    const live = holding({ [A]: 'ab' });
    const timeline = from(holding({ [A]: 'a' }), written[0] as Edit, read(at(20), live), written[1] as Edit);

    const { writers } = replay({ ...timeline, entries: [...timeline.entries, read(at(60), live)] }, OPTIONS);

    expect(writers.get(A)?.by.map(({ actorId }) => actorId)).toEqual(['pipeline', 'mallory']);
  });
});

describe('a limit that somebody sets again and another takes away before anybody looks', () => {
  it('is missed because of the last of them', () => {
    const [P, limit] = ['boundary:p', { part: 'boundary:*', to: 'gone' } as const];
    const timeline = from(
      holding({ [A]: 'a', [P]: 'a' }),
      edit(at(1), [limit], { by: 'emergency' }),
      read(at(40), holding({ [A]: 'a' })),
      edit(at(50), [{ part: P, to: 'hidden' }], { by: 'emergency' }),
      edit(at(52), [limit]),
      read(at(90), holding({ [A]: 'a' })),
    );

    expect(replay(timeline, OPTIONS).writers.get(P)?.by).toMatchObject([{ actorId: 'mallory' }]);
  });
});

describe('edits of one second whose texts the records hide', () => {
  it('are told apart by what is known to be without one of them', () => {
    const timeline = from(
      holding({ [A]: 'a' }),
      edit(at(10), [{ part: A, to: 'hidden', lacks: part(A, 'a').form }]),
      edit(at(10), [{ part: A, to: 'hidden' }], { by: 'guard' }),
      read(at(10.2), holding({ [A]: 'ac' })),
      read(at(10.4), holding({ [A]: 'a' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → ac, mallory', 'ac → a, guard']);
  });
});

describe('two edits of one part in one second', () => {
  const [one, other] = [
    edit(at(10), [puts(A, 'ab')], { id: 'e1' }),
    edit(at(10), [puts(A, 'ac')], { id: 'e2' }),
  ];

  it.each([
    ['ab', 'a → ac, mallory', 'ac → ab, mallory'],
    ['ac', 'a → ab, mallory', 'ab → ac, mallory'],
  ])('are in the order that leaves what a read shows: %s', (letters, first, second) => {
    const timeline = from(holding({ [A]: 'a' }), one, other, read(at(60), holding({ [A]: letters })));

    expect(stepsOf(timeline)).toEqual([first, second]);
  });

  it('are in that order whatever else was done between them', () => {
    const between = edit(at(10), [puts(B, 'd')], { id: 'e1b' });
    const timeline = from(
      holding({ [A]: 'a' }),
      ...[one, between, other],
      read(at(60), holding({ [A]: 'ab', [B]: 'd' })),
    );

    expect(stepsOf(timeline)).toEqual(['a → a+d, mallory', 'a+d → ac+d, mallory', 'ac+d → ab+d, mallory']);
  });

  it('are told apart by where their texts first appear, not by where such a text stood before', () => {
    const back = [
      edit(at(10), [puts(B, 'c')], { id: 'e1' }),
      read(at(10) + 100, holding({ [A]: 'a', [B]: 'c' })),
      edit(at(10), [puts(A, 'ab')], { id: 'e2' }),
      read(at(10) + 200, holding({ [A]: 'ab', [B]: 'c' })),
      edit(at(10), [puts(A, 'a')], { id: 'e0' }),
      read(at(10) + 300, holding({ [A]: 'a', [B]: 'c' })),
    ];

    expect(stepsOf(from(holding({ [A]: 'a' }), ...back))).toEqual([
      'a → a+c, mallory',
      'a+c → ab+c, mallory',
      'ab+c → a+c, mallory',
    ]);
  });

  it('are told apart by the next second’s read where their own shows one of them', () => {
    const shown = read(at(10) + 100, holding({ [A]: 'ac' }));
    const timeline = from(holding({ [A]: 'a' }), one, other, shown, read(at(60), holding({ [A]: 'ab' })));

    expect(stepsOf(timeline)).toEqual(['a → ac, mallory', 'ac → ab, mallory']);
  });

  it.each([
    ['each is seen', ['ab', 'ac', 'ab']],
    ['the first is not seen', ['ac', 'ab']],
  ])('that write one text, with another between, are told apart: %s', (_, seen) => {
    const again = edit(at(10), [puts(A, 'ab')], { id: 'e3', by: 'pipeline' });
    const reads = seen.map((letters, index) => read(at(10) + 100 * (1 + index), holding({ [A]: letters })));

    expect(stepsOf(from(holding({ [A]: 'a' }), again, other, one, ...reads))).toEqual([
      'a → ab, mallory',
      'ab → ac, mallory',
      'ac → ab, pipeline',
    ]);
  });

  it('of which none is seen come before the first that is seen over them', () => {
    const more = edit(at(10), [puts(A, 'acd')], { id: 'e3' });
    const reads = ['ac', 'acd'].map((letters, index) =>
      read(at(10) + 100 * (1 + index), holding({ [A]: letters })),
    );

    expect(stepsOf(from(holding({ [A]: 'a' }), more, other, one, ...reads))).toEqual([
      'a → ab, mallory',
      'ab → ac, mallory',
      'ac → acd, mallory',
    ]);
  });

  it('are in the order of their ids where no read tells', () => {
    expect(orderEntries({ ...EMPTY, entries: [other, one] }, LAG)).toEqual([one, other]);
  });
});

describe('what was there before the first event', () => {
  const live = (letters: string, createdAt?: number) => ({
    ...read(at(60), holding({ [A]: letters, [B]: 'z' })),
    ...(createdAt === undefined ? {} : { createdAt }),
  });
  const letters = ({ content }: ReturnType<typeof guessStart>) => content.parts.map(({ text }) => text);

  it('is without what an event adds', () => {
    expect(letters(guessStart([edit(at(1), [puts(A, 'ab')])], live('ab')))).toEqual(['z']);
  });

  it('is nothing where AWS says that the target was made then', () => {
    const make: Edit = edit(at(1), [], { life: 'made' });

    expect(guessStart([make], live('ab', at(1)))).toMatchObject({
      content: { exists: false },
      isKnown: true,
    });
  });

  it('is what stands where a Create call found the target', () => {
    const make: Edit = edit(at(1), [], { life: 'found-or-made' });

    expect(letters(guessStart([make], live('ab', START - MINUTE)))).toEqual(['ab', 'z']);
  });

  it('holds the most that a limit can have been, where the event takes it away', () => {
    const takes = part('document', 'ABC');
    const lifted = edit(at(1), [{ part: 'document', to: 'gone', takes }]);

    expect(letters(guessStart([lifted], read(at(60), holding({}))))).toEqual(['ABC']);
  });

  it('is looked through by the lists only, and nothing is restored to it', () => {
    const { steps } = replay({ ...EMPTY, entries: [edit(at(1), [puts(A, 'ab')]), live('ab')] }, OPTIONS);

    expect(steps.map(({ basis, isRestorable }) => [basis, isRestorable])).toEqual([
      ['lists', false],
      ['step', false],
    ]);
  });

  it('is nothing where everything was looked through before, and AWS does not say otherwise', () => {
    const since = { horizon: { kind: 'nothing', since: START } } as const;
    const steps = (createdAt?: number) =>
      replay({ ...EMPTY, ...since, entries: [live('a', createdAt)] }, OPTIONS).steps;

    expect(steps()).toMatchObject([{ basis: 'step', before: { parts: [] } }]);
    expect(steps()).toMatchObject([{ isFirstLook: true, isRestorable: true }]);
  });

  it('is nothing of what AWS says is older, and nothing is restored to that', () => {
    const since = { horizon: { kind: 'nothing', since: START } } as const;
    const entries = [live('a', START - MINUTE)];

    expect(replay({ ...EMPTY, ...since, entries }, OPTIONS).steps).toMatchObject([
      { basis: 'step', before: { parts: [] }, isFirstLook: true, isRestorable: false },
    ]);
  });

  it.each([
    ['AIDA1', false],
    ['AGPA1', false],
    ['AROA1', true],
  ])(
    'is nothing of %s, which may bear another name since: restored to it is %s',
    (uniqueId, isRestorable) => {
      const since = { horizon: { kind: 'nothing', since: START } } as const;
      const shown = { ...read(at(60), holding({ [A]: 'a' }, uniqueId)), createdAt: at(1) };

      expect(replay({ ...EMPTY, ...since, entries: [shown] }, OPTIONS).steps).toMatchObject([
        { isRestorable },
      ]);
    },
  );
});

describe('what a timeline keeps', () => {
  const DAY = 24 * 60 * MINUTE;
  const change = edit(at(1), [puts(A, 'ab')], { id: 'known' });
  const long = [change, read(at(60), holding({ [A]: 'ab' })), read(START + 3 * DAY, holding({ [A]: 'ab' }))];
  const kept = { ...from(holding({ [A]: 'a' }), ...long), foldedIds: [] };
  const folded = fold(kept, replay(kept, OPTIONS), START + 3 * DAY);

  it('is the last day, with whoever wrote what stands, and the ids of what went', () => {
    expect(folded.entries).toHaveLength(1);
    expect(folded).toMatchObject({
      horizon: { kind: 'read', read: { content: { parts: [{ text: 'ab' }] } } },
      writers: { [A]: { by: [{ eventId: 'known' }], isShown: true } },
      foldedIds: ['known'],
    });
  });

  it('is what was there, where it is gone: a deletion that is taken back makes nothing new', () => {
    const [live, since] = [holding({ [A]: 'ab' }), START + 3 * DAY];
    const ended = edit(at(1), [], { life: 'ended', isWhole: true });
    const gone = { ...from(live, ended, read(at(60)), read(since)), foldedIds: [] };
    const cut = fold(gone, replay(gone, OPTIONS), since);

    expect(replay({ ...cut, entries: [read(since + DAY, live)] }, OPTIONS).steps).toEqual([]);
    const wider = read(since + DAY, holding({ [A]: 'abc' }));
    expect(stepsOf({ ...cut, entries: [wider] })).toEqual(['ab → abc, nobody']);
    const another = read(since + DAY, holding({ [A]: 'ab' }, 'AROA2'));
    expect(replay({ ...cut, entries: [another] }, OPTIONS).steps).toMatchObject([{ before: { parts: [] } }]);
  });

  it('is the same when an event comes again, also after it was folded away', () => {
    expect(addEdit(kept, change)).toBe(kept);
    expect(addEdit(folded, change)).toBe(folded);
  });

  it('takes an event that is older than all of it for known, and no more', () => {
    const old = edit(START - MINUTE, [puts(A, 'z')], { id: 'old' });

    expect(addEdit(kept, old)).toEqual({ ...kept, foldedIds: ['old'] });
  });

  it('is bounded, in entries and in ids', () => {
    let timeline = { ...from(holding({ [A]: 'a' })), foldedIds: [] as readonly string[] };
    for (let index = 1; index <= 2_000; index++) {
      timeline = addEdit(timeline, edit(at(index), [puts(A, index % 2 === 0 ? 'a' : 'ab')]));
      if (index % 40 === 0) {
        timeline = addRead(timeline, read(at(index), holding({ [A]: 'a' })), LAG);
        timeline = fold(timeline, replay(timeline, OPTIONS), at(index));
      }
    }

    expect(timeline.entries.length).toBeLessThanOrEqual(MAX_ENTRIES);
    expect(timeline.foldedIds).toHaveLength(MAX_FOLDED_IDS);
  });

  it('of a run of equal reads is the first and the last', () => {
    const content = holding({ [A]: 'a' });
    const timeline = [1, 2, 3, 4].reduce(
      (known, minute) => addRead(known, read(START + minute * MINUTE, content), LAG),
      EMPTY,
    );

    expect(timeline.entries.map(({ at: time }) => (time - START) / MINUTE)).toEqual([1, 4]);
  });
});
