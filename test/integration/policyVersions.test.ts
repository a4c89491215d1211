/** Versions of managed policies: the command for people does what the guard's own restore does. */
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, settleAndWake, text } from './setting.ts';

const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p`;
const allow = (Action: string) => text({ Effect: 'Allow', Action, Resource: '*' });
const READING = allow('s3:GetObject');
const CREATE = `aws iam create-policy-version --policy-arn ${PolicyArn} --set-as-default --policy-document file://before.json`;
const remove = (version: string) =>
  `aws iam delete-policy-version --policy-arn ${PolicyArn} --version-id ${version}`;

const version =
  (Action: string, SetAsDefault: boolean) =>
  ({ iam }: AwsClients) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allow(Action), SetAsDefault }));
const drop =
  (VersionId: string) =>
  ({ iam }: AwsClients) =>
    iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
const widen = version('*', true);
const more = ['sqs:A', 'sqs:B', 'sqs:C'].map((action) => version(action, false));

it.each([
  [
    'goes back to the version that stands',
    [widen],
    `aws iam set-default-policy-version --policy-arn ${PolicyArn} --version-id v1`,
  ],
  ['gets one again that was deleted', [widen, drop('v1')], CREATE],
  [
    'gets one again that was deleted, in the place of the oldest where there are five',
    [...more, widen, drop('v1'), version('sqs:D', false)],
    `${remove('v2')} && ${CREATE}`,
  ],
] as const)('a policy %s', async (_, changes, command) => {
  const setting = createSetting();
  await setting.later(({ iam }) =>
    iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: READING })),
  );
  await setting.later(async () => undefined);

  for (const change of changes) {
    await change(setting.clients);
    setting.pass(0.1);
  }
  await settleAndWake(setting);

  const told = [...setting.told().values()].find(({ change }) => change?.eventName === 'CreatePolicyVersion');
  expect(told?.undoWith).toBe(command);
  const { iam } = setting.clients;
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(READING);
});
