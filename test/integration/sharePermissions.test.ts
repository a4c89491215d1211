/** Permissions of RAM: their versions, and which of them a resource share holds. */
import {
  AssociateResourceShareCommand,
  AssociateResourceSharePermissionCommand,
  CreatePermissionCommand,
  CreatePermissionVersionCommand,
  CreateResourceShareCommand,
  DeletePermissionVersionCommand,
  GetPermissionCommand,
  ListResourceSharePermissionsCommand,
  ReplacePermissionAssociationsCommand,
} from '@aws-sdk/client-ram';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { contentOf, onlyShare } from './onlyShare.ts';
import { ACCOUNT, createSetting, PLACE, type Setting, settleAndWake } from './setting.ts';

const [DEFAULT, FULL] = ['AWSRAMDefaultPermission', 'Full'].map(
  (name) => `arn:aws:ram::aws:permission/${name}`,
);
const subnet = (name: string) => `arn:aws:ec2:${PLACE.region}:${ACCOUNT}:subnet/${name}`;
const template = (...Action: string[]) => JSON.stringify({ Effect: 'Allow', Action });
const [READING, ALL] = [template('ec2:DescribeSubnets'), template('ec2:*')];

/** A permission for subnets that a pipeline made. */
async function makePermission({ pipeline: { ram } }: Setting) {
  const asked = { name: 'p', resourceType: 'ec2:Subnet', policyTemplate: READING };
  const { permission } = await ram.send(new CreatePermissionCommand(asked));
  return { permissionArn: permission?.arn };
}

/** Makes a subnet's share with another account, by the permission or else by RAM's default one. */
const share = ({ pipeline: { ram } }: Setting, permissionArn?: string) =>
  ram.send(
    new CreateResourceShareCommand({
      name: 'subnets',
      principals: [ACCOUNT, '888888888888'],
      resourceArns: [subnet('a')],
      allowExternalPrincipals: false,
      ...(permissionArn === undefined ? {} : { permissionArns: [permissionArn] }),
    }),
  );

const replaceBy = async (clients: AwsClients, permissionArn: string | undefined) =>
  clients.ram.send(
    new AssociateResourceSharePermissionCommand({
      ...(await onlyShare(clients)),
      permissionArn,
      replace: true,
    }),
  );

const replaceAll = ({ ram }: AwsClients, fromPermissionArn?: string, toPermissionArn = fromPermissionArn) =>
  ram.send(new ReplacePermissionAssociationsCommand({ fromPermissionArn, toPermissionArn }));

async function held({ clients }: Setting) {
  const asked = new ListResourceSharePermissionsCommand(await onlyShare(clients));
  return ((await clients.ram.send(asked)).permissions ?? []).map(({ arn, version }) => [arn, version]);
}

const ofMallory = (setting: Setting) =>
  [...setting.told().values()].filter(({ change }) => change?.actorArn.endsWith('mallory'));

describe('a version of a permission', () => {
  it('that was deleted is made again, and the printed command does the same', async () => {
    const setting = createSetting();
    const { ram } = setting.clients;
    const { permissionArn } = await makePermission(setting);
    await setting.settle();
    setting.pass(60);

    await ram.send(new CreatePermissionVersionCommand({ permissionArn, policyTemplate: ALL }));
    setting.pass(0.1);
    await ram.send(new DeletePermissionVersionCommand({ permissionArn, permissionVersion: 1 }));
    await settleAndWake(setting);

    const { permission } = await ram.send(new GetPermissionCommand({ permissionArn }));
    expect(permission?.permission).toBe(READING);
    expect(ofMallory(setting).map(({ undoWith }) => undoWith)).toEqual([
      `aws ram create-permission-version --permission-arn ${permissionArn} --policy-template file://before.json`,
    ]);
  });

  it.each([
    ['put into a share', replaceBy],
    ['put into every share', replaceAll],
  ])('that was %s goes as soon as the one before is the default again', async (_, replace) => {
    const setting = createSetting();
    const { permissionArn } = await makePermission(setting);
    await setting.later(() => share(setting, permissionArn));
    await setting.later(async () => undefined);

    const { ram } = setting.clients;
    await ram.send(new CreatePermissionVersionCommand({ permissionArn, policyTemplate: ALL }));
    await replace(setting.clients, permissionArn);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([[permissionArn, '1']]);
  });

  it('does not come back into a share where it is not the default, and the finding says so', async () => {
    const setting = createSetting();
    const { permissionArn } = await makePermission(setting);
    await setting.later(() => share(setting, permissionArn));
    const { ram } = setting.pipeline;
    await setting.later(() =>
      ram.send(new CreatePermissionVersionCommand({ permissionArn, policyTemplate: template('ec2:Run*') })),
    );
    await setting.later(async () => undefined);

    await replaceBy(setting.clients, FULL);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([[FULL, '1']]);
    expect(ofMallory(setting).map(({ action }) => [action.kind, action.why])).toEqual([
      ['declined', expect.stringContaining('is not its default, which is version 2')],
    ]);
  });
});

it('a permission in the place of another is replaced by it in one call, and by one printed command', async () => {
  const setting = createSetting();
  await setting.later(() => share(setting));
  await setting.later(async () => undefined);

  await replaceBy(setting.clients, FULL);
  await settleAndWake(setting);

  expect(await held(setting)).toEqual([[DEFAULT, '1']]);
  const { resourceShareArn } = await onlyShare(setting.clients);
  expect(ofMallory(setting).map(({ undoWith }) => undoWith)).toEqual([
    `aws ram associate-resource-share-permission --resource-share-arn ${resourceShareArn} --permission-arn ${DEFAULT} --permission-version 1 --replace`,
  ]);
});

it.each(['pipeline', 'emergency'] as const)(
  'a permission that %s put in stays where an intruder shares another subnet, whose event comes first',
  async (who) => {
    const setting = createSetting();
    await setting.later(() => share(setting));
    await setting.later(async () => undefined);
    setting.pass(60);

    await replaceBy(setting[who], FULL);
    const late = setting.records.splice(0);
    setting.pass(1);
    const { ram } = setting.clients;
    const another = { ...(await onlyShare(setting.clients)), resourceArns: [subnet('b')] };
    await ram.send(new AssociateResourceShareCommand(another));
    setting.pass(1);
    await setting.settle();
    expect(await held(setting)).toEqual([[FULL, '1']]);

    setting.records.push(...late);
    setting.pass(1);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([[FULL, '1']]);
  },
);

describe('a permission that is replaced in every share that has it', () => {
  it('is restored, and the finding names who replaced it', async () => {
    const setting = createSetting();
    await setting.later(() => share(setting));
    await setting.later(async () => undefined);

    await replaceAll(setting.clients, DEFAULT, FULL);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([[DEFAULT, '1']]);
    expect(ofMallory(setting)).toHaveLength(1);
  });

  it.each(['pipeline', 'emergency'] as const)('stays replaced by %s, who is named', async (who) => {
    const setting = createSetting();
    await setting.later(() => share(setting));
    await setting.later(async () => undefined);

    await replaceAll(setting[who], DEFAULT, FULL);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([[FULL, '1']]);
    expect([...setting.told().values()].map(({ change }) => change?.actorArn)).toEqual([
      expect.stringContaining(who),
    ]);
  });
});

describe('in the second in which the guard gives a permission back', () => {
  const OTHER = 'arn:aws:ram::aws:permission/Other';
  const cases = (['pipeline', 'emergency'] as const).flatMap((who) =>
    [FULL, OTHER, DEFAULT].flatMap((arn) =>
      (['before', 'with', 'after'] as const).map((when) => [who, arn, when] as const),
    ),
  );

  it.each(cases)(
    '%s puts in %s, whose event comes %s that of the guard: it stays',
    async (who, arn, when) => {
      const setting = createSetting();
      await setting.later(() => share(setting));
      await setting.later(async () => undefined);

      await replaceBy(setting.clients, FULL);
      setting.pass(1);
      const outcome = await setting.guard.handleRecord(setting.records.shift());
      for (const { rollback } of outcome.kind === 'examined' ? outcome.targets : [])
        if (rollback !== undefined) await setting.guard.rollback(rollback);
      expect(await held(setting)).toEqual([[DEFAULT, '1']]);
      if (when === 'after') await setting.settle();
      await replaceBy(setting[who], arn);
      if (when === 'before') setting.records.reverse();
      await settleAndWake(setting);

      expect(await held(setting)).toEqual([[arn, '1']]);
    },
  );
});

describe('what an intruder put into a share with no read before somebody exempt put in a permission', () => {
  const cases = (['pipeline', 'emergency'] as const).flatMap((who) =>
    [{ resourceArns: [subnet('b')] }, { principals: ['999999999999'] }].flatMap((what) =>
      (['first', 'last'] as const).map((turn) => [who, what, turn] as const),
    ),
  );

  it.each(cases)('goes, and what %s put in stays: %j comes %s', async (who, what, turn) => {
    const setting = createSetting();
    await setting.later(() => share(setting));
    await setting.later(async () => undefined);

    const acts = [
      () => replaceBy(setting[who], FULL),
      async () =>
        setting.clients.ram.send(
          new AssociateResourceShareCommand({ ...(await onlyShare(setting.clients)), ...what }),
        ),
    ];
    for (const act of turn === 'first' ? acts.toReversed() : acts) {
      setting.pass(0.1);
      await act();
    }
    setting.pass(1);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([[FULL, '1']]);
    expect(await contentOf(setting.clients)).toEqual([ACCOUNT, '888888888888', subnet('a')]);
  });
});
