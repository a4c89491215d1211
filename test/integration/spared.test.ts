/** A pipeline and an intruder add to one policy, and the events of neither call show its whole text. */
import { AddPermissionCommand, CreateFunctionCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, createSetting } from './setting.ts';

const permit = (StatementId: string, Principal: string) =>
  new AddPermissionCommand({ FunctionName: 'f', StatementId, Action: 'lambda:InvokeFunction', Principal });

describe('what a pipeline added beside an intruder', () => {
  it.each([
    ['intruder first', [0, 1]],
    ['pipeline first', [1, 0]],
  ])('stays when the intruder’s statement goes, events %s', async (_, order) => {
    const setting = createSetting();
    await setting.later(async ({ lambda }) => {
      const Code = { ZipFile: new Uint8Array() };
      await lambda.send(
        new CreateFunctionCommand({ FunctionName: 'f', Role: `arn:aws:iam::${ACCOUNT}:role/r`, Code }),
      );
      await lambda.send(permit('own', ACCOUNT));
    });
    await setting.later(async () => undefined);

    await setting.clients.lambda.send(permit('theirs', '444455556666'));
    await setting.pipeline.lambda.send(permit('deployed', '777788889999'));
    const taken = setting.records.splice(0);
    setting.records.push(...order.map((index) => taken[index]));
    await setting.settle();
    setting.pass(16);
    for (const request of await setting.guard.wake()) await setting.guard.rollback(request);

    const { Policy = '{}' } = await setting.clients.lambda.send(new GetPolicyCommand({ FunctionName: 'f' }));
    const sids = JSON.parse(Policy).Statement.map(({ Sid }: { readonly Sid: string }) => Sid);
    expect(sids.sort()).toEqual(['deployed', 'own']);
  });
});
