/** The versions of one target that the store still knows, in order of time, with what each grants beyond the one before. */
import type { Engine, NewAccess } from '../../shared/checks/index.ts';
import { joined } from '../../shared/checks/stops.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import { grantsElsewhere } from '../../shared/guard/judge/elsewhere.ts';
import type { GuardStore, TargetState } from '../../shared/guard/state.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { findStoredSnapshot } from '../../shared/store/snapshotDocument.ts';
import { toPolicySet } from '../../shared/targets/policySet.ts';

/** What a version grants that the one before does not; or why that cannot be said. */
export type Beyond =
  | ({ readonly kind: 'compared' } & NewAccess)
  /** The version before it is not known. */
  | { readonly kind: 'first' }
  | { readonly kind: 'unknown'; readonly why: string };

export type Version = {
  /** ISO 8601: when it was made, or accepted where no event told. */
  readonly at: string;
  /** `accepted`: it was read, and nothing was found on it. `found`: it had findings. */
  readonly kind: 'accepted' | 'found';
  /** `guard`, or the actor's ARN; `''` where nobody was named. */
  readonly by: string;
  /** Why it was accepted, or the call that made it. */
  readonly why: string;
  readonly contentHash: string;
  readonly findings: readonly Finding[];
  /** Beyond what was there before it. */
  readonly beyond: Beyond;
};

type Kept = Omit<Version, 'beyond'> & {
  readonly snapshotHash: string | undefined;
  /** The snapshot that it was judged against, where a finding says which. */
  readonly againstHash?: string | undefined;
};

/** Returns the versions, oldest first. The engine is asked once a version. */
export async function collectHistory(
  state: TargetState,
  { store, engine }: { readonly store: GuardStore; readonly engine: Pick<Engine, 'listNewAccess'> },
): Promise<Version[]> {
  const found = foundVersions(state);
  const kept = [...(await readVersions(state, found, store)), ...found].sort((a, b) =>
    a.at === b.at ? rank(a) - rank(b) : a.at < b.at ? -1 : 1,
  );
  const versions: Version[] = [];
  let last: string | undefined;
  for (const { snapshotHash, againstHash, ...version } of kept) {
    const before = againstHash ?? last;
    const beyond = await compare(before, snapshotHash, { store, engine });
    versions.push({ ...version, beyond });
    last = snapshotHash;
  }
  return versions;
}

/** A change is found before it is accepted. */
const rank = ({ kind }: Kept) => (kind === 'found' ? 0 : 1);

/** Reads of the last day that show a content of their own, and no finding tells of it. */
async function readVersions(
  { timeline: { horizon, entries } }: TargetState,
  found: readonly Kept[],
  store: GuardStore,
): Promise<Kept[]> {
  const told = new Set(found.map(({ contentHash }) => contentHash));
  const reads = [
    ...(horizon.kind === 'read' ? [horizon.read] : []),
    ...entries.filter((entry) => entry.kind === 'read'),
  ];
  const versions: Kept[] = [];
  for (const { at, content } of reads) {
    const snapshot =
      content.snapshot === undefined ? undefined : await findStoredSnapshot(store, content.snapshot);
    if (snapshot === undefined || !snapshot.exists || told.has(snapshot.contentHash)) continue;
    told.add(snapshot.contentHash);
    const { contentHash } = snapshot;
    const why = 'nothing was found on it';
    versions.push({
      at: new Date(at).toISOString(),
      kind: 'accepted',
      by: 'guard',
      why,
      contentHash,
      snapshotHash: content.snapshot,
      findings: [],
    });
  }
  return versions;
}

/** Findings about one content are one version, told by the earliest. Facts without a content are none. */
function foundVersions({ openFindings, closedFindings }: TargetState): Kept[] {
  const byContent = Map.groupBy(
    [...closedFindings, ...openFindings].filter(({ result }) => result !== 'NOTICE'),
    ({ liveHash, change }) => `${liveHash} ${change?.eventId ?? ''}`,
  );
  return [...byContent.values()].flatMap((findings) => {
    const [first] = findings;
    if (first === undefined) return [];
    const { change, openedAt, liveHash, versions } = first;
    return {
      at: new Date(change?.eventTime ?? openedAt).toISOString(),
      kind: 'found' as const,
      by: change?.actorArn ?? '',
      why: change?.eventName ?? 'seen by a sweep',
      contentHash: liveHash,
      findings,
      snapshotHash: versions?.live,
      againstHash: versions?.accepted,
    };
  });
}

async function compare(
  beforeHash: string | undefined,
  afterHash: string | undefined,
  { store, engine }: { readonly store: GuardStore; readonly engine: Pick<Engine, 'listNewAccess'> },
): Promise<Beyond> {
  if (beforeHash === undefined) return { kind: 'first' };
  const [before, after] = await Promise.all(
    [beforeHash, afterHash].map((hash) => hash && findStoredSnapshot(store, hash)),
  );
  if (!before || !after) return { kind: 'unknown', why: 'the store no longer holds both contents' };
  const [existing, updated] = [toPolicySet(before), toPolicySet(after)];
  for (const result of [existing, updated])
    if (result.kind === 'unreadable') return { kind: 'unknown', why: result.causes.join('; ') };
  if (existing.kind === 'unreadable' || updated.kind === 'unreadable') throw new Error('both were read');
  const alone = await engine.listNewAccess(existing.set, updated.set);
  if (alone.pieces.length > 0 || !after.exists) return { kind: 'compared', ...alone };
  // What only limits, or a Deny that went away, grants nothing itself.
  const elsewhere = grantsElsewhere(after.target, ADAPTERS[after.target.kind]);
  if (elsewhere === undefined) return { kind: 'compared', ...alone };
  const together = await engine.listNewAccess(
    joined(existing.set, elsewhere),
    joined(updated.set, elsewhere),
  );
  return { kind: 'compared', ...together };
}
