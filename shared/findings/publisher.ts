/** Where findings go. Publishing the same finding twice must do no harm: its id and revision tell. */
import type { Finding } from './finding.ts';

export type FindingPublisher = {
  /** For logs: `sns`. */
  readonly name: string;
  /** Resolves iff the finding is handed over. Throws a fault otherwise; the guard then tries again later. */
  publish(finding: Finding): Promise<void>;
};
