/** Changing a note by compare-and-swap: read, work out, write; on a lost race again. */
import * as v from 'valibot';
import type { Versioned } from '../store/store.ts';
import type { GuardStore } from './state.ts';

/** Races lost in a row before it is a fault: then something else is wrong. */
const MAX_RACES = 25;

/**
 * Returns the result of the first `work` whose note was written, or needed no writing. A note of another shape counts as
 * `empty` and is written anew: whatever matters stands in states as well. `read`: the note as it was read last, which
 * spares one reading.
 */
export async function swapNote<Note, Result>(
  store: GuardStore,
  name: string,
  schema: v.GenericSchema<unknown, Note>,
  empty: Note,
  work: (note: Note) => { readonly next: Note; readonly result: Result },
  read?: { readonly known: Versioned<unknown> | undefined },
): Promise<Result> {
  for (let race = 0; race < MAX_RACES; race++) {
    const found = race === 0 && read !== undefined ? read.known : await store.readNote(name);
    const parsed = v.safeParse(schema, found?.value ?? empty);
    const note = parsed.success ? parsed.output : empty;
    const { next, result } = work(note);
    if (parsed.success && JSON.stringify(next) === JSON.stringify(note)) return result;
    const outcome = await store.writeNote(name, next, found?.version);
    if (outcome.kind === 'written') return result;
  }
  throw new Error(`the note \`${name}\` was changed by others ${MAX_RACES} times in a row; try again`);
}
