/** Histories in which the order of changes, events and looks matters; each was answered wrongly once. */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, createSetting, type Setting, text } from './setting.ts';

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' };
const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const policyArn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
const BUCKET = {
  Sid: 'app',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
  Resource: 'arn:aws:s3:::b/*',
};
const leaked = { ...BUCKET, Sid: 'leaked', Principal: { AWS: '444455556666' }, Action: 's3:GetObject' };
const own = { ...BUCKET, Action: 's3:GetObject' };
const more = { ...BUCKET, Sid: 'more', Action: 's3:PutObject' };

/** Delivers the records in that order, by their places in the order of the calls, and carries out what follows. */
async function handle({ guard, records }: Setting, order: readonly number[]): Promise<void> {
  const taken = records.splice(0);
  for (const index of order) {
    const outcome = await guard.handleRecord(taken[index]);
    for (const { rollback } of outcome.kind === 'examined' ? outcome.targets : [])
      if (rollback !== undefined) await guard.rollback(rollback);
  }
}

const bucketPolicy = async ({ clients }: Setting) =>
  JSON.parse((await clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }))).Policy ?? '{}').Statement;
const putBucket = (...statements: readonly { readonly [element: string]: unknown }[]) =>
  new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) });

describe('a policy that is deleted and made again within the lag of events', () => {
  it('is another one: what its holder gains by it is told and taken away', async () => {
    const setting = createSetting();
    await setting.later(async ({ iam }) => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(READ) }));
      await iam.send(new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: text(EC2) }));
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: policyArn('p') }));
    });

    await setting.later(async ({ iam }) => {
      await iam.send(new DetachRolePolicyCommand({ RoleName: 'app', PolicyArn: policyArn('p') }));
      await iam.send(new DeletePolicyCommand({ PolicyArn: policyArn('p') }));
      await iam.send(
        new CreatePolicyCommand({
          PolicyName: 'p',
          PolicyDocument: text({ Effect: 'Allow', Action: 'iam:*', Resource: '*' }),
        }),
      );
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: policyArn('p') }));
    });

    const ofRole = [...setting.told().values()].filter(({ target }) => target.kind === 'iam-principal');
    expect(ofRole).toContainEqual(expect.objectContaining({ severity: 'CRITICAL', status: 'ROLLED_BACK' }));
    const { AttachedPolicies } = await setting.clients.iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: 'app' }),
    );
    expect(AttachedPolicies).toEqual([]);
  });
});

describe('a responder’s fix', () => {
  it('of attachments stays when somebody attaches something else before anybody looks', async () => {
    const setting = createSetting();
    await setting.later(async ({ iam }) => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'leaked', PolicyDocument: text(READ) }));
      await iam.send(
        new CreatePolicyCommand({
          PolicyName: 'q',
          PolicyDocument: text({ ...READ, Action: 's3:PutObject' }),
        }),
      );
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
      await iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: policyArn('leaked') }));
    });
    await setting.later(async () => undefined);

    await setting.clients.iam.send(
      new DetachUserPolicyCommand({ UserName: 'u', PolicyArn: policyArn('leaked') }),
    );
    await setting.clients.iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: policyArn('q') }));
    await handle(setting, [1, 0]);

    const { AttachedPolicies } = await setting.clients.iam.send(
      new ListAttachedUserPoliciesCommand({ UserName: 'u' }),
    );
    expect(AttachedPolicies).toEqual([]);
  });

  it('of one document stays, and what came after it goes', async () => {
    const setting = createSetting();
    await setting.later(async ({ s3 }) => {
      await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await s3.send(putBucket(own, leaked));
    });
    await setting.later(async () => undefined);

    await setting.clients.s3.send(putBucket(own));
    await setting.clients.s3.send(putBucket(own, more));
    await handle(setting, [1, 0]);

    expect(await bucketPolicy(setting)).toEqual([own]);
  });
});

describe('an intruder’s change that a pipeline’s text keeps', () => {
  it.each([
    ['in order', [0, 1]],
    ['in the other order', [1, 0]],
  ])('stays told while it is granted, and the pipeline’s text stays, events %s', async (_, order) => {
    const setting = createSetting();
    await setting.later(async ({ s3 }) => {
      await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await s3.send(putBucket(own));
    });
    await setting.later(async () => undefined);
    const all = { ...own, Action: 's3:*' };

    await setting.clients.s3.send(putBucket(all));
    await setting.pipeline.s3.send(putBucket(all, more));
    await handle(setting, order);

    expect(await bucketPolicy(setting)).toEqual([all, more]);
    expect(setting.news().filter(({ change }) => change?.actorArn.endsWith('mallory'))).toMatchObject([
      { status: 'ACTIVE' },
    ]);
  });
});

describe('a secret', () => {
  const partner = { Effect: 'Allow', Principal: { AWS: '444455556666' }, Resource: '*' };
  const read = { ...partner, Action: 'secretsmanager:GetSecretValue' };
  const named = { SecretId: 's' };

  it('whose deletion is taken back is what it was: nothing is new, and nothing is written', async () => {
    const setting = createSetting();
    await setting.later(async ({ secretsManager }) => {
      await secretsManager.send(new CreateSecretCommand({ Name: 's' }));
      await secretsManager.send(new PutResourcePolicyCommand({ ...named, ResourcePolicy: text(read) }));
    });
    await setting.settle();
    const known = [...setting.told().values()].map(({ id, status }) => [id, status]);

    await setting.clients.secretsManager.send(new DeleteSecretCommand(named));
    await setting.settle();
    setting.pass(3 * 24 * 60);
    await setting.clients.secretsManager.send(new RestoreSecretCommand(named));
    await setting.settle();

    expect([...setting.told().values()].map(({ id, status }) => [id, status])).toEqual(known);
    const { ResourcePolicy } = await setting.clients.secretsManager.send(new GetResourcePolicyCommand(named));
    expect(JSON.parse(ResourcePolicy ?? '{}').Statement).toEqual([read]);
  });

  it('in its recovery window is gone for now: no event of it ends as a fault', async () => {
    const setting = createSetting();
    await setting.later(async ({ secretsManager }) => {
      await secretsManager.send(new CreateSecretCommand({ Name: 's' }));
    });
    await setting.clients.secretsManager.send(
      new PutResourcePolicyCommand({ ...named, ResourcePolicy: text(read) }),
    );
    await setting.clients.secretsManager.send(new DeleteSecretCommand(named));

    await expect(setting.settle()).resolves.toBeUndefined();
    await expect(
      setting.clients.secretsManager.send(new CreateSecretCommand({ Name: 's' })),
    ).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });
});
