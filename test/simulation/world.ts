/**
 * The deployed guard in a recorded account: the functions' own handlers, guard, engine, adapters and S3 store; only
 * AWS itself, its queues and the clock are stand-ins.
 */

import { fileURLToPath } from 'node:url';
import { createDice } from '../../scripts/dice.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import type { Config } from '../../shared/guard/config.ts';
import type { Guard, RollbackRequest } from '../../shared/guard/contract.ts';
import type { TargetState } from '../../shared/guard/state.ts';
import { createRecordedAccount, type WrittenCall } from '../../shared/recording/recordedAccount.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { readRecord } from '../../shared/services/readRecord.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { ClientsFor, Snapshot, TargetRef } from '../../shared/targets/target.ts';
import { createReplica } from '../wire/replica.ts';
import { createBucket, type S3Stand } from './bucket.ts';
import { awsManagedPolicy, PLACE, TARGETS } from './changes.ts';
import { type Cloud, createCloud, createSandbox, type Sandbox } from './cloud.ts';
import { type Edition, editionOf } from './edition.ts';
import { createQueue, type Queue } from './queue.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createSweeper } from './sweeper.ts';
import { ACCOUNT, PARTNER } from './vocabulary.ts';
import {
  createWitness,
  type GuardWrite,
  type Held,
  keyOf,
  latest,
  noteState,
  type Told,
  type Witness,
} from './witness.ts';

/** What becomes of an event on its way. */
export type Delivery = {
  /** Never arrives. */
  readonly isLost: boolean;
  /** Milliseconds until each copy arrives. */
  readonly delays: readonly number[];
};

export type World = {
  readonly scheduler: Scheduler;
  readonly cloud: Cloud;
  readonly witness: Witness;
  readonly events: Queue;
  readonly rollbacks: Queue;
  /** Clients in somebody's name: what is done happens at once, and its events go the way that is told. */
  clientsAs(maker: Exclude<Held['by'], 'guard'>, delivery: Delivery): AwsClients;
  /** Begins a look at every target. */
  sweep(): void;
  /** Milliseconds by which reads of IAM lag. */
  readonly lagMs: number;
  /** Has a person approve an open finding; which one, the index says. What keeps them from it is their own affair. */
  approve(index: number): Promise<void>;
  /** Sends a message again that was sent before; which one, the index says. */
  redrive(index: number): void;
  /** Sends every message again that was sent so far. */
  redriveAll(): void;
  /** Sets something otherwise than at first, or as at first. */
  configure(setting: Setting | 'as at first'): void;
  /** Sends an event that nothing happened for: a deployer wrote that policy of the bucket. */
  forge(document: string, id: string): void;
  /** Called after each write of the guard. */
  afterGuardWrite: (write: GuardWrite) => void;
  /** Returns the snapshot that the guard kept under the hash. */
  kept(snapshotHash: string): Snapshot;
};

export type WorldOptions = {
  readonly seed: number;
  /** Milliseconds by which reads of IAM lag behind its writes. Absent: not at all. */
  readonly lagMs?: number;
  /** Whose guard it is. Absent: this one. */
  readonly edition?: Edition;
  readonly config?: Partial<Config>;
  /** Milliseconds for which the queue keeps a rollback that is asked for at that time. Absent: not at all. */
  readonly rollbackDelay?: (target: TargetRef, now: number) => number;
};

type Settable = {
  readonly targets: Config['targets'];
  /** Accounts that are trusted. */
  readonly zone: readonly string[];
  /** Beside the default ones. */
  readonly lists: Config['criticalAccess'];
};

const AT_FIRST: Settable = { targets: [{ match: '*', mode: 'rollback' }], zone: [PARTNER], lists: [] };

/** What may be set otherwise while the guard is at work. */
export const SETTINGS = {
  'restores off': { targets: [] },
  'partners are strangers': { zone: [] },
  'sending is critical': { lists: [{ name: 'sending', actions: ['sqs:SendMessage'] }] },
} as const satisfies { readonly [name: string]: Partial<Settable> };

export type Setting = keyof typeof SETTINGS;

const OWN_ID = 'AROAGUARD';
const IDENTITIES: { readonly [maker in Held['by']]: { readonly arn: string; readonly id: string } } = {
  somebody: { arn: `arn:aws:iam::${ACCOUNT}:role/somebody`, id: 'AROASOMEBODY' },
  deployer: { arn: `arn:aws:iam::${ACCOUNT}:role/ci/deploy`, id: 'AROADEPLOYER' },
  emergency: { arn: `arn:aws:iam::${ACCOUNT}:role/emergency`, id: 'AROAEMERGENCY' },
  responder: { arn: `arn:aws:iam::${ACCOUNT}:role/responder`, id: 'AROARESPONDER' },
  guard: { arn: `arn:aws:iam::${ACCOUNT}:role/ratchet/rollback`, id: OWN_ID },
  start: { arn: `arn:aws:iam::${ACCOUNT}:role/founder`, id: 'AROAFOUNDER' },
};

const START = Date.parse('2026-03-01T00:00:00Z');
/** The stack's clock asks for groups that are due. */
const TICK_MS = 300_000;
const AT_ONCE: Delivery = { isLost: false, delays: [1_000] };

/** This checkout's. */
export const OWN_EDITION = await editionOf(fileURLToPath(new URL('../..', import.meta.url)));

/** Returns an account that holds nothing, watched by a guard that knows nothing. */
export function createWorld({
  seed,
  lagMs = 0,
  edition = OWN_EDITION,
  config,
  rollbackDelay = () => 0,
}: WorldOptions): World {
  const { createGuard, createSnsPublisher, createS3Store, guardCodecs, defaultConfig } = edition;
  const dice = createDice(seed);
  const scheduler = createScheduler(START);
  const cloud = createCloud(scheduler, dice);
  const witness = createWitness();
  const clock = { now: () => new Date(scheduler.now()) };
  const bucket = createBucket((key, text) => {
    if (key.startsWith('targets/')) noteState(witness, JSON.parse(text) as TargetState, scheduler.now()); // Kept by the guard.
    if (key.startsWith('notes/') && isDue(key, text)) keepTicking();
  });
  let isTicking = false;
  /** The clock goes always; while nothing is held, its ticks find nothing to do and are left out. */
  const keepTicking = () => {
    if (isTicking) return;
    isTicking = true;
    scheduler.after(TICK_MS, () => {
      isTicking = false;
      events.send(JSON.stringify({ source: 'aws.events', 'detail-type': 'Scheduled Event' }));
      const isHeld = [...bucket.textsUnder('notes/')].some(([key, text]) => isDue(key, text));
      if (isHeld) keepTicking();
    });
  };
  let settable = AT_FIRST;
  const sent: string[] = [];
  const requested: string[] = [];
  const written: WrittenCall[] = [];
  const replica =
    lagMs === 0 ? undefined : createReplica({ services: RECORDED_SERVICES, managedPolicy: awsManagedPolicy });
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    managedPolicy: awsManagedPolicy,
    onWrite: (call) => {
      written.push(call);
      const at = clock.now();
      if (replica !== undefined) scheduler.after(lagMs, () => replica.follow(call, at));
    },
    clock: clock.now,
  });
  const plain = account.clientsFor(PLACE);

  /** Tells what came of the writes so far, and sends their events. */
  const settleWrites = async (maker: Held['by'], delivery: Delivery) => {
    for (const { record } of written.splice(0)) {
      const { arn, id } = IDENTITIES[maker];
      const time = clock.now().toISOString();
      const event: { readonly [field: string]: unknown } = {
        ...record,
        // Whole seconds, as in every record.
        eventTime: `${time.slice(0, 19)}Z`,
        userIdentity: { type: 'Role', arn, principalId: id, accountId: ACCOUNT },
      };
      await noteContents(event, maker);
      if (delivery.isLost) continue;
      const body = JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: event });
      sent.push(body);
      for (const delay of delivery.delays) events.send(body, delay);
    }
  };

  const noteContents = async (event: { readonly [field: string]: unknown }, by: Held['by']) => {
    const reading = readRecord(event);
    const own = new Set(reading.kind === 'change' ? reading.change.targets.map(keyOf) : []);
    const [documented] =
      reading.kind === 'change' && reading.change.document !== undefined ? reading.change.targets : [];
    const isIam = event['eventSource'] === 'iam.amazonaws.com';
    for (const target of TARGETS) {
      const key = keyOf(target);
      const mayChange = own.has(key) || (isIam && ADAPTERS[target.kind].policyType === 'IDENTITY_POLICY');
      if (!mayChange) continue;
      const snapshot = await ADAPTERS[target.kind].read(target, plain);
      const before = latest(witness, target);
      const isSame =
        before?.snapshot.contentHash === snapshot.contentHash &&
        before.snapshot.uniqueId === snapshot.uniqueId;
      if (isSame && !own.has(key)) continue;
      const held: Held = {
        at: scheduler.now(),
        snapshot,
        by,
        eventId: String(event['eventID']),
        isOwn: own.has(key),
        isInEvent: documented !== undefined && keyOf(documented) === key,
      };
      witness.held.set(key, [...(witness.held.get(key) ?? []), held]);
    }
  };

  type Send = (command: never) => Promise<unknown>;
  const clientsOver = (wrap: (send: Send, service: string) => Send): AwsClients =>
    Object.fromEntries(
      Object.entries(plain).map(([service, client]) => [
        service,
        { send: wrap(client.send as Send, service) },
      ]),
    ) as AwsClients; // The same services; each has the one method.

  const guardOf = (sandbox: Sandbox): Guard => {
    const reads = { first: Number.POSITIVE_INFINITY };
    const clients = clientsOver((send, service) => {
      const stale = service === 'iam' ? (replica?.clientsFor(PLACE).iam.send as Send | undefined) : undefined;
      return (command: never) => {
        const name = (command as object).constructor.name;
        const answered = stale !== undefined && READS.test(name) ? stale : send;
        return cloud.call(sandbox, 'account', () => watch(sandbox, answered, command, reads));
      };
    });
    const clientsFor: ClientsFor = () => clients;
    const store: S3Stand = {
      send: (command: Parameters<typeof bucket.run>[0]) =>
        cloud.call(sandbox, 'store', async () => {
          const { Body = '', Key = '' } = command.input as { Body?: string; Key?: string };
          const answer = await bucket.run(command);
          // A claim was written: what is read from now on is read for its restore.
          if (Key.startsWith('targets/') && Body.includes('"claim":{"holder"')) {
            reads.first = Number.POSITIVE_INFINITY;
          }
          return answer as never;
        }),
    };
    const topic = {
      send: (command: { readonly input: { readonly Message?: string } }) =>
        cloud.call(sandbox, 'topic', async () => {
          const { default: json } = JSON.parse(command.input.Message ?? '{}') as { default: string };
          witness.published.push(...toldIn(JSON.parse(json) as Finding | Group)); // As the publisher renders them.
          return {} as never;
        }),
    };
    return createGuard({
      store: createS3Store({ client: store, bucket: 'states', codecs: guardCodecs }),
      adapters: edition.ADAPTERS,
      clientsFor,
      engine: edition === OWN_EDITION ? engine : engineOf(edition),
      config: {
        ...defaultConfig(),
        zoneOfTrust: { ...defaultConfig().zoneOfTrust, accounts: settable.zone },
        criticalAccess: [...defaultConfig().criticalAccess, ...settable.lists],
        targets: settable.targets,
        deployers: [IDENTITIES.deployer.arn],
        breakGlass: [IDENTITIES.emergency.arn],
        ...config,
      },
      publishers: [createSnsPublisher({ client: topic as never, topicArn: 'topic', groups: true })],
      clock,
      logger: silentLogger,
      ownActorIds: [OWN_ID],
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
  };

  const watch = async (sandbox: Sandbox, send: Send, command: never, reads: { first: number }) => {
    const now = scheduler.now();
    reads.first = Math.min(reads.first, now);
    const before = new Map(TARGETS.map((target) => [keyOf(target), latest(witness, target)?.snapshot]));
    const states = new Map(witness.states);
    const answer = await send(command);
    for (const { operation, input, record } of written) {
      const reading = readRecord(record);
      const [target] = reading.kind === 'change' ? reading.change.targets : [];
      const snapshot = target && before.get(keyOf(target));
      if (target === undefined || snapshot === undefined)
        throw new Error(`the guard wrote what it does not watch: ${operation}`);
      witness.writes.push({
        at: now,
        sandbox,
        operation,
        input,
        target,
        before: snapshot,
        state: states.get(keyOf(target)),
        changes: (witness.held.get(keyOf(target)) ?? []).filter(({ by }) => by !== 'guard').length,
        readAt: reads.first,
      });
    }
    const writes = witness.writes.slice(-written.length);
    const hasWritten = written.length > 0;
    await settleWrites('guard', AT_ONCE);
    if (hasWritten) for (const write of writes) world.afterGuardWrite(write);
    return answer;
  };

  const parts = { scheduler, cloud, dice };
  const events = createQueue(
    {
      name: 'detect',
      batchSize: 10,
      concurrency: 4,
      start: (sandbox) => {
        const handle = edition.createDetect({
          guard: notingEvents(guardOf(sandbox), (eventId) => {
            if (!witness.handled.has(eventId)) witness.handled.set(eventId, scheduler.now());
          }),
          requestRollback: (request) => requestRollback(sandbox, request),
          logger: silentLogger,
        });
        return async (event) => (await handle(event, NO_CONTEXT)) ?? { batchItemFailures: [] };
      },
    },
    parts,
  );
  const rollbacks = createQueue(
    {
      name: 'rollback',
      batchSize: 1,
      concurrency: 2,
      start: (sandbox) => {
        const handle = edition.createRollback({ guard: guardOf(sandbox), logger: silentLogger });
        return async (event) => (await handle(event, NO_CONTEXT)) ?? { batchItemFailures: [] };
      },
    },
    parts,
  );
  const requestRollback = (sandbox: Sandbox, request: RollbackRequest) =>
    cloud.call(sandbox, 'queue', async () => {
      requested.push(JSON.stringify(request));
      rollbacks.send(JSON.stringify(request), rollbackDelay(request.target, scheduler.now()));
    });

  const world: World = {
    scheduler,
    cloud,
    witness,
    events,
    rollbacks,
    clientsAs: (maker, delivery) =>
      clientsOver((send) => async (command) => {
        const answer = await send(command);
        await settleWrites(maker, delivery);
        return answer;
      }),
    sweep: createSweeper({ ...parts, createSweep: edition.createSweep, guardOf, requestRollback }),
    afterGuardWrite: () => {},
    lagMs,
    async approve(index) {
      const open = [...witness.findings.values()].filter(({ status }) => status === 'ACTIVE');
      const id = open[index % Math.max(1, open.length)]?.id;
      if (id === undefined) return;
      witness.approved.add(id);
      const sandbox = createSandbox('approve');
      sandbox.onDeath = () => {};
      scheduler.resume();
      const approving = guardOf(sandbox).approve({ findingId: id, who: 'a person', why: 'it is right' });
      void approving.catch(() => undefined).finally(() => scheduler.suspend());
    },
    redrive(index) {
      const messages = [
        ...sent.map((body) => ({ queue: events, body })),
        ...requested.map((body) => ({ queue: rollbacks, body })),
      ];
      const message = messages[index % Math.max(1, messages.length)];
      message?.queue.send(message.body);
    },
    redriveAll() {
      for (const body of [...sent]) events.send(body);
      for (const body of [...requested]) rollbacks.send(body);
    },
    configure(setting) {
      const next: Settable = setting === 'as at first' ? AT_FIRST : { ...AT_FIRST, ...SETTINGS[setting] };
      if (JSON.stringify(next) === JSON.stringify(settable)) return;
      witness.settings.push({ at: scheduler.now(), restores: next.targets.length > settable.targets.length });
      settable = next;
      events.restart();
      rollbacks.restart();
    },
    forge(document, id) {
      const time = clock.now().toISOString();
      const event = {
        ...bucketEvent(document, id),
        eventTime: `${time.slice(0, 19)}Z`,
        userIdentity: {
          type: 'Role',
          arn: IDENTITIES.deployer.arn,
          principalId: IDENTITIES.deployer.id,
          accountId: ACCOUNT,
        },
      };
      events.send(JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: event }));
    },
    kept: (hash) =>
      JSON.parse(bucket.textsUnder(`documents/${hash}`).get(`documents/${hash}`) ?? '') as Snapshot, // Kept by the guard.
  };
  return world;
}

/** Something is held back, or waits for its time. */
function isDue(key: string, text: string): boolean {
  return text.includes('"dueAt"') || (key.includes('wakes') && text !== '[]');
}

type Group = {
  readonly kind: 'group';
  readonly findings: readonly Finding[];
};

function toldIn(message: Finding | Group): Told[] {
  if (!('kind' in message)) {
    const { id, revision, status } = message;
    return [{ id, revision, status, isGrouped: false }];
  }
  return message.findings.map(({ id, revision, status }) => ({ id, revision, status, isGrouped: true }));
}

/** A record of `PutBucketPolicy`. */
function bucketEvent(document: string, id: string) {
  return {
    eventVersion: '1.08',
    eventSource: 's3.amazonaws.com',
    eventName: 'PutBucketPolicy',
    awsRegion: PLACE.region,
    recipientAccountId: ACCOUNT,
    eventID: id,
    requestParameters: { bucketName: 'data', bucketPolicy: JSON.parse(document) as unknown },
    responseElements: null,
  };
}

const READS = /^(Get|List)/;

/** One for all histories: it keeps nothing. */
const engine = engineOf(OWN_EDITION);

function engineOf({ createEngine }: Edition) {
  return createEngine({ solver: 'atoms', linkPrincipal: true, timeoutMs: 600_000 });
}

const NO_CONTEXT = {} as never; // The handlers look at the event alone.

/** The guard, telling which events it is done with. */
function notingEvents(guard: Guard, note: (eventId: string) => void): Guard {
  return {
    ...guard,
    async handleRecord(record) {
      const outcome = await guard.handleRecord(record);
      const isHeld = outcome.kind === 'examined' && outcome.targets.some(({ kind }) => kind === 'unsettled');
      const { detail } = record as { readonly detail: { readonly eventID: string } }; // As `settleWrites` sends it.
      if (!isHeld) note(detail.eventID);
      return outcome;
    },
  };
}
