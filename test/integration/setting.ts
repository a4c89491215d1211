/** The whole guard over a recorded account: real engine, real adapters, real records; only AWS itself is a stand-in. */
import { expect } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import { createGuard, type RecordOutcome } from '../../shared/guard/guard.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { createInMemoryStore } from '../../shared/store/inMemoryStore.ts';
import { ADAPTERS } from '../../shared/targets/index.ts';
import type { AwsClients } from '../../shared/targets/target.ts';

export const ACCOUNT = '111122223333';
const OWN_ID = 'AROAGUARD';
export const PLACE = { accountId: ACCOUNT, region: 'us-east-1' };

type Element = { readonly [element: string]: unknown };
/** Returns a policy document of the statements. */
export const text = (...Statement: readonly Element[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });
export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Returns a guard that rolls everything back, over accounts that hold nothing. */
export function createSetting() {
  const records: unknown[] = [];
  const identities = {
    mallory: {
      type: 'IAMUser',
      principalId: 'AIDAMALLORY',
      arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
      accountId: ACCOUNT,
    },
    guard: {
      type: 'AssumedRole',
      principalId: `${OWN_ID}:s`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/guard/s`,
      accountId: ACCOUNT,
    },
  };
  let who: keyof typeof identities = 'mallory';
  let now = new Date('2026-03-01T12:00:00Z');
  const account = createRecordedAccount({
    clock: () => now,
    managedPolicy: (arn) =>
      arn === ADMINISTRATOR ? text({ Effect: 'Allow', Action: '*', Resource: '*' }) : undefined,
    onWrite: ({ record }) => records.push({ ...record, eventTime: now.toISOString() }),
    get actor() {
      return identities[who];
    },
  });
  const published: Finding[] = [];
  const guard = createGuard({
    store: createInMemoryStore({ codecs: guardCodecs }),
    adapters: ADAPTERS,
    clientsFor: account.clientsFor,
    engine: createEngine({ solver: 'atoms', linkPrincipal: true }),
    config: { ...defaultConfig(), targets: [{ match: '*', mode: 'rollback' }] },
    publishers: [
      {
        name: 'list',
        async publish(findings) {
          published.push(...findings);
          return [];
        },
      },
    ],
    clock: { now: () => now },
    logger: silentLogger,
    ownActorIds: [OWN_ID],
  });
  const outcomes: RecordOutcome[] = [];
  /** Every record that was written since, through the guard; what it undoes comes back as records. */
  const settle = async () => {
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      const outcome = await guard.handleRecord(record);
      outcomes.push(outcome);
      for (const { rollback } of outcome.kind === 'examined' ? outcome.targets : []) {
        if (rollback === undefined) continue;
        who = 'guard';
        await guard.rollback(rollback);
        who = 'mallory';
      }
    }
  };
  return {
    guard,
    clients: account.clientsFor(PLACE),
    published,
    settle,
    /** Does what somebody does, an hour after whatever was before. */
    async later(act: (clients: AwsClients) => Promise<unknown>) {
      now = new Date(now.getTime() + 3_600_000);
      published.length = 0;
      await act(account.clientsFor(PLACE));
      await settle();
    },
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

/** Plays the round and expects one finding, what was there before, and silence at the guard's own writes. */
export async function expectUndone({ before, change, check }: Round): Promise<void> {
  const setting = createSetting();
  await setting.later(before);

  await setting.later(change);

  const findings = [...setting.told().values()];
  expect(findings).toMatchObject([{ check, status: 'ROLLED_BACK', action: { kind: 'done' } }]);
  expect(findings[0]?.witness).toBeDefined();
  const words = setting.published.length;
  await setting.later(async () => undefined);
  expect(setting.published).toHaveLength(0);
  expect(words).toBe(2);
}
