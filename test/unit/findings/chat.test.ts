import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import { CHAT_FORMS } from '../../../shared/findings/publisher.ts';
import { renderChat, renderGroupChat } from '../../../shared/findings/renderChat.ts';
import { aFinding, bucket } from './aFinding.ts';

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const object = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const mrkdwn = (maxLength: number) => object({ type: { const: 'mrkdwn' }, text: text(maxLength) });

/** The event format of custom notifications. Source: Amazon Q Developer in chat applications Administrator Guide. */
const chatbotSchema = object({
  version: { const: '1.0' },
  source: { const: 'custom' },
  id: { type: 'string' },
  content: object(
    {
      textType: { const: 'client-markdown' },
      title: { type: 'string' },
      description: { type: 'string' },
      nextSteps: { type: 'array', items: { type: 'string' } },
      keywords: { type: 'array', items: { type: 'string' } },
    },
    ['description'],
  ),
  metadata: object(
    {
      threadId: { type: 'string' },
      summary: { type: 'string' },
      eventType: { type: 'string' },
      relatedResources: { type: 'array', items: { type: 'string' } },
      additionalContext: { type: 'object', additionalProperties: { type: 'string' } },
    },
    [],
  ),
});

/** The blocks that are used, with their limits. Source: Slack's Block Kit reference. */
const slackSchema = object({
  text: text(4_000),
  blocks: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      oneOf: [
        object({
          type: { const: 'header' },
          text: object({ type: { const: 'plain_text' }, text: text(150), emoji: { type: 'boolean' } }),
        }),
        object({ type: { const: 'section' }, text: mrkdwn(3_000) }),
        object({
          type: { const: 'section' },
          fields: { type: 'array', minItems: 1, maxItems: 10, items: mrkdwn(2_000) },
        }),
        object({
          type: { const: 'context' },
          elements: {
            type: 'array',
            minItems: 1,
            maxItems: 10,
            items: object({ type: { const: 'plain_text' }, text: text(3_000) }),
          },
        }),
      ],
    },
  },
});

const SCHEMAS = { chatbot: chatbotSchema, slack: slackSchema };

const { change: _change, witness: _witness, ...causeless } = aFinding();
const CASES: readonly (readonly [name: string, finding: Finding])[] = [
  ['that is new', aFinding()],
  ['without an event', { ...causeless, result: 'NOTICE', check: 'expired-exception' }],
  ['that was rolled back', aFinding({ status: 'ROLLED_BACK', statusWhy: 'the accepted version is back' })],
  [
    'with everything too long',
    aFinding({
      title: '<&>'.repeat(2_000),
      message: '😀'.repeat(5_000),
      undoWith: 'u'.repeat(5_000),
      target: { ...bucket, arn: `arn:aws:s3:::${'<'.repeat(3_000)}` },
    }),
  ],
];

describe.each(CHAT_FORMS)('a message for %s', (form) => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(SCHEMAS[form]);
  const problems = (json: string) => {
    validate(JSON.parse(json));
    return validate.errors ?? [];
  };

  it.each(CASES)('of a finding %s has the published form', (_name, finding) => {
    expect(problems(renderChat(finding, form))).toEqual([]);
  });

  it('of a group has the published form and names the first ones', () => {
    const findings = Array.from({ length: 50 }, (_, index) => aFinding({ id: `${index}`.padStart(32, '0') }));
    const json = renderGroupChat(findings, 'burst', form);

    expect(problems(json)).toEqual([]);
    expect(findings.slice(0, 20).filter(({ id }) => !json.includes(id))).toEqual([]);
    expect(json).toContain('and 30 more');
  });

  it('with another member would be found out', () => {
    expect(
      problems(JSON.stringify({ ...JSON.parse(renderChat(aFinding(), form)), colour: 'red' })),
    ).toHaveLength(1);
  });

  it('leads with who, what and where, and ends with what to type', () => {
    const json = renderChat(aFinding(), form);

    expect(json).toContain(
      'Ratchet: CRITICAL public access: bucket policy of reports in 111122223333 by Mallory',
    );
    expect(json.indexOf('anyone, without signing in')).toBeLessThan(json.indexOf('ratchet approve'));
  });

  it('mentions nobody and links nowhere, whatever a name holds', () => {
    const title = 'public access: <!channel> can call <https://evil.example|this> & more';

    expect(renderChat(aFinding({ title }), form)).not.toMatch(/<!|<https/);
    expect(renderChat(aFinding({ title }), form)).toContain('&lt;!channel&gt;');
  });

  it('of a closed finding asks for nothing', () => {
    expect(renderChat(aFinding({ status: 'RESOLVED' }), form)).not.toContain('ratchet approve');
  });

  it('of a restore that ended early shows the command that writes the version before the change', () => {
    const action = { kind: 'partial', why: 'the rest never stood as planned', at: 'now' } as const;
    const undoWith = 'ratchet restore 3f2a --store s3://BUCKET';

    const text = renderChat(aFinding({ status: 'ROLLED_BACK', action, undoWith }), form);

    expect(text).toContain(`${undoWith} --previous`);
  });
});
