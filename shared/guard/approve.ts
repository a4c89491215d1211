/** A person says: what this change added may stay. One finding closes in their name; the others are as they were. */
import type { Finding } from '../findings/finding.ts';
import { findStoredSnapshot } from '../store/snapshotDocument.ts';
import { canonicalDocument, partDocument } from '../targets/snapshot.ts';
import type { ApproveOutcome, ApproveRequest, GuardDependencies } from './contract.ts';
import { close, ledgerOf } from './derive/ledger.ts';
import { examine } from './examine.ts';
import { publishDue } from './publish.ts';
import { isRunning, type TargetState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';

type Approved = 'approved' | 'closed' | 'moved' | 'busy';

/**
 * Approves the finding, iff the parts that its step touched are as the step left them, or AWS holds the content that the
 * request names. Throws faults only.
 */
export async function approve(
  request: ApproveRequest,
  dependencies: GuardDependencies,
): Promise<ApproveOutcome> {
  const { store } = dependencies;
  const { findingId } = request;
  const place = await store.getPointer(findingId);
  const known = place && (await store.readState(place))?.value;
  const finding =
    findingsOf(known).find(({ id }) => id === findingId) ?? (await store.getArchived(findingId));
  if (finding === undefined || place === undefined) {
    return { kind: 'not-found', why: `no finding \`${findingId}\` in this store` };
  }
  const { target } = finding;
  const { result: approved, state } = await swapState<Approved>(store, place, (state) =>
    approveOnce(state, request, dependencies),
  );
  switch (approved) {
    case 'closed':
      return { kind: 'already-closed', finding };
    case 'busy':
      return { kind: 'busy', why: 'a rollback of this target is running; try again in a minute' };
    case 'moved': {
      const examined = await examine(target, undefined, dependencies);
      const why = `what \`${target.arn}\` holds has changed since the finding; look at its newer findings`;
      return { kind: 'changed-since', why, examined };
    }
    case 'approved': {
      await publishDue(state, dependencies);
      const findings = findingsOf((await store.readState(place))?.value).filter(({ id }) => id === findingId);
      return { kind: 'approved', findings };
    }
  }
}

async function approveOnce(
  state: TargetState | undefined,
  { findingId, who, why, expectedHash }: ApproveRequest,
  dependencies: GuardDependencies,
): Promise<{ readonly nextState: TargetState | undefined; readonly result: Approved }> {
  const finding = state?.openFindings.find(({ id }) => id === findingId);
  if (state === undefined || finding === undefined) return { nextState: undefined, result: 'closed' };
  const now = dependencies.clock.now();
  // A fact is acknowledged; no content is looked at for that.
  if (finding.result !== 'NOTICE') {
    if (isRunning(state.claim, now.getTime())) return { nextState: undefined, result: 'busy' };
    if (!(await stands(finding, expectedHash, dependencies)))
      return { nextState: undefined, result: 'moved' };
  }
  const at = now.toISOString();
  const { open, closed } = close(
    ledgerOf(state),
    ({ id }) =>
      id === findingId
        ? {
            status: 'APPROVED',
            why: `approved by ${who}: ${why}`,
            alteration: { approval: { who, why, at } },
          }
        : undefined,
    at,
  );
  const approvals = {
    ...state.approvals,
    ...Object.fromEntries((finding.step?.parts ?? []).map((id) => [id, now.getTime()])),
  };
  return {
    nextState: { ...state, openFindings: open, closedFindings: closed, approvals },
    result: 'approved',
  };
}

/** True iff AWS holds what the person looked at, in the parts that the step touched. */
async function stands(
  { target, step, liveHash, versions }: Finding,
  expectedHash: string | undefined,
  { store, adapters, clientsFor }: GuardDependencies,
): Promise<boolean> {
  const live = await adapters[target.kind].read(target, clientsFor(target));
  if (!live.exists) return false;
  if (live.contentHash === (expectedHash ?? liveHash)) return true;
  if (expectedHash !== undefined || step === undefined || versions === undefined || step.parts.length === 0)
    return false;
  const left = await findStoredSnapshot(store, versions.live);
  if (left === undefined) return false;
  const isThere = (id: string) => [live, left].map(({ parts }) => parts.some((part) => part.id === id));
  return step.parts.every((id) => {
    const [now, then] = isThere(id);
    return (
      now === then && canonicalDocument(partDocument(live, id)) === canonicalDocument(partDocument(left, id))
    );
  });
}
