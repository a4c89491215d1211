/** Telling what is stored. A crash or a failing publisher repeats a publication; it never loses one. */
import { type Finding, isUnpublished, revisionTold } from '../findings/finding.ts';
import { type FindingPublisher, type Refusal, refuseAll } from '../findings/publisher.ts';
import type { Logger } from './logger.ts';
import type { GuardStore, TargetState } from './state.ts';
import { findingsOf, swapState } from './swapState.ts';

type Publishing = {
  readonly store: GuardStore;
  readonly publishers: readonly FindingPublisher[];
  readonly logger: Logger;
};

/** Findings are stored and could not be told. To be tried again: whatever else was asked for is done. */
export class UnpublishedFault extends Error {
  override readonly name = 'UnpublishedFault';
  readonly code = 'FINDINGS_UNPUBLISHED';
}

/** Throws `UnpublishedFault` iff findings of the target are still to be told. */
export function requirePublished(unpublished: number, targetArn: string): void {
  if (unpublished === 0) return;
  throw new UnpublishedFault(
    `${unpublished} findings on \`${targetArn}\` are stored and could not be published`,
  );
}

export type Published = { readonly published: number; readonly unpublished: number };

/**
 * Publishes to each publisher the findings of the state that it was not told, then marks who took what: one publisher
 * that fails keeps no other from being told, and is told again alone. Throws store faults only.
 */
export async function publishDue(state: TargetState | undefined, publishing: Publishing): Promise<Published> {
  const due = findingsOf(state).filter(isUnpublished);
  if (state === undefined || due.length === 0) return { published: 0, unpublished: 0 };
  const told: Told = new Map(due.map(({ id, revision }) => [id, { revision, publishers: new Set() }]));
  for (const publisher of publishing.publishers) {
    const missing = due.filter((finding) => revisionTold(finding, publisher.name) < finding.revision);
    const refused = await hand(missing, publisher, publishing.logger);
    for (const { id } of missing) if (!refused.has(id)) told.get(id)?.publishers.add(publisher.name);
  }
  const names = publishing.publishers.map(({ name }) => name);
  const after = due.map((finding) => markTold(finding, told.get(finding.id), names));
  const published = after.filter((finding) => !isUnpublished(finding));
  for (const finding of published) publishing.logger.info('a finding was published', factsOf(finding));
  if (after.some((finding, index) => finding !== due[index]))
    await mark(state, told, names, publishing.store);
  return { published: published.length, unpublished: due.length - published.length };
}

/** Returns the ids of the findings that the publisher did not take. */
async function hand(
  findings: readonly Finding[],
  publisher: FindingPublisher,
  logger: Logger,
): Promise<ReadonlySet<string>> {
  if (findings.length === 0) return new Set();
  let refusals: readonly Refusal[];
  try {
    refusals = await publisher.publish(findings);
  } catch (cause) {
    refusals = refuseAll(findings, publisher.name, cause);
  }
  for (const { findingId, why, cause: error } of refusals)
    logger.error('a finding could not be published', { publisher: publisher.name, findingId, why, error });
  return new Set(refusals.map(({ findingId }) => findingId));
}

/** Who took which revision of a finding, by its id. */
type Told = ReadonlyMap<string, { readonly revision: number; readonly publishers: Set<string> }>;

/**
 * Returns the finding with what its publishers were told: the same object when nothing is new. `publishedRevision` is
 * what all of them know. A publisher that is no longer there holds nothing up. Pure.
 */
export function markTold(
  finding: Finding,
  told: { readonly revision: number; readonly publishers: ReadonlySet<string> } | undefined,
  names: readonly string[],
): Finding {
  if (told === undefined) return finding;
  const known = names.map(
    (name) =>
      [name, Math.max(revisionTold(finding, name), told.publishers.has(name) ? told.revision : 0)] as const,
  );
  // Without any publisher there is nobody left to tell.
  const least = known.length === 0 ? told.revision : Math.min(...known.map(([, revision]) => revision));
  const publishedRevision = Math.max(finding.publishedRevision, least);
  const ahead = known.filter(([, revision]) => revision > publishedRevision);
  const isKnown = ahead.every(([name, revision]) => finding.publishedTo?.[name] === revision);
  const isSame = isKnown && ahead.length === Object.keys(finding.publishedTo ?? {}).length;
  if (isSame && publishedRevision === finding.publishedRevision) return finding;
  const { publishedTo: _, ...others } = finding;
  return {
    ...others,
    publishedRevision,
    ...(ahead.length === 0 ? {} : { publishedTo: Object.fromEntries(ahead) }),
  };
}

async function mark(
  { target }: TargetState,
  told: Told,
  names: readonly string[],
  store: GuardStore,
): Promise<void> {
  const marked = (finding: Finding) => markTold(finding, told.get(finding.id), names);
  await swapState(store, target, async (state) => ({
    nextState: state && {
      ...state,
      openFindings: state.openFindings.map(marked),
      closedFindings: state.closedFindings.map(marked),
    },
    result: undefined,
  }));
}

/** What the log says of a finding; the metric of UNKNOWN verdicts counts these lines. */
function factsOf({ id: findingId, check, result, severity, status, target }: Finding) {
  return { findingId, check, result, severity, status, targetKind: target.kind, targetArn: target.arn };
}
