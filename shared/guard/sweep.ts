/**
 * Looking at every target of a place and, from the hub, of the member accounts: the first look after the guard was set
 * up, and the repair of what events missed. Stops when it is told to and goes on from there.
 */

import { iamRegionOf } from '../targets/arn.ts';
import { TARGET_KINDS } from '../targets/kindNames.ts';
import type { TargetKind, TargetRef } from '../targets/target.ts';
import type { GuardDependencies, Place, RollbackRequest, SweepOutcome, SweepRequest } from './contract.ts';
import { examine } from './examine.ts';
import { publishListed } from './publish.ts';

const MAX_FAULTS = 100;

type Progress = {
  examined: number;
  findings: number;
  readonly rollbacks: RollbackRequest[];
  readonly faults: { readonly place: string; readonly fault: unknown }[];
};

/** Returns what was found. A target that cannot be read stops nothing; a store that does not answer throws. */
export async function sweep(request: SweepRequest, dependencies: GuardDependencies): Promise<SweepOutcome> {
  const progress: Progress = { examined: 0, findings: 0, rollbacks: [], faults: [] };
  const kinds = TARGET_KINDS.filter((kind) => request.kinds?.includes(kind) ?? true);
  const first = request.cursor === undefined ? 0 : kinds.indexOf(request.cursor.kind);
  for (const kind of kinds.slice(Math.max(0, first))) {
    const skip = request.cursor?.kind === kind ? request.cursor.listed : 0;
    const listed = await sweepKind({ kind, skip, request, progress }, dependencies);
    if (listed !== undefined) return { ...progress, cursor: { kind, listed } };
  }
  return progress;
}

type KindSweep = {
  readonly kind: TargetKind;
  readonly skip: number;
  readonly request: SweepRequest;
  readonly progress: Progress;
};

/** Returns how many were listed iff it was stopped. */
async function sweepKind(
  { kind, skip, request, progress }: KindSweep,
  dependencies: GuardDependencies,
): Promise<number | undefined> {
  const { shouldStop = () => false, pause } = request;
  const { adapters, clientsFor } = dependencies;
  const seen = new Set<string>();
  const listedPlaces: Place[] = [];
  let listed = 0;
  for (const place of placesOf(kind, request, dependencies)) {
    try {
      for await (const target of adapters[kind].list(clientsFor(place), place)) {
        seen.add(target.arn);
        listed++;
        if (listed <= skip) continue;
        if (shouldStop()) return listed - 1;
        await pause?.();
        await look(target, progress, dependencies);
      }
      listedPlaces.push(place);
    } catch (fault) {
      // Without the whole list nobody knows what is gone there.
      note(progress, `the list of ${kind} in ${place.accountId} ${place.region}`, fault);
    }
  }
  if (listedPlaces.length > 0)
    await lookAtUnlisted({ kind, seen, places: listedPlaces, progress }, dependencies);
  return undefined;
}

/** The hub looks at the members too. What is global has its API in one Region of a partition. */
function placesOf(
  kind: TargetKind,
  { accountId, region }: Place,
  { adapters, config: { members } }: GuardDependencies,
): readonly Place[] {
  const hub = iamRegionOf(region);
  const regions = [...new Set([hub, ...members.regions])];
  const places = members.accounts.flatMap((account) =>
    account === accountId ? [] : regions.map((one) => ({ accountId: account, region: one })),
  );
  return [{ accountId, region }, ...(region === hub ? places : [])].filter(
    (place) => adapters[kind].scope === 'regional' || place.region === hub,
  );
}

type Unlisted = Pick<KindSweep, 'kind' | 'progress'> & {
  readonly seen: ReadonlySet<string>;
  readonly places: readonly Place[];
};

/** Targets that are remembered and were not listed: gone, most likely. Whatever is due is published on the way. */
async function lookAtUnlisted(
  { kind, seen, places, progress }: Unlisted,
  dependencies: GuardDependencies,
): Promise<void> {
  const keyOf = ({ accountId, region }: Place) => `${accountId} ${region}`;
  const listed = new Set(places.map(keyOf));
  let cursor: string | undefined;
  do {
    const page = await dependencies.store.listStates(kind, cursor === undefined ? {} : { cursor });
    for (const { value: state } of page.values) {
      const { target, observed } = state;
      if (listed.has(keyOf(target)) && observed !== undefined && !seen.has(target.arn))
        await look(target, progress, dependencies);
      else await publishListed(state, dependencies);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function look(target: TargetRef, progress: Progress, dependencies: GuardDependencies): Promise<void> {
  try {
    const { findings, rollback } = await examine(target, undefined, dependencies);
    progress.examined++;
    progress.findings += findings.length;
    if (rollback !== undefined) progress.rollbacks.push(rollback);
  } catch (fault) {
    note(progress, target.arn, fault);
  }
}

function note({ faults }: Progress, place: string, fault: unknown): void {
  if (faults.length < MAX_FAULTS) faults.push({ place, fault });
}
