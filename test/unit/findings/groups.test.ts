import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/findings/finding.ts';
import type { FindingPublisher } from '../../../shared/findings/publisher.ts';
import {
  groupFacts,
  renderGroupJson,
  renderGroupSubject,
  renderGroupText,
} from '../../../shared/findings/renderGroup.ts';
import { createSnsPublisher, type SnsPublisherOptions } from '../../../shared/findings/snsPublisher.ts';
import { MAX_GROUP } from '../../../shared/guard/burst.ts';
import { aFinding, bucket } from './aFinding.ts';

const group = (count: number, more: Partial<Finding> = {}) =>
  Array.from({ length: count }, (_, index) =>
    aFinding({
      id: index.toString(16).padStart(32, '0'),
      target: { ...bucket, arn: `arn:aws:s3:::bucket-${index}` },
      ...more,
    }),
  );

function topic(options: Partial<SnsPublisherOptions>): {
  readonly publisher: FindingPublisher;
  readonly sent: () => { readonly [name: string]: unknown }[];
} {
  const client = new SNSClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const mock = mockClient(client);
  mock.on(PublishCommand).resolves({ MessageId: '1' });
  return {
    publisher: createSnsPublisher({ client, topicArn: 'arn:t', groups: true, ...options }),
    sent: () => mock.commandCalls(PublishCommand).map(({ args }) => ({ ...args[0].input })),
  };
}

describe('the facts of a group', () => {
  it('are the gravest severity and result and the whole time', () => {
    const [one = aFinding(), two = aFinding()] = group(2);
    const late = { ...one, change: one.change && { ...one.change, eventTime: '2026-03-01T13:00:00Z' } };
    const mixed = [
      { ...two, severity: 'LOW', result: 'UNKNOWN' },
      { ...late, severity: 'HIGH', result: 'FAIL' },
    ] as Finding[]; // A change is there.

    expect(groupFacts(mixed)).toMatchObject({
      severity: 'HIGH',
      result: 'FAIL',
      since: '2026-03-01T12:00:00Z',
      until: '2026-03-01T13:00:00Z',
      actorArn: 'arn:aws:iam::111122223333:user/Mallory',
    });
  });
});

describe('a group, as mail', () => {
  it('says in its subject how many, what, where and who', () => {
    expect(renderGroupSubject(group(195), 'burst')).toBe(
      'Ratchet: more by Mallory in 111122223333: 195 findings up to CRITICAL',
    );
    const seen = group(2).map(({ change: _, ...finding }) => finding);
    expect(renderGroupSubject(seen, 'burst')).toBe(
      'Ratchet: 2 findings of one look, up to CRITICAL, in 111122223333',
    );
  });

  it('names each finding, and leaves folding to the screen', () => {
    const findings = group(MAX_GROUP, { title: 'word '.repeat(200).trim() });
    const text = renderGroupText(findings, 'burst');

    expect(findings.filter(({ id }) => !text.includes(id))).toEqual([]);
    expect(text.split('\n')).toContain(`- CRITICAL: ${'word '.repeat(48).slice(0, 239)}….`);
    expect(Buffer.byteLength(text)).toBeLessThan(32_768);
  });
});

describe('a digest, as mail', () => {
  const mixed = [
    aFinding({ severity: 'LOW', title: 'one' }),
    aFinding({ severity: 'MEDIUM', title: 'two', id: 'b'.repeat(32) }),
  ];

  it('says in its subject how many and how serious', () => {
    expect(renderGroupSubject(mixed, 'digest')).toBe(
      'Ratchet digest: 2 findings up to MEDIUM in 111122223333',
    );
    expect(renderGroupSubject(mixed, 'deployment')).toBe(
      'Ratchet: deployment by Mallory in 111122223333: 2 findings up to MEDIUM',
    );
  });

  it('names the most serious first', () => {
    const text = renderGroupText(mixed, 'digest');

    expect(text.indexOf('MEDIUM: two')).toBeLessThan(text.indexOf('LOW: one'));
    expect(text).toContain('interrupted nobody: 2 findings');
  });
});

describe('a group, on the topic', () => {
  it('is one message that names each finding in every form, with attributes to filter by', async () => {
    const { publisher, sent } = topic({ chat: 'chatbot' });
    const findings = group(MAX_GROUP);

    expect(await publisher.publishGroup?.(findings, 'burst')).toEqual([]);

    const [input, ...others] = sent();
    const message = v.parse(
      v.strictObject({ default: v.string(), email: v.string(), https: v.string() }),
      JSON.parse(v.parse(v.string(), input?.['Message'])),
    );
    expect(others).toEqual([]);
    expect(message.email).toBe(renderGroupText(findings, 'burst'));
    expect(message.default).toBe(renderGroupJson(findings, 'burst'));
    expect(JSON.parse(message.default)).toMatchObject({
      kind: 'group',
      count: MAX_GROUP,
      findings: findings.map(({ id, target, revision }) => ({ id, target, revision })),
    });
    expect(input?.['MessageAttributes']).toMatchObject({
      message: { StringValue: 'group' },
      severity: { StringValue: 'CRITICAL' },
      targetKind: { StringValue: 'bucket-policy' },
      accountId: { StringValue: '111122223333' },
    });
  });

  it('filters by at most ten attributes, which is what a queue is handed raw', async () => {
    const { publisher, sent } = topic({ modeOf: () => 'rollback' });

    await publisher.publish([aFinding()]);
    await publisher.publishGroup?.(group(2), 'burst');

    for (const { MessageAttributes: attributes } of sent())
      expect(attributes).toMatchObject({ mode: { StringValue: 'rollback' } });
    for (const { MessageAttributes: attributes } of sent())
      expect(Object.keys(v.parse(v.record(v.string(), v.unknown()), attributes)).length).toBeLessThanOrEqual(
        10,
      );
  });

  it('says where a group has several of a kind', async () => {
    const { publisher, sent } = topic({});
    const elsewhere = aFinding({ target: { ...bucket, region: 'us-east-1' } });

    await publisher.publishGroup?.([aFinding(), elsewhere], 'burst');

    expect(sent()[0]?.['MessageAttributes']).toMatchObject({ region: { StringValue: 'several' } });
  });

  it('is not made where nobody asked for groups', () => {
    expect(topic({ groups: false }).publisher.publishGroup).toBeUndefined();
  });
});
