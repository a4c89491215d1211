/** Where findings go. Publishing the same finding twice must do no harm: its id and revision tell. */
import type { Finding } from './finding.ts';

/** A finding that was not taken, and why. It stays due for this publisher alone. */
export type Refusal = { readonly findingId: string; readonly why: string; readonly cause?: unknown };

/**
 * Why findings come together. `burst`: those of one run (one actor's session, one look) after its first; `digest`: a day's findings that interrupt nobody; `deployment`: those of one deployer's run.
 */
export type GroupForm = 'burst' | 'digest' | 'deployment';

export type FindingPublisher = {
  /** For logs, and to remember who was told what: `sns`. One name, one place. */
  readonly name: string;
  /** Hands findings over and returns those that were not taken. A throw means that none was. */
  publish(findings: readonly Finding[]): Promise<readonly Refusal[]>;
  /**
   * Delivers several findings in one message that names each. Absent where each is wanted by itself, as programs want
   * it: then none is held back.
   */
  publishGroup?(findings: readonly Finding[], form: GroupForm): Promise<readonly Refusal[]>;
};

/** `chatbot`: a custom notification; `slack`: blocks, for whoever posts them to Slack. */
export const CHAT_FORMS = ['chatbot', 'slack'] as const;
export type ChatForm = (typeof CHAT_FORMS)[number];

/** Under which name a finding remembers what the feed of OCSF was told. */
export const OCSF_FEED = 'ocsf';

/** Returns the refusal of each finding for one and the same reason. */
export function refuseAll(findings: readonly Finding[], place: string, cause: unknown): Refusal[] {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return findings.map(({ id: findingId }) => ({
    findingId,
    why: `${place} did not take it: ${reason}`,
    cause,
  }));
}
