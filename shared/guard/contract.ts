/**
 * What the guard is asked and what it answers: the types that its use cases share. Types alone, so that no use case
 * needs another's file for them.
 */
import type { Change, RecordReading } from '../changes/change.ts';
import type { Engine } from '../checks/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingPublisher } from '../findings/publisher.ts';
import type { Adapters, ClientsFor, RestoreCall, TargetKind, TargetRef } from '../targets/target.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import type { GuardStore } from './state.ts';

/** The four questions the guard asks. */
export type GuardEngine = Pick<
  Engine,
  'checkNoNewAccess' | 'checkAccessNotGranted' | 'checkNoPublicAccess' | 'checkNoExternalAccess'
>;

export type GuardDependencies = {
  readonly store: GuardStore;
  readonly adapters: Adapters;
  readonly clientsFor: ClientsFor;
  readonly engine: GuardEngine;
  readonly config: Config;
  readonly publishers: readonly FindingPublisher[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique ids (`AROA…`) of the guard's own roles: what they do never leads to a rollback. */
  readonly ownActorIds: readonly string[];
  /** Absent: CloudTrail records, bare or in an EventBridge envelope. */
  readonly readRecord?: (record: unknown) => RecordReading;
  /** Waits between reads just after a write, which may still show the old content. Absent: no waiting. */
  readonly wait?: (milliseconds: number) => Promise<void>;
};

/** Asks for a rollback. A plain JSON value: it travels through a queue. */
export type RollbackRequest = {
  readonly target: TargetRef;
  readonly findingId: string;
  /** Content hash of what is to be undone: nothing is written when AWS holds something else by then. */
  readonly offendingHash: string;
  /** Content hash of what is to be put back: the accepted version, or what an exempt role left since. */
  readonly acceptedHash: string;
};

export type ExamineOutcome = {
  readonly target: TargetRef;
  /**
   * `settled`: what AWS holds is the accepted version. `gone`: the thing is not there. `held`: a restore of it is at
   * work, so nothing was judged; an event that led here is to be handled again later.
   */
  readonly kind: 'settled' | 'accepted' | 'findings' | 'gone' | 'held';
  /** The findings that were opened, changed or closed, as they are now. */
  readonly findings: readonly Finding[];
  /** Stored but not published: some publisher failed. The next examination or `publishPending` tries again. */
  readonly unpublished: number;
  /** To be carried out by `rollback`, here or in another function; handing it over twice does no harm. */
  readonly rollback?: RollbackRequest;
};

export type RecordOutcome =
  | Exclude<RecordReading, { readonly kind: 'change' }>
  | { readonly kind: 'examined'; readonly change: Change; readonly targets: readonly ExamineOutcome[] };

export type RollbackOutcome =
  | { readonly kind: 'rolled-back'; readonly finding: Finding; readonly calls: readonly RestoreCall[] }
  /** The finding is closed, or was about another content: nothing to do. */
  | { readonly kind: 'not-needed'; readonly why: string }
  /** It must not or cannot be undone; the finding says so. */
  | { readonly kind: 'declined'; readonly finding: Finding; readonly why: string }
  /** Some of it is undone; ask again to go on. */
  | { readonly kind: 'partial'; readonly finding: Finding; readonly why: string }
  /** Another rollback of this target is at work; ask again later. */
  | { readonly kind: 'busy'; readonly why: string }
  /** The content changed since; nothing was written, and what is there now was examined. */
  | { readonly kind: 'changed-since'; readonly examined: ExamineOutcome };

export type ApproveRequest = {
  readonly findingId: string;
  readonly who: string;
  readonly why: string;
  /** Content hash the person looked at, where it is not the finding's own. */
  readonly expectedHash?: string;
};

export type ApproveOutcome =
  | { readonly kind: 'approved'; readonly findings: readonly Finding[] }
  | { readonly kind: 'not-found'; readonly why: string }
  | { readonly kind: 'already-closed'; readonly finding: Finding }
  /** A rollback of this target is at work; ask again later. */
  | { readonly kind: 'busy'; readonly why: string }
  /** What AWS holds is not what the finding is about; approve the newer finding instead. */
  | { readonly kind: 'changed-since'; readonly why: string; readonly examined: ExamineOutcome };

/** Where a sweep stopped: so many targets of the kind were listed, over all places. A plain JSON value. */
export type SweepCursor = { readonly kind: TargetKind; readonly listed: number };

/** Where calls are made: the account and the Region. */
export type Place = { readonly accountId: string; readonly region: string };

/** The own place. */
export type SweepRequest = Place & {
  /** Absent: every kind. */
  readonly kinds?: readonly TargetKind[];
  /** From the sweep before. */
  readonly cursor?: SweepCursor;
  /** Asked before each target. Absent: the sweep goes to the end. */
  readonly shouldStop?: () => boolean;
  /** Waited for before each target: the pace. Absent: as fast as AWS answers. */
  readonly pause?: () => Promise<void>;
};

export type SweepOutcome = {
  readonly examined: number;
  /** Findings opened, changed or closed. */
  readonly findings: number;
  /** To be carried out as after an event. */
  readonly rollbacks: readonly RollbackRequest[];
  /** What could not be looked at; the rest went on. At most a hundred, the first ones. */
  readonly faults: readonly { readonly place: string; readonly fault: unknown }[];
  /** Present iff it was stopped. */
  readonly cursor?: SweepCursor;
};

export type Guard = {
  /** Reads one CloudTrail record (bare, or in an EventBridge envelope) and examines what it touched. Throws faults only. */
  handleRecord(record: unknown): Promise<RecordOutcome>;
  /** Compares what AWS holds now with what is accepted; records, then publishes what was found. Throws faults only. */
  examineTarget(target: TargetRef, change?: Change): Promise<ExamineOutcome>;
  /** Puts the accepted version back, at most once for a finding. Throws faults only. */
  rollback(request: RollbackRequest): Promise<RollbackOutcome>;
  /** Makes what AWS holds the accepted version, in a person's name. */
  approve(request: ApproveRequest): Promise<ApproveOutcome>;
  /** Publishes what was stored and not published, looking through every state; returns how many findings. */
  publishPending(): Promise<number>;
  /** Publishes the groups of like findings that are due. Cheap: to be called every few minutes. Returns how many findings. */
  publishHeld(): Promise<number>;
  /** Examines every target of an account and Region, and every one that is remembered and gone. */
  sweep(request: SweepRequest): Promise<SweepOutcome>;
};
