/** Whom a managed policy reaches, as IAM tells it. */
import { IAMClient, ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import type { AwsClients } from '../../../../shared/targets/clients.ts';
import type { TargetRef } from '../../../../shared/targets/target.ts';

const target: TargetRef = {
  kind: 'managed-policy',
  arn: 'arn:aws:iam::111122223333:policy/p',
  accountId: '111122223333',
  region: 'us-east-1',
};
const asked = (usage: 'PermissionsPolicy' | 'PermissionsBoundary') => ({
  PolicyArn: target.arn,
  PolicyUsageFilter: usage,
  MaxItems: 100,
});

/** An IAM that nothing has been told yet, and what the adapter asks it with. */
function iamMock() {
  const iam = mockClient(new IAMClient({ region: 'us-east-1' }));
  const clients = { iam: { send: iam.send } } as unknown as AwsClients; // No other client is asked.
  return { iam, reaches: () => ADAPTERS['managed-policy'].reaches?.(target, clients) };
}

it('reads one page of those it is attached to and one of those it limits', async () => {
  const { iam, reaches } = iamMock();
  iam
    .on(ListEntitiesForPolicyCommand, asked('PermissionsPolicy'))
    .resolves({
      PolicyRoles: [{ RoleName: 'a' }],
      PolicyUsers: [{ UserName: 'b' }],
      PolicyGroups: [{ GroupName: 'c' }],
      IsTruncated: true,
      Marker: 'next',
    })
    .on(ListEntitiesForPolicyCommand, asked('PermissionsBoundary'))
    .resolves({ PolicyRoles: [{ RoleName: 'd' }] });

  const reached = await reaches();

  expect(reached).toEqual({
    attachedTo: { names: ['role a', 'user b', 'group c'], hasMore: true },
    boundaryOf: { names: ['role d'], hasMore: false },
  });
  expect(iam.calls().map(({ args: [{ input }] }) => input)).toEqual([
    asked('PermissionsPolicy'),
    asked('PermissionsBoundary'),
  ]);
});

it('gives up the call when its time is over', async () => {
  const options: unknown[] = [];
  const send = async (_command: object, how: object) => {
    options.push(how);
    return {};
  };
  const clients = { iam: { send } } as unknown as AwsClients; // No other client is asked.

  await ADAPTERS['managed-policy'].reaches?.(target, clients);

  const timed = { abortSignal: expect.any(AbortSignal) };
  expect(options).toEqual([timed, timed]);
});

it('throws a fault when IAM does not answer', async () => {
  const { iam, reaches } = iamMock();
  iam.on(ListEntitiesForPolicyCommand).rejects(new Error('throttled'));

  await expect(reaches()).rejects.toMatchObject({ code: 'TARGET_FAULT' });
});

it('is asked of managed policies only', async () => {
  const { iam } = iamMock();
  const clients = { iam: { send: iam.send } } as unknown as AwsClients; // No other client is asked.

  expect(await ADAPTERS['role-trust'].reaches?.(target, clients)).toBeUndefined();
  expect(iam.calls()).toHaveLength(0);
});
