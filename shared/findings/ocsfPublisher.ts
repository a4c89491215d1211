/** Findings to a bucket as OCSF events, JSON lines: what a data lake or a SIEM takes in. */
import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Finding } from './finding.ts';
import { type FindingPublisher, OCSF_FEED, type Refusal, refuseAll } from './publisher.ts';
import { renderOcsf } from './renderOcsf.ts';

type OcsfPublisherOptions = {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  /** `''`, or a folder that ends in `/`. */
  readonly prefix: string;
};

/** Returns the publisher: one object for the findings of one partition that are published together. */
export function createOcsfPublisher({ client, bucket, prefix }: OcsfPublisherOptions): FindingPublisher {
  return {
    name: OCSF_FEED,
    async publish(findings) {
      const refusals: Refusal[] = [];
      for (const [partition, group] of Map.groupBy(findings, partitionKey)) {
        const key = `${prefix}${partition}${objectName(group)}`;
        try {
          await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: renderLines(group),
              ContentType: 'application/x-ndjson',
            }),
          );
        } catch (cause) {
          refusals.push(...refuseAll(group, `\`s3://${bucket}/${key}\``, cause));
        }
      }
      return refusals;
    },
  };
}

/** Returns one OCSF event a line. */
function renderLines(findings: readonly Finding[]): string {
  return findings.map((finding) => `${JSON.stringify(renderOcsf(finding))}\n`).join('');
}

/** Returns the partition's folder, in the names that Security Lake and Athena use for theirs. */
function partitionKey({ target, updatedAt }: Finding): string {
  const day = updatedAt.slice(0, 10).replaceAll('-', '');
  return `region=${target.region}/accountId=${target.accountId}/eventDay=${day}/`;
}

/** The same publication again is the same object: a repeat leaves one. */
function objectName(findings: readonly Finding[]): string {
  const names = findings.map(({ id, revision }) => `${id}:${revision}`).sort();
  return `${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 32)}.jsonl`;
}
