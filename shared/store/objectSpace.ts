/**
 * Keys and texts: the little that a medium (memory, a folder, a bucket) must be able to do for a store to stand on it.
 * Keys hold `/` between safe segments, see `objectKey.ts`.
 */
import type { Page, PageRequest, Versioned, WriteOutcome } from './store.ts';

export type ObjectSpace = {
  /** Returns the text, or undefined iff nothing was put under the key. */
  get(key: string): Promise<string | undefined>;
  /** Puts a text that its key already tells: what is there stays. Whole or not at all, whatever crashes. */
  keep(key: string, text: string): Promise<void>;
  /** Puts the text; the last one wins. Whole or not at all. */
  put(key: string, text: string): Promise<void>;
  /** Returns the text last swapped in, with its version, or undefined iff there is none. Such keys are not for `get`. */
  read(key: string): Promise<Versioned<string> | undefined>;
  /** Swaps the text in iff the key still has version `expected`; undefined: iff there is none. Whole or not at all. */
  swap(key: string, text: string, expected: string | undefined): Promise<WriteOutcome>;
  /** Lists the swapped keys under a prefix that ends in `/`, in a fixed order. */
  list(prefix: string, request: PageRequest): Promise<Page<string>>;
};

/** Values on a page when the caller names no limit. */
export const DEFAULT_PAGE_LIMIT = 100;
