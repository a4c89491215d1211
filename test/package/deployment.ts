/**
 * A deployment on loopback: what the packaged template says, made in an account that holds nothing else and run as AWS
 * would run it. Its clock is its own, so a day passes in a minute. What AWS would tell of the stack (its resources, its
 * metrics, a trail) is told by `answers.ts`.
 */
import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { createWireClients } from '../wire/clients.ts';
import { ACCOUNT, type Caller, type OwnOperations, REGION, startWire, type Wire } from '../wire/server.ts';
import { answersOf } from './answers.ts';
import { type LambdaFunction, startFunction } from './lambda.ts';
import { makeResources } from './makeResources.ts';
import { matchesPattern } from './pattern.ts';
import { failuresOf, toBatch, toEvent } from './stack.ts';
import { type Deployed, deployed, readTemplate } from './template.ts';

/** What the topic hands to mail and to programs. */
export type Message = {
  readonly subject: string;
  readonly mail: string;
  readonly json: object;
  readonly https?: string;
};

/** Returns the commands that a text prints for people, each as one line: a line that ends in `\\` goes on. */
export function commandsOf(text: string): string[] {
  const whole = text.replaceAll(/ \\\n\s+/g, ' ');
  return [...whole.matchAll(/^ {2}((?:ratchet|aws) .+)$/gm)].map(([, command = '']) => command);
}

/** What a process said and ended with. */
export type Said = { readonly status: number; readonly out: string; readonly err: string };

export type LoopbackDeployment = {
  readonly wire: Wire;
  readonly stackName: string;
  readonly resources: readonly Deployed[];
  /** Clients of a person with every permission. */
  readonly alice: AwsClients;
  /** Milliseconds since 1970, by the account's clock. */
  now(): number;
  pass(ms: number): void;
  /** Gives each rule on a schedule its time. */
  tick(): Promise<void>;
  /** Hands events to the rules and messages to the functions until nothing moves. Returns how many events a rule took. */
  settle(): Promise<number>;
  /** What the topic published since the last call. */
  takeMessages(): Message[];
  /** The last mail whose subject says so, of all that were taken. */
  lastMail(says: string): string;
  /** Bodies of what waits in queues of dead letters. */
  deadLetters(): string[];
  /** Lines that the function wrote to its log. */
  log(name: string): readonly string[];
  /** Runs a line of a shell as a person at the account, in an empty folder that lasts as long as the deployment. `ratchet` is this checkout's. */
  shell(line: string): Promise<Said>;
  close(): Promise<void>;
};

export type DeploymentSetting = {
  /** Of the template, where they differ from its defaults. */
  readonly parameters?: { readonly [name: string]: string };
  /** Beside each bundle: `ratchet.config.jsonc`. */
  readonly files?: { readonly [name: string]: string };
  /** What AWS answers, where it differs from a healthy deployment. */
  readonly operations?: OwnOperations;
};

const SCHEDULED = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** Returns the deployment, with its functions cold. */
export async function startDeployment({
  parameters = {},
  files = {},
  operations = {},
}: DeploymentSetting = {}): Promise<LoopbackDeployment> {
  const template = readTemplate();
  const stackName = template.stackName;
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const identities: { [accessKeyId: string]: Caller } = {};
  const running = new Map<string, LambdaFunction>();
  const functionOf = (nameOrArn: string) => running.get(nameOrArn.split(':').at(-1) ?? '');
  let resources: readonly Deployed[] = [];
  const answers = answersOf({ resources: () => resources, stackName, functionOf, now, wire: () => wire });
  const wire: Wire = await startWire({ now, identities, operations: { ...answers, ...operations } });
  const place = { accountId: ACCOUNT, region: REGION, stackName, parameters, queueEndpoint: wire.endpoint };
  const alice = createWireClients(wire, 'ALICE')(place);
  const attributes = await makeResources((told) => deployed(template, { ...place, attributes: told }), alice);
  resources = deployed(template, { ...place, attributes });
  wire.records.splice(0);

  for (const { id, physicalId, Properties } of ofType(resources, 'AWS::Lambda::Function')) {
    const role = resources.find(({ id: one }) => `${one.replace(/Role$/, '')}LambdaFunction` === id);
    const AWS_ACCESS_KEY_ID = `GUARD${id.toUpperCase()}`;
    identities[AWS_ACCESS_KEY_ID] = {
      type: 'AssumedRole',
      principalId: `${attributes[`${role?.id}.RoleId`]}:${physicalId}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role?.physicalId}/${physicalId}`,
      accountId: ACCOUNT,
    };
    const { Variables } = Properties['Environment'] as { readonly Variables: { [name: string]: string } };
    const environment = {
      ...Variables,
      AWS_LAMBDA_FUNCTION_NAME: physicalId,
      AWS_ENDPOINT_URL: wire.endpoint,
      AWS_ENDPOINT_URL_S3_CONTROL: wire.endpoint.replace('127.0.0.1', 'localhost'),
      AWS_ACCESS_KEY_ID,
    };
    const timeoutMs = Number(Properties['Timeout']) * 1_000;
    const zip = physicalId.split('-').at(-1) ?? '';
    running.set(
      physicalId,
      await startFunction(zip, { environment, files, timeoutMs, aheadMs: () => aheadMs }),
    );
  }

  const queues = ofType(resources, 'AWS::SQS::Queue');
  const queueOf = (arn: unknown) =>
    queues.find(({ physicalId }) => String(arn).split(':').at(-1) === physicalId.split('/').at(-1));
  const rules = ofType(resources, 'AWS::Events::Rule');
  const give = async ({ Properties }: Deployed, event: object) => {
    for (const { Arn } of Properties['Targets'] as readonly { readonly Arn: string }[]) {
      const QueueUrl = queueOf(Arn)?.physicalId;
      if (QueueUrl === undefined) await functionOf(Arn)?.invoke(event);
      else await alice.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
    }
  };
  /** Lambda's mapping of a queue to its function, until nothing is left to receive. */
  const drain = async ({ Properties }: Deployed): Promise<number> => {
    const QueueUrl = queueOf(Properties['EventSourceArn'])?.physicalId;
    const MaxNumberOfMessages = Number(Properties['BatchSize']);
    for (let batches = 0; ; batches++) {
      const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages });
      const { Messages = [] } = await alice.sqs.send(asked);
      if (Messages.length === 0) return batches;
      const failed = failuresOf(
        await functionOf(String(Properties['FunctionName']))?.invoke(toBatch(Messages)),
      );
      const done = Messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
      const Entries = done.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
      if (Entries.length > 0) await alice.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  const settle = async () => {
    for (let taken = 0; ; ) {
      let moved = 0;
      for (const event of wire.records.splice(0).map(toEvent)) {
        for (const rule of rules.filter(({ Properties }) =>
          matchesPattern(Properties['EventPattern'], event),
        )) {
          await give(rule, event);
          taken++;
        }
      }
      for (const mapping of ofType(resources, 'AWS::Lambda::EventSourceMapping'))
        moved += await drain(mapping);
      if (moved === 0 && wire.records.length === 0) return taken;
    }
  };
  const taken: Message[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-person-'));
  const launcher = `#!/bin/sh\nexec '${process.execPath}' --input-type=module -e "import('${main}').then(({ main }) => main(process))" -- ratchet "$@"\n`;
  writeFileSync(join(folder, 'ratchet'), launcher, { mode: 0o755 });
  return {
    wire,
    stackName,
    resources,
    alice,
    now,
    pass(ms) {
      aheadMs += ms;
    },
    async tick() {
      for (const rule of rules.filter(({ Properties }) => Properties['ScheduleExpression'] !== undefined))
        await give(rule, SCHEDULED);
      await settle();
    },
    settle,
    lastMail: (says) => taken.findLast(({ subject }) => subject.includes(says))?.mail ?? '',
    takeMessages() {
      const messages = (wire.published as { subject: string; message: string }[]).splice(0).map(toMessage);
      taken.push(...messages);
      return messages;
    },
    deadLetters: () =>
      queues
        .filter(({ id }) => id.endsWith('DeadLetters'))
        .flatMap(({ physicalId }) => wire.queues.bodies(physicalId.split('/').at(-1) ?? '')),
    log: (name) => functionOf(name)?.log() ?? [],
    shell: (line) => run(line, folder, wire.endpoint),
    async close() {
      for (const fn of running.values()) await fn.stop();
      await wire.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ofType(resources: readonly Deployed[], type: string): readonly Deployed[] {
  return resources.filter(({ Type }) => Type === type);
}

function toMessage({ subject, message }: Wire['published'][number]): Message {
  const { email, default: json, https } = JSON.parse(message) as { readonly [form: string]: string };
  return {
    subject,
    mail: email ?? '',
    json: JSON.parse(json ?? '{}'),
    ...(https === undefined ? {} : { https }),
  };
}

function run(line: string, folder: string, endpoint: string): Promise<Said> {
  const env = {
    PATH: `${folder}:${process.env['PATH']}`,
    HOME: folder,
    NO_COLOR: '1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'ALICE',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  return new Promise((resolve) => {
    execFile('bash', ['-c', line], { cwd: folder, env }, (error: ExecFileException | null, out, err) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
  });
}
