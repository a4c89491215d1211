/**
 * What the guard remembers, and the one way to change it. Documents are immutable and found by their hash; per target
 * there is one small state object, changed by compare-and-swap only. A store knows nothing of policies or findings:
 * what a state looks like is told by a codec.
 */
import type { TargetKind, TargetRef } from '../targets/target.ts';

/** A value and the mark of the write that made it: what compare-and-swap compares. */
export type Versioned<Value> = { readonly value: Value; readonly version: string };

/** `lost`: somebody else wrote in between; read again and decide again. */
export type WriteOutcome = { readonly kind: 'written'; readonly version: string } | { readonly kind: 'lost' };

/** One page. `cursor` is absent on the last one. */
export type Page<Value> = { readonly values: readonly Value[]; readonly cursor?: string };

export type PageRequest = {
  /** From the page before; absent for the first. */
  readonly cursor?: string;
  /** At most so many values; a page may hold fewer and still not be the last. */
  readonly limit?: number;
};

/** What a store of states must know of a state. */
export type StateShape = { readonly target: TargetRef };

/** Turns JSON values into states and records. Throws with one sentence when the value is none. */
export type Codec<Value> = { read(value: unknown): Value };

export type Store<State extends StateShape, Entry extends { readonly id: string }> = {
  /** Keeps a text and returns its SHA-256 in hex. Keeping the same text again changes nothing. */
  putDocument(text: string): Promise<string>;
  /** Returns the text whose SHA-256 is `hash`. Throws `DOCUMENT_MISSING`, or `DOCUMENT_CORRUPT` when the text has another hash. */
  getDocument(hash: string): Promise<string>;
  /** Returns the state of a target, or undefined iff none was ever written. Throws `STATE_UNREADABLE`, which names the key. */
  readState(place: StatePlace): Promise<Versioned<State> | undefined>;
  /** Writes iff the state still has version `expected`; undefined: iff there is none yet. */
  writeState(state: State, expected: string | undefined): Promise<WriteOutcome>;
  /**
   * Lists the states of one kind, in a fixed order. A state written meanwhile may be missed or shown. One that cannot be
   * read stands under `unreadable` and keeps no other from being listed.
   */
  listStates(kind: TargetKind, request?: PageRequest): Promise<StatePage<State>>;
  /** Keeps where the finding with this id lives. Keeping it again changes nothing. */
  putPointer(id: string, place: StatePlace): Promise<void>;
  /** Returns where the finding lives, or undefined iff the id was never seen. */
  getPointer(id: string): Promise<StatePlace | undefined>;
  /** Keeps a closed record outside its state. The last one kept under an id wins. */
  putArchived(entry: Entry): Promise<void>;
  /** Returns the closed record, or undefined iff none was kept under the id. */
  getArchived(id: string): Promise<Entry | undefined>;
  /** Keeps an answer under a key that holds all it depends on. The last one kept wins. */
  putVerdict(key: string, verdict: unknown): Promise<void>;
  /** Returns the answer, or undefined iff none was kept. A JSON value. */
  getVerdict(key: string): Promise<unknown>;
  /** Returns what was noted under a name, or undefined iff nothing ever was. A JSON value that the reader checks. */
  readNote(name: string): Promise<Versioned<unknown> | undefined>;
  /** Notes a JSON value iff what is there still has version `expected`; undefined: iff nothing is. */
  writeNote(name: string, note: unknown, expected: string | undefined): Promise<WriteOutcome>;
};

/** A page of states. */
type StatePage<State> = Page<Versioned<State>> & {
  /** `STATE_UNREADABLE`, each naming its key. */
  readonly unreadable: readonly StoreFault[];
};

/** What a state is found by. */
export type StatePlace = { readonly kind: TargetKind; readonly arn: string };

type StoreFaultCode = 'DOCUMENT_MISSING' | 'DOCUMENT_CORRUPT' | 'STATE_UNREADABLE' | 'STORE_UNAVAILABLE';

/** The store did not answer, or answered what cannot be. Never to be read as "there is no state". */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  readonly code: StoreFaultCode;
  constructor(code: StoreFaultCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
