/** Which kinds were looked through whole, and where: whatever appears there later is new. One small note. */
import * as v from 'valibot';
import type { TargetKind, TargetRef } from '../targets/target.ts';
import type { Clock } from './clock.ts';
import type { Place } from './contract.ts';
import type { GuardStore } from './state.ts';
import { swapNote } from './swapNote.ts';
import type { Ms } from './timeline/timeline.ts';

const NOTE = 'scans';

type Scans = { readonly [place: string]: Ms };

const noteSchema: v.GenericSchema<unknown, Scans> = v.record(v.string(), v.number());

/** Returns when every target of the kind in that place had been looked at for the first time; undefined: never yet. */
export async function scannedAt(
  store: GuardStore,
  { kind, accountId, region }: TargetRef,
): Promise<Ms | undefined> {
  const found = await store.readNote(NOTE);
  const parsed = v.safeParse(noteSchema, found?.value ?? {});
  return parsed.success ? parsed.output[keyOf(kind, { accountId, region })] : undefined;
}

/** Notes that every target of the kind in that place has been looked at. */
export async function noteScan(
  { store, clock }: { readonly store: GuardStore; readonly clock: Clock },
  kind: TargetKind,
  place: Place,
): Promise<void> {
  const key = keyOf(kind, place);
  const at = clock.now().getTime();
  await swapNote<Scans, undefined>(store, NOTE, noteSchema, {}, (known) => ({
    next: known[key] === undefined ? { ...known, [key]: at } : known,
    result: undefined,
  }));
}

function keyOf(kind: TargetKind, { accountId, region }: Place): string {
  return `${kind} ${accountId} ${region}`;
}
