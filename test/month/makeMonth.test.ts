import { describe, expect, it } from 'vitest';
import { readRecord } from '../../shared/services/readRecord.ts';
import { MONTH_DAYS, type MonthRecord, makeMonth } from './makeMonth.ts';

const { records, planted } = makeMonth({ seed: 1 });
const changes = records.filter((record) => readRecord(record).kind === 'change');
const byId = new Map(records.map((record) => [record.eventID, record]));

describe('the made month', () => {
  it('is the same for the same seed and another for another', () => {
    expect(makeMonth({ seed: 1 })).toEqual({ records, planted });
    expect(makeMonth({ seed: 2 }).records).not.toEqual(records);
  });

  it('stands in order of time, within its days, each record with an id of its own', () => {
    const times = records.map(({ eventTime }) => Date.parse(eventTime));
    const from = Date.parse('2026-10-01T00:00:00Z');

    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(from);
    expect(times.at(-1)).toBeLessThan(from + MONTH_DAYS * 86_400_000);
    expect(byId.size).toBe(records.length);
  });

  it('holds no record that cannot be read', () => {
    expect(records.filter((record) => readRecord(record).kind === 'malformed')).toEqual([]);
  });

  it('holds 300 to 450 changes, most of them after the account was set up', () => {
    const later = changes.filter(({ eventTime }) => eventTime >= '2026-10-03');

    expect(changes.length).toBeGreaterThanOrEqual(300);
    expect(changes.length).toBeLessThanOrEqual(450);
    expect(later.length).toBeGreaterThan(changes.length / 2);
  });

  it('holds reads and failed calls, which are no changes', () => {
    const reads = records.filter(({ readOnly }) => readOnly === true);
    const failed = records.filter(({ errorCode }) => errorCode !== undefined);

    expect(reads.length).toBeGreaterThan(300);
    expect(failed.length).toBeGreaterThan(50);
    expect(changes.filter((record) => reads.includes(record) || failed.includes(record))).toEqual([]);
  });

  it('makes no role twice', () => {
    const created = changes.filter(({ eventName }) => eventName === 'CreateRole').map(roleOf);

    expect(new Set(created).size).toBe(created.length);
  });
});

describe('the harmful changes', () => {
  it('are eight changes of eight kinds of call', () => {
    const names = planted.map(({ eventId }) => byId.get(eventId)?.eventName);

    expect(names.toSorted()).toEqual([
      'AttachUserPolicy',
      'CreatePolicyVersion',
      'DeleteRolePermissionsBoundary',
      'ModifyDBSnapshotAttribute',
      'PutBucketPolicy',
      'PutKeyPolicy',
      'PutRolePolicy',
      'UpdateAssumeRolePolicy',
    ]);
    expect(planted.every(({ eventId }) => changes.some(({ eventID }) => eventID === eventId))).toBe(true);
  });

  it.each(planted)('$what: changes something that was made before', ({ eventId }) => {
    const record = byId.get(eventId);
    const targets = targetsOf(record);
    const earlier = changes.slice(
      0,
      changes.findIndex(({ eventID }) => eventID === eventId),
    );
    const same = earlier.filter((one) => targetsOf(one).some((target) => targets.includes(target)));

    expect(same.length).toBeGreaterThan(0);
    expect(same.map(({ requestParameters }) => requestParameters)).not.toContainEqual(
      record?.requestParameters,
    );
  });
});

function roleOf({ requestParameters }: MonthRecord): unknown {
  return (requestParameters as { readonly roleName: string }).roleName;
}

function targetsOf(record: MonthRecord | undefined): string[] {
  const reading = readRecord(record);
  return reading.kind === 'change' ? reading.change.targets.map(({ kind, arn }) => `${kind} ${arn}`) : [];
}
