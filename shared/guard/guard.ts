/**
 * The guard: an event or a target in, what was found and done out. Level-triggered: an event only says where to look.
 * The thin edge around `judge` (asks the engine) and `decide` (pure): it reads, swaps and publishes.
 */
import type { Change, RecordReading } from '../changes/change.ts';
import { readRecord } from '../changes/readRecord.ts';
import { ANY_TRAIL } from '../changes/selfProtection.ts';
import type { Engine } from '../checks/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingPublisher } from '../findings/publisher.ts';
import {
  type Adapters,
  type ClientsFor,
  type RestoreCall,
  TARGET_KINDS,
  type TargetRef,
} from '../targets/target.ts';
import { approve } from './approve.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { examine } from './examine.ts';
import type { Logger } from './logger.ts';
import { matchesAny } from './matchName.ts';
import { publishListed } from './publish.ts';
import { publishHeld } from './publishGroups.ts';
import { recordUnderAccount } from './recordUnderAccount.ts';
import { rollback } from './rollback.ts';
import type { GuardStore } from './state.ts';
import { type SweepOutcome, type SweepRequest, sweep } from './sweep.ts';
import { tellOmission, tellTouched } from './tell.ts';

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

/** Returns the guard. It keeps nothing itself: any number of them may stand on one store. */
export function createGuard(dependencies: GuardDependencies): Guard {
  return {
    async handleRecord(record) {
      const reading = (dependencies.readRecord ?? readRecord)(record);
      if (reading.kind !== 'change') return reading;
      const { change } = reading;
      const { document: _document, documentPart: _part, addition: _addition, ...others } = change;
      const targets: ExamineOutcome[] = [];
      const faults: unknown[] = [];
      const touched = [...(change.touched ?? [])];
      if (change.parametersOmitted && change.targets.length === 0) {
        targets.push(await recordUnderAccount(change, tellOmission, dependencies));
      }
      for (const [index, target] of change.targets.entries()) {
        touched.push(target.arn);
        try {
          const { adapters, clientsFor } = dependencies;
          const whole = await adapters[target.kind].resolve?.(target, clientsFor(target));
          // A role is named without its path, by which the guard knows its own.
          if (whole !== undefined) touched.push(whole.arn);
          // The document belongs to the first target.
          targets.push(await examine(whole ?? target, index === 0 ? change : others, dependencies));
        } catch (fault) {
          // One target that cannot be read must not keep the others from being looked at.
          faults.push(fault);
        }
      }
      const own = ownOf(change, touched, dependencies);
      if (own.length > 0) targets.push(await recordUnderAccount(change, tellTouched(own), dependencies));
      if (faults.length === 1) throw faults[0];
      if (faults.length > 1)
        throw new AggregateError(faults, `${faults.length} targets of one event could not be examined`);
      if (targets.length === 0 && change.touched !== undefined)
        return { kind: 'ignored', cause: 'not-a-policy-event' };
      return { kind: 'examined', change, targets };
    },

    examineTarget: (target, change) => examine(target, change, dependencies),
    rollback: (request) => rollback(request, dependencies),
    approve: (request) => approve(request, dependencies),
    sweep: (request) => sweep(request, dependencies),

    async publishPending() {
      let count = 0;
      for (const kind of TARGET_KINDS) {
        let cursor: string | undefined;
        do {
          const page = await dependencies.store.listStates(kind, cursor === undefined ? {} : { cursor });
          for (const { value } of page.values) count += (await publishListed(value, dependencies)).published;
          cursor = page.cursor;
        } while (cursor !== undefined);
      }
      return count + (await publishHeld(dependencies));
    },

    publishHeld: () => publishHeld(dependencies),
  };
}

/** Returns which of them are the guard's own; none when the guard itself made the call. */
function ownOf(
  { event: { actor } }: Change,
  touched: readonly string[],
  { config, ownActorIds }: GuardDependencies,
): readonly string[] {
  if (ownActorIds.includes(actor.uniqueId)) return [];
  return [...new Set(touched)].filter((arn) => matchesAny([ANY_TRAIL, ...config.ownResources], arn));
}
