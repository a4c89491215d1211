/** The versions of one target that the store still knows, in order of time, with what each grants beyond the one before. */
import type { Engine, NewAccess } from '../../shared/checks/index.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import { besideOthers } from '../../shared/guard/judge.ts';
import { toPolicySet } from '../../shared/guard/policySet.ts';
import { findStoredSnapshot } from '../../shared/guard/snapshotDocument.ts';
import type { GuardStore, TargetState } from '../../shared/guard/state.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import type { Snapshot } from '../../shared/targets/target.ts';

/** What a version grants that the one before does not; or why that cannot be said. */
export type Beyond =
  | ({ readonly kind: 'compared' } & NewAccess)
  /** Nothing was accepted before it. */
  | { readonly kind: 'first' }
  | { readonly kind: 'unknown'; readonly why: string };

export type Version = {
  /** ISO 8601: when it was made, or accepted where no event told. */
  readonly at: string;
  /** `accepted`: what later changes are judged against. `found`: it had findings. */
  readonly kind: 'accepted' | 'found';
  /** `guard`, a person, or the actor's ARN; `''` where nobody was named. */
  readonly by: string;
  /** Why it was accepted, or the call that made it. */
  readonly why: string;
  readonly contentHash: string;
  readonly findings: readonly Finding[];
  /** Beyond what was accepted when it was made. */
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
  const kept = [...acceptedVersions(state), ...foundVersions(state)].sort((a, b) =>
    a.at === b.at ? rank(a) - rank(b) : a.at < b.at ? -1 : 1,
  );
  const versions: Version[] = [];
  let accepted: string | undefined;
  for (const { snapshotHash, againstHash, ...version } of kept) {
    const before = againstHash ?? accepted;
    const beyond = await compare(before, snapshotHash, { store, engine });
    versions.push({ ...version, beyond });
    if (version.kind === 'accepted') accepted = snapshotHash;
  }
  return versions;
}

/** A change is found before it is accepted. */
const rank = ({ kind }: Kept) => (kind === 'found' ? 0 : 1);

function acceptedVersions({ accepted, acceptedBefore, gone }: TargetState): Kept[] {
  const last = accepted ?? gone?.accepted;
  return [...acceptedBefore, ...(last === undefined ? [] : [last])].map(
    ({ at, by, why, contentHash, snapshotHash }) => ({
      at,
      kind: 'accepted',
      by,
      why,
      contentHash,
      snapshotHash,
      findings: [],
    }),
  );
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
  const beside = (set: typeof existing.set, { target }: Snapshot) =>
    besideOthers(set, target, ADAPTERS[target.kind]);
  const together = await engine.listNewAccess(beside(existing.set, after), beside(updated.set, after));
  return { kind: 'compared', ...together };
}
