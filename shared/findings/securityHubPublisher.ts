/** Findings to AWS Security Hub: imported under one id each, so that a change of a finding changes what is there. */
import { BatchImportFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub';
import { inBatches } from './batches.ts';
import { type FindingPublisher, type Refusal, refuseAll } from './publisher.ts';
import { type AsffOptions, asffId, renderAsff } from './renderAsff.ts';

/** Source: Security Hub API Reference, BatchImportFindings: at most 100 findings, 240 KB each and 6 MB together. */
const MAX_FINDINGS = 100;
const MAX_REQUEST_BYTES = 6_000_000;

type SecurityHubPublisherOptions = AsffOptions & { readonly client: Pick<SecurityHubClient, 'send'> };

/** Returns the publisher. A finding that Security Hub names as failed is a refusal of it alone. */
export function createSecurityHubPublisher({
  client,
  ...options
}: SecurityHubPublisherOptions): FindingPublisher {
  return {
    name: 'security-hub',
    async publish(findings) {
      const refusals: Refusal[] = [];
      const items = findings.map((finding) => ({ finding, asff: renderAsff(finding, options) }));
      for (const batch of inBatches(items, {
        maxItems: MAX_FINDINGS,
        maxBytes: MAX_REQUEST_BYTES,
        bytesOf: ({ asff }) => Buffer.byteLength(JSON.stringify(asff), 'utf8'),
      })) {
        const importing = batch.map(({ finding }) => finding);
        try {
          const { FailedFindings: failed = [] } = await client.send(
            new BatchImportFindingsCommand({ Findings: batch.map(({ asff }) => asff) }),
          );
          const reasons = new Map(
            failed.map(({ Id, ErrorCode, ErrorMessage }) => [Id, `${ErrorCode}: ${ErrorMessage}`]),
          );
          for (const finding of importing) {
            const reason = reasons.get(asffId(finding));
            if (reason !== undefined) refusals.push(...refuseAll([finding], 'Security Hub', reason));
          }
        } catch (cause) {
          refusals.push(...refuseAll(importing, 'Security Hub', cause));
        }
      }
      return refusals;
    },
  };
}
