/**
 * The edits that records are read as, held against an account in memory in which the same records are done again: what
 * an edit says of a part must be so afterwards, and a part that it does not name must be as it was.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../shared/changes/edit.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { readRecord } from '../../shared/services/readRecord.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import { canonicalDocument } from '../../shared/targets/snapshot.ts';
import type { Snapshot, TargetRef } from '../../shared/targets/target.ts';

type Row = {
  readonly event: string;
  readonly request: object | null;
  readonly response?: object;
  readonly resources?: readonly object[];
  readonly edits: readonly Edit[];
};

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const folder = join(import.meta.dirname, 'events');

const DOCUMENT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"}]}';

const account = createRecordedAccount({ services: RECORDED_SERVICES, managedPolicy: () => DOCUMENT });

/** What AWS holds; undefined where the account in memory does not know the target. */
async function read(target: TargetRef): Promise<{ live: Snapshot; target: TargetRef } | undefined> {
  const adapter = ADAPTERS[target.kind];
  const clients = account.clientsFor(target);
  try {
    const [whole = target] = (await adapter.resolve?.(target, clients)) ?? [];
    return { live: await adapter.read(whole, clients), target: whole };
  } catch {
    return undefined;
  }
}

const covers = (pattern: string, id: string) =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;

/** Returns in what the account differs from what the edit says. */
function contradictions(edit: Edit, before: Snapshot | undefined, after: Snapshot): string[] {
  const textOf = ({ parts }: Snapshot, id: string) =>
    canonicalDocument(parts.find((part) => part.id === id)?.document);
  const wrong: string[] = [];
  if (edit.life === 'ended') return after.exists && after.parts.length > 0 ? ['is still there'] : [];
  const last = new Map(edit.touches.map((touch) => [touch.part, touch]));
  for (const { part, to } of last.values()) {
    const there = after.parts.filter(({ id }) => covers(part, id));
    const others = there.filter(({ id }) => id === part || !last.has(id));
    if (to === 'gone' && others.length > 0) wrong.push(`${part} is not gone`);
    if (typeof to !== 'object') continue;
    if (there.length === 0) wrong.push(`${part} is not there`);
    else if ('document' in to && textOf(after, part) !== canonicalDocument(to.document))
      wrong.push(`${part} is ${textOf(after, part)}, not ${to.document}`);
  }
  const ids = [...(before?.parts ?? []), ...after.parts].map(({ id }) => id);
  for (const id of new Set(ids)) {
    if (
      edit.touches.some(
        ({ part, to }) => covers(part, id) || (typeof to === 'object' && id.startsWith(`${part}/`)),
      )
    )
      continue;
    const isThere = after.parts.some((part) => part.id === id);
    if (edit.isWhole && isThere && before?.parts.some((part) => part.id === id) !== true)
      wrong.push(`${id} is there and not named`);
    // An account that a trail has not shown yet says that the target is not there.
    if (edit.isWhole || before?.exists !== true || edit.life !== 'kept') continue;
    if (textOf(before, id) !== textOf(after, id)) wrong.push(`${id} changed and is not named`);
  }
  return wrong;
}

const FILES = readdirSync(folder);

describe('the edit of a record', () => {
  it.each(FILES)('is what an account in memory shows: %s', async (file) => {
    const wrong: string[] = [];
    let compared = 0;
    const rows = readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    // What is deleted is deleted last: others touch it before.
    const isEnd = ({ edits }: Row) => edits.some(({ life }) => life === 'ended');
    const inOrder = [...rows.filter((row) => !isEnd(row)), ...rows.filter(isEnd)];
    for (const [index, { event, request, response = null, resources = null }] of inOrder.entries()) {
      const record = {
        eventVersion: '1.11',
        eventID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        eventSource: file.replace(/\.jsonl$/, '.amazonaws.com'),
        eventName: event,
        eventTime: '2026-10-05T09:00:00Z',
        awsRegion: REGION,
        recipientAccountId: ACCOUNT,
        requestParameters: request,
        responseElements: response,
        resources,
        userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: ACCOUNT },
      };
      const reading = readRecord(record);
      if (reading.kind !== 'change') throw new Error(`${file}:${index + 1} is not read as a change`);
      const { targets, edits } = reading.change;
      const before = await Promise.all(targets.map(read));
      account.applyRecord(record);
      for (const [at, target] of targets.entries()) {
        const after = await read(target);
        const edit = edits[at];
        if (after === undefined || edit === undefined) continue;
        compared++;
        wrong.push(
          ...contradictions(edit, before[at]?.live, after.live).map(
            (text) => `${file}:${index + 1} ${event}: ${text}`,
          ),
        );
      }
    }

    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });
});
