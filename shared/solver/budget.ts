/** Bounds on work, in steps and in time. Every loop of a decider that can grow spends from one. */

/** The work or the time allowed was used up. `message` names the limit. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
}

/** What a check, a message, or one question of it may still spend. */
export type Budget = {
  /** Spends steps of search. Throws `LimitReached` when steps or time have run out, here or in a budget it is part of. */
  spend(steps?: number): void;
  /** Milliseconds that are left, also of the budgets it is part of; 0 when steps have run out. */
  remainingMs(): number;
  /** Steps that are left, also of the budgets it is part of. */
  remainingSteps(): number;
  /** Returns the limit that was met, here or in a budget it is part of; undefined while something is left. */
  whySpent(): string | undefined;
  /** Milliseconds it was given, for words. */
  readonly timeoutMs: number;
};

/** How often the clock is read, and the whole budget told, in steps. */
const STRIDE = 256;

/**
 * Returns a budget of so many steps and milliseconds from now. What it spends is spent from `whole` too: one for all
 * questions of a check, one for all checks of a message.
 */
export function createBudget(
  { steps, timeoutMs }: { readonly steps: number; readonly timeoutMs: number },
  whole?: Budget,
): Budget {
  const end = performance.now() + timeoutMs;
  const manySteps = `more than ${steps} steps of search`;
  const longTime = `more than ${timeoutMs} ms`;
  let left = steps;
  let untold = 0;
  return {
    timeoutMs,
    spend(count = 1) {
      left -= count;
      if (left < 0) throw new LimitReached(manySteps);
      untold += count;
      if (untold < STRIDE) return;
      whole?.spend(untold);
      untold = 0;
      if (performance.now() > end) throw new LimitReached(longTime);
    },
    remainingMs() {
      const mine = left < 0 ? 0 : Math.max(0, end - performance.now());
      return Math.min(mine, whole?.remainingMs() ?? mine);
    },
    remainingSteps() {
      const mine = Math.max(0, left);
      return Math.min(mine, whole?.remainingSteps() ?? mine);
    },
    whySpent() {
      if (left < 0) return manySteps;
      return performance.now() > end ? longTime : whole?.whySpent();
    },
  };
}
