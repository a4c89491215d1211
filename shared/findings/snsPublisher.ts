/** Findings to an SNS topic: text for mail, the whole finding as JSON for programs, attributes to filter by. */
import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Finding } from './finding.ts';
import { type FindingPublisher, type Refusal, refuseAll } from './publisher.ts';
import { fitFinding, renderJson } from './renderJson.ts';
import { renderSubject, renderText } from './renderText.ts';

/** SNS takes 256 KiB for the message and its attributes together. Source: Amazon SNS API Reference, Publish. */
const MAX_MESSAGE_BYTES = 262_144;
/** Room for the attributes and the subject. */
const RESERVED_BYTES = 4_096;
/** A text longer than this is no longer read by a person. */
const MAX_TEXT_BYTES = 32_768;

export type SnsPublisherOptions = { readonly client: Pick<SNSClient, 'send'>; readonly topicArn: string };

/** Returns the publisher of a topic. One message a finding: a filter of a subscription looks at one finding. */
export function createSnsPublisher({ client, topicArn }: SnsPublisherOptions): FindingPublisher {
  return {
    name: 'sns',
    async publish(findings) {
      const refusals: Refusal[] = [];
      for (const finding of findings) {
        try {
          await client.send(
            new PublishCommand({
              TopicArn: topicArn,
              Subject: renderSubject(finding),
              Message: renderMessage(finding),
              MessageStructure: 'json',
              MessageAttributes: attributesOf(finding),
            }),
          );
        } catch (cause) {
          refusals.push(...refuseAll([finding], `the topic \`${topicArn}\``, cause));
        }
      }
      return refusals;
    },
  };
}

/** Mail gets text; every other protocol gets the JSON, which is what machines subscribe with. */
function renderMessage(finding: Finding): string {
  const text = cutText(renderText(finding));
  // The JSON is escaped once more inside the message and sent once for each name.
  for (
    let room = MAX_MESSAGE_BYTES - RESERVED_BYTES - bytesOf(JSON.stringify(text));
    ;
    room = Math.floor(room * 0.8)
  ) {
    const message = JSON.stringify({ default: renderJson(fitFinding(finding, room)), email: text });
    if (bytesOf(message) <= MAX_MESSAGE_BYTES - RESERVED_BYTES || room < RESERVED_BYTES) return message;
  }
}

function cutText(text: string): string {
  if (bytesOf(text) <= MAX_TEXT_BYTES) return text;
  const shown = Buffer.from(text, 'utf8')
    .subarray(0, MAX_TEXT_BYTES)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${shown}\n… cut here; the store and the JSON hold the rest\n`;
}

function attributesOf({ result, severity, status, check, target }: Finding): {
  [name: string]: MessageAttributeValue;
} {
  const values = {
    result,
    severity,
    status,
    check,
    accountId: target.accountId,
    region: target.region,
    targetKind: target.kind,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
