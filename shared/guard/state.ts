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

/** A rollback that was begun. While it is here nobody else begins one. */
export type RollbackClaim = {
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
