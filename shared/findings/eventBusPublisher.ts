/** Findings to an EventBridge bus of one's own: each one event, whole, so that rules can match any part of it. */
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { inBatches } from './batches.ts';
import type { Finding } from './finding.ts';
import { type FindingPublisher, type Refusal, refuseAll } from './publisher.ts';
import { fitFinding, renderJson } from './renderJson.ts';

/** What rules match on, beside the detail. The stack lets the functions send nothing else. */
export const EVENT_SOURCE = 'ratchet';
export const EVENT_DETAIL_TYPE = 'Ratchet Finding';

/** Source: Amazon EventBridge API Reference, PutEvents: at most 10 entries, less than 256 KB together. */
const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 262_143;
/** Room for what stands beside the detail: source, type, time, one ARN. */
const RESERVED_BYTES = 4_096;

type EventBusPublisherOptions = {
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Name or ARN. */
  readonly busName: string;
};

/** Returns the publisher of a bus. An entry that the bus does not take is a refusal of its finding alone. */
export function createEventBusPublisher({ client, busName }: EventBusPublisherOptions): FindingPublisher {
  const place = `the event bus \`${busName}\``;
  return {
    name: 'event-bus',
    async publish(findings) {
      const refusals: Refusal[] = [];
      const items = findings.map((finding) => ({ finding, entry: renderEntry(finding, busName) }));
      for (const batch of inBatches(items, {
        maxItems: MAX_ENTRIES,
        maxBytes: MAX_REQUEST_BYTES,
        bytesOf: ({ entry }) => bytesOfEntry(entry),
      })) {
        try {
          const { Entries: outcomes = [] } = await client.send(
            new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }),
          );
          // Outcomes stand in the order of the entries; one without an id was not taken.
          for (const [index, { finding }] of batch.entries()) {
            const { EventId, ErrorCode, ErrorMessage } = outcomes[index] ?? {};
            if (EventId === undefined)
              refusals.push(
                ...refuseAll([finding], place, `${ErrorCode ?? 'no answer'}: ${ErrorMessage ?? ''}`),
              );
          }
        } catch (cause) {
          refusals.push(
            ...refuseAll(
              batch.map(({ finding }) => finding),
              place,
              cause,
            ),
          );
        }
      }
      return refusals;
    },
  };
}

/** Returns the event of a finding: its JSON is the detail, cut to what the bus takes. */
export function renderEntry(finding: Finding, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: EVENT_SOURCE,
    DetailType: EVENT_DETAIL_TYPE,
    Time: new Date(finding.updatedAt),
    Resources: [finding.target.arn],
    Detail: renderJson(fitFinding(finding, MAX_REQUEST_BYTES - RESERVED_BYTES)),
  };
}

/** Returns the size that counts. Source: EventBridge User Guide, "Calculating PutEvents event entry size". */
export function bytesOfEntry({ Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return 14 + texts.reduce((sum, text = '') => sum + Buffer.byteLength(text, 'utf8'), 0);
}
