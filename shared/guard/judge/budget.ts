/** The time that the checks of one message have together. */

export type Budget = {
  /** Returns what `ask` gives; undefined iff there is no time left, or it does not end in what is left. */
  within<Value>(ask: () => Promise<Value>): Promise<{ readonly value: Value } | undefined>;
};

/** Returns the budget of a function that may still run so long, in milliseconds; by default without an end. */
export function budgetOf(leftMs: () => number = () => Number.POSITIVE_INFINITY): Budget {
  return {
    async within(ask) {
      const left = leftMs();
      if (left === Number.POSITIVE_INFINITY) return { value: await ask() };
      if (left <= 0) return undefined;
      let timer: NodeJS.Timeout | undefined;
      const end = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), left);
      });
      try {
        return await Promise.race([ask().then((value) => ({ value })), end]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
