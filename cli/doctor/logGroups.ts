/** One more call of CloudWatch Logs, for looking before a deployment. Source: CloudWatch Logs API Reference. */
import { STRING, shapesOf } from '../../shared/targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'CloudWatch Logs',
  namespace: 'com.amazonaws.cloudwatchlogs',
  version: '2014-03-28',
  scope: 'logs',
  target: 'Logs_20140328',
});
const GROUP = shapes.structure('LogGroup', { logGroupName: STRING });

/** A page of the log groups whose names begin so. */
export const DescribeLogGroupsCommand = shapes.command<
  { readonly logGroupNamePrefix: string },
  { readonly logGroups?: readonly { readonly logGroupName?: string }[] }
>('DescribeLogGroups', {
  input: { logGroupNamePrefix: STRING },
  output: { logGroups: shapes.listOf('LogGroups', GROUP) },
});
