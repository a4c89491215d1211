/**
 * The guard: an event or a target in, what was found and done out. Level-triggered: an event says where to look and what
 * one step was. The thin edge around `derive`: it reads, asks the engine, swaps and publishes.
 */
import type { Change } from '../changes/change.ts';
import { readRecord } from '../services/readRecord.ts';
import { MAY_BE_OWN } from '../services/selfProtection.ts';
import { matchesAny } from './config.ts';
import type { ExamineOutcome, Guard, GuardDependencies, RollbackRequest } from './contract.ts';
import { omissionOf, touchOf } from './derive/notices.ts';
import { examine } from './examine.ts';
import { holdersOf, targetsOf } from './holders.ts';
import { publishHeld } from './publishGroups.ts';
import { recordUnderAccount } from './recordUnderAccount.ts';
import { noteWake, takeWakes } from './wakes.ts';

/** Returns the guard. It keeps nothing itself: any number of them may stand on one store. */
export function createGuard(dependencies: GuardDependencies): Guard {
  return {
    async handleRecord(record, leftMs) {
      const inTime = leftMs === undefined ? dependencies : { ...dependencies, leftMs };
      const reading = (dependencies.readRecord ?? readRecord)(record);
      if (reading.kind !== 'change') return reading;
      const { change } = reading;
      const targets: ExamineOutcome[] = [];
      const faults: unknown[] = [];
      const touched = [...(change.touched ?? [])];
      const omission = change.targets.length === 0 ? omissionOf(change) : undefined;
      if (omission !== undefined) targets.push(await recordUnderAccount(change, omission, dependencies));
      // One target that cannot be read must not keep the others from being looked at.
      const attempt = (work: () => Promise<void>) =>
        work().catch((fault: unknown) => void faults.push(fault));
      for (const [index, named] of change.targets.entries()) {
        touched.push(named.arn);
        await attempt(async () => {
          for (const target of await targetsOf(named, inTime)) {
            // A role is named without its path, by which the guard knows its own.
            touched.push(target.arn);
            await attempt(async () => {
              targets.push(await examine(target, { change, index }, inTime));
              for (const holder of await holdersOf({ target, change, index }, inTime))
                targets.push(await examine(holder, { change }, inTime));
            });
          }
        });
      }
      const touch = touchOf(change, ownOf(change, touched, dependencies));
      if (touch !== undefined) targets.push(await recordUnderAccount(change, touch, dependencies));
      if (faults.length === 1) throw faults[0];
      if (faults.length > 1)
        throw new AggregateError(faults, `${faults.length} targets of one event could not be examined`);
      if (targets.length === 0 && change.touched !== undefined)
        return change.isNamed === true
          ? {
              kind: 'not-covered',
              eventSource: change.event.eventSource,
              eventName: change.event.eventName,
            }
          : { kind: 'ignored', cause: 'not-a-policy-event' };
      return { kind: 'examined', change, targets };
    },

    // Each function but detect does one of these, and detect none.
    rollback: async (request) => (await import('./rollback.ts')).rollback(request, dependencies),
    approve: async (request) => (await import('./approve.ts')).approve(request, dependencies),
    sweep: async (request) => (await import('./sweep.ts')).sweep(request, dependencies),

    publishHeld: () => publishHeld(dependencies),
    wake: () => wake(dependencies),
  };
}

async function wake(dependencies: GuardDependencies): Promise<readonly RollbackRequest[]> {
  const { store, clock, logger } = dependencies;
  const now = clock.now().getTime();
  const due: RollbackRequest[] = [];
  for (const target of await takeWakes(store, now)) {
    try {
      const { rollback: request } = await examine(target, undefined, dependencies);
      if (request !== undefined) due.push(request);
    } catch (error) {
      logger.error('a target that was to be looked at again could not be', { target: target.arn, error });
      await noteWake(store, target, now);
    }
  }
  return due;
}

/** Returns which of them are the guard's own; none when the guard itself made the call. */
function ownOf(
  { event: { actor } }: Change,
  touched: readonly string[],
  { config, ownActorIds }: GuardDependencies,
): readonly string[] {
  if (ownActorIds.includes(actor.uniqueId)) return [];
  return [...new Set(touched)].filter((arn) => matchesAny([...MAY_BE_OWN, ...config.ownResources], arn));
}
