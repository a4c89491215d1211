/** The right to look at every target, kept in the store: a turn of the schedule that finds another at work leaves it alone. */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Clock } from '../../shared/guard/contract.ts';
import { type Note, swapNote } from '../../shared/guard/note.ts';
import type { GuardStore } from '../../shared/guard/state.ts';

export type Lease = {
  /** Returns true iff nobody else has it; then it is the caller's for so many milliseconds, or until it is given back. */
  take(forMs: number): Promise<boolean>;
  /** Gives back what this caller took, if it still has it. */
  giveBack(): Promise<void>;
};

type Held = { readonly holder: string /** Milliseconds since 1970. */; readonly until: number };

const NOBODY: Held = { holder: '', until: 0 };
const heldSchema: v.GenericSchema<unknown, Held> = v.strictObject({ holder: v.string(), until: v.number() });

/** Returns the lease of a place. One that its holder never gave back ends by itself. */
export function createLease(
  store: GuardStore,
  { accountId, region }: { readonly accountId: string; readonly region: string },
  clock: Clock,
): Lease {
  const note: Note<Held> = { name: `sweep-${accountId}-${region}`, schema: heldSchema, empty: NOBODY };
  const holder = randomUUID();
  return {
    take: (forMs) =>
      swapNote(store, note, (held) => {
        const now = clock.now().getTime();
        const isFree = held.until <= now || held.holder === holder;
        return { next: isFree ? { holder, until: now + forMs } : held, result: isFree };
      }),
    giveBack: () =>
      swapNote(store, note, (held) => ({
        next: held.holder === holder ? NOBODY : held,
        result: undefined,
      })),
  };
}
