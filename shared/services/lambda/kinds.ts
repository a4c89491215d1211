/** What there is to know of the kinds of Lambda. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { memberOf } from '../../targets/undo.ts';
import { FUNCTION_PARAMETERS, LAYER_PARAMETERS, statementCommands } from './lambdaStatements.ts';

const FUNCTIONS = ['arn:{partition}:lambda:*:{account}:function:*'];
const LAYERS = ['arn:{partition}:lambda:*:{account}:layer:*'];

const ERRORS = {
  gone: ['ResourceNotFoundException'],
  notNow: ['ResourceConflictException', 'PreconditionFailedException'],
} as const;

export const LAMBDA_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'lambda',
    module: '@aws-sdk/client-lambda',
    class: 'LambdaClient',
    scope: 'lambda',
    protocol: 'restJson',
  },
];

export const LAMBDA_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'lambda-function-policy',
    words: 'function policy of',
    client: 'lambda',
    resourceType: 'AWS::Lambda::Function',
    // A function without a policy and one that is gone look the same.
    identity: 'none',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['lambda:GetPolicy'], resources: FUNCTIONS }],
      list: [{ actions: ['lambda:ListFunctions'], resources: ['*'] }],
      write: [{ actions: ['lambda:AddPermission', 'lambda:RemovePermission'], resources: FUNCTIONS }],
    },
    undo: (live, wanted) => {
      const which = `--function-name ${live.target.arn}`;
      return statementCommands(live, wanted, {
        parameters: FUNCTION_PARAMETERS,
        remove: `aws lambda remove-permission ${which}`,
        add: `aws lambda add-permission ${which}`,
      });
    },
    findingType: 'AwsLambdaFunction',
    places: {
      cloudFormation: ['AWS::Lambda::Permission.Principal'],
      terraform: ['aws_lambda_permission.principal'],
    },
    load: async () => (await import('./lambdaFunctionPolicy.ts')).lambdaFunctionPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'lambda-layer-version-policy',
    words: 'layer policy of',
    client: 'lambda',
    resourceType: 'AWS::Lambda::LayerVersionPermission',
    // A version's number is never used again.
    identity: 'none',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['lambda:GetLayerVersionPolicy'], resources: LAYERS }],
      list: [{ actions: ['lambda:ListLayers', 'lambda:ListLayerVersions'], resources: ['*'] }],
      write: [
        {
          actions: ['lambda:AddLayerVersionPermission', 'lambda:RemoveLayerVersionPermission'],
          resources: LAYERS,
        },
      ],
    },
    undo: (live, wanted) => {
      const [, layer = '', version = ''] = /^(.*):(\d+)$/.exec(live.target.arn) ?? [];
      const which = `--layer-name ${layer} --version-number ${version}`;
      return statementCommands(live, wanted, {
        parameters: LAYER_PARAMETERS,
        remove: `aws lambda remove-layer-version-permission ${which}`,
        add: `aws lambda add-layer-version-permission ${which}`,
      });
    },
    findingType: 'AwsLambdaLayerVersion',
    places: {
      cloudFormation: ['AWS::Lambda::LayerVersionPermission.Principal'],
      terraform: ['aws_lambda_layer_version_permission.principal'],
    },
    load: async () => (await import('./lambdaLayerVersionPolicy.ts')).lambdaLayerVersionPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'lambda-function-url',
    words: 'URL of function',
    client: 'lambda',
    resourceType: 'AWS::Lambda::Url',
    isWrittenAsRead: true,
    parts: [{ id: 'document', role: 'resource', text: 'derived', absence: 'grants-nothing' }],
    identity: 'none',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['lambda:GetFunctionUrlConfig'], resources: FUNCTIONS }],
      list: [{ actions: ['lambda:ListFunctions'], resources: ['*'] }],
      write: [
        {
          actions: [
            'lambda:CreateFunctionUrlConfig',
            'lambda:UpdateFunctionUrlConfig',
            'lambda:DeleteFunctionUrlConfig',
          ],
          resources: FUNCTIONS,
        },
      ],
    },
    undo: ({ target: { arn }, restoreHints: live }, { restoreHints }) => {
      const [there, before] = [live, restoreHints].map((hints) => memberOf(hints?.['url'], 'AuthType'));
      const verb = there === undefined ? 'create' : 'update';
      return [
        typeof before === 'string'
          ? `aws lambda ${verb}-function-url-config --function-name ${arn} --auth-type ${before}`
          : `aws lambda delete-function-url-config --function-name ${arn}`,
      ];
    },
    findingType: 'AwsLambdaFunction',
    places: {
      cloudFormation: ['AWS::Lambda::Url.AuthType'],
      terraform: ['aws_lambda_function_url.authorization_type'],
    },
    load: async () => (await import('./lambdaFunctionUrl.ts')).lambdaFunctionUrl,
  },
];
