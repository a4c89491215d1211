/** Time, as something that is passed in: replay and tests bring their own. */

export type Clock = { now(): Date };

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };
