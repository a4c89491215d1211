/** Bounds on the work of one question. Every loop that can grow spends from it. */

/** The work or the time allowed was used up. `message` names the limit. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
}

export type Budget = {
  /** Spends one step of search. Throws `LimitReached` when steps or time have run out. */
  spend(steps?: number): void;
};

/** Returns a budget of so many steps and milliseconds from now. */
export function createBudget(limits: { readonly steps: number; readonly timeoutMs: number }): Budget {
  const end = performance.now() + limits.timeoutMs;
  let left = limits.steps;
  let untilClock = 0;
  return {
    spend(steps = 1) {
      left -= steps;
      if (left < 0) throw new LimitReached(`more than ${limits.steps} steps of search`);
      // Reading the clock costs more than a step does.
      untilClock -= steps;
      if (untilClock > 0) return;
      untilClock = 256;
      if (performance.now() > end) throw new LimitReached(`more than ${limits.timeoutMs} ms`);
    },
  };
}
