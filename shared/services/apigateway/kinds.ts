/** What there is to know of the kinds of API Gateway. */
import { resourceName } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, LIMIT } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const API_GATEWAY_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'apiGateway',
    module: '@aws-sdk/client-api-gateway',
    class: 'APIGatewayClient',
    scope: 'apigateway',
    protocol: 'restJson',
  },
];

export const API_GATEWAY_KINDS: readonly KindDefinition[] = [
  {
    ...LIMIT,
    kind: 'rest-api-policy',
    words: 'policy of REST API',
    client: 'apiGateway',
    resourceType: 'AWS::ApiGateway::RestApi',

    parts: [{ id: 'document', role: 'limit', text: 'own', absence: 'limits-nothing' }],
    identity: 'unique-id',
    errors: { gone: ['NotFoundException'], notNow: ['ConflictException'] },
    permissions: {
      read: [{ actions: ['apigateway:GET'], resources: ['arn:{partition}:apigateway:*::/restapis/*'] }],
      list: [{ actions: ['apigateway:GET'], resources: ['arn:{partition}:apigateway:*::/restapis'] }],
      write: [
        {
          actions: ['apigateway:PATCH', 'apigateway:UpdateRestApiPolicy'],
          resources: ['arn:{partition}:apigateway:*::/restapis/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws apigateway update-rest-api --rest-api-id ${resourceName(arn)} --patch-operations file://before.json`,
      (arn) =>
        `aws apigateway update-rest-api --rest-api-id ${resourceName(arn)} --patch-operations op=replace,path=/policy,value=`,
      (value) => JSON.stringify([{ op: 'replace', path: '/policy', value }]),
    ),
    findingType: 'AwsApiGatewayRestApi',
    places: {
      cloudFormation: ['AWS::ApiGateway::RestApi.Policy'],
      terraform: ['aws_api_gateway_rest_api.policy', 'aws_api_gateway_rest_api_policy.policy'],
    },

    load: async () => (await import('./restApiPolicy.ts')).restApiPolicy,
  },
];
