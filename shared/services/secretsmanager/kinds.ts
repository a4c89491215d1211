/** What there is to know of the kinds of Secrets Manager. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';
import { GONE } from './gone.ts';

export const SECRETS_MANAGER_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'secretsManager',
    module: '@aws-sdk/client-secrets-manager',
    class: 'SecretsManagerClient',
    scope: 'secretsmanager',
    protocol: 'awsJson',
  },
];

export const SECRETS_MANAGER_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'secret-policy',
    words: 'policy of secret',
    client: 'secretsManager',
    resourceType: 'AWS::SecretsManager::Secret',

    identity: 'unique-id',
    errors: { gone: GONE, notNow: ['InvalidRequestException'] },
    permissions: {
      read: [
        {
          actions: ['secretsmanager:GetResourcePolicy'],
          resources: ['arn:{partition}:secretsmanager:*:{account}:secret:*'],
        },
      ],
      list: [{ actions: ['secretsmanager:ListSecrets'], resources: ['*'] }],
      write: [
        {
          actions: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'],
          resources: ['arn:{partition}:secretsmanager:*:{account}:secret:*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) =>
        `aws secretsmanager put-resource-policy --secret-id ${arn} --resource-policy file://before.json`,
      (arn) => `aws secretsmanager delete-resource-policy --secret-id ${arn}`,
    ),
    findingType: 'AwsSecretsManagerSecret',
    places: {
      cloudFormation: ['AWS::SecretsManager::ResourcePolicy.ResourcePolicy'],
      terraform: ['aws_secretsmanager_secret.policy', 'aws_secretsmanager_secret_policy.policy'],
    },

    load: async () => (await import('./secretPolicy.ts')).secretPolicy,
  },
];
