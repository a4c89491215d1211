/**
 * Records through the guard, one after the other, in an account that is what the trail shows. The same guard as in
 * AWS: only the neighbours differ. Rollbacks are carried out in that account; what they write comes back as records.
 */
import * as v from 'valibot';
import type { Finding } from '../../shared/findings/finding.ts';
import type { Guard, Place, RecordOutcome, RollbackRequest } from '../../shared/guard/contract.ts';
import { iamRegionOf } from '../../shared/policy/arn.ts';
import type { Told } from './people.ts';
import type { OnProblem, TrailRecord } from './readTrailFile.ts';

/** An account in memory. */
type ReplayAccount = {
  /** Does what the record says was done. */
  applyRecord(record: unknown): void;
  /** Returns the records of what was written since the last call, in order. */
  takeWrites(): readonly unknown[];
};

export type ReplayDependencies = {
  readonly account: ReplayAccount;
  readonly guard: Pick<Guard, 'handleRecord' | 'rollback' | 'publishHeld' | 'sweep'>;
  /** Told the time of each record before anything else. */
  readonly setTime: (milliseconds: number) => void;
  /** Carry out the rollbacks that the guard asks for. */
  readonly rollback: boolean;
  /**
   * When the guard is deployed, in milliseconds since 1970: records before it only show what was there, and then it
   * looks at everything. Absent: it was there from the start, and nothing before it.
   */
  readonly from?: number | undefined;
  /** A record that is none. */
  readonly onBadRecord: OnProblem;
  /** A record at which the guard failed. */
  readonly onFault: (place: TrailRecord['place'], error: unknown) => void;
};

export type ReplayCounts = {
  records: number;
  /** Milliseconds since 1970. */
  firstTime: number | undefined;
  lastTime: number | undefined;
  /** Changes of policies. */
  changes: number;
  /** Targets that were looked at because of them. */
  examined: number;
  failedCalls: number;
  otherEvents: number;
  badRecords: number;
  faults: number;
  rollbacks: { [kind in 'done' | 'declined' | 'partial' | 'notNeeded']: number };
  /** `iam.amazonaws.com CreatePolicy` to how often. */
  readonly notCovered: Map<string, number>;
  /** Finding id to the finding as it was told last. */
  readonly findings: Map<string, Finding>;
  /** What people would have been told, in order. */
  readonly told: Told[];
};

/** Returns counts of nothing. */
export function emptyCounts(): ReplayCounts {
  return {
    records: 0,
    firstTime: undefined,
    lastTime: undefined,
    changes: 0,
    examined: 0,
    failedCalls: 0,
    otherEvents: 0,
    badRecords: 0,
    faults: 0,
    rollbacks: { done: 0, declined: 0, partial: 0, notNeeded: 0 },
    notCovered: new Map(),
    findings: new Map(),
    told: [],
  };
}

/** A partial restore is taken up again so often. */
const MAX_ATTEMPTS = 3;

/** Replays the records into `counts`. What goes wrong with one record is told, and the rest goes on. */
export async function runReplay(
  records: AsyncIterable<TrailRecord>,
  counts: ReplayCounts,
  dependencies: ReplayDependencies,
): Promise<void> {
  const { account, guard, setTime, onFault } = dependencies;
  const pass = hourly(dependencies);
  const places = new Map<string, Place>();
  let isDeployed = dependencies.from === undefined;
  for await (const { time, value, place } of records) {
    counts.records++;
    counts.firstTime ??= time;
    counts.lastTime = time;
    if (dependencies.from !== undefined && time < dependencies.from) {
      account.applyRecord(value);
      account.takeWrites();
      notePlace(value, places);
      continue;
    }
    if (!isDeployed && dependencies.from !== undefined) {
      isDeployed = true;
      await pass(dependencies.from);
      setTime(dependencies.from);
      await firstLook(places, dependencies);
    }
    await pass(time);
    setTime(time);
    try {
      account.applyRecord(value);
      // What the trail did is not what we wrote.
      account.takeWrites();
      const outcome = await guard.handleRecord(value);
      count(outcome, counts);
      if (outcome.kind === 'malformed') {
        counts.badRecords++;
        const path = place.path === undefined ? outcome.path : place.path + outcome.path.slice(1);
        dependencies.onBadRecord({ ...place, path, message: outcome.message });
      }
      if (dependencies.rollback) await rollBack(outcome, counts, dependencies);
    } catch (error) {
      counts.faults++;
      onFault(place, error);
    }
  }
  if (counts.lastTime !== undefined) await pass(counts.lastTime + HOLD_HOURS * HOUR_MS);
}

/** What the guard does when it is deployed: it looks at everything. */
async function firstLook(
  places: ReadonlyMap<string, Place>,
  { guard, onFault }: ReplayDependencies,
): Promise<void> {
  for (const at of places.values()) {
    const { faults } = await guard.sweep(at);
    for (const { place, fault } of faults) onFault({ source: place }, fault);
  }
}

/** Where the records were made; what is global is looked at in its own Region. */
function notePlace(value: unknown, places: Map<string, Place>): void {
  const record = v.safeParse(placedRecord, value);
  if (!record.success) return;
  const { awsRegion, recipientAccountId, userIdentity } = record.output;
  const accountId = recipientAccountId ?? userIdentity?.accountId;
  if (accountId === undefined) return;
  for (const region of new Set([iamRegionOf(awsRegion), awsRegion]))
    places.set(`${accountId} ${region}`, { accountId, region });
}

const placedRecord = v.object({
  awsRegion: v.string(),
  recipientAccountId: v.optional(v.string()),
  userIdentity: v.optional(v.object({ accountId: v.optional(v.string()) })),
});

const HOUR_MS = 3_600_000;
/** Nothing is held longer than a day. */
const HOLD_HOURS = 48;

/**
 * Returns a function that lets the trail's time pass: the guard publishes digests by the clock, so those that fall due
 * before the next record are published at their hour.
 */
function hourly({ guard, setTime }: Pick<ReplayDependencies, 'guard' | 'setTime'>) {
  let last: number | undefined;
  return async (until: number): Promise<void> => {
    last ??= until;
    for (let hours = 0; last + HOUR_MS <= until && hours < HOLD_HOURS; hours++) {
      last += HOUR_MS;
      setTime(last);
      await guard.publishHeld();
    }
    if (last + HOUR_MS <= until) last = until;
  };
}

function count(outcome: RecordOutcome, counts: ReplayCounts): void {
  switch (outcome.kind) {
    case 'examined':
      counts.changes++;
      counts.examined += outcome.targets.length;
      return;
    case 'ignored':
      if (outcome.cause === 'failed-call') counts.failedCalls++;
      else counts.otherEvents++;
      return;
    case 'not-covered': {
      const name = `${outcome.eventSource} ${outcome.eventName}`;
      counts.notCovered.set(name, (counts.notCovered.get(name) ?? 0) + 1);
      return;
    }
    case 'malformed':
      return;
  }
}

async function rollBack(
  outcome: RecordOutcome,
  counts: ReplayCounts,
  dependencies: ReplayDependencies,
): Promise<void> {
  if (outcome.kind !== 'examined') return;
  for (const { rollback } of outcome.targets) {
    if (rollback === undefined) continue;
    counts.rollbacks[await restore(rollback, dependencies)]++;
    // The guard hears of its own writes as of anybody's, and must find nothing to do.
    for (const write of dependencies.account.takeWrites()) await dependencies.guard.handleRecord(write);
  }
}

async function restore(
  request: RollbackRequest,
  { guard }: ReplayDependencies,
): Promise<keyof ReplayCounts['rollbacks']> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const outcome = await guard.rollback(request);
    switch (outcome.kind) {
      case 'rolled-back':
        return 'done';
      case 'declined':
        return 'declined';
      case 'not-needed':
      case 'changed-since':
        return 'notNeeded';
      case 'partial':
      case 'busy':
        break;
    }
  }
  return 'partial';
}
