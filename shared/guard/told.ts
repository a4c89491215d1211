/**
 * Hands findings to a publisher, and notes in each finding who was told which revision: nobody is forgotten or told
 * twice, and what one publisher refuses is no other's matter.
 */
import { type Finding, isUnpublished, revisionTold } from '../findings/finding.ts';
import { type FindingPublisher, type Refusal, refuseAll } from '../findings/publisher.ts';
import type { Versioned } from '../store/store.ts';
import type { GuardDependencies, Logger } from './contract.ts';
import type { TargetState } from './state.ts';
import { swapState } from './swapState.ts';

/** Returns the ids of the findings that the publisher did not take. Never throws. */
export async function hand(
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

/** Which publishers took a revision of a finding. */
type Taken = { readonly revision: number; readonly publishers: ReadonlySet<string> };

/**
 * Returns the finding with what its publishers were told: the same object when nothing is new. `publishedRevision` is
 * what all of `names` know. A publisher that is no longer there holds nothing up. Pure.
 */
export function markTold(finding: Finding, taken: Taken | undefined, names: readonly string[]): Finding {
  if (taken === undefined) return finding;
  const known = names.map(
    (name) =>
      [name, Math.max(revisionTold(finding, name), taken.publishers.has(name) ? taken.revision : 0)] as const,
  );
  // Without any publisher there is nobody left to tell.
  const least = known.length === 0 ? taken.revision : Math.min(...known.map(([, revision]) => revision));
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

/**
 * Marks findings of one target with who took them, and logs those that everybody was told. `taken` is by the id of the
 * finding; `known` is the state as it was read last.
 */
export async function recordTold(
  findings: readonly Finding[],
  taken: ReadonlyMap<string, Taken>,
  { store, publishers, logger }: Pick<GuardDependencies, 'store' | 'publishers' | 'logger'>,
  known?: Versioned<TargetState>,
): Promise<void> {
  const names = publishers.map(({ name }) => name);
  const marked = (finding: Finding) => markTold(finding, taken.get(finding.id), names);
  for (const finding of findings) logTold(marked(finding), logger);
  const [first] = findings;
  if (first === undefined) return;
  await swapState(
    store,
    first.target,
    async (state) => ({
      nextState: state && {
        ...state,
        openFindings: state.openFindings.map(marked),
        closedFindings: state.closedFindings.map(marked),
      },
      result: undefined,
    }),
    known,
  );
}

/** The metric of UNKNOWN verdicts counts these lines. */
function logTold(finding: Finding, logger: Logger): void {
  if (isUnpublished(finding)) return;
  const { id: findingId, check, result, severity, status, target } = finding;
  const facts = {
    findingId,
    check,
    result,
    severity,
    status,
    targetKind: target.kind,
    targetArn: target.arn,
  };
  logger.info('a finding was published', facts);
}
