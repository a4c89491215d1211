/** A person says: what this change added may stay. One finding closes in their name; the others are as they were. */
import type { Finding } from '../findings/finding.ts';
import { findStoredSnapshot } from '../store/snapshotDocument.ts';
import { canonicalDocument, replaceParts } from '../targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../targets/target.ts';
import type { ApproveOutcome, ApproveRequest, GuardDependencies } from './contract.ts';
import { close, ledgerOf } from './derive/ledger.ts';
import { examine } from './examine.ts';
import { budgetOf } from './judge/budget.ts';
import { judgeStep } from './judge/judgeStep.ts';
import { judging } from './judge/judging.ts';
import { publishDue } from './publish.ts';
import { isRunning, type TargetState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';

type Approved = 'approved' | 'closed' | 'moved' | 'busy';

/**
 * Approves the finding, iff the parts that its step touched grant no more than the step left, or than a person approved
 * since; or AWS holds the content that the request names. Throws faults only.
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
      const { openFindings = [] } = (await store.readState(place))?.value ?? {};
      const newer = openFindings.filter((other) => isLater(other, finding)).toReversed();
      return { kind: 'changed-since', why, examined, newer };
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
    if (!(await stands(finding, { state, expectedHash }, dependencies)))
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

/** True iff the other's step touched one of the same parts, at that time or later. */
function isLater(other: Finding, { id, step }: Finding): boolean {
  if (other.id === id || step === undefined || other.step === undefined) return false;
  return other.step.at >= step.at && other.step.parts.some((part) => step.parts.includes(part));
}

type Standing = { readonly state: TargetState; readonly expectedHash: string | undefined };

/** True iff AWS holds what the person looked at, or what a person approved since, in the parts that the step touched. */
async function stands(
  finding: Finding,
  { state, expectedHash }: Standing,
  dependencies: GuardDependencies,
): Promise<boolean> {
  const { store, adapters, clientsFor } = dependencies;
  const { target, step, liveHash, versions } = finding;
  const live = await adapters[target.kind].read(target, clientsFor(target));
  if (!live.exists) return false;
  if (live.contentHash === (expectedHash ?? liveHash)) return true;
  if (expectedHash !== undefined || step === undefined || step.parts.length === 0) return false;
  const approved = state.closedFindings.filter(
    (other) => other.status === 'APPROVED' && isLater(other, finding),
  );
  for (const hash of [versions, ...approved.map((other) => other.versions)].map((known) => known?.live)) {
    const left = hash === undefined ? undefined : await findStoredSnapshot(store, hash);
    if (left !== undefined && (await grantsNoMore(step.parts, { live, left }, dependencies))) return true;
  }
  return false;
}

/** True iff what AWS holds in the parts is what was left there, or adds nothing to it. */
async function grantsNoMore(
  ids: readonly string[],
  { live, left }: { readonly live: Snapshot; readonly left: Snapshot },
  dependencies: GuardDependencies,
): Promise<boolean> {
  const isTheirs = ({ id }: TargetPart) => ids.includes(id);
  const isSame = ids.every((id) => {
    const [now, then] = [live, left].map(({ parts }) => parts.find((part) => part.id === id));
    if (now === undefined || then === undefined) return now === then;
    return canonicalDocument(now.document) === canonicalDocument(then.document);
  });
  if (isSame) return true;
  const others = live.parts.filter((part) => !isTheirs(part));
  const before = replaceParts(live, [...others, ...left.parts.filter(isTheirs)]);
  const answering = { ...dependencies, target: live.target, budget: budgetOf(dependencies.leftMs) };
  return (await judgeStep({ before, after: live }, judging(answering))).length === 0;
}
