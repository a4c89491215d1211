/** Rounds of Lambda's kinds: done, found, restored, heard of without a word. */
import {
  AddLayerVersionPermissionCommand,
  CreateFunctionUrlConfigCommand,
  PublishLayerVersionCommand,
  PutResourcePolicyCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { describe, it } from 'vitest';
import { ACCOUNT, createFunction, expectRestored, PLACE, type Round, text } from './setting.ts';

const FUNCTION = `arn:aws:lambda:${PLACE.region}:${ACCOUNT}:function:f`;
const layer = { LayerName: 'l', VersionNumber: 1 };

const give = (Principal: string, StatementId: string) =>
  new AddLayerVersionPermissionCommand({
    ...layer,
    StatementId,
    Principal,
    Action: 'lambda:GetLayerVersion',
  });

const rounds: readonly Round[] = [
  {
    name: 'a URL that takes requests nobody signed',
    before: createFunction,
    change: ({ lambda }) =>
      lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'NONE' })),
    check: 'no-public-access',
  },
  {
    name: 'a URL that asks for signatures no more',
    before: async (clients) => {
      await createFunction(clients);
      await clients.lambda.send(
        new CreateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'AWS_IAM' }),
      );
    },
    change: ({ lambda }) =>
      lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'NONE' })),
    check: 'no-public-access',
  },
  {
    name: 'a function’s policy that is written as a whole',
    before: createFunction,
    change: ({ lambda }) =>
      lambda.send(
        new PutResourcePolicyCommand({
          ResourceArn: FUNCTION,
          Policy: text({
            Sid: 's',
            Effect: 'Allow',
            Principal: '*',
            Action: 'lambda:InvokeFunction',
            Resource: FUNCTION,
          }),
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'a layer that is given to everyone',
    before: ({ lambda }) => lambda.send(new PublishLayerVersionCommand({ LayerName: 'l', Content: {} })),
    change: ({ lambda }) => lambda.send(give('*', 'everyone')),
    check: 'no-public-access',
  },
];

describe('the guard of functions and layers', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));
});
