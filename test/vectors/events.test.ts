/**
 * Made records, a file a service, a line each: what the event's name and fields must be read as. `targets` are kind and
 * ARN; `edits` what the call did to the parts of each, as far as the record shows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../shared/changes/edit.ts';
import { namesEvent } from '../../shared/changes/eventRow.ts';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { readRecord } from '../../shared/services/readRecord.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';

const ACCOUNT = '111122223333';

type Row = {
  readonly event: string;
  readonly request: object | null;
  readonly response?: object;
  readonly resources?: readonly object[];
  readonly targets: readonly (readonly [kind: string, arn: string])[];
  readonly edits: readonly Edit[];
};

const folder = join(import.meta.dirname, 'events');

const records = readdirSync(folder).flatMap((file) => {
  const source = `${file.replace(/\.jsonl$/, '')}.amazonaws.com`;
  const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  return lines.map((line, index) => ({
    source,
    row: JSON.parse(line) as Row,
    name: `${file}:${index + 1}`,
  }));
});

describe('a record', () => {
  it.each(records)('$name, $row.event, is read as what it changes', ({ source, row }) => {
    const reading = readRecord({
      eventVersion: '1.11',
      eventID: '00000000-0000-4000-8000-000000000001',
      eventSource: source,
      eventName: row.event,
      eventTime: '2026-10-05T09:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: ACCOUNT,
      requestParameters: row.request,
      responseElements: row.response ?? null,
      resources: row.resources ?? null,
      userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: ACCOUNT },
    });

    const change = reading.kind === 'change' ? reading.change : undefined;
    expect(change?.targets.map(({ kind, arn }) => [kind, arn])).toEqual(row.targets);
    expect(change?.edits).toEqual(row.edits);
  });
});

describe('each row of the event table', () => {
  const rows = EVENT_TABLE.map(({ source, name, kind }) => [source, name, kind] as const);

  it.each(rows)('%s %s has a record that reaches %s', (source, name, kind) => {
    const reached = records
      .filter((one) => one.source === source && namesEvent(name, one.row.event))
      .flatMap(({ row }) => row.targets.map(([target]) => target));

    expect(reached).toContain(kind);
  });

  it.each(rows)('%s %s is done again in a recorded account', (source, name) => {
    const eventName = name.replace(/\*$/, '');
    const known = Object.values(RECORDED_SERVICES).filter(
      (service) =>
        service?.source === source &&
        Object.hasOwn(service.operations, service.toOperation?.(eventName) ?? eventName),
    );

    expect(known).toHaveLength(1);
  });

  it.each(rows)('%s %s says how it is restored', (source, name, kind) => {
    const row = EVENT_TABLE.find((one) => one.source === source && one.name === name && one.kind === kind);

    expect(row?.restore).toMatch(/^([A-Z]|not restored|only reported)/);
  });
});
