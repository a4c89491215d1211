/** More changes of one target than the guard lists one by one. */
import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { createSetting, settleAndWake, text } from './setting.ts';

const TRUST = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const policy = (n: number) =>
  new PutRolePolicyCommand({
    RoleName: 'r',
    PolicyName: `p${n}`,
    PolicyDocument: text(
      n === 2
        ? { Effect: 'Allow', Action: 'sqs:*', Resource: '*' }
        : { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::b${n}/*` },
    ),
  });

/** A pipeline puts 54 policies on a role. */
async function manySteps() {
  const setting = createSetting();
  await setting.later(({ iam }) =>
    iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(TRUST) })),
  );
  setting.pass(60);
  for (let n = 0; n < 54; n++) {
    setting.pass(1);
    await setting.pipeline.iam.send(policy(n));
    await setting.settle();
  }
  return setting;
}

it('what a pipeline took away again is restored when somebody else puts it back', async () => {
  const setting = await manySteps();
  setting.pass(1);
  await setting.pipeline.iam.send(new DeleteRolePolicyCommand({ RoleName: 'r', PolicyName: 'p2' }));
  await setting.settle();
  setting.pass(1);
  setting.published.length = 0;
  await setting.clients.iam.send(policy(2));
  await setting.settle();
  await settleAndWake(setting);

  const theirs = setting.published.filter(({ change }) => change?.actorArn.endsWith('user/mallory'));
  const { PolicyNames = [] } = await setting.clients.iam.send(new ListRolePoliciesCommand({ RoleName: 'r' }));
  expect(theirs).not.toEqual([]);
  expect(PolicyNames).not.toContain('p2');
});

it('the one finding for many changes says how to undo the gravest', async () => {
  const { told } = await manySteps();

  const merged = [...told().values()].find(({ step }) => step?.life === '');
  expect(merged?.title).toContain('sqs:');
  expect(merged?.undoWith).toContain('p2');
});
