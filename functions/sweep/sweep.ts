/**
 * One turn of looking at every target: begins when the last look is old enough or there was none, goes on where the
 * turn before stopped, stops in time. So the first turn after the stack was made takes the first snapshot, no turn is
 * ever too long, and nothing has to call itself.
 */
import * as v from 'valibot';
import type {
  Guard,
  RollbackRequest,
  SweepCursor,
  SweepRequest,
  TargetList,
} from '../../shared/guard/contract.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { targetKindSchema, targetRefSchema } from '../../shared/store/targetSchema.ts';
import type { Lease } from './lease.ts';

/** Where the look stands; kept between turns. Times are ISO 8601. */
export type SweepProgress = {
  readonly startedAt: string;
  /** Present iff it was stopped and goes on. */
  readonly cursor?: SweepCursor;
  /** Present iff it is done. */
  readonly finishedAt?: string;
  readonly examined: number;
  readonly findings: number;
  /** What could not be looked at. */
  readonly faults: number;
  /** The first of them, for who looks at the deployment; the log has them all. */
  readonly firstFault?: string;
};

/** What is kept, as it is read back. */
export const sweepProgressSchema: v.GenericSchema<unknown, SweepProgress> = v.strictObject({
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  cursor: v.exactOptional(
    v.strictObject({
      kind: targetKindSchema,
      phase: v.picklist(['listed', 'remembered']),
      after: v.string(),
    }),
  ),
  finishedAt: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
  examined: v.number(),
  findings: v.number(),
  faults: v.number(),
  firstFault: v.exactOptional(v.string()),
});

const placeSchema = v.strictObject({ accountId: v.string(), region: v.string() });

/** The list in which the look was stopped, as it is read back. */
export const targetListSchema: v.GenericSchema<unknown, TargetList> = v.strictObject({
  kind: targetKindSchema,
  at: v.number(),
  listed: v.array(targetRefSchema),
  places: v.array(placeSchema),
  left: v.exactOptional(v.array(placeSchema)),
});

/** Returns the key under which a Region's look is kept in the bucket of versions. */
export function sweepProgressKey({ accountId, region }: SweepDependencies['place']): string {
  return `sweep/${accountId}/${region}.json`;
}

/** Returns the key of the list in which a Region's look was stopped. */
export function targetListKey({ accountId, region }: SweepDependencies['place']): string {
  return `sweep/${accountId}/${region}-list.json`;
}

export type SweepDependencies = {
  readonly guard: Pick<Guard, 'sweep'>;
  readonly progress: {
    /** Undefined: there was no look yet, or what was kept cannot be read; then it begins anew. */
    read(): Promise<SweepProgress | undefined>;
    write(progress: SweepProgress): Promise<void>;
  };
  /** Undefined: there is none, or what was kept cannot be read; then the turn lists anew. */
  readonly lists: NonNullable<SweepRequest['lists']>;
  /** One turn at a time, however many instances the function has. */
  readonly lease: Lease;
  readonly place: { readonly accountId: string; readonly region: string };
  readonly requestRollback: (request: RollbackRequest) => Promise<unknown>;
  readonly clock: { now(): Date };
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly logger: Logger;
};

/** A look is begun this long after the one before was begun. */
const INTERVAL_MS = 24 * 3_600_000;
/** A turn stops when this much of the function's time is left: the target at hand may take a while. */
const RESERVE_MS = 60_000;
/** Between two targets, so that the account's own calls are not throttled: ten targets a second at most. */
const PACE_MS = 100;

/** `isAsked`: somebody wants a look now, however young the last one is. */
type Turn = { readonly isAsked?: boolean };

/**
 * Returns the turn. `remainingMs` tells how long the function may still run. Undefined is returned iff another turn is at
 * work and nothing was kept yet. Throws when the store does not answer.
 */
export function createSweep(dependencies: SweepDependencies) {
  const { lease, progress, logger } = dependencies;
  return async (remainingMs: () => number, turn: Turn = {}): Promise<SweepProgress | undefined> => {
    if (!(await lease.take(remainingMs()))) {
      logger.info('sweep', { turn: 'another one is at work' });
      return progress.read();
    }
    try {
      return await takeTurn(remainingMs, turn, dependencies);
    } finally {
      await lease.giveBack();
    }
  };
}

async function takeTurn(
  remainingMs: () => number,
  { isAsked = false }: Turn,
  { guard, progress, lists, place, requestRollback, clock, wait, logger }: SweepDependencies,
): Promise<SweepProgress> {
  const before = await progress.read();
  const now = clock.now();
  const isYoung = before !== undefined && now.getTime() - Date.parse(before.startedAt) < INTERVAL_MS;
  if (before?.finishedAt !== undefined && isYoung && !isAsked) {
    logger.info('sweep', { turn: 'not due', ...before });
    return before;
  }
  const begun = before?.finishedAt === undefined ? before : undefined;
  const outcome = await guard.sweep({
    ...place,
    ...(begun?.cursor === undefined ? {} : { cursor: begun.cursor }),
    shouldStop: () => remainingMs() < RESERVE_MS,
    pause: () => wait(PACE_MS),
    lists,
  });
  for (const request of outcome.rollbacks) await requestRollback(request);
  for (const { place: where, fault } of outcome.faults)
    logger.error('a target could not be looked at', { where, error: String(fault) });
  const [first] = outcome.faults;
  const firstFault = begun?.firstFault ?? (first && `${first.place}: ${first.fault}`);
  const after: SweepProgress = {
    startedAt: begun?.startedAt ?? now.toISOString(),
    ...(outcome.cursor === undefined
      ? { finishedAt: clock.now().toISOString() }
      : { cursor: outcome.cursor }),
    examined: (begun?.examined ?? 0) + outcome.examined,
    findings: (begun?.findings ?? 0) + outcome.findings,
    faults: (begun?.faults ?? 0) + outcome.faults.length,
    ...(firstFault === undefined ? {} : { firstFault }),
  };
  await progress.write(after);
  logger.info('sweep', { turn: outcome.cursor === undefined ? 'done' : 'stopped', ...after });
  return after;
}
