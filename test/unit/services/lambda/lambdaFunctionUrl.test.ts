import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { urlDocument } from '../../../../shared/services/lambda/urlDocument.ts';
import { ACCOUNT, awsError, describeKind, type KindCase } from '../kindCase.ts';

type Held = { readonly AuthType: string; readonly Cors?: object; readonly InvokeMode?: string } | 'none';

const ARN = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f`;
const SIGNED: Held = {
  AuthType: 'AWS_IAM',
  Cors: { AllowOrigins: ['https://example.com'] },
  InvokeMode: 'BUFFERED',
};
const OPEN: Held = { AuthType: 'NONE', InvokeMode: 'BUFFERED' };

const write = (
  { FunctionName: _, ...url }: { FunctionName: string; AuthType: string },
  held: Held,
  hold: (next: Held) => void,
) => {
  hold({ ...(held === 'none' ? {} : held), ...url });
  return {};
};

const url: Omit<KindCase<Held>, 'accepted' | 'from' | 'another' | 'writes'> = {
  kind: 'lambda-function-url',
  arn: ARN,
  service: 'lambda',
  client: LambdaClient,
  answers: {
    GetFunctionUrlConfig: (_: unknown, held: Held) => {
      if (held === 'none') throw awsError('ResourceNotFoundException');
      return { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', FunctionArn: ARN, ...held };
    },
    CreateFunctionUrlConfig: write,
    UpdateFunctionUrlConfig: write,
    DeleteFunctionUrlConfig: (_: unknown, __: unknown, hold: (next: Held) => void) => {
      hold('none');
      return {};
    },
    ListFunctions: ({ Marker: marker }: { Marker?: string }) =>
      marker === undefined
        ? { Functions: [{ FunctionArn: ARN }], NextMarker: '2' }
        : { Functions: [{ FunctionArn: `${ARN}2` }] },
  },
  missing: undefined,
  reads: [['GetFunctionUrlConfig', { FunctionName: ARN }]],
  listCalls: [
    ['ListFunctions', {}],
    ['ListFunctions', { Marker: '2' }],
  ],
  listed: [ARN, `${ARN}2`],
};

describeKind<Held>('a function’s URL', {
  ...url,
  accepted: SIGNED,
  from: OPEN,
  another: 'none',
  writes: [['UpdateFunctionUrlConfig', { FunctionName: ARN, AuthType: 'AWS_IAM' }]],
});

describeKind<Held>('a function that had no URL', {
  ...url,
  accepted: 'none',
  from: OPEN,
  another: SIGNED,
  writes: [['DeleteFunctionUrlConfig', { FunctionName: ARN }]],
});

describeKind<Held>('a function whose URL is gone', {
  ...url,
  accepted: SIGNED,
  from: 'none',
  another: OPEN,
  writes: [['CreateFunctionUrlConfig', { FunctionName: ARN, ...SIGNED }]],
});

describeKind<Held>('the URL of a version of a function', {
  ...url,
  arn: `${ARN}:live`,
  accepted: OPEN,
  from: SIGNED,
  another: 'none',
  reads: [['GetFunctionUrlConfig', { FunctionName: ARN, Qualifier: 'live' }]],
  writes: [['UpdateFunctionUrlConfig', { FunctionName: ARN, Qualifier: 'live', AuthType: 'NONE' }]],
});

describe('what a URL lets in', () => {
  it('is everyone without signing in when its auth type is NONE, or one that is not known', () => {
    for (const authType of ['NONE', 'ANOTHER', undefined])
      expect(JSON.parse(urlDocument(authType, ARN))).toMatchObject({
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunctionUrl' }],
      });
  });

  it('is nobody by itself when its auth type is AWS_IAM', () => {
    expect(JSON.parse(urlDocument('AWS_IAM', ARN))).toMatchObject({ Statement: [] });
  });
});
