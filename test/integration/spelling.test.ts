/** Services store a policy in their own spelling: what is read back is not the text that the event shows. */
import { CreateRoleCommand, DeleteRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, PLACE, type Setting, settleAndWake, text } from './setting.ts';

const on = (Sid: string, principal: string, Action: string | string[] = 's3:GetObject') => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action,
  Resource: 'arn:aws:s3:::b/*',
});
const own = on('own', `arn:aws:iam::${ACCOUNT}:role/app`);
const sent = on('theirs', '444455556666', ['s3:GetObject']);
const stored = on('theirs', 'arn:aws:iam::444455556666:root');
const deployed = on('deployed', `arn:aws:iam::${ACCOUNT}:role/other`);

type Statement = ReturnType<typeof on>;
const put = ({ s3 }: AwsClients, ...statements: readonly Statement[]) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) }));
const held = async ({ clients: { s3 } }: Setting) =>
  JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }))).Policy ?? '{}').Statement;

/** What S3 makes of what was put last: of that no event tells. */
async function store(setting: Setting, ...statements: readonly Statement[]) {
  const { length } = setting.records;
  await put(setting.clients, ...statements);
  setting.records.length = length;
}

async function start(): Promise<Setting> {
  const setting = createSetting();
  await setting.later(async ({ s3 }) => {
    await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
    await put(setting.pipeline, own);
  });
  await setting.later(async () => undefined);
  setting.published.length = 0;
  return setting;
}

describe('a policy that its service stores in another spelling', () => {
  it('is one change, and goes where an intruder wrote it', async () => {
    const setting = await start();

    await put(setting.clients, own, sent);
    await store(setting, own, stored);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([own]);
    expect([...setting.told().values()]).toMatchObject([{ status: 'ROLLED_BACK' }]);
  });

  it('stays where a deployer’s text keeps what an intruder added', async () => {
    const setting = await start();

    await put(setting.clients, own, sent);
    setting.pass(0.1);
    await put(setting.pipeline, own, sent, deployed);
    await store(setting, own, stored, deployed);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([own, stored, deployed]);
    const open = [...setting.told().values()].filter(({ status }) => status === 'ACTIVE');
    expect(open.map(({ change }) => change?.actorArn.split('/').at(-1)).sort()).toEqual([
      'mallory',
      'pipeline',
    ]);
  });
});

describe('a policy that names a role by its unique id once the role is deleted', () => {
  const RoleName = 'app';
  const play = async (idOf: (roleId: string) => string) => {
    const setting = createSetting();
    const { iam } = setting.pipeline;
    await setting.later(async ({ s3 }) => {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: text() }));
      await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await put(setting.pipeline, own);
    });
    const { Role } = await setting.clients.iam.send(new GetRoleCommand({ RoleName }));
    setting.published.length = 0;
    setting.pass(60);

    await iam.send(new DeleteRoleCommand({ RoleName }));
    await store(setting, on('own', idOf(Role?.RoleId ?? '')));
    await setting.settle();
    for (let turn = 0; turn < 2; turn++) {
      const { rollbacks } = await setting.guard.sweep(PLACE);
      for (const request of rollbacks) await setting.guard.rollback(request);
      await settleAndWake(setting);
    }
    return setting;
  };

  it('lets in nobody by that: nothing is told, and nothing is written', async () => {
    const setting = await play((id) => id);

    expect(setting.published).toEqual([]);
    expect(await held(setting)).toHaveLength(1);
  });

  it('tells of an id that the role never had', async () => {
    const setting = await play((id) => id.replace(/.{4}$/, 'ELSE'));

    expect([...setting.told().values()]).toMatchObject([{ check: 'no-external-access', severity: 'HIGH' }]);
  });
});
