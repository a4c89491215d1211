/**
 * SQS's messages in memory: standard queues with visibility time-out and dead letters. Source: SQS Developer Guide,
 * "Amazon SQS visibility timeout" and "Using dead-letter queues". Not kept: FIFO queues, delays, long polling,
 * attributes of messages, retention, batches of sends.
 */
import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../shared/recording/account.ts';
import type { Input } from './readRequest.ts';

type Message = {
  readonly id: string;
  readonly body: string;
  receives: number;
  receipt: string | undefined;
  /** Shown again from then on, in ms. */
  visibleAt: number;
};

type Queue = { readonly messages: Message[]; readonly attributes: Map<string, string> };

export type Queues = {
  /** Puts a message into the queue of that name. */
  send(name: string, body: string): void;
  /** Bodies of what is in the queue, received or not. */
  bodies(name: string): string[];
  /** Does the operation, or returns undefined iff it is none on messages. */
  run(operation: string, input: Input): Input | undefined;
};

const DEFAULT_VISIBILITY_S = 30;
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

type Entry = { readonly Id: string; readonly ReceiptHandle: string };

/** Returns no queues yet. `now` in ms. */
export function createQueues(now: () => number): Queues {
  const queues = new Map<string, Queue>();
  const queueOf = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue === undefined)
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist for this wsdl version.');
    return queue;
  };
  const of = (input: Input) => queueOf(String(input['QueueUrl']).split('/').at(-1) ?? '');
  const send = (queue: Queue, body: string): Message => {
    const message: Message = { id: randomUUID(), body, receives: 0, receipt: undefined, visibleAt: 0 };
    queue.messages.push(message);
    return message;
  };
  const visibilityOf = ({ attributes }: Queue) =>
    Number(attributes.get('VisibilityTimeout') ?? DEFAULT_VISIBILITY_S);
  /** Moves what was received too often to the dead letters. */
  const redrive = (queue: Queue) => {
    const policy = queue.attributes.get('RedrivePolicy');
    if (policy === undefined) return;
    // Its two members are SQS's.
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as {
      readonly deadLetterTargetArn: string;
      readonly maxReceiveCount: number | string;
    };
    const dead = queue.messages.filter(
      ({ receives, visibleAt }) => visibleAt <= now() && receives >= Number(maxReceiveCount),
    );
    const letters = queueOf(deadLetterTargetArn.split(':').at(-1) ?? '');
    for (const message of dead) {
      queue.messages.splice(queue.messages.indexOf(message), 1);
      letters.messages.push(message);
    }
  };
  const remove = ({ messages }: Queue, receipt: unknown) => {
    const index = messages.findIndex((one) => one.receipt !== undefined && one.receipt === receipt);
    if (index >= 0) messages.splice(index, 1);
  };
  const operations: { readonly [operation: string]: (input: Input) => Input } = {
    CreateQueue(input) {
      const name = String(input['QueueName']);
      const attributes = new Map(Object.entries((input['Attributes'] ?? {}) as { [name: string]: string }));
      if (!queues.has(name)) queues.set(name, { messages: [], attributes });
      return {};
    },
    SendMessage(input) {
      const body = String(input['MessageBody']);
      return { MessageId: send(of(input), body).id, MD5OfMessageBody: md5(body) };
    },
    ReceiveMessage(input) {
      const queue = of(input);
      redrive(queue);
      const seconds = Number(input['VisibilityTimeout'] ?? visibilityOf(queue));
      const taken = queue.messages
        .filter(({ visibleAt }) => visibleAt <= now())
        .slice(0, Number(input['MaxNumberOfMessages'] ?? 1));
      for (const message of taken) {
        message.receives++;
        message.receipt = randomUUID();
        message.visibleAt = now() + seconds * 1_000;
      }
      const shown = taken.map(({ id, body, receipt, receives }) => ({
        MessageId: id,
        Body: body,
        MD5OfBody: md5(body),
        ReceiptHandle: receipt,
        Attributes: { ApproximateReceiveCount: String(receives) },
      }));
      return shown.length === 0 ? {} : { Messages: shown };
    },
    DeleteMessage(input) {
      remove(of(input), input['ReceiptHandle']);
      return {};
    },
    DeleteMessageBatch(input) {
      const queue = of(input);
      const entries = input['Entries'] as readonly Entry[]; // Told by the schema.
      for (const { ReceiptHandle } of entries) remove(queue, ReceiptHandle);
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    ChangeMessageVisibility(input) {
      const message = of(input).messages.find(({ receipt }) => receipt === input['ReceiptHandle']);
      if (message === undefined)
        throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
      message.visibleAt = now() + Number(input['VisibilityTimeout']) * 1_000;
      return {};
    },
  };
  return {
    send: (name, body) => void send(queueOf(name), body),
    bodies: (name) => queueOf(name).messages.map(({ body }) => body),
    run: (operation, input) => operations[operation]?.(input),
  };
}
