/**
 * A store that the first edition wrote (commit 9639c94), opened by this one. The fixture holds the store’s objects, and the
 * calls that led to what AWS holds: buckets `open` (public at first sight), `approved` (widened, and approved), `rolled`
 * (widened, and rolled back), `planned` (widened, and the rollback asked for), `deployed` (widened by a deployer) and
 * `untouched`; a role that was widened, and a policy that was widened in its first minutes.
 */
import { readFileSync } from 'node:fs';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import { createGuard } from '../../shared/guard/guard.ts';
import { guardCodecs } from '../../shared/guard/stateSchema.ts';
import { createRecordedAccount } from '../../shared/recording/recordedAccount.ts';
import { defaultConfig } from '../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import { RECORDED_SERVICES } from '../../shared/services/recorded.ts';
import { createS3Store } from '../../shared/store/s3Store.ts';
import { createBucket, type S3Stand } from '../simulation/bucket.ts';

type OldState = {
  readonly target: { readonly arn: string };
  readonly openFindings: readonly Finding[];
  readonly closedFindings: readonly Finding[];
};

const ACCOUNT = '111122223333';
const PLACE = { accountId: ACCOUNT, region: 'us-east-1' };
const KINDS = ['bucket-policy', 'iam-principal', 'managed-policy', 'role-trust'] as const;
const fixture = JSON.parse(
  readFileSync(new URL('../vectors/firstEdition.json', import.meta.url), 'utf8'),
) as {
  readonly now: string;
  readonly records: readonly object[];
  readonly objects: { readonly [key: string]: string };
};
const oldStates = Object.entries(fixture.objects)
  .filter(([key]) => key.startsWith('targets/'))
  .map(([, state]) => JSON.parse(state) as OldState);
const oldOpen = oldStates.flatMap(({ openFindings }) => openFindings);
const oldClosed = oldStates.flatMap(({ closedFindings }) => closedFindings);

/** The guard of today on that store, in that account, an hour later; it restores wherever it may. */
async function setting() {
  const time = { now: new Date(Date.parse(fixture.now) + 3_600_000) };
  const written: string[] = [];
  const records: object[] = [];
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    clock: () => time.now,
    onWrite: ({ operation, record }) => {
      written.push(operation);
      records.push({ ...record, userIdentity: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/m' } });
    },
  });
  for (const record of fixture.records) account.applyRecord(record);
  const bucket = createBucket();
  for (const [Key, Body] of Object.entries(fixture.objects))
    await bucket.run({ constructor: { name: 'PutObjectCommand' }, input: { Key, Body } });
  const client: S3Stand = { send: (command: object) => bucket.run(command as never) as never }; // As the store sends them.
  const store = createS3Store({ client, bucket: 'states', codecs: guardCodecs });
  const published: Finding[] = [];
  const guard = createGuard({
    store,
    adapters: ADAPTERS,
    clientsFor: account.clientsFor,
    engine: createEngine({ solver: 'atoms', linkPrincipal: true }),
    config: {
      ...defaultConfig(),
      deployers: [`arn:aws:iam::${ACCOUNT}:role/deploy`],
      targets: [{ match: '*', mode: 'rollback' }],
    },
    publishers: [
      {
        name: 'memory',
        publish: async (findings) => {
          published.push(...findings);
          return [];
        },
      },
    ],
    clock: { now: () => time.now },
    logger: silentLogger,
    ownActorIds: ['AROAGUARD'],
  });
  const look = async (minutesLater = 30) => {
    time.now = new Date(time.now.getTime() + minutesLater * 60_000);
    const { faults, rollbacks } = await guard.sweep({ ...PLACE, kinds: KINDS });
    for (const request of rollbacks) await guard.rollback(request);
    return faults;
  };
  const findings = async () => {
    const known = new Map<string, Finding>();
    for (const kind of KINDS)
      for (const { value } of (await store.listStates(kind, {})).values)
        for (const one of [...value.openFindings, ...value.closedFindings]) known.set(one.id, one);
    return known;
  };
  return {
    time,
    guard,
    look,
    findings,
    written,
    records,
    published,
    clients: account.clientsFor(PLACE),
    store,
  };
}

describe('a store of the first edition', () => {
  it('is one that has findings of every end', () => {
    expect(oldOpen.map(({ action }) => action.kind).toSorted()).toEqual([
      'observed',
      'observed',
      'observed',
      'observed',
      'planned',
    ]);
    expect(oldClosed.map(({ status }) => status).toSorted()).toEqual(['APPROVED', 'ROLLED_BACK']);
  });

  it('keeps its open findings open, by their ids, as long as what they tell is granted', async () => {
    const { look, findings } = await setting();

    expect([...(await look()), ...(await look()), ...(await look(26 * 60))]).toEqual([]);
    const now = await findings();

    const planned = oldOpen.filter(({ action }) => action.kind === 'planned').map(({ id }) => id);
    for (const { id } of oldOpen.filter((one) => !planned.includes(one.id)))
      expect(now.get(id)).toMatchObject({ status: 'ACTIVE' });
  });

  it('keeps approvals and what was rolled back', async () => {
    const { look, findings } = await setting();
    await look();
    await look();
    const now = await findings();

    for (const { id, status } of oldClosed) expect(now.get(id)).toMatchObject({ status });
  });

  it('has nothing approved that nobody approved', async () => {
    const { look, findings } = await setting();
    await look();
    await look(26 * 60);

    const approved = [...(await findings()).values()].filter(({ status }) => status === 'APPROVED');
    expect(approved.map(({ id }) => id)).toEqual(
      oldClosed.filter(({ status }) => status === 'APPROVED').map(({ id }) => id),
    );
  });

  it('starts no restore of what it had left, and tells nothing anew of what was approved', async () => {
    const { look, findings, written } = await setting();
    await look();
    await look();

    expect(written).toEqual([]);
    const told = [...(await findings()).values()].filter(
      ({ target, status }) => status === 'ACTIVE' && /:(approved|untouched|rolled)$/.test(target.arn),
    );
    expect(told).toEqual([]);
  });

  it('is where the next change is compared from', async () => {
    const { look, findings, clients, records, guard, time } = await setting();
    await look();
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
      Resource: 'arn:aws:s3:::approved/*',
    };
    time.now = new Date(time.now.getTime() + 60_000);
    const Action = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Action }] });
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket: 'approved', Policy }));
    await guard.handleRecord(records.at(-1));

    const [found, ...others] = [...(await findings()).values()].filter(
      ({ target, status }) => status === 'ACTIVE' && target.arn.endsWith(':approved'),
    );
    expect(others).toEqual([]);
    expect(found?.witness).toMatchObject({ action: 's3:DeleteObject' });
  });

  it('has a finding closed once what it tells is gone', async () => {
    const { look, findings, clients } = await setting();
    await look();
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::open/*',
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket: 'open', Policy }));
    await look();

    const [open] = oldOpen.filter(({ target }) => target.arn.endsWith(':open'));
    expect((await findings()).get(open?.id ?? '')).toMatchObject({ status: 'RESOLVED' });
  });
});
