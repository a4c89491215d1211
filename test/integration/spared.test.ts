/** A pipeline and an intruder add to one policy, and the events of neither call show its whole text. */
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetPolicyCommand,
  PutResourcePolicyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, createSetting, PLACE, type Setting } from './setting.ts';

const permit = (StatementId: string, Principal: string) =>
  new AddPermissionCommand({ FunctionName: 'f', StatementId, Action: 'lambda:InvokeFunction', Principal });

const byStatement = ({ clients: { lambda } }: Setting) => lambda.send(permit('theirs', '444455556666'));

async function asWhole({ clients: { lambda } }: Setting) {
  const { Policy = '{}' } = await lambda.send(new GetPolicyCommand({ FunctionName: 'f' }));
  const { Statement, ...rest } = JSON.parse(Policy);
  const [own] = Statement;
  const theirs = { ...own, Sid: 'theirs', Principal: { AWS: '444455556666' } };
  return lambda.send(
    new PutResourcePolicyCommand({
      ResourceArn: own.Resource,
      Policy: JSON.stringify({ ...rest, Statement: [own, theirs] }),
    }),
  );
}

async function sidsOf({ clients: { lambda } }: Setting): Promise<string[]> {
  const { Policy = '{}' } = await lambda.send(new GetPolicyCommand({ FunctionName: 'f' }));
  return JSON.parse(Policy)
    .Statement.map(({ Sid }: { readonly Sid: string }) => Sid)
    .sort();
}

/** A function that the own account may call, as the guard knows it. */
async function withFunction(): Promise<Setting> {
  const setting = createSetting();
  await setting.later(async ({ lambda }) => {
    const Code = { ZipFile: new Uint8Array() };
    await lambda.send(
      new CreateFunctionCommand({ FunctionName: 'f', Role: `arn:aws:iam::${ACCOUNT}:role/r`, Code }),
    );
    await lambda.send(permit('own', ACCOUNT));
  });
  await setting.later(async () => undefined);
  return setting;
}

describe('what a pipeline added beside an intruder', () => {
  it.each([
    ['a statement, intruder first', byStatement, [0, 1]],
    ['a statement, pipeline first', byStatement, [1, 0]],
    ['a whole policy, intruder first', asWhole, [0, 1]],
    ['a whole policy, pipeline first', asWhole, [1, 0]],
  ])('stays when the intruder’s goes: %s', async (_, add, order) => {
    const setting = await withFunction();

    await add(setting);
    await setting.pipeline.lambda.send(permit('deployed', '777788889999'));
    const taken = setting.records.splice(0);
    setting.records.push(...order.map((index) => taken[index]));
    await setting.settle();
    setting.pass(16);
    for (const request of await setting.guard.wake()) await setting.guard.rollback(request);

    expect(await sidsOf(setting)).toEqual(['deployed', 'own']);
  });

  it.each([
    ['added a statement', permit('deployed', '777788889999'), false, ['deployed', 'own']],
    [
      'added a statement, and a sweep saw both',
      permit('deployed', '777788889999'),
      true,
      ['deployed', 'own'],
    ],
  ])(
    'stays when the intruder’s goes, whose event is lost: the pipeline %s',
    async (_, call, isSwept, left) => {
      const setting = await withFunction();

      await byStatement(setting);
      setting.records.length = 0;
      setting.pass(0.1);
      await setting.pipeline.lambda.send(call as AddPermissionCommand);
      if (isSwept) await setting.guard.sweep({ ...PLACE, kinds: ['lambda-function-policy'] });
      await setting.settle();
      setting.pass(16);
      for (const request of await setting.guard.wake()) await setting.guard.rollback(request);

      expect(await sidsOf(setting)).toEqual(left);
    },
  );

  it('stays where it was added minutes before the intruder’s, and both were read at once', async () => {
    const setting = await withFunction();

    await setting.pipeline.lambda.send(permit('deployed', '777788889999'));
    setting.pass(1);
    await byStatement(setting);
    await setting.settle();
    setting.pass(16);
    for (const request of await setting.guard.wake()) await setting.guard.rollback(request);

    expect(await sidsOf(setting)).toEqual(['deployed', 'own']);
  });

  it('is told beside it, where the intruder’s event is lost and the pipeline took a statement out', async () => {
    const setting = await withFunction();

    await byStatement(setting);
    setting.records.length = 0;
    setting.pass(0.1);
    await setting.pipeline.lambda.send(
      new RemovePermissionCommand({ FunctionName: 'f', StatementId: 'own' }),
    );
    await setting.settle();

    expect(setting.news().map(({ change, others }) => [change, others])).toEqual([[undefined, undefined]]);
  });

  it('stays when a sweep saw the intruder’s in the second of its call, and the intruder’s event is lost', async () => {
    const setting = await withFunction();

    await byStatement(setting);
    setting.records.length = 0;
    await setting.guard.sweep({ ...PLACE, kinds: ['lambda-function-policy'] });
    await setting.pipeline.lambda.send(permit('deployed', '777788889999'));
    await setting.settle();
    setting.pass(16);
    for (const request of await setting.guard.wake()) await setting.guard.rollback(request);

    expect(await sidsOf(setting)).toEqual(['deployed', 'own']);
  });
});
