import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import {
  BURST_MS,
  type Burst,
  HOLD_MS,
  joinBursts,
  likeOf,
  MAX_GROUP,
  settle,
  takeDue,
} from '../../../shared/guard/burst.ts';
import { aFinding, bucket } from '../findings/aFinding.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');
const at = (milliseconds: number) => new Date(START + milliseconds).toISOString();
const ids = (findings: readonly { readonly id: string }[]) => findings.map(({ id }) => Number(id));

/** The n-th finding of one deployer's afternoon. */
const nth = (n: number, more: Partial<Finding> = {}) =>
  aFinding({ id: String(n).padStart(32, '0'), severity: 'MEDIUM', ...more });
const upTo = (count: number) => Array.from({ length: count }, (_, index) => nth(index));
const JOINING = {
  publisher: 'sns',
  now: at(0),
  waits: () => undefined,
  quietly: () => ({ like: 'digest', dueAt: at(86_400_000) }),
};
const join = (bursts: readonly Burst[], findings: readonly Finding[], now = at(0)) =>
  joinBursts(bursts, { ...JOINING, findings, now });

describe('joinBursts', () => {
  it('tells the first of a run by itself and holds the others', () => {
    const { alone, held } = join([], upTo(4));

    expect(ids(alone)).toEqual([0]);
    expect(ids(held)).toEqual([1, 2, 3]);
  });

  it('gives the same finding again the same answer, and counts it once', () => {
    const first = join([], upTo(4));
    const again = join(first.bursts, upTo(4), at(1_000));

    expect(again).toEqual(first);
  });

  it('takes what no event led to for alike: a first look may find hundreds', () => {
    const { change: _, ...found } = aFinding();
    const findings = upTo(4).map(({ id }) => ({ ...found, id }));

    expect(ids(join([], findings).held)).toEqual([1, 2, 3]);
    expect(likeOf(aFinding())).not.toBe(likeOf(found));
  });

  it('counts sessions, accounts and publishers apart', () => {
    const change = aFinding().change;
    if (change === undefined) throw new Error('the sample has a change');
    const others = [
      nth(90, { change: { ...change, sessionName: 'another' } }),
      nth(91, { change: { ...change, actorId: 'AROAANOTHER' } }),
      nth(92, { target: { ...bucket, accountId: '444455556666' } }),
    ];
    const { bursts } = join([], upTo(1));

    expect(ids(join(bursts, others).alone)).toEqual([90, 91, 92]);
    expect(ids(join(bursts, [nth(93, { check: 'no-new-access' })]).held)).toEqual([93]);
    expect(joinBursts(bursts, { ...JOINING, publisher: 'chat', findings: [nth(94)] }).alone).toHaveLength(1);
  });

  it('tells a graver finding of a run by itself, and then holds what is no graver', () => {
    const { bursts } = join([], [nth(0, { severity: 'LOW' })]);

    const { alone, held } = join(bursts, [
      nth(1, { severity: 'LOW' }),
      nth(2, { severity: 'MEDIUM' }),
      nth(3, { severity: 'MEDIUM' }),
      nth(4, { severity: 'LOW' }),
    ]);

    expect(ids(alone)).toEqual([2]);
    expect(ids(held)).toEqual([1, 3, 4]);
  });

  it('leaves to a digest what IAM Identity Center carries out where the permission set was told', () => {
    const role = { ...bucket, kind: 'iam-principal', arn: 'arn:aws:iam::1:role/AWSReservedSSO_Dev' } as const;
    const change = { ...aFinding().change, invokedBy: 'sso.amazonaws.com' } as NonNullable<Finding['change']>;
    const set = nth(0, {
      severity: 'HIGH',
      target: { ...bucket, kind: 'permission-set', arn: 'arn:aws:sso:::permissionSet/a/b' },
    });
    const carriedOut = nth(1, { target: role, change, severity: 'HIGH' });
    const { bursts } = join([], [set]);

    const joined = join(bursts, [carriedOut]);

    expect(joined.alone).toEqual([]);
    expect(joined.bursts.find(({ held }) => held.length > 0)?.like).toBe('digest');
    expect(ids(join([], [carriedOut]).alone)).toEqual([1]);
    expect(ids(join(bursts, [nth(2, { target: role, change, severity: 'CRITICAL' })]).alone)).toEqual([2]);
  });

  it('makes two messages of what one step made possible at several holders: the first, and the others', () => {
    const holders = Array.from({ length: 4 }, (_, n) => nth(n, { severity: 'HIGH' }));

    const { alone, held } = join([], holders);

    expect([ids(alone), ids(held)]).toEqual([[0], [1, 2, 3]]);
  });

  it('tells at once what is CRITICAL after what was HIGH', () => {
    const { bursts } = join([], [nth(0, { severity: 'HIGH' })]);

    expect(ids(join(bursts, [nth(1, { severity: 'CRITICAL' })]).alone)).toEqual([1]);
  });

  it('holds nothing that is about the guard, and nothing grave that the guard wrote', () => {
    const { bursts } = join([], [nth(0, { severity: 'CRITICAL' })]);
    const urgent = [
      nth(1, { result: 'NOTICE', severity: 'HIGH' }),
      nth(2, { status: 'ROLLED_BACK', severity: 'HIGH' }),
      nth(3, { severity: 'HIGH', action: { kind: 'declined', why: 'somebody else changed it', at: at(0) } }),
    ];

    expect(join(bursts, urgent).held).toEqual([]);
  });

  it('tells one by one again once it has become quiet', () => {
    const { bursts } = join([], upTo(1));

    expect(ids(join(bursts, [nth(9)], at(BURST_MS - 1)).held)).toEqual([9]);
    expect(ids(join(bursts, [nth(9)], at(BURST_MS)).alone)).toEqual([9]);
  });

  it('knows nothing of a burst that is over', () => {
    const { bursts } = join([], upTo(1));

    expect(join(bursts, [], at(BURST_MS)).bursts).toEqual([]);
  });
});

describe('takeDue', () => {
  it('gives a group after its time, to one taker, and again when nobody settled it', () => {
    const { bursts } = join([], upTo(3));
    const first = takeDue(bursts, 'sns', at(HOLD_MS));

    expect(takeDue(bursts, 'sns', at(HOLD_MS - 1)).due).toEqual([]);
    expect(first.due.flatMap(({ held }) => held.map(({ findingId }) => Number(findingId)))).toEqual([1, 2]);
    expect(takeDue(first.bursts, 'sns', at(HOLD_MS + 1)).due).toEqual([]);
    expect(takeDue(first.bursts, 'sns', at(2 * HOLD_MS)).due).toHaveLength(1);
    expect(takeDue(bursts, 'chat', at(HOLD_MS)).due).toEqual([]);
  });

  it('gives a full group at once', () => {
    const full = join([], upTo(1 + MAX_GROUP));

    expect(full.isDue).toBe(true);
    expect(takeDue(full.bursts, 'sns', at(0)).due[0]?.held).toHaveLength(MAX_GROUP);
    expect(join([], upTo(MAX_GROUP)).isDue).toBe(false);
  });
});

describe('settle', () => {
  it('forgets what was told and keeps what was held meanwhile', () => {
    const { bursts } = join([], upTo(2));
    const { due, bursts: taken } = takeDue(bursts, 'sns', at(HOLD_MS));
    const { bursts: grown } = join(taken, [nth(9)], at(HOLD_MS));
    const settled = due.reduce((rest: readonly Burst[], told) => settle(rest, told, at(HOLD_MS)), grown);

    expect(settled[0]?.held.map(({ findingId }) => Number(findingId))).toEqual([9]);
    expect(settled[0]?.dueAt).toBe(at(2 * HOLD_MS));
  });
});

it('over any history each finding is told, and no more messages are sent than the rate allows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 120 }), (gaps) => {
      let bursts: readonly Burst[] = [];
      let now = 0;
      const told = new Set<number>();
      const single: number[] = [];
      const flush = () => {
        const taken = takeDue(bursts, 'sns', at(now));
        bursts = taken.bursts;
        for (const burst of taken.due) {
          for (const { findingId } of burst.held) told.add(Number(findingId));
          bursts = settle(bursts, burst, at(now));
        }
      };
      for (const [index, gap] of gaps.entries()) {
        now += gap;
        const { alone, bursts: next } = join(bursts, [nth(index)], at(now));
        bursts = next;
        for (const id of ids(alone)) {
          told.add(id);
          single.push(now);
        }
        flush();
      }
      now += 2 * HOLD_MS;
      flush();

      expect(told.size).toBe(gaps.length);
      for (const time of single)
        expect(single.filter((other) => other >= time && other < time + BURST_MS).length).toBe(1);
      expect(bursts.every(({ held }) => held.length === 0)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
