/** A pipeline and an intruder change one resource share of RAM. No event shows what it grants; each names what it put in. */
import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DisassociateResourceShareCommand,
  UpdateResourceShareCommand,
} from '@aws-sdk/client-ram';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { contentOf, onlyShare } from './onlyShare.ts';
import { ACCOUNT, createSetting, PLACE, type Setting, settleAndWake } from './setting.ts';

const DEPLOYED = '888888888888';
const INTRUDED = '999999999999';
const subnet = `arn:aws:ec2:${PLACE.region}:${ACCOUNT}:subnet/a`;

/** A share with its own account, known to the guard, that allows no external principals. */
async function withShare(...resourceArns: readonly string[]): Promise<Setting> {
  const setting = createSetting();
  await setting.later(({ ram }) =>
    ram.send(
      new CreateResourceShareCommand({
        name: 'subnets',
        principals: [ACCOUNT],
        resourceArns: [...resourceArns],
        allowExternalPrincipals: false,
      }),
    ),
  );
  await setting.later(async () => undefined);
  return setting;
}

type Put = { readonly principals?: string[]; readonly resourceArns?: string[] };

const put = async (clients: AwsClients, what: Put) =>
  clients.ram.send(new AssociateResourceShareCommand({ ...(await onlyShare(clients)), ...what }));

const openUp = async (clients: AwsClients) =>
  clients.ram.send(
    new UpdateResourceShareCommand({ ...(await onlyShare(clients)), allowExternalPrincipals: true }),
  );

const handsOf = (setting: Setting) =>
  [...setting.told().values()].flatMap(({ change, others = [] }) =>
    [change, ...others].map((one) => one?.actorArn.split('/').pop()),
  );

describe('whom a pipeline lets into a share', () => {
  it.each<readonly [string, readonly string[], (setting: Setting) => Promise<unknown>]>([
    ['somebody else', [subnet], ({ clients }) => put(clients, { principals: [INTRUDED] })],
    ['a resource, the first one', [], ({ clients }) => put(clients, { resourceArns: [subnet] })],
    ['whoever is outside', [subnet], ({ clients }) => openUp(clients)],
  ])('stays where an intruder put in before: %s', async (_, resourceArns, intrude) => {
    const setting = await withShare(...resourceArns);

    await intrude(setting);
    setting.pass(0.1);
    await put(setting.pipeline, { principals: [DEPLOYED] });
    setting.pass(0.2);
    await settleAndWake(setting);

    expect(await contentOf(setting.clients)).toContain(DEPLOYED);
    expect([...new Set(handsOf(setting))].sort()).toEqual(['mallory', 'pipeline']);
  });

  it('stays while its event has not come, which is waited for', async () => {
    const setting = await withShare(subnet);

    await openUp(setting.clients);
    const heard = setting.records.splice(0);
    setting.pass(0.1);
    await put(setting.pipeline, { principals: [DEPLOYED] });
    const late = setting.records.splice(0);
    setting.records.push(...heard);
    setting.pass(1);
    await setting.settle();
    expect(await contentOf(setting.clients)).toContain(DEPLOYED);

    setting.records.push(...late);
    setting.pass(5);
    await settleAndWake(setting);
    setting.pass(16);
    await settleAndWake(setting);

    expect(await contentOf(setting.clients)).toContain(DEPLOYED);
  });

  it.each(['pipeline', 'emergency'] as const)(
    'comes back by %s after an intruder took it out, though her event comes first',
    async (who) => {
      const setting = await withShare(subnet);
      const deployed = { principals: [DEPLOYED] };

      await put(setting.pipeline, deployed);
      const late = setting.records.splice(0);
      setting.pass(0.5);
      await setting.clients.ram.send(
        new DisassociateResourceShareCommand({ ...(await onlyShare(setting.clients)), ...deployed }),
      );
      const first = setting.records.splice(0);
      setting.pass(0.5);
      await put(setting[who], deployed);
      late.push(...setting.records.splice(0));
      setting.records.push(...first);
      setting.pass(1);
      await setting.settle();
      expect(await contentOf(setting.clients)).toContain(DEPLOYED);

      setting.records.push(...late);
      setting.pass(1);
      await settleAndWake(setting);

      expect(await contentOf(setting.clients)).toContain(DEPLOYED);
    },
  );

  it('stays where it granted nothing yet and was read, and what an intruder put in goes', async () => {
    const setting = await withShare();

    await put(setting.pipeline, { principals: [DEPLOYED] });
    setting.pass(1);
    await settleAndWake(setting);
    setting.pass(30);
    await put(setting.clients, { resourceArns: [subnet] });
    setting.pass(1);
    await settleAndWake(setting);

    expect(await contentOf(setting.clients)).toEqual([ACCOUNT, DEPLOYED]);
  });
});

it('a sweep between two calls of one second shows the first one, whose event names what it shows', async () => {
  const outcomes: string[][] = [];
  for (let turn = 0; turn < 8; turn++) {
    const setting = await withShare();
    await openUp(setting.pipeline);
    await setting.settle();
    setting.pass(60 + turn);
    await put(setting.pipeline, { resourceArns: [subnet] });
    await setting.guard.sweep({ ...PLACE, kinds: ['resource-share'] });
    await put(setting.pipeline, { principals: [DEPLOYED] });
    setting.pass(1);
    await settleAndWake(setting);
    outcomes.push((await contentOf(setting.clients)).map(String));
  }

  expect(outcomes).toEqual(outcomes.map(() => [ACCOUNT, DEPLOYED, subnet]));
});

it('what an intruder put in goes where nobody else was at work', async () => {
  const setting = await withShare(subnet);

  await openUp(setting.clients);
  setting.pass(0.1);
  await put(setting.clients, { principals: [INTRUDED] });
  setting.pass(0.2);
  await settleAndWake(setting);

  expect(await contentOf(setting.clients)).toEqual([ACCOUNT, subnet]);
});

it.each([
  ['was read in its own second', `arn:aws:iam::${ACCOUNT}:role/app`],
  ['put in what was there', ACCOUNT],
])('a call that %s has no hand in what a pipeline puts in later', async (_, principal) => {
  const setting = await withShare();

  await put(setting.clients, { principals: [principal] });
  await setting.settle();
  setting.pass(60);
  await put(setting.pipeline, { resourceArns: [subnet] });
  setting.pass(1);
  await settleAndWake(setting);

  expect([...new Set(handsOf(setting))]).toEqual(['pipeline']);
  expect(await contentOf(setting.clients)).toContain(subnet);
});
