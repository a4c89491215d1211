/**
 * The stack on loopback: AWS as in `test/wire`, its own bucket, topic and queues in it, the packaged functions, the rules
 * of the packaged template, and what Lambda does between a queue and a function.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Finding } from '../../shared/findings/finding.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { createWireClients } from '../wire/clients.ts';
import { ACCOUNT, REGION, startWire, type Wire } from '../wire/server.ts';
import { type FunctionSetting, type LambdaFunction, startFunction } from './lambda.ts';

export { ACCOUNT, REGION };

/** Of the queues between the steps; a message that failed so often is a dead letter. */
const MAX_RECEIVES = 3;
const OWN_ID = 'AROAEXAMPLEGUARD0001';
const QUEUES = ['events', 'events-dead', 'rollback', 'rollback-dead'] as const;

export type Stack = {
  readonly wire: Wire;
  /** Clients of a person with every permission. */
  readonly alice: AwsClients;
  start(name: string, setting?: Partial<FunctionSetting>): Promise<LambdaFunction>;
  /** Takes what was written since, as EventBridge hands it on: those that a rule of the template wants. */
  takeEvents(): object[];
  /** Puts a message into a queue, as whoever sent it. */
  send(queue: (typeof QUEUES)[number], body: string): Promise<void>;
  /**
   * Lambda's mapping of a queue to its function, until nothing is left to receive: what was not named as failed is
   * deleted. Returns how many batches there were.
   */
  drain(queue: 'events' | 'rollback', fn: LambdaFunction, batchSize?: number): Promise<number>;
  /** Findings that were published, in order. */
  findings(): Finding[];
  close(): Promise<void>;
};

/** Returns the stack with nothing in its account but what is its own. */
export async function startStack(
  files: { readonly [name: string]: string } = {},
  variables: { readonly [name: string]: string } = {},
): Promise<Stack> {
  const guard = {
    type: 'AssumedRole',
    principalId: `${OWN_ID}:ratchet`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/ratchet/ratchet`,
    accountId: ACCOUNT,
  };
  const wire = await startWire({ identities: { GUARD: guard } });
  const alice = createWireClients(wire, 'ALICE')({ accountId: ACCOUNT, region: REGION });
  await alice.s3.send(new CreateBucketCommand({ Bucket: 'versions' }));
  await alice.sns.send(new CreateTopicCommand({ Name: 'findings' }));
  for (const QueueName of [...QUEUES].reverse()) {
    const dead = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}-dead`;
    const redrive = JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: MAX_RECEIVES });
    // What failed is seen again at once: nobody waits in a test.
    const Attributes = {
      VisibilityTimeout: '0',
      ...(QueueName.endsWith('-dead') ? {} : { RedrivePolicy: redrive }),
    };
    await alice.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  }
  wire.records.splice(0);
  const urlOf = (queue: string) => `${wire.endpoint}/${ACCOUNT}/${queue}`;
  const environment = {
    RATCHET_BUCKET: 'versions',
    RATCHET_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:findings`,
    RATCHET_ACCOUNT_ID: ACCOUNT,
    RATCHET_OWN_ACTOR_IDS: OWN_ID,
    RATCHET_OWN_RESOURCES: `arn:aws:s3:::versions,arn:aws:iam::${ACCOUNT}:role/ratchet/*`,
    RATCHET_ROLLBACK_QUEUE_URL: urlOf('rollback'),
    AWS_ENDPOINT_URL: wire.endpoint,
    AWS_ENDPOINT_URL_S3_CONTROL: wire.endpoint.replace('127.0.0.1', 'localhost'),
    AWS_ACCESS_KEY_ID: 'GUARD',
    ...variables,
  };
  const running: LambdaFunction[] = [];
  const takeBatch = async (queue: string, size: number) => {
    const { Messages = [] } = await alice.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: urlOf(queue), MaxNumberOfMessages: size }),
    );
    return Messages;
  };
  return {
    wire,
    alice,
    async start(name, { environment: more, files: others, ...rest } = {}) {
      const fn = await startFunction(name, {
        environment: { ...environment, ...more },
        files: { ...files, ...others },
        ...rest,
      });
      running.push(fn);
      return fn;
    },
    takeEvents: () => wire.records.splice(0).filter(isWanted).map(toEvent),
    async send(queue, MessageBody) {
      await alice.sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody }));
    },
    async drain(queue, fn, batchSize = 10) {
      for (let batches = 0; ; batches++) {
        const messages = await takeBatch(queue, batchSize);
        if (messages.length === 0) return batches;
        const failed = await fn.invoke(toBatch(messages, queue)).then(failuresOf, () => 'all' as const);
        const done = messages.filter(({ MessageId = '' }) => failed !== 'all' && !failed.has(MessageId));
        const Entries = done.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
        if (Entries.length > 0)
          await alice.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: urlOf(queue), Entries }));
      }
    },
    findings: () =>
      wire.published.map(
        // The topic's messages hold the whole finding as JSON for programs.
        ({ message }) => JSON.parse((JSON.parse(message) as { default: string }).default) as Finding,
      ),
    async close() {
      for (const fn of running) await fn.stop();
      await wire.close();
    },
  };
}

type Messages = readonly {
  readonly MessageId?: string | undefined;
  readonly Body?: string | undefined;
}[];

/** A batch as Lambda hands it over. Source: Lambda Developer Guide, "Using Lambda with Amazon SQS". */
export function toBatch(messages: Messages, queue = 'events') {
  return {
    Records: messages.map(({ MessageId: messageId, Body: body }) => ({
      messageId,
      body,
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`,
      awsRegion: REGION,
    })),
  };
}

/** A batch of these bodies, whose messages are `m0`, `m1`, … */
export function batchOf(...bodies: readonly unknown[]) {
  return toBatch(
    bodies.map((body, index) => ({
      MessageId: `m${index}`,
      Body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  );
}

/** Ids of the messages that a handler of a queue named as failed. */
export function failuresOf(answer: unknown): ReadonlySet<string> {
  // What the handler of a queue answers; anything else would show in what is deleted.
  const { batchItemFailures } = answer as { batchItemFailures: { itemIdentifier: string }[] };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}

type CloudTrailRecord = { readonly [field: string]: unknown };

/** A record as EventBridge hands it on. */
export function toEvent(record: CloudTrailRecord): object {
  return {
    version: '0',
    id: record['eventID'],
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${String(record['eventSource']).split('.')[0]}`,
    account: ACCOUNT,
    region: REGION,
    time: record['eventTime'],
    resources: [],
    detail: record,
  };
}

type Pattern = {
  readonly detail: {
    readonly eventSource: readonly string[];
    readonly eventName: readonly (string | { readonly prefix: string })[];
  };
};

/** What the rules of the packaged template want, as far as they tell by source and name. */
const patterns = (): Pattern[] => {
  const path = new URL('../../.package/stack/cloudformation-template-update-stack.json', import.meta.url);
  const { Resources: resources } = JSON.parse(readFileSync(fileURLToPath(path), 'utf8')) as {
    Resources: {
      [id: string]: { Type: string; Properties: { EventPattern?: Pattern } };
    };
  };
  return Object.values(resources).flatMap(({ Type, Properties: { EventPattern } }) =>
    Type === 'AWS::Events::Rule' && EventPattern !== undefined && isOfCalls(EventPattern)
      ? [EventPattern]
      : [],
  );
};
/** Rules on other events than calls have patterns of another shape. */
const isOfCalls = (pattern: Pattern) => pattern.detail?.eventSource !== undefined;
let known: Pattern[] | undefined;

function isWanted({ eventSource, eventName }: CloudTrailRecord): boolean {
  known ??= patterns();
  const name = String(eventName);
  return known.some(
    ({ detail }) =>
      detail.eventSource.includes(String(eventSource)) &&
      detail.eventName.some((one) => (typeof one === 'string' ? one === name : name.startsWith(one.prefix))),
  );
}

/** Turns of the schedule until every target was looked at; returns what the last one says. */
export async function lookAtAll(sweep: Pick<LambdaFunction, 'invoke'>): Promise<object> {
  for (let turn = 0; turn < 30; turn++) {
    const progress = await sweep.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
    if (typeof progress === 'object' && progress !== null && 'finishedAt' in progress) return progress;
  }
  throw new Error('the look does not end');
}
