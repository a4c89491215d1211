/** Notes: small objects beside the states, each changed by compare-and-swap. */
import * as v from 'valibot';
import type { GuardStore } from './state.ts';

export type Note<Value> = {
  readonly name: string;
  readonly schema: v.GenericSchema<unknown, Value>;
  /** What it says where there is none, or one of another shape: whatever matters stands in states as well. */
  readonly empty: Value;
};

/** A note as it was read. */
type NoteRead<Value> = {
  readonly value: Value;
  readonly version: string | undefined;
  /** False: it is of another shape, and is written anew. */
  readonly isSound: boolean;
};

/** Races lost in a row before it is a fault: then something else is wrong. */
const MAX_RACES = 25;

/** Returns what the note says. */
export async function readNote<Value>(
  store: GuardStore,
  { name, schema, empty }: Note<Value>,
): Promise<NoteRead<Value>> {
  const found = await store.readNote(name);
  const parsed = v.safeParse(schema, found?.value ?? empty);
  const value = parsed.success ? parsed.output : empty;
  return { value, version: found?.version, isSound: parsed.success };
}

/**
 * Returns the result of the first `work` whose note was written, or needed no writing: on a lost race it is read and
 * worked out again. `known`: the note as it was read last, which spares one reading.
 */
export async function swapNote<Value, Result>(
  store: GuardStore,
  note: Note<Value>,
  work: (value: Value) => { readonly next: Value; readonly result: Result },
  known?: NoteRead<Value>,
): Promise<Result> {
  for (let race = 0; race < MAX_RACES; race++) {
    const found = race === 0 && known !== undefined ? known : await readNote(store, note);
    const { next, result } = work(found.value);
    if (found.isSound && JSON.stringify(next) === JSON.stringify(found.value)) return result;
    const outcome = await store.writeNote(note.name, next, found.version);
    if (outcome.kind === 'written') return result;
  }
  throw new Error(`the note \`${note.name}\` was changed by others ${MAX_RACES} times in a row; try again`);
}
