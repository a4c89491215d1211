/** Ratchet as a library. */
export {};
