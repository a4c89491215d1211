/**
 * Carrying out a rollback: claim it in the state, restore, record, tell, look again. The claim is what keeps two from
 * writing for one change; what AWS holds is compared once more by the adapter, just before its first write.
 */
import type { Finding } from '../findings/finding.ts';
import type { RestoreOutcome } from '../targets/target.ts';
import { claimRollback } from './claimRollback.ts';
import type { GuardDependencies, RollbackOutcome, RollbackRequest } from './contract.ts';
import { examine } from './examine.ts';
import { publishDue, requirePublished } from './publish.ts';
import { rebase } from './rebase.ts';
import { recordRestore } from './recordRestore.ts';
import { findSnapshot } from './snapshotDocument.ts';
import type { KeptVersion, RollbackClaim } from './state.ts';
import { findingsOf } from './swapState.ts';

/** Returns what became of the request. Throws faults only; the request may then be made again. */
export async function rollback(
  request: RollbackRequest,
  dependencies: GuardDependencies,
): Promise<RollbackOutcome> {
  const { target } = request;
  const claimed = await claimRollback(request, dependencies);
  if (claimed.kind === 'moved')
    return { kind: 'changed-since', examined: await examine(target, undefined, dependencies) };
  if (claimed.kind !== 'claimed') {
    // A former try may have got as far as storing what is to be told.
    await publishStored(request, dependencies);
    return claimed;
  }
  const { claim, before } = claimed;
  const outcome = await restore({ claim, before, request }, dependencies);
  await recordRestore({ request, claim, outcome }, dependencies);
  // What happened to the target meanwhile was left alone because of the claim.
  const examined = await examine(target, undefined, dependencies);
  requirePublished(examined.unpublished, target.arn);
  if (outcome.kind === 'changed-since') return { kind: 'changed-since', examined };
  const finding = await findFinding(request, dependencies);
  if (finding === undefined)
    return { kind: 'not-needed', why: `there is no finding \`${request.findingId}\` any more` };
  switch (outcome.kind) {
    case 'restored':
      return { kind: 'rolled-back', finding, calls: outcome.calls };
    case 'cannot-undo':
      return { kind: 'declined', finding, why: outcome.cause };
    case 'partial':
      return { kind: 'partial', finding, why: outcome.cause };
  }
}

type Restoring = {
  readonly claim: RollbackClaim;
  readonly before: KeptVersion;
  readonly request: RollbackRequest;
};

async function restore(
  { claim, before, request }: Restoring,
  dependencies: GuardDependencies,
): Promise<RestoreOutcome> {
  const { store, adapters, clientsFor } = dependencies;
  const { target } = request;
  const offending = { contentHash: claim.expectedHash, snapshotHash: claim.expectedSnapshotHash };
  const wrong = await findSnapshot(store, offending);
  if (wrong.kind === 'lost') return { kind: 'cannot-undo', cause: wrong.cause };
  const right = await findSnapshot(store, before);
  if (right.kind === 'lost') return { kind: 'cannot-undo', cause: right.cause };
  const accepted = rebase(right.snapshot, wrong.snapshot);
  const isResumed = claim.attempts > 1;
  return adapters[target.kind].restore(
    { accepted, offending: wrong.snapshot, isResumed },
    clientsFor(target),
  );
}

async function findFinding(
  { target, findingId }: RollbackRequest,
  { store }: GuardDependencies,
): Promise<Finding | undefined> {
  const state = (await store.readState(target))?.value;
  return findingsOf(state).find(({ id }) => id === findingId) ?? (await store.getArchived(findingId));
}

async function publishStored({ target }: RollbackRequest, dependencies: GuardDependencies): Promise<void> {
  const found = await dependencies.store.readState(target);
  const { unpublished } = await publishDue(found?.value, dependencies);
  requirePublished(unpublished, target.arn);
}
