/** Events of Lambda. */
import { type EventFields, type EventRow, type ServiceEvents, textOf } from '../eventRow.ts';

/** `functionName` may be a name, a partial ARN (`account:function:name`) or an ARN, each with a qualifier. */
function functionArn({ request, partition, region, accountId }: EventFields): string | undefined {
  const given = textOf(request, 'functionName');
  if (given === undefined) return undefined;
  const qualifier = textOf(request, 'qualifier');
  const parts = given.split(':');
  const at = parts.indexOf('function');
  const [name = '', inName] = at >= 0 ? parts.slice(at + 1) : parts;
  const suffix = inName ?? qualifier;
  const arn = given.startsWith('arn:')
    ? parts.slice(0, 7).join(':')
    : `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  return suffix === undefined || suffix === '$LATEST' ? arn : `${arn}:${suffix}`;
}

const lambda = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'lambda.amazonaws.com',
  name,
  kind: 'lambda-function-policy',
  target: functionArn,
  needs: 'requestParameters.functionName',
  restore,
  ...more,
});

export const LAMBDA_EVENTS: ServiceEvents = {
  source: 'lambda.amazonaws.com',
  rows: [
    lambda('AddPermission*', 'RemovePermission'),
    lambda('RemovePermission*', 'AddPermission'),
    lambda('CreateFunction*', 'not restored', { effect: 'creates' }),
    lambda('DeleteFunction*', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [
    'AddLayerVersionPermission*',
    'RemoveLayerVersionPermission*',
    'CreateFunctionUrlConfig',
    'UpdateFunctionUrlConfig',
    'DeleteFunctionUrlConfig',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
  ],
};
