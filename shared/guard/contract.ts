/**
 * What the guard is asked and what it answers: the types that its use cases share. Types alone, so that no use case
 * needs another's file for them.
 */
import type { Change, RecordReading } from '../changes/change.ts';
import type { Engine } from '../checks/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingPublisher } from '../findings/publisher.ts';
import type { Adapters, ClientsFor, RestoreCall, TargetKind, TargetRef } from '../targets/target.ts';
import type { Config } from './config.ts';
import type { GuardStore } from './state.ts';

/** Time, as something that is passed in: functions, replay and tests bring their own. */
export type Clock = { now(): Date };

/** One line a call: a sentence and facts about it. Never a policy document, never a credential. */
export type Logger = {
  info(message: string, facts?: { readonly [name: string]: unknown }): void;
  warn(message: string, facts?: { readonly [name: string]: unknown }): void;
  error(message: string, facts?: { readonly [name: string]: unknown }): void;
};

/** What a change added, what of that remains, and what may be written so that it goes. */
export type GuardEngine = Pick<
  Engine,
  'remains' | 'proveRestore' | 'tighten' | 'checkAccessNotGranted' | 'listNewAccess'
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
  /** The time that the checks of one call may take, in milliseconds. Absent: no end. */
  readonly leftMs?: () => number;
  /** Absent: CloudTrail records, bare or in an EventBridge envelope. */
  readonly readRecord?: (record: unknown) => RecordReading;
  /** Waits between reads just after a write, which may still show the old content. Absent: no waiting. */
  readonly wait?: (milliseconds: number) => Promise<void>;
};

/** Asks for a rollback. A plain JSON value: it travels through a queue. */
export type RollbackRequest = {
  readonly target: TargetRef;
  readonly findingIds: readonly string[];
  /** Of all that was decided: nothing is written once the guard would decide otherwise. */
  readonly digest: string;
};

export type ExamineOutcome = {
  readonly target: TargetRef;
  /**
   * `clean`: no finding is open. `gone`: the thing is not there. `unsettled`: AWS does not show yet what an event says;
   * what led here is to be handled again later.
   */
  readonly kind: 'clean' | 'findings' | 'gone' | 'unsettled';
  /** The findings that were opened, changed or closed, as they are now. */
  readonly findings: readonly Finding[];
  /** Stored but not published: some publisher failed. The next examination or sweep tries again. */
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
  /** What AWS holds is not what the finding is about; approve the newer findings first. */
  | {
      readonly kind: 'changed-since';
      readonly why: string;
      readonly examined: ExamineOutcome;
      /** The open findings of the same parts that were made since, the newest first. */
      readonly newer: readonly Finding[];
    };

/** Where a sweep stopped: after the target of that name, or after that page of remembered ones. A plain JSON value. */
export type SweepCursor = {
  readonly kind: TargetKind;
  readonly phase: 'listed' | 'remembered';
  readonly after: string;
};

/** Where calls are made: the account and the Region. */
export type Place = { readonly accountId: string; readonly region: string };

/** The own place. */
export type SweepRequest = Place & {
  /** Absent: every kind. */
  readonly kinds?: readonly TargetKind[];
  /** From the sweep before. */
  readonly cursor?: SweepCursor;
  /** Asked before each place, target and page. Absent: the sweep goes to the end. */
  readonly shouldStop?: () => boolean;
  /** Waited for before each target: the pace. Absent: as fast as AWS answers. */
  readonly pause?: () => Promise<void>;
  /** Keeps the list of the kind at which the sweep is stopped for the next one. Absent: that lists again. */
  readonly lists?: {
    read(): Promise<TargetList | undefined>;
    write(list: TargetList): Promise<void>;
  };
};

/** The targets of a kind as they were listed at one time, by name. */
export type TargetList = {
  readonly kind: TargetKind;
  /** Milliseconds since 1970: when listing began. */
  readonly at: number;
  readonly listed: readonly TargetRef[];
  /** Whose list is whole. */
  readonly places: readonly Place[];
  /** Not listed yet: there was no time. */
  readonly left?: readonly Place[];
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
  /**
   * Reads one CloudTrail record (bare, or in an EventBridge envelope) and examines what it touched. What its checks do
   * not answer in `leftMs` is a stored UNKNOWN finding. Throws faults only.
   */
  handleRecord(record: unknown, leftMs?: () => number): Promise<RecordOutcome>;
  /** Removes what findings say was added, if that is still the plan. Throws faults only. */
  rollback(request: RollbackRequest): Promise<RollbackOutcome>;
  /** Closes one finding in a person's name: what its change added may stay. */
  approve(request: ApproveRequest): Promise<ApproveOutcome>;
  /** Publishes the groups of like findings that are due. Cheap: to be called every few minutes. Returns how many findings. */
  publishHeld(): Promise<number>;
  /** Examines the targets whose plan was waiting for a time that has come. Returns the rollbacks that are due. */
  wake(): Promise<readonly RollbackRequest[]>;
  /** Examines every target of an account and Region, and every one that is remembered and gone. */
  sweep(request: SweepRequest): Promise<SweepOutcome>;
};
