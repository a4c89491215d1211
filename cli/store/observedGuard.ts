/**
 * A guard for a desk: what AWS holds is what the store saw last. It reads no account and can write to none, so it
 * serves to approve, not to roll back.
 */
import type { Engine } from '../../shared/checks/index.ts';
import type { Guard } from '../../shared/guard/contract.ts';
import { createGuard } from '../../shared/guard/guard.ts';
import type { GuardStore } from '../../shared/guard/state.ts';
import { lastReadOf } from '../../shared/guard/timeline/timeline.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { loadSnapshot } from '../../shared/store/snapshotDocument.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { absentSnapshot } from '../../shared/targets/snapshot.ts';
import type { Adapters, Snapshot, TargetAdapter, TargetRef } from '../../shared/targets/target.ts';

/** Returns what the store saw last of the target; one that is not there, where it saw nothing. */
async function lastSeen(store: GuardStore, target: TargetRef): Promise<Snapshot> {
  const state = (await store.readState(target))?.value;
  const hash = (state && lastReadOf(state.timeline))?.content.snapshot ?? state?.legacy?.snapshot;
  return hash === undefined ? absentSnapshot(target) : loadSnapshot(store, hash);
}

/** Returns adapters whose world is the store. */
export function observedAdapters(store: GuardStore): Adapters {
  // Whom a policy reaches is not kept.
  const observed = ({ reaches: _, ...adapter }: TargetAdapter): TargetAdapter => ({
    ...adapter,
    read: (target) => lastSeen(store, target),
  });
  return {
    ...ADAPTERS,
    // Every kind there is, those of later versions included.
    ...Object.fromEntries(Object.entries(ADAPTERS).map(([kind, adapter]) => [kind, observed(adapter)])),
  };
}

/** Returns a guard whose world is the store. */
export function createObservedGuard(store: GuardStore, engine: Engine): Guard {
  return createGuard({
    store,
    adapters: observedAdapters(store),
    clientsFor: () => NO_CLIENTS,
    engine,
    config: defaultConfig(),
    publishers: [],
    clock: systemClock,
    logger: silentLogger,
    ownActorIds: [],
    readRecord: () => ({ kind: 'ignored', cause: 'not-a-policy-event' }),
  });
}

/** Nothing that is asked of a store calls AWS; should that change, it must fail and not reach out. */
export const NO_CLIENTS = new Proxy(
  {},
  {
    get() {
      throw new Error('a guard over a store has no account to call');
    },
  },
) as AwsClients; // Whatever client is asked for, there is none.
