/** What the guard calls in AWS, counted: the guard at work in a recorded account, with every call noted. */

import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { createEngine } from '../../shared/checks/index.ts';
import { createSnsPublisher } from '../../shared/findings/snsPublisher.ts';
import { createGuard } from '../../shared/guard/guard.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { createS3Store } from '../../shared/store/s3Store.ts';
import { ADAPTERS } from '../../shared/targets/index.ts';
import type { AwsClients, TargetKind } from '../../shared/targets/target.ts';
import { createBucket } from './bucket.ts';
import { PLACE } from './changes.ts';
import { ACCOUNT, documentOf } from './vocabulary.ts';

/** Calls by what is paid for. */
export type Calls = {
  /** Of policies, with the services that hold them. */
  reads: number;
  writes: number;
  /** The guard's own bucket. */
  gets: number;
  puts: number;
  lists: number;
  publishes: number;
  /** Events that a function is handed, and rollback requests. */
  messages: number;
};

const READ = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::data/*' };
const LESS = { ...READ, Action: 's3:GetObject' };
const MORE = { ...READ, Action: 's3:*' };
const trust = (...services: string[]) =>
  documentOf([{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }]);
const own = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` } };

type Statement = Parameters<typeof documentOf>[0][number];

type Scenario = {
  readonly kind: TargetKind;
  readonly what: string;
  readonly make: (clients: AwsClients, name: string) => Promise<unknown>;
  readonly tighten: (clients: AwsClients, name: string) => Promise<unknown>;
  readonly widen: (clients: AwsClients, name: string) => Promise<unknown>;
};

const bucketPolicy = (bucket: string, statement: Statement) =>
  new PutBucketPolicyCommand({ Bucket: bucket, Policy: documentOf([{ ...statement, ...own }]) });
const permission = (StatementId: string, Principal: string) => (FunctionName: string) =>
  new AddPermissionCommand({ FunctionName, StatementId, Principal, Action: 'lambda:InvokeFunction' });
const version = (name: string, statement: Statement) =>
  new CreatePolicyVersionCommand({
    PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}`,
    PolicyDocument: documentOf([statement]),
    SetAsDefault: true,
  });
const inline = (RoleName: string, statement: Statement) =>
  new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: documentOf([statement]) });

const SCENARIOS: readonly Scenario[] = [
  {
    kind: 'managed-policy',
    what: 'managed policy',
    make: ({ iam }, name) =>
      iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: documentOf([READ]) })),
    tighten: ({ iam }, name) => iam.send(version(name, LESS)),
    widen: ({ iam }, name) => iam.send(version(name, MORE)),
  },
  {
    kind: 'iam-principal',
    what: 'role with one inline policy',
    make: async ({ iam }, name) => {
      await iam.send(
        new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust('ec2.amazonaws.com') }),
      );
      await iam.send(inline(name, READ));
    },
    tighten: ({ iam }, name) => iam.send(inline(name, LESS)),
    widen: ({ iam }, name) => iam.send(inline(name, MORE)),
  },
  {
    kind: 'role-trust',
    what: 'trust policy',
    make: ({ iam }, RoleName) =>
      iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: trust('ec2.amazonaws.com', 'ecs.amazonaws.com'),
        }),
      ),
    tighten: ({ iam }, RoleName) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust('ec2.amazonaws.com') })),
    widen: ({ iam }, RoleName) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName,
          PolicyDocument: trust('ec2.amazonaws.com', 'lambda.amazonaws.com'),
        }),
      ),
  },
  {
    kind: 'bucket-policy',
    what: 'bucket policy',
    make: async ({ s3 }, Bucket) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(bucketPolicy(Bucket, READ));
    },
    tighten: ({ s3 }, name) => s3.send(bucketPolicy(name, LESS)),
    widen: ({ s3 }, name) => s3.send(bucketPolicy(name, MORE)),
  },
  {
    kind: 'lambda-function-policy',
    what: 'function policy',
    make: async ({ lambda }, name) => {
      await lambda.send(new CreateFunctionCommand({ FunctionName: name, Code: {}, Role: 'r' }));
      await lambda.send(permission('a', 's3.amazonaws.com')(name));
      await lambda.send(permission('b', 'sns.amazonaws.com')(name));
    },
    tighten: ({ lambda }, FunctionName) =>
      lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'b' })),
    widen: ({ lambda }, name) => lambda.send(permission('c', 'events.amazonaws.com')(name)),
  },
];

const SWEPT = 200;
const DAY_MS = 86_400_000;

export type Counted = {
  readonly what: string;
  /** Of one event whose change grants nothing new. */
  readonly passes: Calls;
  /** Of one event whose change is found and undone, the guard's own event included. */
  readonly undone: Calls;
  /** Of a sweep over 10,000 targets of which none changed. */
  readonly swept: Calls;
};

/** Counts the calls for each of the kinds that the README names. */
export async function countCalls(): Promise<Counted[]> {
  const counted: Counted[] = [];
  for (const scenario of SCENARIOS) counted.push(await countKind(scenario));
  return counted;
}

async function countKind({ kind, what, make, tighten, widen }: Scenario): Promise<Counted> {
  const names = Array.from({ length: SWEPT }, (_, index) => `t${index}`);
  const { guard, clients, count, handle } = createCounted();
  for (const name of names) await make(clients, name);
  const sweep = () => guard.sweep({ ...PLACE, kinds: [kind] });
  await count(sweep);
  const swept = await count(sweep);
  const passes = await count(async () => {
    await tighten(clients, 't0');
    await handle();
  });
  const undone = await count(async () => {
    await widen(clients, 't0');
    await handle();
  });
  const times = 10_000 / SWEPT;
  const scaled = Object.entries(swept).map(([name, calls]) => [name, calls * times]);
  return { what, passes, undone, swept: { ...swept, ...Object.fromEntries(scaled) } };
}

function createCounted() {
  let calls: Calls = noCalls();
  let now = Date.parse('2026-03-01T00:00:00Z');
  const records: unknown[] = [];
  const clock = () => new Date(now);
  const account = createRecordedAccount({ clock, onWrite: ({ record }) => records.push(record) });
  const clients = account.clientsFor(PLACE);
  const bucket = createBucket();
  type Command = Parameters<typeof bucket.run>[0];
  const counting = Object.fromEntries(
    Object.entries(clients).map(([service, client]) => {
      const send = async (command: Command) => {
        if (/^(Get|List|Describe)/.test(command.constructor.name)) calls.reads++;
        else calls.writes++;
        return (client.send as (command: Command) => Promise<unknown>)(command);
      };
      return [service, { send }];
    }),
  ) as unknown as AwsClients; // The same services; each has the one method.
  const paid: { readonly [command: string]: 'gets' | 'puts' | 'lists' } = {
    GetObjectCommand: 'gets',
    PutObjectCommand: 'puts',
    ListObjectsV2Command: 'lists',
  };
  const store = {
    send: async (command: Command) => {
      const name = paid[command.constructor.name];
      if (name !== undefined) calls[name]++;
      return (await bucket.run(command)) as never;
    },
  };
  const topic = {
    send: async () => {
      calls.publishes++;
      return {} as never;
    },
  };
  const guard = createGuard({
    store: createS3Store({ client: store, bucket: 'states', codecs: guardCodecs }),
    adapters: ADAPTERS,
    clientsFor: () => counting,
    engine: createEngine({ solver: 'atoms', linkPrincipal: true }),
    config: { ...defaultConfig(), targets: [{ match: '*', mode: 'rollback' }] },
    publishers: [createSnsPublisher({ client: topic, topicArn: 'topic' })],
    clock: { now: clock },
    logger: silentLogger,
    ownActorIds: [],
    wait: async () => {},
  });
  return {
    guard,
    clients,
    /** Returns the calls that the guard makes meanwhile, a day later. */
    async count(act: () => Promise<unknown>): Promise<Calls> {
      now += DAY_MS;
      records.length = 0;
      calls = noCalls();
      await act();
      return calls;
    },
    /** Hands the guard every event there is, and those of what it does itself. */
    async handle() {
      for (let record = records.shift(); record !== undefined; record = records.shift()) {
        calls.messages++;
        const outcome = await guard.handleRecord(record);
        for (const { rollback } of outcome.kind === 'examined' ? outcome.targets : []) {
          if (rollback === undefined) continue;
          calls.messages++;
          await guard.rollback(rollback);
        }
      }
    },
  };
}

/** US dollars a million. */
const PRICES: { readonly [what in Exclude<keyof Calls, 'reads' | 'writes'>]: number } = {
  gets: 0.4,
  puts: 5,
  lists: 5,
  publishes: 0.5,
  // Sent, received and deleted.
  messages: 3 * 0.4,
};
const INVOCATION_PRICE = 0.2;
const GIGABYTE_SECOND_PRICE = 13.3334;
const MEMORY_GIGABYTES = 1769 / 1024;
/** A guess: most calls answer sooner. */
const SECONDS_A_CALL = 0.05;

/** Returns US dollars for a million times the calls, with an invocation for each message (for a sweep: none). */
export function costOf(calls: Calls): number {
  const { reads, writes, gets, puts, lists, publishes, messages } = calls;
  const paid = Object.entries(PRICES).map(([what, price]) => calls[what as keyof typeof PRICES] * price);
  const seconds = (reads + writes + gets + puts + lists + publishes) * SECONDS_A_CALL;
  const compute = seconds * MEMORY_GIGABYTES * GIGABYTE_SECOND_PRICE;
  return paid.reduce((sum, one) => sum + one, compute + messages * INVOCATION_PRICE);
}

/** Returns the README's table, a line a row. */
export function renderCosts(counted: readonly Counted[]): string[] {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const cellsOf = ({ reads, writes, gets, puts, lists, publishes, messages }: Calls) =>
    [reads, writes, gets, puts, lists, publishes, messages].map((count) => count.toLocaleString('en'));
  const millions = counted.flatMap(({ what, passes, undone }) => [
    row([`${what}, passes`, ...cellsOf(passes), `$${costOf(passes).toFixed(0)}`]),
    row([`${what}, undone`, ...cellsOf(undone), `$${costOf(undone).toFixed(0)}`]),
  ]);
  const sweeps = counted.map(({ what, swept }) =>
    row([`${what}, swept`, ...cellsOf(swept), `$${(costOf(swept) / 1_000_000).toFixed(2)}`]),
  );
  const head = ['policy reads', 'policy writes', 'S3 GET', 'S3 PUT', 'S3 LIST', 'SNS', 'SQS messages'];
  return [
    row(['one event on a …', ...head, 'a million of them']),
    row(['---', ...Array.from({ length: head.length + 1 }, () => '---:')]),
    ...millions,
    '',
    row(['10,000 targets, none changed', ...head, 'one sweep']),
    row(['---', ...Array.from({ length: head.length + 1 }, () => '---:')]),
    ...sweeps,
  ];
}

function noCalls(): Calls {
  return { reads: 0, writes: 0, gets: 0, puts: 0, lists: 0, publishes: 0, messages: 0 };
}
