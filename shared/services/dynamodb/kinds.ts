/** What there is to know of the kinds of DynamoDB. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const DYNAMODB_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'dynamodb',
    module: '@aws-sdk/client-dynamodb',
    class: 'DynamoDBClient',
    scope: 'dynamodb',
    protocol: 'awsJson',
  },
];

export const DYNAMODB_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'table-policy',
    words: 'policy of table',
    client: 'dynamodb',
    resourceType: 'AWS::DynamoDB::Table',

    identity: 'none',
    errors: {
      gone: ['ResourceNotFoundException'],
      notNow: ['ResourceInUseException', 'LimitExceededException'],
    },
    permissions: {
      read: [
        {
          actions: ['dynamodb:GetResourcePolicy'],
          resources: ['arn:{partition}:dynamodb:*:{account}:table/*'],
        },
      ],
      list: [{ actions: ['dynamodb:ListTables'], resources: ['*'] }],
      write: [
        {
          actions: ['dynamodb:PutResourcePolicy', 'dynamodb:DeleteResourcePolicy'],
          resources: ['arn:{partition}:dynamodb:*:{account}:table/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) => `aws dynamodb put-resource-policy --resource-arn ${arn} --policy file://before.json`,
      (arn) => `aws dynamodb delete-resource-policy --resource-arn ${arn}`,
    ),
    findingType: 'AwsDynamoDbTable',
    places: {
      cloudFormation: [
        'AWS::DynamoDB::Table.ResourcePolicy.PolicyDocument',
        'AWS::DynamoDB::GlobalTable.Replicas[].ResourcePolicy.PolicyDocument',
      ],
      terraform: ['aws_dynamodb_resource_policy.policy'],
    },

    load: async () => (await import('./tablePolicy.ts')).tablePolicy,
  },
];
