/**
 * Looking at every target of a place and, from the hub, of the member accounts: the first look after the guard was set
 * up, and the repair of what events missed. Targets are taken in the order of their names, so a sweep that was stopped
 * goes on after a name, whatever was made or deleted meanwhile. The list it stopped in is kept: what is made later is told
 * by events, or found by the next sweep.
 */
import { iamRegionOf } from '../policy/arn.ts';
import { TARGET_KINDS } from '../targets/kindNames.ts';
import type { TargetKind, TargetRef } from '../targets/target.ts';
import type {
  GuardDependencies,
  Place,
  RollbackRequest,
  SweepCursor,
  SweepOutcome,
  SweepRequest,
  TargetList,
} from './contract.ts';
import { examine } from './examine.ts';
import { publishListed } from './publish.ts';
import { noteScan } from './scans.ts';
import type { TargetState } from './state.ts';
import { lastReadOf } from './timeline/timeline.ts';

const MAX_FAULTS = 100;
/** So many that all of them can be looked at in one turn. */
const REMEMBERED_AT_ONCE = 100;

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
    const cursor = request.cursor?.kind === kind ? request.cursor : undefined;
    const stopped = await sweepKind({ kind, cursor, request, progress }, dependencies);
    if (stopped !== undefined) return { ...progress, cursor: stopped };
  }
  return progress;
}

type KindSweep = {
  readonly kind: TargetKind;
  /** Where the sweep before stopped in this kind. */
  readonly cursor: SweepCursor | undefined;
  readonly request: SweepRequest;
  readonly progress: Progress;
};

/** Returns where it was stopped; undefined: every target of the kind was looked at. */
async function sweepKind(
  sweeping: KindSweep,
  dependencies: GuardDependencies,
): Promise<SweepCursor | undefined> {
  const { kind, cursor, request, progress } = sweeping;
  const { shouldStop = () => false, pause, lists } = request;
  const read = cursor === undefined ? undefined : await lists?.read();
  const kept = read?.kind === kind ? read : undefined;
  const isWhole = kept !== undefined && kept.left === undefined;
  const list = isWhole ? kept : await listTargets(sweeping, kept, dependencies);
  const { listed, places } = list;
  const stopped = async (at: Omit<SweepCursor, 'kind'>): Promise<SweepCursor> => {
    if (list !== kept) await lists?.write(list);
    return { kind, ...at };
  };
  if (list.left !== undefined) return stopped({ phase: 'listed', after: '' });
  const seen = new Set(listed.map(({ arn }) => arn));
  if (cursor?.phase !== 'remembered') {
    let after = cursor?.after ?? '';
    for (const target of listed.filter(({ arn }) => arn > after)) {
      if (shouldStop()) return stopped({ phase: 'listed', after });
      await pause?.();
      await look(target, progress, dependencies);
      after = target.arn;
    }
    for (const place of places) await noteScan(dependencies.store, list, place);
  }
  // What was not listed whole may hold anything; nobody is called gone for that.
  if (places.length === 0) return undefined;
  const token = await lookAtRemembered({ ...sweeping, seen, places }, dependencies);
  return token === undefined ? undefined : stopped({ phase: 'remembered', after: token });
}

/** Returns every target there is, and the places whose list is whole. Where the list is kept, it may go on another time. */
async function listTargets(
  { kind, request, progress }: KindSweep,
  begun: TargetList | undefined,
  dependencies: GuardDependencies,
): Promise<TargetList> {
  const { adapters, clientsFor, clock } = dependencies;
  const at = begun?.at ?? clock.now().getTime();
  const listed = new Map(begun?.listed.map((target) => [target.arn, target]));
  const places = [...(begun?.places ?? [])];
  const left = [...(begun?.left ?? placesOf(kind, request, dependencies))];
  const isEnough = () => left.length > 0 && request.lists !== undefined && request.shouldStop?.() === true;
  // One place each time at least, or it would never end.
  for (let place = left.shift(); place !== undefined; place = isEnough() ? undefined : left.shift()) {
    try {
      for await (const target of adapters[kind].list(clientsFor(place), place))
        listed.set(target.arn, target);
      places.push(place);
    } catch (fault) {
      // Without the whole list nobody knows what is gone there.
      note(progress, `the list of ${kind} in ${place.accountId} ${place.region}`, fault);
    }
  }
  return {
    kind,
    at,
    listed: [...listed.values()].toSorted((a, b) => (a.arn < b.arn ? -1 : 1)),
    places,
    ...(left.length === 0 ? {} : { left }),
  };
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

type Remembering = KindSweep & { readonly seen: ReadonlySet<string>; readonly places: readonly Place[] };

/**
 * Targets that are remembered and were not listed: gone, most likely. Whatever is due is published on the way. Returns
 * the store's word for where it was stopped; undefined: it came to the end.
 */
async function lookAtRemembered(
  { kind, cursor, request, progress, seen, places }: Remembering,
  dependencies: GuardDependencies,
): Promise<string | undefined> {
  const keyOf = ({ accountId, region }: Place) => `${accountId} ${region}`;
  const whole = new Set(places.map(keyOf));
  let token = cursor?.phase === 'remembered' ? cursor.after : undefined;
  do {
    if (request.shouldStop?.() === true) return token ?? '';
    const page = await dependencies.store.listStates(kind, {
      limit: REMEMBERED_AT_ONCE,
      ...(token === undefined || token === '' ? {} : { cursor: token }),
    });
    for (const fault of page.unreadable) note(progress, `a state of ${kind}`, fault);
    for (const { value: state } of page.values) {
      const { target } = state;
      const isMissing = whole.has(keyOf(target)) && !seen.has(target.arn) && isToBeLookedAt(state);
      // The page is begun again: what is gone by then takes no time.
      if (isMissing && request.shouldStop?.() === true) return token ?? '';
      if (isMissing) await look(target, progress, dependencies);
      else await publishListed(state, dependencies);
    }
    token = page.cursor;
  } while (token !== undefined);
  return undefined;
}

/** The target was there when it was read last, or may be restored: then what is open of it ends with time alone. */
function isToBeLookedAt({ timeline, legacy, openFindings }: TargetState): boolean {
  const isThere = lastReadOf(timeline)?.content.exists ?? legacy !== undefined;
  return isThere || openFindings.some(({ additions }) => additions !== undefined);
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
