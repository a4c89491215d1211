/** What somebody does beside, after or beneath those whose changes stay: theirs stays, and hers goes. */
import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, createSetting, PLACE, type Setting, settleAndWake, text } from './setting.ts';

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const ROLE = { RoleName: 'app' };
const LIMIT = `arn:aws:iam::${ACCOUNT}:policy/limit`;
const DAY = 24 * 60;

const makeRole = () => new CreateRoleCommand({ ...ROLE, AssumeRolePolicyDocument: text(EC2) });
const put = (PolicyName: string, Action: string) =>
  new PutRolePolicyCommand({ ...ROLE, PolicyName, PolicyDocument: text(allow(Action)) });
const held = async ({ clients: { iam } }: Setting) =>
  (await iam.send(new ListRolePoliciesCommand(ROLE))).PolicyNames;

async function sleep(setting: Setting, days: number) {
  for (let day = 0; day < days; day++) {
    setting.pass(DAY);
    await setting.guard.sweep({ ...PLACE, kinds: ['managed-policy', 'iam-principal'] });
  }
}

describe('what an emergency role did', () => {
  it('and took back is somebody’s who does it again, and goes', async () => {
    const setting = createSetting();
    const { emergency, clients } = setting;
    await setting.later(async () => {
      await setting.pipeline.iam.send(makeRole());
      await setting.pipeline.iam.send(put('own', 's3:GetObject'));
    });
    await setting.later(() => emergency.iam.send(put('x', 'iam:*')));
    await setting.later(() => emergency.iam.send(new DeleteRolePolicyCommand({ ...ROLE, PolicyName: 'x' })));

    await clients.iam.send(put('x', 'iam:*'));
    await settleAndWake(setting);

    expect(await held(setting)).toEqual(['own']);
    const last = [...setting.told().values()].at(-1);
    expect(last?.change?.actorArn).toMatch(/mallory$/);
  });

  it('limits, and what somebody adds within that limit goes', async () => {
    const setting = createSetting();
    const { emergency, clients } = setting;
    await setting.later(async () => {
      await emergency.iam.send(
        new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: text(allow('*')) }),
      );
      await emergency.iam.send(makeRole());
      await emergency.iam.send(
        new PutRolePermissionsBoundaryCommand({ ...ROLE, PermissionsBoundary: LIMIT }),
      );
    });
    await setting.later(async () => undefined);

    await clients.iam.send(put('x', 'iam:*'));
    await settleAndWake(setting);

    expect(await held(setting)).toEqual([]);
  });

  it('stays on what it just made, and what somebody adds to that goes', async () => {
    const setting = createSetting();

    await setting.emergency.iam.send(makeRole());
    await setting.emergency.iam.send(put('theirs', 's3:GetObject'));
    setting.pass(1);
    await setting.clients.iam.send(put('x', '*'));
    await settleAndWake(setting);

    expect(await held(setting)).toEqual(['theirs']);
  });
});

describe('what somebody put to sleep', () => {
  it('goes when a deployer widens the text of the boundary above it', async () => {
    const setting = createSetting();
    const { iam } = setting.pipeline;
    await setting.later(async () => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: text(allow('s3:*')) }));
      await iam.send(makeRole());
      await iam.send(put('own', 's3:GetObject'));
      await iam.send(new PutRolePermissionsBoundaryCommand({ ...ROLE, PermissionsBoundary: LIMIT }));
    });
    await setting.later(({ iam: hers }) => hers.send(put('x', 'iam:*')));
    await sleep(setting, 3);

    await iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: LIMIT,
        PolicyDocument: text(allow('*')),
        SetAsDefault: true,
      }),
    );
    await settleAndWake(setting);

    expect(await held(setting)).toEqual(['own']);
  });

  it('goes when a deployer takes a Deny out of a group’s text', async () => {
    const setting = createSetting();
    const { iam } = setting.pipeline;
    const group = (...statements: readonly { readonly [element: string]: unknown }[]) =>
      new PutGroupPolicyCommand({
        GroupName: 'team',
        PolicyName: 'p',
        PolicyDocument: text(...statements),
      });
    await setting.later(async () => {
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
      await iam.send(new CreateGroupCommand({ GroupName: 'team' }));
      await iam.send(group(allow('s3:GetObject'), { ...allow('iam:*'), Effect: 'Deny' }));
      await iam.send(new AddUserToGroupCommand({ GroupName: 'team', UserName: 'u' }));
    });
    await setting.later(({ iam: hers }) =>
      hers.send(
        new PutUserPolicyCommand({
          UserName: 'u',
          PolicyName: 'x',
          PolicyDocument: text(allow('iam:*')),
        }),
      ),
    );
    await sleep(setting, 3);

    await iam.send(group(allow('s3:GetObject')));
    await settleAndWake(setting);

    const { PolicyNames } = await setting.clients.iam.send(new ListUserPoliciesCommand({ UserName: 'u' }));
    expect(PolicyNames).toEqual([]);
  });
});
