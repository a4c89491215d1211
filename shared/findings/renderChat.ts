/**
 * Findings for a chat channel: as a custom notification of Amazon Q in chat applications (once AWS Chatbot), and as
 * Slack's Block Kit. The consequence first, then who, where and what was done; what to type stands at the end. Pure.
 */
import type { KnownBlock } from '@slack/types';
import { bringBackWith } from './commands.ts';
import { describeTarget } from './consequence.ts';
import { type Finding, type FindingStatus, isOpen, type Severity } from './finding.ts';
import type { ChatForm, GroupForm } from './publisher.ts';
import { groupFacts, renderGroupSubject } from './renderGroup.ts';
import { renderSubject } from './renderText.ts';

/** What is said of one finding or of a group. */
type Message = {
  /** Plain text, one line. */
  readonly headline: string;
  readonly mark: string;
  /** Slack's markup. */
  readonly text: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly steps: readonly string[];
  /** Messages of one thread are about one target. */
  readonly thread: string;
  readonly eventType: string;
  readonly resources: readonly string[];
};

/** Returns the JSON of a finding in a form of chat. */
export function renderChat(finding: Finding, form: ChatForm): string {
  return JSON.stringify(RENDERERS[form](ofFinding(finding)));
}

/** Returns the JSON of a group of like findings in a form of chat. */
export function renderGroupChat(findings: readonly Finding[], group: GroupForm, form: ChatForm): string {
  return JSON.stringify(RENDERERS[form](ofGroup(findings, group)));
}

const MARKS: { readonly [severity in Severity]: string } = {
  INFO: ':white_circle:',
  LOW: ':white_circle:',
  MEDIUM: ':large_yellow_circle:',
  HIGH: ':large_orange_circle:',
  CRITICAL: ':red_circle:',
};

function markOf(status: FindingStatus, severity: Severity): string {
  return status === 'ACTIVE' ? MARKS[severity] : ':white_check_mark:';
}

function ofFinding(finding: Finding): Message {
  const { id, target, status, severity, change, action, statusWhy, result, check } = finding;
  const bringBack = bringBackWith(finding);
  return {
    headline: renderSubject(finding),
    mark: markOf(status, severity),
    text: [`*${markup(finding.title)}*`, markup(finding.message)].join('\n'),
    facts: [
      ['Action', `${action.kind}: ${action.why}`],
      ['Target', `${describeTarget(target)}\n${target.arn}`],
      ['Account', `${target.accountId}, ${target.region}`],
      ['Who', change === undefined || change.actorArn === '' ? 'not known' : change.actorArn],
      ['When', change === undefined ? finding.openedAt : `${change.eventTime}, ${change.eventName}`],
      ['Status', statusWhy === undefined ? status : `${status}: ${statusWhy}`],
    ],
    steps: isOpen(finding)
      ? [
          ...(check === 'expired-exception'
            ? []
            : [`To accept it: \`${finding.acceptWith} --who YOU --why REASON\``]),
          ...(result === 'NOTICE' ? [] : [`To undo it by hand: \`${finding.undoWith}\``]),
        ]
      : bringBack === undefined
        ? []
        : [`To write the version before the change: \`${bringBack}\``],
    thread: id,
    eventType: `${check} ${status}`,
    resources: [target.arn],
  };
}

function ofGroup(findings: readonly Finding[], form: GroupForm): Message {
  const { check, status, severity, accountId, actorArn, since, until } = groupFacts(findings);
  const shown = findings.slice(0, MAX_SHOWN);
  const rest = findings.length - shown.length;
  return {
    headline: renderGroupSubject(findings, form),
    mark: markOf(status, severity),
    text: [
      ...shown.map(({ id, severity, title }) => `• ${severity} ${markup(title)} (${id})`),
      ...(rest > 0 ? [`and ${rest} more; the mail and the store name each`] : []),
    ].join('\n'),
    facts: [
      ['Who', actorArn === '' ? 'not known' : actorArn],
      ['Account', accountId],
      ['When', since === until ? since : `${since} to ${until}`],
      ['Severity', `up to ${severity}`],
    ],
    steps: findings
      .slice(0, 1)
      .map(({ acceptWith }) => `To accept the first: \`${acceptWith} --who YOU --why REASON\``),
    thread: `${check}/${accountId}/${since}`,
    eventType: `${check} ${status} group`,
    resources: shown.map(({ target }) => target.arn).slice(0, MAX_RESOURCES),
  };
}

/** Findings of a group that are listed in a channel. */
const MAX_SHOWN = 20;
const MAX_RESOURCES = 10;

/** Source: Amazon Q Developer in chat applications Administrator Guide, "Custom notifications", Event schema. */
function renderChatbot({ headline, mark, text, facts, steps, thread, eventType, resources }: Message) {
  const lines = facts.map(([label, value]) => `*${label}:* ${markup(value)}`);
  return {
    version: '1.0',
    source: 'custom',
    id: thread,
    content: {
      textType: 'client-markdown',
      title: cut(`${mark} ${markup(headline)}`, 250),
      description: cut([text, '', ...lines].join('\n'), 4_000),
      ...(steps.length === 0 ? {} : { nextSteps: steps.map((step) => cut(markup(step), 350)) }),
      keywords: ['ratchet', cut(eventType, 75)],
    },
    metadata: {
      threadId: thread,
      summary: headline,
      eventType,
      relatedResources: resources,
    },
  };
}

/** Source: Slack's Block Kit reference: header 150, section 3,000, field 2,000 characters; at most 10 fields. */
function renderSlack({ headline, mark, text, facts, steps, thread }: Message): {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
} {
  const section = (markdown: string): KnownBlock => ({
    type: 'section',
    text: { type: 'mrkdwn', text: cut(markdown, 3_000) },
  });
  return {
    // What a notification shows, where blocks cannot be.
    text: headline,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(`${mark} ${headline}`, 150), emoji: true } },
      section(text),
      {
        type: 'section',
        fields: facts.map(([label, value]) => ({
          type: 'mrkdwn',
          text: cut(`*${label}*\n${markup(value)}`, 2_000),
        })),
      },
      ...steps.map((step) => section(markup(step))),
      { type: 'context', elements: [{ type: 'plain_text', text: thread }] },
    ],
  };
}

const RENDERERS: { readonly [form in ChatForm]: (message: Message) => object } = {
  chatbot: renderChatbot,
  slack: renderSlack,
};

/** Slack reads three characters as markup that could mention people or link elsewhere. Source: Slack, "Escaping text". */
function markup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
