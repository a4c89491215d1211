/** Handing findings to one publisher: whatever goes wrong there is a refusal, logged, and no one else's matter. */
import type { Finding } from '../findings/finding.ts';
import { type FindingPublisher, type Refusal, refuseAll } from '../findings/publisher.ts';
import type { Logger } from './logger.ts';

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
