/** A Deny that a deployer or an emergency role took away stays away when somebody else opens the policy and that is removed. */
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, PLACE, type Setting, settleAndWake, text } from './setting.ts';

const on = (Sid: string, Effect: string, Principal: unknown, Action: string) => ({
  Sid,
  Effect,
  Principal,
  Action,
  Resource: 'arn:aws:s3:::b/*',
});
const READS = on('reads', 'Allow', { AWS: `arn:aws:iam::${ACCOUNT}:role/app` }, 's3:*');
const DENY = on('deny', 'Deny', '*', 's3:DeleteObject');
const PUBLIC = on('public', 'Allow', '*', 's3:GetObject');
const PARTNER = on('partner', 'Allow', { AWS: '444455556666' }, 's3:PutObject');
type Statement = typeof READS | typeof DENY;

const put = ({ s3 }: AwsClients, ...statements: readonly Statement[]) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) }));

/** A bucket whose policy has the Deny, as a sweep has read it. */
async function begin(): Promise<Setting> {
  const setting = createSetting();
  await setting.later(async ({ s3 }) => {
    await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
    await put(setting.pipeline, READS, DENY);
  });
  setting.pass(60);
  await setting.guard.sweep(PLACE);
  await setting.later(async () => undefined);
  return setting;
}

async function sids({ clients: { s3 } }: Setting): Promise<readonly string[]> {
  const { Policy = '{}' } = await s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }));
  return (JSON.parse(Policy) as { Statement: readonly Statement[] }).Statement.map(({ Sid }) => Sid);
}

describe.each(['pipeline', 'emergency'] as const)('the Deny that the %s took away', (who) => {
  it('is not restored if nobody read the policy before somebody opened it', async () => {
    const setting = await begin();
    await put(setting[who], READS);
    setting.pass(0.2);
    await put(setting.clients, READS, PUBLIC);
    setting.pass(0.2);
    await settleAndWake(setting);

    expect(await sids(setting)).toEqual(['reads']);
    const theirs = [...setting.told().values()].filter(({ change }) => change?.actorArn.endsWith(who));
    expect(theirs.map(({ status }) => status)).not.toContain('RESOLVED');
  });

  it('is not restored if its removal was read between two changes of somebody else', async () => {
    const setting = await begin();
    const look = async () => {
      setting.pass(0.3);
      await setting.guard.sweep({ ...PLACE, kinds: ['bucket-policy'] });
      setting.pass(0.3);
    };
    await put(setting.clients, READS, DENY, PUBLIC);
    await look();
    await put(setting[who], READS, PUBLIC);
    await look();
    await put(setting.clients, READS, PUBLIC, PARTNER);
    setting.pass(0.2);
    await settleAndWake(setting);

    expect(await sids(setting)).toEqual(['reads']);
  });
});

it('the Deny that somebody took away before opening the policy comes back', async () => {
  const setting = await begin();
  await put(setting.clients, READS);
  setting.pass(0.2);
  await put(setting.clients, READS, PUBLIC);
  setting.pass(0.2);
  await settleAndWake(setting);

  expect(await sids(setting)).toEqual(['reads', 'deny']);
});
