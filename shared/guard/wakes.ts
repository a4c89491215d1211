/** Targets to look at again at a certain time, since time alone changes what is done about them. One small note. */
import * as v from 'valibot';
import { targetRefSchema } from '../store/targetSchema.ts';
import type { TargetRef } from '../targets/target.ts';
import { type Note, swapNote } from './note.ts';
import type { GuardStore } from './state.ts';
import type { Ms } from './timeline/timeline.ts';

/** What does not find room is looked at by the next sweep. */
const MAX_WAKES = 1_000;

type Wake = { readonly target: TargetRef; readonly at: Ms };

const NOTE: Note<readonly Wake[]> = {
  name: 'wakes',
  schema: v.array(v.strictObject({ target: targetRefSchema, at: v.number() })),
  empty: [],
};

/** Notes when the target is to be looked at again; the earliest time counts. */
export async function noteWake(store: GuardStore, target: TargetRef, at: Ms): Promise<void> {
  await swapNote(store, NOTE, (wakes) => {
    const known = wakes.find((wake) => isSame(wake.target, target));
    if (known !== undefined && known.at <= at) return { next: wakes, result: undefined };
    const others = wakes.filter((wake) => wake !== known);
    return { next: others.length >= MAX_WAKES ? others : [...others, { target, at }], result: undefined };
  });
}

/** Returns the targets whose time has come, and forgets them. */
export async function takeWakes(store: GuardStore, now: Ms): Promise<readonly TargetRef[]> {
  return swapNote(store, NOTE, (wakes) => {
    const due = wakes.filter(({ at }) => at <= now);
    return { next: wakes.filter((wake) => !due.includes(wake)), result: due.map(({ target }) => target) };
  });
}

function isSame(one: TargetRef, other: TargetRef): boolean {
  return one.kind === other.kind && one.arn === other.arn;
}
