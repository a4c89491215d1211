/** A person says: what is there now is right. It becomes the accepted version, in their name. */
import { type Finding, isFact } from '../findings/finding.ts';
import type { Snapshot } from '../targets/target.ts';
import type { ApproveOutcome, ApproveRequest, GuardDependencies } from './contract.ts';
import { examine } from './examine.ts';
import { close, ledgerOf } from './ledger.ts';
import { publishDue } from './publish.ts';
import { keepSnapshot } from './snapshotDocument.ts';
import { accept, isRunning, type TargetState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';

type Approval = { readonly who: string; readonly why: string; readonly at: string };

type Approved =
  | { readonly kind: 'swapped'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'closed' | 'moved' | 'busy' };

/**
 * Approves what the finding is about, iff AWS still holds that content. Every finding about it ends with this one, and
 * so do older ones: whatever the content grants has been approved. Throws faults only.
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
    return { kind: 'not-found', why: `there is no finding \`${findingId}\` in this store` };
  }
  const { target } = finding;
  const approved = await swapState<Approved>(store, place, (state) =>
    approveOnce(state, request, dependencies),
  );
  switch (approved.kind) {
    case 'closed':
      return { kind: 'already-closed', finding };
    case 'busy':
      return { kind: 'busy', why: 'a rollback of this target is at work; look again in a minute' };
    case 'moved': {
      const examined = await examine(target, undefined, dependencies);
      const why = `what \`${target.arn}\` holds is not what the finding is about; look at its newer findings`;
      return { kind: 'changed-since', why, examined };
    }
    case 'swapped': {
      const state = (await store.readState(place))?.value;
      await publishDue(state, dependencies);
      const findings = findingsOf((await store.readState(place))?.value).filter(({ id }) =>
        approved.ids.has(id),
      );
      return { kind: 'approved', findings };
    }
  }
}

async function approveOnce(
  state: TargetState | undefined,
  { findingId, who, why, expectedHash }: ApproveRequest,
  { store, adapters, clientsFor, clock }: GuardDependencies,
): Promise<{ readonly nextState: TargetState | undefined; readonly result: Approved }> {
  const finding = state?.openFindings.find(({ id }) => id === findingId);
  if (state === undefined || finding === undefined)
    return { nextState: undefined, result: { kind: 'closed' } };
  const now = clock.now().toISOString();
  const approval = { who, why, at: now };
  // A fact is acknowledged; no content is accepted by that.
  if (isFact(finding.check) || finding.check === 'expired-exception') {
    return end(state, approval, ({ id }) => id === findingId);
  }
  if (state.claim !== undefined && isRunning(state.claim, now))
    return { nextState: undefined, result: { kind: 'busy' } };
  const live = await adapters[state.target.kind].read(state.target, clientsFor(state.target));
  if (!live.exists || live.contentHash !== (expectedHash ?? finding.liveHash)) {
    return { nextState: undefined, result: { kind: 'moved' } };
  }
  const accepted = await acceptLive(state, live, { store, approval });
  return end(accepted, approval, ({ check }) => !isFact(check) && check !== 'expired-exception');
}

async function acceptLive(
  { claim: _, ...state }: TargetState,
  live: Snapshot,
  { store, approval }: { readonly store: GuardDependencies['store']; readonly approval: Approval },
): Promise<TargetState> {
  const { who: by, why, at } = approval;
  const snapshotHash = await keepSnapshot(store, live);
  const version = { contentHash: live.contentHash, snapshotHash, at };
  return accept({ ...state, observed: version }, { ...version, by, why });
}

function end(state: TargetState, approval: Approval, isMeant: (finding: Finding) => boolean) {
  const { who, why, at } = approval;
  const ids = new Set(state.openFindings.filter(isMeant).map(({ id }) => id));
  const { open, closed } = close(
    ledgerOf(state),
    ({ id }) =>
      ids.has(id)
        ? { status: 'APPROVED', why: `approved by ${who}: ${why}`, alteration: { approval } }
        : undefined,
    at,
  );
  return {
    nextState: { ...state, openFindings: open, closedFindings: closed },
    result: { kind: 'swapped', ids } as const,
  };
}
