/** What the guard remembers of one target: its timeline and its findings. A small object, whole in every write. */
import type { Finding } from '../findings/finding.ts';
import type { Store } from '../store/store.ts';
import type { TargetRef } from '../targets/target.ts';
import type { Kept } from './timeline/fold.ts';
import type { Ms } from './timeline/timeline.ts';

export const STATE_SCHEMA_VERSION = 2;

/** A restore that was begun: the right to write, for a while. While it runs nobody else begins one. */
export type RestoreClaim = {
  /** Drawn anew for each attempt: two attempts never write the same claim. */
  readonly holder: string;
  readonly digest: string;
  readonly findingIds: readonly string[];
  readonly startedAt: Ms;
};

export type TargetState = {
  readonly schemaVersion: typeof STATE_SCHEMA_VERSION;
  readonly target: TargetRef;
  readonly timeline: Kept;
  /** What the first edition knew last. Present iff it wrote the state and the target was not read since. */
  readonly legacy?: { readonly snapshot: string; readonly at: Ms };
  /** ACTIVE and SUPPRESSED. */
  readonly openFindings: readonly Finding[];
  /** The latest, newest last; older ones are in the archive. */
  readonly closedFindings: readonly Finding[];
  /** When a person last approved what stood in each part. */
  readonly approvals: { readonly [part: string]: Ms };
  /** Those that were begun within the last hour, or for open findings, whatever came of them. */
  readonly restores: readonly {
    readonly at: Ms;
    readonly findingIds: readonly string[];
    /** What was said of it when it was planned; absent: an earlier edition began it. */
    readonly says?: string;
    /** The forms of the parts that it was to leave; absent: an earlier edition began it. */
    readonly forms?: string;
    /** Present iff it ended without a call: nothing of it is the doing of the guard. */
    readonly isUnsent?: true;
    /** Present iff it failed, or found nothing to do, and AWS holds what it held before: the breaker does not count it. */
    readonly isUnwritten?: true;
  }[];
  readonly claim?: RestoreClaim;
  /** When a read first showed that it is not there; absent: it is there. */
  readonly goneSince?: Ms;
  /** Since when the configuration has said so. */
  readonly mode: { readonly mode: 'observe' | 'rollback'; readonly since: Ms };
  /** What the target was judged under, the latest last; none: nothing was judged yet. */
  readonly settings: readonly Settings[];
};

/**
 * What was in force from one time on: of the lists and the zone of trust the hash of each question's, and of all; and for
 * how long a target is new.
 */
export type Settings = {
  readonly since: Ms;
  readonly hash: string;
  readonly questions: { readonly [question: string]: string };
  readonly groupingMs: Ms;
};

export type GuardStore = Store<TargetState, Finding>;

/** A claim older than this was left by a crash: no function runs so long. */
const CLAIM_TIMEOUT_MS = 900_000;

/** Returns true iff somebody may be at work on the claim. */
export function isRunning(claim: RestoreClaim | undefined, now: Ms): boolean {
  return claim !== undefined && now - claim.startedAt < CLAIM_TIMEOUT_MS;
}

/** Returns the state of a target of which nothing is known. */
export function emptyState(target: TargetRef): TargetState {
  return {
    schemaVersion: STATE_SCHEMA_VERSION,
    target,
    timeline: { horizon: { kind: 'unknown' }, entries: [], writers: {}, foldedIds: [] },
    openFindings: [],
    closedFindings: [],
    approvals: {},
    restores: [],
    mode: { mode: 'observe', since: 0 },
    settings: [],
  };
}
