/** Telling what is stored. A crash or a failing publisher repeats a publication; it never loses one. */
import { type Finding, isUnpublished } from '../findings/finding.ts';
import type { FindingPublisher } from '../findings/publisher.ts';
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

/** Publishes every finding of the state that is due, then marks what every publisher took. Throws store faults only. */
export async function publishDue(state: TargetState | undefined, publishing: Publishing): Promise<Published> {
  const due = findingsOf(state).filter(isUnpublished);
  if (state === undefined || due.length === 0) return { published: 0, unpublished: 0 };
  const taken: Finding[] = [];
  for (const finding of due) if (await publishOne(finding, publishing)) taken.push(finding);
  if (taken.length > 0) await mark(state, taken, publishing.store);
  return { published: taken.length, unpublished: due.length - taken.length };
}

async function publishOne(finding: Finding, { publishers, logger }: Publishing): Promise<boolean> {
  let all = true;
  for (const publisher of publishers) {
    try {
      await publisher.publish(finding);
    } catch (error) {
      // Told again later: the finding stays marked as unpublished.
      all = false;
      logger.error('a finding could not be published', {
        publisher: publisher.name,
        findingId: finding.id,
        error,
      });
    }
  }
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
  if (all) logger.info('a finding was published', facts);
  return all;
}

async function mark({ target }: TargetState, taken: readonly Finding[], store: GuardStore): Promise<void> {
  const revisions = new Map(taken.map(({ id, revision }) => [id, revision]));
  const marked = (finding: Finding): Finding => {
    const publishedRevision = Math.max(finding.publishedRevision, revisions.get(finding.id) ?? 0);
    return publishedRevision === finding.publishedRevision ? finding : { ...finding, publishedRevision };
  };
  await swapState(store, target, async (state) => ({
    nextState: state && {
      ...state,
      openFindings: state.openFindings.map(marked),
      closedFindings: state.closedFindings.map(marked),
    },
    result: undefined,
  }));
}
