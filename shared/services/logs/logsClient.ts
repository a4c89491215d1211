/** CloudWatch Logs’ API, as far as it is called. Source: CloudWatch Logs API Reference. */
import { STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'CloudWatch Logs',
  namespace: 'com.amazonaws.cloudwatchlogs',
  version: '2014-03-28',
  scope: 'logs',
  target: 'Logs_20140328',
});

/** A policy of the account and Region, by its name. */
type LogPolicy = { readonly policyName?: string; readonly policyDocument?: string };

const POLICY = shapes.structure('ResourcePolicy', { policyName: STRING, policyDocument: STRING });

/** A page of the policies. */
export const DescribeResourcePoliciesCommand = shapes.command<
  { readonly nextToken?: string | undefined },
  { readonly resourcePolicies?: readonly LogPolicy[]; readonly nextToken?: string }
>('DescribeResourcePolicies', {
  input: { nextToken: STRING },
  output: { resourcePolicies: shapes.listOf('ResourcePolicies', POLICY), nextToken: STRING },
});
/** Writes a policy. */
export const PutResourcePolicyCommand = shapes.command<
  { readonly policyName: string; readonly policyDocument: string },
  object
>('PutResourcePolicy', { input: { policyName: STRING, policyDocument: STRING }, output: {} });
/** Takes a policy away. */
export const DeleteResourcePolicyCommand = shapes.command<{ readonly policyName: string }, object>(
  'DeleteResourcePolicy',
  { input: { policyName: STRING }, output: {} },
);

/** The client. Takes what every client of the SDK takes. */
export class LogsClient extends shapes.Client {}
