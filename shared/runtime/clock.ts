/** The machine's clock. */
import type { Clock } from '../guard/clock.ts';

export type { Clock } from '../guard/clock.ts';

/** The time as the machine has it. */
export const systemClock: Clock = { now: () => new Date() };
