/** The machine's clock. */
import type { Clock } from '../guard/contract.ts';

export type { Clock } from '../guard/contract.ts';

/** The time as the machine has it. */
export const systemClock: Clock = { now: () => new Date() };
