/** Which kinds were looked through whole, and where: whatever appears there later is new. One small note. */
import * as v from 'valibot';
import type { TargetKind, TargetRef } from '../targets/target.ts';
import type { Place, TargetList } from './contract.ts';
import { type Note, readNote, swapNote } from './note.ts';
import type { GuardStore } from './state.ts';
import type { Ms } from './timeline/timeline.ts';

const NOTE: Note<{ readonly [place: string]: Ms }> = {
  name: 'scans',
  schema: v.record(v.string(), v.number()),
  empty: {},
};

/** Returns when the targets were listed that the first whole look at the kind in that place was at; undefined: there was none yet. */
export async function scannedAt(
  store: GuardStore,
  { kind, accountId, region }: TargetRef,
): Promise<Ms | undefined> {
  return (await readNote(store, NOTE)).value[keyOf(kind, { accountId, region })];
}

/** Notes that every target of the kind that was in that place at the time has been looked at. */
export async function noteScan(
  store: GuardStore,
  { kind, at }: Pick<TargetList, 'kind' | 'at'>,
  place: Place,
): Promise<void> {
  const key = keyOf(kind, place);
  await swapNote(store, NOTE, (known) => ({
    next: known[key] === undefined ? { ...known, [key]: at } : known,
    result: undefined,
  }));
}

function keyOf(kind: TargetKind, { accountId, region }: Place): string {
  return `${kind} ${accountId} ${region}`;
}
