/** That the queues of the wire are queues: what the guard's delivery stands on. */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import { ACCOUNT, clientSettings, REGION, startWire, type Wire } from './server.ts';

let wire: Wire;
afterEach(() => wire.close());

async function start() {
  let now = 1_000_000;
  wire = await startWire({ now: () => now });
  const sqs = new SQSClient(clientSettings(wire));
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const redrive = { deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`, maxReceiveCount: 2 };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'events',
      Attributes: { VisibilityTimeout: '60', RedrivePolicy: JSON.stringify(redrive) },
    }),
  );
  const receive = async (count = 10) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: count }))).Messages ?? [];
  const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const pass = (seconds: number) => {
    now += seconds * 1_000;
  };
  return { sqs, QueueUrl, receive, send, pass };
}

it('hides a message that was received until its time is over, then gives it again', async () => {
  const { receive, send, pass } = await start();
  await send('one');

  const [first] = await receive();
  pass(59);
  expect(await receive()).toEqual([]);
  pass(1);
  const [again] = await receive();

  expect(again?.Body).toBe('one');
  expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
});

it('puts a message among the dead letters when it was received as often as the queue allows', async () => {
  const { receive, send, pass } = await start();
  await send('poison');
  for (let time = 0; time < 2; time++) {
    expect(await receive()).toHaveLength(1);
    pass(60);
  }

  expect(await receive()).toEqual([]);
  expect(wire.queues.bodies('dead')).toEqual(['poison']);
  expect(wire.queues.bodies('events')).toEqual([]);
});

it('deletes by the last receipt only, several at once', async () => {
  const { sqs, QueueUrl, receive, send, pass } = await start();
  await send('a');
  await send('b');
  const old = await receive();
  pass(60);
  const [a, b] = await receive();
  const entries = [old[0]?.ReceiptHandle, b?.ReceiptHandle].map((ReceiptHandle, index) => ({
    Id: String(index),
    ReceiptHandle,
  }));

  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries }));

  expect(wire.queues.bodies('events')).toEqual([a?.Body]);
});

it('shows a message at once when its time is set to nothing', async () => {
  const { sqs, QueueUrl, receive, send } = await start();
  await send('one');
  const [first] = await receive();

  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );

  expect(await receive()).toHaveLength(1);
});

it('names the queue that is not there as SQS does', async () => {
  const { sqs } = await start();

  await expect(
    sqs.send(new SendMessageCommand({ QueueUrl: `${wire.endpoint}/${ACCOUNT}/none`, MessageBody: 'x' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});
