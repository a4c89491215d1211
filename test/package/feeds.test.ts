import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, batchOf, type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

it('detect, packaged, tells every feed that the stack turned on', async () => {
  const { alice, wire, start, takeEvents } = stack;
  for (const Bucket of ['reports', 'lake']) await alice.s3.send(new CreateBucketCommand({ Bucket }));
  takeEvents();
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::reports/*',
      },
    ],
  };
  const fn = await start('detect', {
    environment: {
      RATCHET_CHAT_FORM: 'chatbot',
      RATCHET_EVENT_BUS: `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/findings`,
      RATCHET_SECURITY_HUB_PRODUCT: `arn:aws:securityhub:us-east-1:${ACCOUNT}:product/${ACCOUNT}/default`,
      RATCHET_OCSF_FEED: 's3://lake/ratchet/',
    },
  });
  await alice.s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: JSON.stringify(policy) }));

  const answer = await fn.invoke(batchOf(...takeEvents()));

  expect(answer).toEqual({ batchItemFailures: [] });
  const message = JSON.parse(wire.published[0]?.message ?? '{}') as { readonly [form: string]: string };
  const { id } = JSON.parse(message['default'] ?? '{}') as { readonly id: string };
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.parse(message['https'] ?? '{}')).toMatchObject({ source: 'custom', id });
  expect(wire.handedOver).toMatchObject([
    { operation: 'PutEvents', input: { Entries: [{ Source: 'ratchet', DetailType: 'Ratchet Finding' }] } },
    { operation: 'BatchImportFindings', input: { Findings: [{ Id: `ratchet/${ACCOUNT}/us-east-1/${id}` }] } },
  ]);
  const [key = ''] = wire.objects.keys('lake');
  expect(key).toContain(`ratchet/region=us-east-1/accountId=${ACCOUNT}/eventDay=`);
  expect(JSON.parse(wire.objects.text('lake', key) ?? '{}')).toMatchObject({
    class_uid: 2004,
    finding_info: { uid: id },
  });
});
