/**
 * Findings to an SNS topic: text for mail, the whole finding as JSON for programs, a form of chat for HTTPS
 * subscribers where asked for, and attributes to filter by.
 */
import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { TargetRef } from '../targets/target.ts';
import type { Finding } from './finding.ts';
import {
  type ChatForm,
  type FindingPublisher,
  type GroupForm,
  type Refusal,
  refuseAll,
} from './publisher.ts';
import { renderChat, renderGroupChat } from './renderChat.ts';
import { groupFacts, renderGroupJson, renderGroupSubject, renderGroupText } from './renderGroup.ts';
import { fitFinding, renderJson } from './renderJson.ts';
import { MAIL, renderSubject, renderText } from './renderText.ts';

/** SNS takes 256 KiB for the message and its attributes together. Source: Amazon SNS API Reference, Publish. */
const MAX_MESSAGE_BYTES = 262_144;
/** Room for the attributes and the subject. */
const RESERVED_BYTES = 4_096;
/** A text longer than this is no longer read by a person. */
const MAX_TEXT_BYTES = 32_768;

export type SnsPublisherOptions = {
  readonly client: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
  /** What HTTPS subscribers get, which is how a chat is subscribed; absent: JSON, as every program. */
  readonly chat?: ChatForm | undefined;
  /** Whether like findings that come fast are told as one message. */
  readonly groups?: boolean;
  /** What is done about changes of a target, to filter by; absent: not said. */
  readonly modeOf?: (target: TargetRef) => string;
};

/** What is published at once. */
type SnsMessage = {
  readonly subject: string;
  readonly message: string;
  readonly attributes: { readonly [name: string]: string };
};

/** Returns the publisher of a topic. One message a finding: a filter of a subscription looks at one finding. */
export function createSnsPublisher({
  client,
  topicArn,
  chat,
  groups = false,
  modeOf,
}: SnsPublisherOptions): FindingPublisher {
  const place = `the topic \`${topicArn}\``;
  const send = async (
    findings: readonly Finding[],
    render: () => SnsMessage,
  ): Promise<readonly Refusal[]> => {
    try {
      const { subject, message, attributes } = render();
      const mode = modeOf === undefined ? {} : { mode: common(findings.map(({ target }) => modeOf(target))) };
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          Message: message,
          MessageStructure: 'json',
          MessageAttributes: asAttributes({ ...attributes, ...mode }),
        }),
      );
      return [];
    } catch (cause) {
      return refuseAll(findings, place, cause);
    }
  };
  return {
    name: 'sns',
    async publish(findings) {
      const refusals: Refusal[] = [];
      for (const finding of findings)
        refusals.push(...(await send([finding], () => messageOf(finding, chat))));
      return refusals;
    },
    ...(groups
      ? { publishGroup: (findings, form) => send(findings, () => messageOfGroup(findings, form, chat)) }
      : {}),
  };
}

/** Mail gets text; every other protocol gets the JSON, which is what machines subscribe with. */
function messageOf(finding: Finding, chat: ChatForm | undefined): SnsMessage {
  const { result, severity, status, check, target, action } = finding;
  return {
    subject: renderSubject(finding),
    message: fitMessage(
      {
        email: cutText(renderText(finding, MAIL)),
        ...(chat === undefined ? {} : { https: renderChat(finding, chat) }),
      },
      (room) => renderJson(fitFinding(finding, room)),
    ),
    attributes: {
      message: 'finding',
      result,
      severity,
      status,
      check,
      accountId: target.accountId,
      region: target.region,
      targetKind: target.kind,
      action: action.kind,
    },
  };
}

function messageOfGroup(
  findings: readonly Finding[],
  form: GroupForm,
  chat: ChatForm | undefined,
): SnsMessage {
  const { result, severity, status, check, accountId } = groupFacts(findings);
  return {
    subject: renderGroupSubject(findings, form),
    message: fitMessage(
      {
        email: cutText(renderGroupText(findings, form)),
        ...(chat === undefined ? {} : { https: renderGroupChat(findings, form, chat) }),
      },
      () => renderGroupJson(findings, form),
    ),
    attributes: {
      message: form === 'burst' ? 'group' : form,
      result,
      severity,
      status,
      check,
      accountId,
      region: common(findings.map(({ target }) => target.region)),
      targetKind: common(findings.map(({ target }) => target.kind)),
      action: common(findings.map(({ action }) => action.kind)),
    },
  };
}

function common(values: readonly string[]): string {
  const [first = 'several', ...others] = new Set(values);
  return others.length === 0 ? first : 'several';
}

/** Returns the message for each protocol; the JSON gets what room is left, since it is escaped once more inside. */
function fitMessage(
  texts: { readonly [protocol: string]: string },
  renderDefault: (room: number) => string,
): string {
  const most = MAX_MESSAGE_BYTES - RESERVED_BYTES;
  for (let room = most - bytesOf(JSON.stringify(texts)); ; room = Math.floor(room * 0.8)) {
    const message = JSON.stringify({ default: renderDefault(room), ...texts });
    if (bytesOf(message) <= most || room < RESERVED_BYTES) return message;
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

/** To filter by. At most ten: more are lost where a queue gets messages raw. Source: SNS, "Message attributes". */
function asAttributes(values: { readonly [name: string]: string }): {
  [name: string]: MessageAttributeValue;
} {
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
