/** The state of a target before anything is judged: a new one, or rid of what belongs to another object. Pure. */
import type { Change } from '../changes/change.ts';
import { isFact } from '../findings/finding.ts';
import type { Snapshot, TargetRef } from '../targets/target.ts';
import { close, ledgerOf } from './ledger.ts';
import { isRunning, STATE_SCHEMA_VERSION, type TargetState } from './state.ts';

/** Longer ago does not count for the breaker. */
const HOUR_MS = 3_600_000;

type Reading = {
  readonly state: TargetState | undefined;
  readonly live: Snapshot;
  readonly change: Change | undefined;
  /** ISO 8601. */
  readonly now: string;
};

/**
 * Returns the state to go on with. A thing that is not there any more has no accepted version in force; when the same
 * one (by unique id) is there again, its version is in force again; another one under the name starts anew.
 */
export function prepareState({ state, live, change, now }: Reading): TargetState {
  const createdAt =
    live.createdAt ?? state?.createdAt ?? (change?.creates ? change.event.eventTime : undefined);
  const identity = {
    ...(live.uniqueId === undefined ? {} : { uniqueId: live.uniqueId }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
  if (state === undefined) return { ...emptyState(live.target), ...identity };
  const recent = state.rollbacks.filter(({ at }) => Date.parse(now) - Date.parse(at) < HOUR_MS);
  const current = { ...state, rollbacks: recent };
  if (!live.exists) return bury(current, now);
  if (isSameObject(state, { live, change, now })) {
    const { gone, ...rest } = current;
    return { ...rest, ...identity, ...(gone?.accepted === undefined ? {} : { accepted: gone.accepted }) };
  }
  return { ...startAnew(current, live, now), ...identityOfNew(live, change) };
}

function bury(state: TargetState, now: string): TargetState {
  if (state.gone !== undefined) return state;
  const { accepted, observed: _observed, claim: _claim, ...rest } = state;
  return { ...rest, gone: { at: now, ...(accepted === undefined ? {} : { accepted }) } };
}

/**
 * Returns true iff what is there now is the object that the state is of. Unique ids tell where there are any; of things
 * without one, what was gone is another, and so is what bears the name of one whose deletion was recorded since.
 * The creation date of a bucket is no such id: S3 API Reference, "Bucket": it changes with the bucket's policy.
 */
export function isSameObject(
  { uniqueId, gone, accepted, observed, claim }: TargetState,
  { live, change, now }: Omit<Reading, 'state'>,
): boolean {
  if (uniqueId !== undefined && live.uniqueId !== undefined) return uniqueId === live.uniqueId;
  if (gone !== undefined) return false;
  const known = accepted?.at ?? observed?.at;
  if (change?.deletes !== true || known === undefined) return true;
  // Whoever restores it has it for now; the event comes again.
  if (claim !== undefined && isRunning(claim, now)) return true;
  return Date.parse(change.event.eventTime) <= Date.parse(known);
}

function startAnew(state: TargetState, live: Snapshot, now: string): TargetState {
  const why = 'the target was deleted and another one made under its name';
  const { open, closed } = close(
    ledgerOf(state),
    ({ check }) => (isFact(check) ? undefined : { status: 'RESOLVED', why }),
    now,
  );
  // Making a thing again must not be a way to have it rolled back without end.
  const { rollbacks } = state;
  return { ...emptyState(live.target), rollbacks, openFindings: open, closedFindings: closed };
}

/** What is known of the former object's making says nothing of this one's. */
function identityOfNew({ uniqueId, createdAt }: Snapshot, change: Change | undefined) {
  const made = createdAt ?? (change?.creates ? change.event.eventTime : undefined);
  return {
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(made === undefined ? {} : { createdAt: made }),
  };
}

/** Returns the state of a target of which nothing is known. */
export function emptyState(target: TargetRef): TargetState {
  const none = { openFindings: [], closedFindings: [], acceptedBefore: [], rollbacks: [] };
  return { schemaVersion: STATE_SCHEMA_VERSION, target, ...none };
}
