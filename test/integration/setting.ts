/**
 * The whole guard over a recorded account: real engine, real adapters, real records; only AWS itself is a stand-in, in
 * memory or behind real clients on loopback.
 */
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import type { GuardDependencies, RecordOutcome } from '../../shared/guard/contract.ts';
import { examine } from '../../shared/guard/examine.ts';
import { createGuard } from '../../shared/guard/guard.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import { createInMemoryStore } from '../../shared/store/inMemoryStore.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { ClientsFor, TargetRef } from '../../shared/targets/target.ts';
import { createWireClients } from '../wire/clients.ts';
import { startWire } from '../wire/server.ts';

export const ACCOUNT = '111122223333';
const OWN_ID = 'AROAGUARD';
export const PLACE = { accountId: ACCOUNT, region: 'us-east-1' };

type Element = { readonly [element: string]: unknown };
/** Returns a policy document of the statements. */
export const text = (...Statement: readonly Element[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });
/** Makes the function `f`. */
export const createFunction = ({ lambda }: Pick<AwsClients, 'lambda'>) =>
  lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: 'r',
      Code: {},
      Runtime: 'nodejs24.x',
      Handler: 'h',
    }),
  );

export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const MANAGED = new Map([
  [ADMINISTRATOR, text({ Effect: 'Allow', Action: '*', Resource: '*' })],
  [READ_ONLY, text({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })],
]);

const IDENTITIES = {
  mallory: {
    type: 'IAMUser',
    principalId: 'AIDAMALLORY',
    arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
    accountId: ACCOUNT,
  },
  pipeline: {
    type: 'IAMUser',
    principalId: 'AIDAPIPELINE',
    arn: `arn:aws:iam::${ACCOUNT}:user/pipeline`,
    accountId: ACCOUNT,
  },
  emergency: {
    type: 'IAMUser',
    principalId: 'AIDAEMERGENCY',
    arn: `arn:aws:iam::${ACCOUNT}:user/emergency`,
    accountId: ACCOUNT,
  },
  guard: {
    type: 'AssumedRole',
    principalId: `${OWN_ID}:s`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/guard/s`,
    accountId: ACCOUNT,
  },
};
type Who = keyof typeof IDENTITIES;

const managedPolicy = (arn: string) => MANAGED.get(arn);

/** Accounts that hold nothing yet, and how one gets to them. */
type Reach = {
  /** The time there. */
  readonly time: { now: Date };
  readonly clientsOf: (who: Who) => ClientsFor;
  /** What was written, as CloudTrail tells it. */
  readonly records: unknown[];
};

const START = new Date('2026-03-01T12:00:00Z');

type Sender = { readonly send: (command: object) => Promise<object> };

function inMemory(): Reach {
  const time = { now: START };
  const records: unknown[] = [];
  let actor: Who = 'mallory';
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    clock: () => time.now,
    managedPolicy,
    onWrite: ({ record }) => records.push({ ...record, userIdentity: IDENTITIES[actor] }),
  });
  const clientsOf =
    (who: Who): ClientsFor =>
    (place) => {
      // Each has the one method, whatever it takes.
      const inner = Object.entries(account.clientsFor(place)) as [string, Sender][];
      const clients = inner.map(([service, { send }]) => [
        service,
        {
          send(command: object) {
            actor = who;
            return send(command);
          },
        },
      ]);
      return Object.fromEntries(clients) as AwsClients; // `send` hands on what it is given.
    };
  return { time, clientsOf, records };
}

/** Real SDK clients, and AWS on loopback. */
async function overTheWire(): Promise<Reach & { readonly close: () => Promise<void> }> {
  const time = { now: START };
  const wire = await startWire({
    identities: IDENTITIES,
    managedPolicy,
    now: () => time.now.getTime(),
  });
  return { time, clientsOf: (who) => createWireClients(wire, who), records: wire.records, close: wire.close };
}

/** Returns a guard that rolls everything back, over accounts that hold nothing. */
export function createSetting({ time, clientsOf, records }: Reach = inMemory()) {
  const published: Finding[] = [];
  const dependencies: GuardDependencies = {
    store: createInMemoryStore({ codecs: guardCodecs }),
    adapters: ADAPTERS,
    clientsFor: clientsOf('guard'),
    engine: createEngine({ solver: 'atoms', linkPrincipal: true }),
    config: {
      ...defaultConfig(),
      targets: [{ match: '*', mode: 'rollback' }],
      deployers: [IDENTITIES.pipeline.arn],
      breakGlass: [IDENTITIES.emergency.arn],
    },
    publishers: [
      {
        name: 'list',
        async publish(findings) {
          published.push(...findings);
          return [];
        },
      },
    ],
    clock: { now: () => time.now },
    logger: silentLogger,
    ownActorIds: [OWN_ID],
  };
  const guard = {
    ...createGuard(dependencies),
    examineTarget: (target: TargetRef) => examine(target, undefined, dependencies),
  };
  const outcomes: RecordOutcome[] = [];
  /** Every record that was written since, through the guard; what it restores comes back as records. */
  const settle = async () => {
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      const outcome = await guard.handleRecord(record);
      outcomes.push(outcome);
      for (const { rollback } of outcome.kind === 'examined' ? outcome.targets : []) {
        if (rollback !== undefined) await guard.rollback(rollback);
      }
    }
  };
  return {
    guard,
    clients: clientsOf('mallory')(PLACE),
    clientsIn: clientsOf('mallory'),
    /** A deployer's. */
    pipeline: clientsOf('pipeline')(PLACE),
    /** An emergency role's. */
    emergency: clientsOf('emergency')(PLACE),
    published,
    /** What was written and not yet heard of. */
    records,
    settle,
    now: () => time.now,
    /** Lets minutes pass. */
    pass(minutes: number) {
      time.now = new Date(time.now.getTime() + minutes * 60_000);
    },
    /** Does what somebody does, an hour after whatever was before. */
    async later(act: (clients: AwsClients) => Promise<unknown>) {
      time.now = new Date(time.now.getTime() + 3_600_000);
      published.length = 0;
      await act(clientsOf('mallory')(PLACE));
      await settle();
    },
    /** The last word on what was opened just now: what a target was made with was told when it was made. */
    news: () =>
      [...new Map(published.map((finding) => [finding.id, finding])).values()].filter(
        ({ openedAt }) => openedAt === time.now.toISOString(),
      ),
    /** Id to the last word on it. */
    told: () => new Map(published.map((finding) => [finding.id, finding])),
  };
}

export type Setting = ReturnType<typeof createSetting>;

/** What was there before the change, and the change. */
export type Round = {
  readonly name: string;
  readonly before: (clients: AwsClients) => Promise<unknown>;
  readonly change: (clients: AwsClients) => Promise<unknown>;
  readonly check: Finding['check'];
};

/**
 * Plays the round in memory, and again over the wire with real clients: each time expects one finding, what was there
 * before, and silence at the guard's own writes.
 */
export async function expectRestored(round: Round): Promise<void> {
  await play(round, createSetting());
  const { close, ...reach } = await overTheWire();
  try {
    await play(round, createSetting(reach));
  } finally {
    await close();
  }
}

async function play({ before, change, check }: Round, setting: Setting): Promise<void> {
  await setting.later(before);

  await setting.later(change);

  const findings = setting.news();
  expect(findings).toMatchObject([{ check, status: 'ROLLED_BACK', action: { kind: 'done' } }]);
  expect(findings[0]?.witness).toBeDefined();
  const words = setting.published.filter(({ id }) => id === findings[0]?.id).length;
  await setting.later(async () => undefined);
  expect(setting.published).toHaveLength(0);
  expect(words).toBe(2);
}

/** Handles what was recorded, then what waits for events that may still come, with what that asks for. */
export async function settleAndWake(setting: Setting): Promise<void> {
  await setting.settle();
  for (let turn = 0; turn < 2; turn++) {
    setting.pass(16);
    for (const request of await setting.guard.wake()) await setting.guard.rollback(request);
    await setting.settle();
  }
}
