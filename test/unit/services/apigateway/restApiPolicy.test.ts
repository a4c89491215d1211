import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { unescaped } from '../../../../shared/services/apigateway/restApiPolicy.ts';
import { awsError, describeKind, type KindCase } from '../kindCase.ts';

const ARN = 'arn:aws:apigateway:eu-west-1::/restapis/a1';
const policyOf = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }],
  });
const INVOKE = policyOf('execute-api:Invoke');
const escaped = (policy: string) => JSON.stringify(policy).slice(1, -1);

const api: Omit<KindCase<string>, 'accepted' | 'from' | 'writes'> = {
  kind: 'rest-api-policy',
  arn: ARN,
  service: 'apiGateway',
  client: APIGatewayClient,
  answers: {
    GetRestApi: (_: unknown, held: string) => {
      if (held === 'gone') throw awsError('NotFoundException');
      return {
        id: 'a1',
        createdDate: new Date('2026-01-01'),
        ...(held === '' ? {} : { policy: escaped(held) }),
      };
    },
    GetRestApis: ({ position }: { position?: string }) =>
      position === undefined ? { items: [{ id: 'a1' }], position: '2' } : { items: [{ id: 'a2' }] },
    UpdateRestApi: (
      { patchOperations: [patch] }: { patchOperations: { value: string }[] },
      _: string,
      hold: (next: string) => void,
    ) => {
      hold(patch?.value ?? '');
      return {};
    },
  },
  another: policyOf('execute-api:*'),
  missing: 'gone',
  reads: [['GetRestApi', { restApiId: 'a1' }]],
  listCalls: [
    ['GetRestApis', { limit: 500 }],
    ['GetRestApis', { position: '2', limit: 500 }],
  ],
  listed: [ARN, 'arn:aws:apigateway:eu-west-1::/restapis/a2'],
};

const patch = (value: string) => ({
  restApiId: 'a1',
  patchOperations: [{ op: 'replace', path: '/policy', value }],
});

describeKind<string>('the policy of a REST API', {
  ...api,
  accepted: INVOKE,
  from: '',
  writes: [['UpdateRestApi', patch(INVOKE)]],
});

describeKind<string>('a REST API that had no policy', {
  ...api,
  accepted: '',
  from: INVOKE,
  writes: [['UpdateRestApi', patch('')]],
});

describe('a policy as API Gateway shows it', () => {
  it('is read without its escapes, and as it is when it has none', () => {
    expect(unescaped(escaped(INVOKE))).toBe(INVOKE);
    expect(unescaped(INVOKE)).toBe(INVOKE);
    expect(unescaped('broken \\" text \\')).toBe('broken \\" text \\');
  });
});
