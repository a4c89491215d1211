import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import { joinBursts } from '../../../shared/guard/burst.ts';
import { formOf, quietly, waitsFor } from '../../../shared/guard/triage.ts';
import { madeFinding } from '../cli/finding.ts';

const CONFIG = { interruptFrom: 'HIGH', digestHour: 6, deployers: ['arn:aws:iam::*:role/ci*'] } as const;
const NOW = '2026-03-02T10:00:00.000Z';

const change = (actorArn: string): NonNullable<Finding['change']> => ({
  eventId: 'e',
  eventName: 'PutRolePolicy',
  eventSource: 'iam.amazonaws.com',
  eventTime: '2026-03-02T09:59:00Z',
  actorArn,
  actorId: 'AROA',
  sessionName: 'run-7',
});

const action = (kind: Finding['action']['kind']): Finding['action'] => ({ kind, why: 'why', at: NOW });

describe('who is interrupted', () => {
  const rows: readonly [string, Partial<Finding>, boolean][] = [
    ['a HIGH finding', { severity: 'HIGH' }, true],
    ['a CRITICAL finding', { severity: 'CRITICAL' }, true],
    ['a MEDIUM finding', { severity: 'MEDIUM' }, false],
    ['an INFO finding', { severity: 'INFO' }, false],
    ['a HIGH finding of a deployer', { severity: 'HIGH', change: change('arn:aws:iam::1:role/ci') }, true],
    [
      'a LOW finding that was restored',
      { severity: 'LOW', status: 'ROLLED_BACK', action: action('done') },
      true,
    ],
    ['a LOW finding whose restore was declined', { severity: 'LOW', action: action('declined') }, true],
    ['a LOW finding whose restore is planned', { severity: 'LOW', action: action('planned') }, false],
    ['a call that touched the guard', { severity: 'LOW', result: 'NOTICE', check: 'guard-touched' }, true],
    [
      'a CRITICAL finding that was over before it was told',
      { severity: 'CRITICAL', status: 'RESOLVED' },
      true,
    ],
    ['a HIGH finding that an exception covers', { severity: 'HIGH', status: 'SUPPRESSED' }, false],
    ['a HIGH finding that others tell', { severity: 'HIGH', status: 'SUPERSEDED' }, false],
  ];
  for (const [what, changes, interrupts] of rows) {
    it(`${interrupts ? 'interrupts for' : 'keeps for a digest'} ${what}`, () => {
      expect(waitsFor(madeFinding(changes), { told: 0, now: NOW }, CONFIG) === undefined).toBe(interrupts);
    });
  }

  it.each<[string, Partial<Finding>, boolean]>([
    ['its end', { status: 'RESOLVED', revision: 2 }, false],
    ['its approval', { status: 'APPROVED', revision: 2 }, false],
    ['that a part of it is gone', { revision: 3, newsRevision: 1 }, false],
    ['that it is graver than it was', { severity: 'CRITICAL', revision: 2, newsRevision: 2 }, true],
    ['that it is granted again', { revision: 4, newsRevision: 4 }, true],
    ['that the guard removed it', { status: 'ROLLED_BACK', revision: 2, newsRevision: 2 }, true],
  ])('after a HIGH finding was told, %s: %o interrupts is %s', (_, changes, interrupts) => {
    const finding = madeFinding({ severity: 'HIGH', ...changes });

    expect(waitsFor(finding, { told: 1, now: NOW }, CONFIG) === undefined).toBe(interrupts);
  });

  it('tells what a first look finds in one message, some minutes later', () => {
    const { change: _, ...seen } = madeFinding({ severity: 'CRITICAL', acceptedHash: '' });
    const step = { life: '1', parts: [], at: NOW, isGuess: true } as const;

    const waiting = waitsFor({ ...seen, step }, { told: 0, now: NOW }, CONFIG);

    expect(waiting?.dueAt).toBe('2026-03-02T10:10:00.000Z');
    expect(formOf(waiting?.like ?? '')).toBe('burst');
  });

  it('interrupts from the grade that the configuration names', () => {
    const finding = madeFinding({ severity: 'MEDIUM' });

    expect(waitsFor(finding, { told: 0, now: NOW }, { ...CONFIG, interruptFrom: 'MEDIUM' })).toBeUndefined();
  });
});

describe('what waits', () => {
  const low = madeFinding({ severity: 'LOW' });

  it('waits for the next time it is the hour of the digest', () => {
    expect(waitsFor(low, { told: 0, now: NOW }, CONFIG)?.dueAt).toBe('2026-03-03T06:00:00.000Z');
    expect(waitsFor(low, { told: 0, now: '2026-03-02T05:59:59.000Z' }, CONFIG)?.dueAt).toBe(
      '2026-03-02T06:00:00.000Z',
    );
  });

  it('waits for the end of the run where a deployer did it', () => {
    const waiting = waitsFor(
      { ...low, change: change('arn:aws:iam::1:role/ci') },
      { told: 0, now: NOW },
      CONFIG,
    );

    expect(waiting?.dueAt).toBe('2026-03-02T10:30:00.000Z');
    expect(formOf(waiting?.like ?? '')).toBe('deployment');
  });

  it('joins one digest, however many there are, and none is published by itself', () => {
    const findings = Array.from({ length: 60 }, (_, index) =>
      madeFinding({ severity: 'LOW', id: String(index).padStart(32, '0') }),
    );

    const joining = joinBursts([], {
      publisher: 'sns',
      findings,
      now: NOW,
      waits: (finding) => waitsFor(finding, { told: 0, now: NOW }, CONFIG),
      quietly: (finding) => quietly(finding, NOW, CONFIG),
    });

    expect(joining).toMatchObject({ alone: [], isDue: false });
    expect(joining.bursts.map(({ held, dueAt }) => [held.length, dueAt])).toEqual([
      [60, '2026-03-03T06:00:00.000Z'],
    ]);
  });
});
