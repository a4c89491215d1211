/** What the guard remembers of one target: a small object, whole in every write. */
import type { Finding } from '../findings/finding.ts';
import type { Store } from '../store/store.ts';
import type { TargetRef } from '../targets/target.ts';

export const STATE_SCHEMA_VERSION = 1;

/** A content that a target held, kept in the store as the JSON of its whole snapshot. */
export type KeptVersion = {
  readonly contentHash: string;
  /** Hash of the document that holds the snapshot. */
  readonly snapshotHash: string;
  /** ISO 8601: when the guard read it. */
  readonly at: string;
};

export type AcceptedVersion = KeptVersion & {
  /** `guard` for what passed, else the person. */
  readonly by: string;
  readonly why: string;
};

export type ToleratedVersion = KeptVersion & {
  /** ARN of the role. */
  readonly by: string;
  /** The role's event shows the whole content: nobody else had a hand in it. */
  readonly isSole?: true;
  /** What stood before it for the sake of its maker, and stands again should this one's excuse end. Bounded. */
  readonly under?: ToleratedVersion;
};

/** A rollback that was begun. While it is here nobody else begins one. */
export type RollbackClaim = {
  /** Drawn anew for each attempt: two attempts never write the same claim. */
  readonly holder: string;
  readonly findingId: string;
  /** What the finding was about. */
  readonly offendingHash: string;
  /** What AWS must hold for the restore to write: the offending content, or what a partial restore left. */
  readonly expectedHash: string;
  /** Hash of the document that holds the snapshot of `expectedHash`. */
  readonly expectedSnapshotHash: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly attempts: number;
  /** `partial`: nobody is at work; it may be taken up again at once. */
  readonly kind: 'running' | 'partial';
};

export type TargetState = {
  readonly schemaVersion: typeof STATE_SCHEMA_VERSION;
  readonly target: TargetRef;
  readonly uniqueId?: string;
  /** ISO 8601: when the thing was made, as far as known. */
  readonly createdAt?: string;
  /** Absent: nothing was accepted yet, or the thing is gone. */
  readonly accepted?: AcceptedVersion;
  /** The versions that were accepted before, newest last; bounded. A late event is judged against the one of its time. */
  readonly acceptedBefore: readonly AcceptedVersion[];
  /** What a deployer or an emergency role made of it, and nobody accepted: it stands, and rollbacks go back to it. */
  readonly tolerated?: ToleratedVersion;
  /** What it held when last read. Absent: the thing was not there. */
  readonly observed?: KeptVersion;
  /** The thing was deleted; `accepted` comes back into force should the same thing (by unique id) reappear. */
  readonly gone?: { readonly at: string; readonly accepted?: AcceptedVersion };
  /** ACTIVE and SUPPRESSED. */
  readonly openFindings: readonly Finding[];
  /** The latest, newest last; older ones are in the archive. */
  readonly closedFindings: readonly Finding[];
  /** Begun within the last hour. */
  readonly rollbacks: readonly { readonly at: string; readonly findingId: string }[];
  readonly claim?: RollbackClaim;
};

export type GuardStore = Store<TargetState, Finding>;

/** A claim older than this was left by a crash: no function runs so long. */
export const CLAIM_TIMEOUT_MS = 900_000;

/** Returns true iff somebody may be at work on the claim at `now` (ISO 8601). */
export function isRunning({ kind, startedAt }: RollbackClaim, now: string): boolean {
  return kind === 'running' && Date.parse(now) - Date.parse(startedAt) < CLAIM_TIMEOUT_MS;
}

/**
 * Returns true iff what was done at `made` was undone before `until`, both in milliseconds: a rollback that succeeded
 * began between them. Known of the last hour.
 */
export function wasUndone(
  { rollbacks, closedFindings }: Pick<TargetState, 'rollbacks' | 'closedFindings'>,
  made: number,
  until: number,
): boolean {
  const done = new Set(closedFindings.flatMap(({ id, status }) => (status === 'ROLLED_BACK' ? [id] : [])));
  return rollbacks.some(
    ({ at, findingId }) => done.has(findingId) && made <= Date.parse(at) && Date.parse(at) < until,
  );
}

/** Returns where both versions of a finding are kept: the one it was judged against, if that is this one, and what was judged. */
export function versionsOf(
  accepted: AcceptedVersion | undefined,
  acceptedHash: string,
  live: string,
): NonNullable<Finding['versions']> {
  const isKept = accepted !== undefined && accepted.contentHash === acceptedHash;
  return isKept ? { accepted: accepted.snapshotHash, live } : { live };
}

/** Returns what a rollback puts back; undefined iff no version was accepted. */
export function versionBefore({
  accepted,
  tolerated,
}: Pick<TargetState, 'accepted' | 'tolerated'>): KeptVersion | undefined {
  return accepted && (tolerated ?? accepted);
}

/** Returns what `versionBefore` gives as it is said to people. */
export function nameVersionBefore({
  tolerated,
}: {
  readonly tolerated?: ToleratedVersion | undefined;
}): string {
  return tolerated === undefined ? 'the accepted version' : `the version that \`${tolerated.by}\` left`;
}

/** Accepted versions that are remembered for late events. */
const MAX_ACCEPTED_BEFORE = 10;

/** Returns the state with another accepted version, remembering the one before. Nothing is merely tolerated then. */
export function accept({ tolerated: _, ...state }: TargetState, accepted: AcceptedVersion): TargetState {
  const before = state.accepted === undefined ? [] : [state.accepted];
  return {
    ...state,
    accepted,
    acceptedBefore: [...state.acceptedBefore, ...before].slice(-MAX_ACCEPTED_BEFORE),
  };
}
