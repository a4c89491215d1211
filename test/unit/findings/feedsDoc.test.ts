import { readFileSync } from 'node:fs';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from '../../../shared/findings/eventBusPublisher.ts';
import { renderAsff } from '../../../shared/findings/renderAsff.ts';
import { OCSF_VERSION } from '../../../shared/findings/renderOcsf.ts';
import { createSnsPublisher } from '../../../shared/findings/snsPublisher.ts';
import { BURST_MS, MAX_GROUP } from '../../../shared/guard/burst.ts';
import { aFinding } from './aFinding.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const doc = read('docs/feeds.md');
const infra = read('infra/feeds.yml');

describe('what docs/feeds.md says', () => {
  it('names every attribute of a message', async () => {
    const client = new SNSClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    const mock = mockClient(client);
    mock.on(PublishCommand).resolves({});
    await createSnsPublisher({ client, topicArn: 'arn:t', modeOf: () => 'observe' }).publish([aFinding()]);
    const attributes = mock.commandCalls(PublishCommand)[0]?.args[0].input.MessageAttributes ?? {};

    expect(Object.keys(attributes)).toHaveLength(10);
    expect(Object.keys(attributes).filter((name) => !doc.includes(`\`${name}\``))).toEqual([]);
  });

  it('names the parameters of the stack, and no others', () => {
    const named = [...doc.matchAll(/--param (\w+)=/g)].map(([, name]) => name);
    const known = [...infra.matchAll(/\$\{param:(\w+),/g)].map(([, name]) => name);

    expect(new Set(named)).toEqual(new Set(known));
  });

  it('is what rules, imports, feeds and bursts go by', () => {
    const { ProductFields } = renderAsff(aFinding(), {
      productArn: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
      accountId: '111122223333',
    });

    expect(doc).toContain(`"source": ["${EVENT_SOURCE}"]`);
    expect(doc).toContain(`"detail-type": ["${EVENT_DETAIL_TYPE}"]`);
    expect(infra).toContain(`"events:source": ${EVENT_SOURCE}, "events:detail-type": ${EVENT_DETAIL_TYPE}`);
    expect(doc).toContain(`schema ${OCSF_VERSION}`);
    expect(Object.keys(ProductFields ?? {})).toContain('ratchet/accountId');
    expect([BURST_MS, MAX_GROUP]).toEqual([1_800_000, 50]);
  });
});
