/**
 * A standard SQS queue with a Lambda function behind it: at least once, in no order, hidden while it is worked on,
 * dead letters after five receives. Figures as in the stack.
 */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Cloud, createSandbox, type Sandbox } from './cloud.ts';
import type { Scheduler } from './scheduler.ts';

const VISIBILITY_MS = 720_000;
const MAX_RECEIVES = 5;
const FUNCTION_TIMEOUT_MS = 120_000;

/** The handler of one sandbox. */
export type Handle = (event: SQSEvent) => Promise<SQSBatchResponse>;

export type QueueOptions = {
  readonly name: string;
  readonly batchSize: number;
  readonly concurrency: number;
  /** Starts a sandbox: returns its handler. */
  readonly start: (sandbox: Sandbox) => Handle;
};

export type Queue = {
  /** Puts a message in that is received `delay` milliseconds from now at the earliest. */
  send(body: string, delay?: number): void;
  /** No sandbox of before gets another message, as after a deployment. */
  restart(): void;
  /** Messages that are neither handled nor dead. */
  waiting(): number;
  /** Bodies that were given up. */
  readonly dead: string[];
};

type Message = { readonly id: string; readonly body: string; visibleAt: number; receives: number };

/** Returns an empty queue whose function is invoked as messages come. */
export function createQueue(
  { name, batchSize, concurrency, start }: QueueOptions,
  { scheduler, cloud, dice }: { scheduler: Scheduler; cloud: Cloud; dice: () => number },
): Queue {
  const messages = new Set<Message>();
  const dead: string[] = [];
  const idle: { readonly sandbox: Sandbox; readonly handle: Handle }[] = [];
  let busy = 0;
  let sent = 0;
  let started = 0;
  let deployed = 0;
  const environment = () => {
    const kept = idle.pop();
    if (kept !== undefined) return kept;
    const sandbox = createSandbox(`${name}-${++started}`);
    return { sandbox, handle: start(sandbox) };
  };
  const receive = (): Message[] => {
    const batch: Message[] = [];
    for (const message of messages) {
      if (batch.length === batchSize || message.visibleAt > scheduler.now()) continue;
      if (message.receives >= MAX_RECEIVES) {
        messages.delete(message);
        dead.push(message.body);
        continue;
      }
      message.receives++;
      message.visibleAt = scheduler.now() + VISIBILITY_MS;
      scheduler.after(VISIBILITY_MS, poll);
      batch.push(message);
    }
    return batch;
  };
  const invoke = (batch: readonly Message[]) => {
    const { sandbox, handle } = environment();
    const version = deployed;
    busy++;
    let over = false;
    const end = () => {
      over = true;
      busy--;
      poll();
    };
    sandbox.onDeath = end;
    scheduler.after(FUNCTION_TIMEOUT_MS, () => {
      if (!over) cloud.kill(sandbox);
    });
    scheduler.resume();
    void handle(toEvent(batch)).then(
      ({ batchItemFailures }) => {
        scheduler.suspend();
        if (sandbox.dead) return;
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const message of batch) if (!failed.has(message.id)) messages.delete(message);
        if (version === deployed) idle.push({ sandbox, handle });
        end();
      },
      () => {
        scheduler.suspend();
        cloud.kill(sandbox);
      },
    );
  };
  function poll(): void {
    while (busy < concurrency) {
      const batch = receive();
      if (batch.length === 0) return;
      invoke(batch);
    }
  }
  return {
    send(body, delay = 0) {
      const visibleAt = scheduler.now() + Math.ceil(delay + dice() * 50);
      messages.add({ id: `${name}-message-${++sent}`, body, visibleAt, receives: 0 });
      scheduler.after(visibleAt - scheduler.now(), poll);
    },
    restart() {
      deployed++;
      idle.length = 0;
    },
    waiting: () => messages.size,
    dead,
  };
}

/** The members that a handler reads; Lambda gives more. */
function toEvent(batch: readonly Message[]): SQSEvent {
  const records = batch.map(({ id, body }) => ({ messageId: id, body }));
  return { Records: records } as unknown as SQSEvent; // The rest of a record is not looked at.
}
