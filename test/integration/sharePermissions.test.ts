/** Permissions of RAM: their versions, and which of them a resource share holds. */
import {
  CreatePermissionCommand,
  CreatePermissionVersionCommand,
  DeletePermissionVersionCommand,
  GetPermissionCommand,
} from '@aws-sdk/client-ram';
import { expect, it } from 'vitest';
import { createSetting, type Setting, settleAndWake } from './setting.ts';

const template = (...Action: string[]) => JSON.stringify({ Effect: 'Allow', Action });
const READING = template('ec2:DescribeSubnets');

const undoesOf = (setting: Setting) =>
  [...setting.told().values()].flatMap(({ change, undoWith }) =>
    change?.actorArn.endsWith('mallory') === true ? [undoWith] : [],
  );

it('a version that was deleted is made again, and the printed command does the same', async () => {
  const setting = createSetting();
  const { ram } = setting.clients;
  let permissionArn: string | undefined;
  await setting.later(async () => {
    const made = await setting.pipeline.ram.send(
      new CreatePermissionCommand({ name: 'p', resourceType: 'ec2:Subnet', policyTemplate: READING }),
    );
    permissionArn = made.permission?.arn;
  });
  await setting.later(async () => undefined);

  await ram.send(new CreatePermissionVersionCommand({ permissionArn, policyTemplate: template('ec2:*') }));
  setting.pass(0.1);
  await ram.send(new DeletePermissionVersionCommand({ permissionArn, permissionVersion: 1 }));
  await settleAndWake(setting);

  const { permission } = await ram.send(new GetPermissionCommand({ permissionArn }));
  expect(permission?.permission).toBe(READING);
  expect(undoesOf(setting)).toEqual([
    `aws ram create-permission-version --permission-arn ${permissionArn} --policy-template file://before.json`,
  ]);
});
