/**
 * The guard: an event or a target in, what was found and done out. Level-triggered: an event only says where to look.
 * The thin edge around `judge` (asks the engine) and `decide` (pure): it reads, swaps and publishes.
 */
import type { Change, RecordReading } from '../changes/change.ts';
import type { Engine } from '../checks/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingPublisher } from '../findings/publisher.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Config } from '../runtime/config.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ClientsFor, RestoreCall, TargetAdapter, TargetKind, TargetRef } from '../targets/target.ts';
import type { GuardStore } from './state.ts';

/** The four questions the guard asks. */
export type GuardEngine = Pick<
  Engine,
  'checkNoNewAccess' | 'checkAccessNotGranted' | 'checkNoPublicAccess' | 'checkNoExternalAccess'
>;

export type GuardDependencies = {
  readonly store: GuardStore;
  readonly adapters: { readonly [kind in TargetKind]: TargetAdapter };
  readonly clientsFor: ClientsFor;
  readonly engine: GuardEngine;
  readonly config: Config;
  readonly publishers: readonly FindingPublisher[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique ids (`AROA…`) of the guard's own roles: what they do never leads to a rollback. */
  readonly ownActorIds: readonly string[];
  readonly readRecord: (record: unknown) => RecordReading;
  /** Waits between reads just after a write, which may still show the old content. Absent: no waiting. */
  readonly wait?: (milliseconds: number) => Promise<void>;
};

/** Asks for a rollback. A plain JSON value: it travels through a queue. */
export type RollbackRequest = {
  readonly target: TargetRef;
  readonly findingId: string;
  /** Content hash of what is to be undone: nothing is written when AWS holds something else by then. */
  readonly offendingHash: string;
  /** Content hash of what is to be put back. */
  readonly acceptedHash: string;
};

export type ExamineOutcome = {
  readonly target: TargetRef;
  /** `settled`: what AWS holds is the accepted version. `gone`: the thing is not there. */
  readonly kind: 'settled' | 'accepted' | 'findings' | 'gone';
  /** The findings that were opened, changed or closed, as they are now. */
  readonly findings: readonly Finding[];
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
  /** What AWS holds is not what the finding is about; approve the newer finding instead. */
  | { readonly kind: 'changed-since'; readonly why: string; readonly examined: ExamineOutcome };

export type Guard = {
  /** Reads one CloudTrail record (bare, or in an EventBridge envelope) and examines what it touched. Throws faults only. */
  handleRecord(record: unknown): Promise<RecordOutcome>;
  /** Compares what AWS holds now with what is accepted; records, then publishes what was found. Throws faults only. */
  examineTarget(target: TargetRef, change?: Change): Promise<ExamineOutcome>;
  /** Puts the accepted version back, at most once for a finding. Throws faults only. */
  rollback(request: RollbackRequest): Promise<RollbackOutcome>;
  /** Makes what AWS holds the accepted version, in a person's name. */
  approve(request: ApproveRequest): Promise<ApproveOutcome>;
  /** Publishes what was stored and not published; returns how many findings. */
  publishPending(): Promise<number>;
};
