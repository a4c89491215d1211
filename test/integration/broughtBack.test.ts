/** What a restore brings back by its name must be what was proved: somebody may have changed it meanwhile. */
import * as I from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { ADAPTERS } from '../../shared/services/index.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { ACCOUNT, createSetting, text } from './setting.ts';

const USER: TargetRef = {
  kind: 'iam-principal',
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  accountId: ACCOUNT,
  region: 'us-east-1',
};
const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p`;
const [DENY, ALL] = [
  text({ Effect: 'Deny', Action: '*', Resource: '*' }),
  text({ Effect: 'Allow', Action: '*', Resource: '*' }),
];
const policy = (PolicyDocument: string) => new I.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument });
const alice = { UserName: 'alice' };
const inGroup = { ...alice, GroupName: 'g' };

it.each([
  [
    'a policy',
    [policy(DENY), new I.AttachUserPolicyCommand({ ...alice, PolicyArn })],
    [new I.DetachUserPolicyCommand({ ...alice, PolicyArn })],
    [new I.DeletePolicyCommand({ PolicyArn }), policy(ALL)],
  ],
  [
    'a boundary',
    [policy(DENY), new I.PutUserPermissionsBoundaryCommand({ ...alice, PermissionsBoundary: PolicyArn })],
    [new I.DeleteUserPermissionsBoundaryCommand(alice)],
    [new I.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALL, SetAsDefault: true })],
  ],
  [
    'a group',
    [
      new I.CreateGroupCommand({ GroupName: 'g' }),
      new I.PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'deny', PolicyDocument: DENY }),
      new I.AddUserToGroupCommand(inGroup),
    ],
    [new I.RemoveUserFromGroupCommand(inGroup)],
    [new I.PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'more', PolicyDocument: ALL })],
  ],
] as const)('%s that says something else by now is not given back', async (_, made, taken, changed) => {
  const { clients } = createSetting();
  const send = async (commands: readonly object[]) => {
    for (const command of commands) await clients.iam.send(command as I.GetUserCommand); // Each is a command of IAM.
  };
  const adapter = ADAPTERS['iam-principal'];
  await send([new I.CreateUserCommand(alice), ...made]);
  const accepted = await adapter.read(USER, clients);
  await send(taken);
  const from = await adapter.read(USER, clients);
  await send(changed);

  const outcome = await adapter.restore({ accepted, from }, clients);

  expect(outcome).toMatchObject({
    kind: 'cannot-undo',
    cause: expect.stringContaining('something else by now'),
  });
  expect((await adapter.read(USER, clients)).contentHash).toBe(from.contentHash);
});

it('a policy that says the same is given back', async () => {
  const { clients } = createSetting();
  const adapter = ADAPTERS['iam-principal'];
  await clients.iam.send(new I.CreateUserCommand(alice));
  await clients.iam.send(policy(DENY));
  await clients.iam.send(new I.AttachUserPolicyCommand({ ...alice, PolicyArn }));
  const accepted = await adapter.read(USER, clients);
  await clients.iam.send(new I.DetachUserPolicyCommand({ ...alice, PolicyArn }));
  const from = await adapter.read(USER, clients);

  expect(await adapter.restore({ accepted, from }, clients)).toMatchObject({ kind: 'restored' });
});
