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
import { createDetect } from '../../functions/detect/detect.ts';
import { createSweep, type SweepProgress } from '../../functions/sweep/sweep.ts';
import { createEngine } from '../../shared/checks/index.ts';
import { createSnsPublisher } from '../../shared/findings/snsPublisher.ts';
import { HOLD_MS } from '../../shared/guard/burst.ts';
import type { Mode } from '../../shared/guard/config.ts';
import type { TargetList } from '../../shared/guard/contract.ts';
import { createGuard } from '../../shared/guard/guard.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import { createS3Store } from '../../shared/store/s3Store.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { TargetKind } from '../../shared/targets/target.ts';
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
/** By then AWS shows what was written. Source: CloudTrail User Guide, events come within about five minutes. */
const DELIVERY_MS = 300_000;

export type Counted = {
  readonly what: string;
  /** Of one event whose change grants nothing new. */
  readonly passes: Calls;
  /** Of one event whose change is found and undone, the guard's own event included. */
  readonly undone: Calls;
  /** Of a sweep over 10,000 targets of which none changed. */
  readonly swept: Calls;
};

/** What everything costs. */
export type Costs = {
  readonly kinds: readonly Counted[];
  /** Of as many like findings as `BURST`, told one by one or, as deployed, in groups. */
  readonly bursts: { readonly alone: Calls; readonly grouped: Calls };
  /** Of a tick of each schedule that finds nothing to do. */
  readonly ticks: { readonly held: Calls; readonly sweep: Calls };
};

/** Counts the calls for each of the kinds that docs/costs.md names, for bursts and for idle ticks. */
export async function countCalls(): Promise<Costs> {
  const kinds: Counted[] = [];
  for (const scenario of SCENARIOS) kinds.push(await countKind(scenario));
  return {
    kinds,
    bursts: { alone: await countBurst(false), grouped: await countBurst(true) },
    ticks: await countTicks(),
  };
}

export const BURST = 100;

/** Somebody lets one more service assume each of so many roles, in one go. */
async function countBurst(groups: boolean): Promise<Calls> {
  const { guard, clients, count, handle, later } = createCounted({ groups });
  const roles = SCENARIOS.find(({ kind }) => kind === 'role-trust');
  if (roles === undefined) throw new Error('no scenario is of roles');
  const names = Array.from({ length: BURST }, (_, index) => `t${index}`);
  for (const name of names) await roles.make(clients, name);
  await guard.sweep({ ...PLACE, kinds: ['role-trust'] });
  return count(async () => {
    for (const name of names) await roles.widen(clients, name);
    await handle();
    later(HOLD_MS);
    await guard.publishHeld();
  });
}

async function countTicks(): Promise<Costs['ticks']> {
  const { guard, count, tick, sweepTick } = createCounted({ groups: true });
  // The first look is over, and something was told before.
  await sweepTick();
  await guard.publishHeld();
  return { held: await count(tick, 0), sweep: await count(sweepTick, 0) };
}

async function countKind({ kind, what, make, tighten, widen }: Scenario): Promise<Counted> {
  const names = Array.from({ length: SWEPT }, (_, index) => `t${index}`);
  const { guard, clients, count, handle } = createCounted({ groups: true, mode: 'rollback' });
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

type Deployment = {
  readonly groups: boolean;
  readonly mode?: Mode;
  /** How long a call takes. */
  readonly callMs?: number;
};

function createCounted({ groups, mode = 'observe', callMs = 0 }: Deployment) {
  let calls: Calls = noCalls();
  let listings = 0;
  let now = Date.parse('2026-03-01T00:00:00Z');
  const records: unknown[] = [];
  const clock = () => new Date(now);
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    clock,
    onWrite: ({ record }) => records.push(record),
  });
  const clients = account.clientsFor(PLACE);
  const bucket = createBucket();
  type Command = Parameters<typeof bucket.run>[0];
  const counting = Object.fromEntries(
    Object.entries(clients).map(([service, client]) => {
      const send = async (command: Command) => {
        now += callMs;
        if (/^List/.test(command.constructor.name)) listings++;
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
      now += callMs;
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
    config: { ...defaultConfig(), targets: [{ match: '*', mode }] },
    publishers: [createSnsPublisher({ client: topic, topicArn: 'topic', groups })],
    clock: { now: clock },
    logger: silentLogger,
    ownActorIds: [],
    wait: async () => {},
  });
  let kept: SweepProgress | undefined;
  let list: TargetList | undefined;
  const sweep = createSweep({
    guard,
    // One object of the guard's own bucket.
    progress: {
      async read() {
        calls.gets++;
        return kept;
      },
      async write(progress) {
        calls.puts++;
        kept = progress;
      },
    },
    lease: { take: async () => true, giveBack: async () => undefined },
    lists: {
      async read() {
        calls.gets++;
        return list;
      },
      async write(next) {
        calls.puts++;
        list = next;
      },
    },
    place: PLACE,
    requestRollback: async () => {},
    clock: { now: clock },
    wait: async (milliseconds) => {
      now += milliseconds;
    },
    logger: silentLogger,
  });
  const detect = createDetect({ guard, requestRollback: async () => {}, logger: silentLogger });
  return {
    guard,
    clients,
    /** One turn of the sweep. Returns how long it took. */
    async sweepTick() {
      const start = now;
      const found = await sweep(() => TURN_MS - (now - start));
      if (found === undefined) throw new Error('another turn is at work');
      const { finishedAt, examined } = found;
      return { milliseconds: now - start, isDone: finishedAt !== undefined, examined };
    },
    listings: () => listings,
    async tick() {
      calls.messages++;
      const body = JSON.stringify({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
      await detect({ Records: [{ messageId: 'tick', body }] } as never, NO_CONTEXT); // What a handler reads of them.
    },
    later(milliseconds: number) {
      now += milliseconds;
    },
    /** Returns the calls that the guard makes meanwhile, a day later. */
    async count(act: () => Promise<unknown>, wait = DAY_MS): Promise<Calls> {
      now += wait;
      records.length = 0;
      calls = noCalls();
      await act();
      return calls;
    },
    /** Hands the guard every event there is, as late as CloudTrail brings it, and those of what it does itself. */
    async handle() {
      now += DELIVERY_MS;
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

/** What the sweep's function may take, and how often it is started. Source: infra/, `Sweep`. */
const TURN_MS = 900_000;
/** A guess: most calls answer sooner. */
export const CALL_MS = 50;

export type Look = {
  readonly calls: Calls;
  /** Targets looked at. */
  readonly examined: number;
  /** Of the calls, those that list targets. */
  readonly listings: number;
  readonly turns: number;
  readonly milliseconds: number;
};

/** Counts one look at so many bucket policies, none of them changed, with the pace and with the ends of turns. */
export async function countLook(targets: number): Promise<Look> {
  const buckets = SCENARIOS.find(({ kind }) => kind === 'bucket-policy');
  if (buckets === undefined) throw new Error('no scenario is of buckets');
  const { clients, count, sweepTick, listings, later } = createCounted({ groups: true, callMs: CALL_MS });
  for (let index = 0; index < targets; index++) await buckets.make(clients, `t${index}`);
  const look = async () => {
    let [turns, milliseconds, examined] = [0, 0, 0];
    for (let isDone = false; !isDone; turns++) {
      const turn = await sweepTick();
      milliseconds += turn.milliseconds;
      ({ isDone, examined } = turn);
      later(Math.max(0, TURN_MS - turn.milliseconds));
    }
    return { turns, milliseconds, examined };
  };
  await look();
  const before = listings();
  let found = { turns: 0, milliseconds: 0, examined: 0 };
  const calls = await count(async () => {
    found = await look();
  });
  return { calls, listings: listings() - before, ...found };
}

const NO_CONTEXT = {} as never; // The handler looks at the event alone.

function noCalls(): Calls {
  return { reads: 0, writes: 0, gets: 0, puts: 0, lists: 0, publishes: 0, messages: 0 };
}
