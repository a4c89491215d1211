/**
 * Restoring: decide again on what AWS holds now, claim, write, read back, judge what is there then. Nothing is written
 * unless the plan is still the one that was asked for.
 */
import { randomUUID } from 'node:crypto';
import type { Finding, FindingAction } from '../findings/finding.ts';
import { rememberDocuments } from '../store/rememberDocuments.ts';
import { loadSnapshot } from '../store/snapshotDocument.ts';
import type { RestoreOutcome, Snapshot } from '../targets/target.ts';
import { formsOfSnapshot } from './contents.ts';
import type { GuardDependencies, RollbackOutcome, RollbackRequest } from './contract.ts';
import { alter, ledgerOf } from './derive/ledger.ts';
import { type RestorePlan, sayDone } from './derive/plan.ts';
import { examine, examineOnce } from './examine.ts';
import { requirePublished } from './publish.ts';
import { isRunning, type RestoreClaim } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';

/** Returns what became of the request. Throws faults only; the request may then be made again. */
export async function rollback(request: RollbackRequest, given: GuardDependencies): Promise<RollbackOutcome> {
  const { target } = request;
  const dependencies = { ...given, store: rememberDocuments(given.store) };
  const claimed = await claim(request, dependencies);
  if (claimed.kind === 'busy') return claimed;
  const outcome = claimed.kind === 'claimed' ? await restore(claimed, dependencies) : undefined;
  // What happened to the target meanwhile is looked at, and whatever is still to be published is.
  const examined = await examine(target, undefined, dependencies);
  requirePublished(examined.unpublished, target.arn);
  if (outcome === undefined || outcome.kind === 'changed-since') {
    if (examined.rollback !== undefined) return { kind: 'changed-since', examined };
    return { kind: 'not-needed', why: 'the guard would not do that any more' };
  }
  const finding = await findFinding(request, dependencies);
  if (finding === undefined) return { kind: 'not-needed', why: 'the finding no longer exists' };
  switch (outcome.kind) {
    case 'restored':
      return { kind: 'rolled-back', finding, calls: outcome.calls };
    case 'cannot-undo':
      return { kind: 'declined', finding, why: outcome.cause };
    case 'partial':
      return { kind: 'partial', finding, why: outcome.cause };
  }
}

type Claimed = { readonly kind: 'claimed'; readonly claim: RestoreClaim; readonly plan: RestorePlan };

type Claiming = Claimed | { readonly kind: 'busy'; readonly why: string } | { readonly kind: 'moved' };

/** Takes the right to write, iff what follows from what AWS holds now is the plan that was asked for. */
async function claim(
  { target, digest }: RollbackRequest,
  dependencies: GuardDependencies,
): Promise<Claiming> {
  const { store, clock } = dependencies;
  const { result } = await swapState<Claiming>(store, target, async (state) => {
    const now = clock.now().getTime();
    if (state === undefined) return { nextState: undefined, result: { kind: 'moved' } };
    if (isRunning(state.claim, now))
      return {
        nextState: undefined,
        result: { kind: 'busy', why: 'another rollback of this target is running' },
      };
    const derived = await examineOnce({ target, state, occasion: undefined }, dependencies);
    if (derived === undefined) return { nextState: undefined, result: { kind: 'moved' } };
    const { nextState, archived, plan } = derived;
    if (plan?.digest !== digest) return { nextState, archived, result: { kind: 'moved' } };
    const next: RestoreClaim = {
      holder: randomUUID(),
      digest,
      findingIds: plan.findingIds,
      startedAt: now,
    };
    const forms = formsOfSnapshot(await loadSnapshot(store, plan.snapshot));
    const begun = { at: now, findingIds: plan.findingIds, says: plan.says, forms };
    const restores = [...nextState.restores, begun];
    return {
      nextState: { ...nextState, claim: next, restores },
      archived,
      result: { kind: 'claimed', claim: next, plan },
    };
  });
  return result;
}

/** Writes, and records how it went. */
async function restore(
  { claim: held, plan }: Claimed,
  dependencies: GuardDependencies,
): Promise<RestoreOutcome> {
  const { store, adapters, clientsFor, clock } = dependencies;
  const [wanted, live] = await Promise.all([
    loadSnapshot(store, plan.snapshot),
    loadSnapshot(store, plan.live.content.snapshot ?? ''),
  ]);
  const { target } = wanted;
  const outcome = await adapters[target.kind].restore({ accepted: wanted, from: live }, clientsFor(target));
  await swapState(store, target, async (state) => {
    if (state?.claim?.holder !== held.holder) return { nextState: undefined, result: undefined };
    const { claim: _, ...rest } = state;
    const at = clock.now().toISOString();
    const action = toAction(outcome, plan, at);
    const known = ledgerOf(state);
    const { open: openFindings, closed: closedFindings } =
      action === undefined
        ? known
        : plan.findingIds.reduce(
            (ledger, id) => alter(ledger, id, (finding) => ({ ...finding, action }), at),
            known,
          );
    const isUnsent =
      outcome.kind === 'cannot-undo' || (outcome.kind === 'changed-since' && outcome.calls === undefined);
    const isUnwritten = hasWrittenNothing(outcome, live);
    const ended = { ...(isUnsent ? { isUnsent } : {}), ...(isUnwritten ? { isUnwritten } : {}) };
    const restores = rest.restores.map((one) => (one.at === held.startedAt ? { ...one, ...ended } : one));
    return { nextState: { ...rest, restores, openFindings, closedFindings }, result: undefined };
  });
  return outcome;
}

/** One that ends early because somebody changed the target is not among them: that is part of a fight. */
function hasWrittenNothing(outcome: RestoreOutcome, { contentHash }: Snapshot): boolean {
  if (outcome.kind === 'cannot-undo') return true;
  // A call that failed may have been carried out all the same.
  return outcome.kind === 'partial' && outcome.calls.length === 0 && outcome.live.contentHash === contentHash;
}

function toAction(outcome: RestoreOutcome, plan: RestorePlan, at: string): FindingAction | undefined {
  switch (outcome.kind) {
    case 'restored':
      return {
        kind: 'done',
        why: sayDone(plan.says),
        calls: outcome.calls.map(({ summary }) => summary),
        at,
      };
    case 'partial':
      return { kind: 'partial', why: outcome.cause, calls: outcome.calls.map(({ summary }) => summary), at };
    case 'cannot-undo':
      return { kind: 'declined', why: outcome.cause, at };
    case 'changed-since':
      return undefined;
  }
}

async function findFinding(
  { target, findingIds }: RollbackRequest,
  { store }: GuardDependencies,
): Promise<Finding | undefined> {
  const [id = ''] = findingIds;
  const state = (await store.readState(target))?.value;
  return findingsOf(state).find((finding) => finding.id === id) ?? (await store.getArchived(id));
}
