/**
 * Virtual time. Everything that takes time in a simulation is an event with a due time; one happens after the other,
 * and whatever its happening sets free runs until it waits for another. So a seed decides every interleaving.
 */

/** The one real turn of the event loop that lets every promise that can go on go on. Kept before timers are replaced. */
const realImmediate = setImmediate;

export type Scheduler = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Has `act` happen `delay` milliseconds from now, after what is due before or was planned earlier for then. */
  after(delay: number, act: () => void | Promise<void>): void;
  /** Lets everything happen that is due by then; the time is `time` afterwards. */
  runUntil(time: number): Promise<void>;
  /** Returns when the next event is due, or undefined iff there is none. */
  nextDue(): number | undefined;
  /** How many events have happened. */
  happened(): number;
  /** Somebody is at work from now on: nothing else happens before they wait, or have ended. */
  resume(): void;
  /** Somebody who was at work waits for an event, or has ended. */
  suspend(): void;
};

type Planned = { readonly due: number; readonly order: number; readonly act: () => void | Promise<void> };

/** Returns a scheduler that begins at `start`. */
export function createScheduler(start: number): Scheduler {
  const planned: Planned[] = [];
  let now = start;
  let order = 0;
  let happened = 0;
  let working = 0;
  /** Lets everybody work until they wait. What they load on the way takes turns of its own. */
  const settle = async () => {
    let turns = 0;
    do {
      await turn();
      if (++turns > MAX_TURNS) throw new Error('somebody waits for what is no event of the simulation');
    } while (working > 0);
  };
  return {
    now: () => now,
    after(delay, act) {
      const event = { due: now + Math.ceil(delay), order: order++, act };
      let place = planned.length;
      // Kept with the next one last: few are waiting at a time.
      for (; place > 0; place--) {
        const other = planned[place - 1];
        if (other !== undefined && isBefore(event, other)) break;
      }
      planned.splice(place, 0, event);
    },
    async runUntil(time) {
      await settle();
      for (;;) {
        const next = planned.at(-1);
        if (next === undefined || next.due > time) break;
        planned.pop();
        now = Math.max(now, next.due);
        happened++;
        await next.act();
        await settle();
      }
      now = Math.max(now, time);
    },
    nextDue: () => planned.at(-1)?.due,
    happened: () => happened,
    resume() {
      working++;
    },
    suspend() {
      working--;
    },
  };
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

const MAX_TURNS = 1_000_000;

function turn(): Promise<void> {
  return new Promise((resolve) => realImmediate(() => resolve()));
}

/** Runs `work` with the process's timers on the scheduler's time. */
export async function withVirtualTimers<Value>(
  scheduler: Scheduler,
  work: () => Promise<Value>,
): Promise<Value> {
  const real = globalThis.setTimeout;
  const virtual = (act: () => void, delay = 0) => {
    scheduler.suspend();
    scheduler.after(delay, () => {
      scheduler.resume();
      act();
    });
    return 0;
  };
  globalThis.setTimeout = virtual as unknown as typeof setTimeout; // Nothing in a simulation cancels a timer.
  try {
    return await work();
  } finally {
    globalThis.setTimeout = real;
  }
}
