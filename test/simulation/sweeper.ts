/** The function that looks at every target, in turns of its schedule: one at a time, each with an end. */
import type { createSweep, SweepProgress } from '../../functions/sweep/sweep.ts';
import type { Guard, RollbackRequest, TargetList } from '../../shared/guard/contract.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { PLACE, TARGETS } from './changes.ts';
import { type Cloud, createSandbox, type Sandbox } from './cloud.ts';
import type { Scheduler } from './scheduler.ts';

const TIMEOUT_MS = 900_000;
const TICK_MS = 900_000;
/** What a turn keeps for its last target. */
const RESERVE_MS = 60_000;

/** Nothing of another kind is ever made: a bucket comes with an ACL and a block. */
const KINDS = [
  ...new Set([...TARGETS.map(({ kind }) => kind), 'bucket-acl', 'bucket-public-access-block'] as const),
];

export type SweeperParts = {
  readonly createSweep: typeof createSweep;
  readonly scheduler: Scheduler;
  readonly cloud: Cloud;
  readonly dice: () => number;
  readonly guardOf: (sandbox: Sandbox) => Guard;
  readonly requestRollback: (sandbox: Sandbox, request: RollbackRequest) => Promise<unknown>;
};

/** Returns what makes the next tick begin a look; ticks that find nothing due are left out. */
export function createSweeper(parts: SweeperParts): () => void {
  const { createSweep, scheduler, cloud, dice, guardOf, requestRollback } = parts;
  let kept: SweepProgress | undefined;
  let list: TargetList | undefined;
  let turns = 0;
  let isAtWork = false;
  const turn = () => {
    if (isAtWork) return;
    isAtWork = true;
    const sandbox = createSandbox(`sweep-${++turns}`);
    // Now and then most of the time was used up by what a large account needs.
    const budget = dice() < 0.3 ? RESERVE_MS + dice() * 3_000 : TIMEOUT_MS;
    const end = scheduler.now() + budget;
    const over = () => {
      if (!isAtWork) return;
      isAtWork = false;
      if (kept?.finishedAt === undefined) scheduler.after(TICK_MS, turn);
    };
    sandbox.onDeath = over;
    scheduler.after(TIMEOUT_MS, () => {
      if (turns === Number(sandbox.name.slice('sweep-'.length))) cloud.kill(sandbox);
    });
    const sweep = createSweep({
      guard: { sweep: (request) => guardOf(sandbox).sweep({ ...request, kinds: KINDS }) },
      progress: {
        read: () => cloud.call(sandbox, 'store', async () => kept),
        write: (progress) =>
          cloud.call(sandbox, 'store', async () => {
            kept = progress;
          }),
      },
      // The turns of the schedule are one after the other here.
      lease: { take: async () => true, giveBack: async () => undefined },
      lists: {
        read: () => cloud.call(sandbox, 'store', async () => list),
        write: (next) =>
          cloud.call(sandbox, 'store', async () => {
            list = next;
          }),
      },
      place: PLACE,
      requestRollback: (request) => requestRollback(sandbox, request),
      clock: { now: () => new Date(scheduler.now()) },
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      logger: silentLogger,
    });
    scheduler.resume();
    void sweep(() => end - scheduler.now()).then(
      () => {
        scheduler.suspend();
        over();
      },
      () => {
        scheduler.suspend();
        cloud.kill(sandbox);
      },
    );
  };
  return () => {
    // A look that is not finished goes on; after one that is, a day has gone by.
    if (kept?.finishedAt !== undefined) kept = undefined;
    turn();
  };
}
