/** What there is to know of the kinds of CloudWatch Logs. */
import { resourceName } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const LOGS_CLIENTS: readonly ClientDefinition[] = [
  { name: 'logs', module: './logsClient.ts', class: 'LogsClient', scope: 'logs', protocol: 'awsJson' },
];

export const LOGS_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'log-resource-policy',
    words: 'policy of log groups',
    client: 'logs',
    resourceType: 'AWS::Logs::ResourcePolicy',

    identity: 'none',
    errors: { gone: [], notNow: ['OperationAbortedException'] },
    permissions: {
      read: [{ actions: ['logs:DescribeResourcePolicies'], resources: ['*'] }],
      list: [{ actions: ['logs:DescribeResourcePolicies'], resources: ['*'] }],
      write: [{ actions: ['logs:PutResourcePolicy', 'logs:DeleteResourcePolicy'], resources: ['*'] }],
    },
    undo: oneDocument(
      (arn) =>
        `aws logs put-resource-policy --policy-name ${resourceName(arn)} --policy-document file://before.json`,
      (arn) => `aws logs delete-resource-policy --policy-name ${resourceName(arn)}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::Logs::ResourcePolicy.PolicyDocument'],
      terraform: ['aws_cloudwatch_log_resource_policy.policy_document'],
    },
    load: async () => (await import('./logResourcePolicy.ts')).logResourcePolicy,
  },
];
