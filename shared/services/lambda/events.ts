/** Events of Lambda. */
import {
  type EventFields,
  type EventRow,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

/** Returns the ARN: `functionName` may be a name, a partial ARN (`account:function:name`) or an ARN, each with a qualifier. */
export function functionArn({ request, partition, region, accountId }: EventFields): string | undefined {
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

/** `layerName` is a name or an ARN; the version is a number beside it. */
function layerVersionArn({ request, partition, region, accountId }: EventFields): string | undefined {
  const given = textOf(request, 'layerName');
  const version = request['versionNumber'];
  if (given === undefined || (typeof version !== 'number' && typeof version !== 'string')) return undefined;
  const arn = given.startsWith('arn:')
    ? given.split(':').slice(0, 7).join(':')
    : `arn:${partition}:lambda:${region}:${accountId}:layer:${given}`;
  return `${arn}:${version}`;
}

const row =
  (kind: EventRow['kind'], target: EventRow['target'], needs: string) =>
  (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
    source: 'lambda.amazonaws.com',
    name,
    kind,
    target,
    needs,
    restore,
    ...more,
  });

const FUNCTION = 'requestParameters.functionName';
const policy = row('lambda-function-policy', functionArn, FUNCTION);
const wholePolicy = row(
  'lambda-function-policy',
  requestText('resourceArn'),
  'requestParameters.resourceArn',
);
const url = row('lambda-function-url', functionArn, FUNCTION);
const layer = row('lambda-layer-version-policy', layerVersionArn, 'requestParameters.layerName');

/** Lambda answers with the statement that it made of the parameters. */
const addedStatement = ({ response }: EventFields) => textOf(response, 'statement');

export const LAMBDA_EVENTS: ServiceEvents = {
  source: 'lambda.amazonaws.com',
  rows: [
    policy('AddPermission*', 'RemovePermission', { addition: addedStatement }),
    policy('RemovePermission*', 'AddPermission'),
    // Lambda adds an id to what it is given, so the event's document is not what is read back.
    wholePolicy('PutResourcePolicy*', 'RemovePermission and AddPermission'),
    wholePolicy('DeleteResourcePolicy*', 'AddPermission'),
    ...[policy, url].flatMap((of) => [
      of('CreateFunction*', 'not restored', { effect: 'creates' }),
      of('DeleteFunction*', 'not restored', { effect: 'deletes' }),
    ]),
    url('CreateFunctionUrlConfig*', 'DeleteFunctionUrlConfig'),
    url('UpdateFunctionUrlConfig*', 'UpdateFunctionUrlConfig'),
    url('DeleteFunctionUrlConfig*', 'not restored: a URL made again has another address'),
    layer('AddLayerVersionPermission*', 'RemoveLayerVersionPermission', { addition: addedStatement }),
    layer('RemoveLayerVersionPermission*', 'AddLayerVersionPermission'),
    layer('PublishLayerVersion*', 'not restored', {
      target: ({ response }) => textOf(response, 'layerVersionArn'),
      needs: 'responseElements.layerVersionArn',
      effect: 'creates',
    }),
    layer('DeleteLayerVersion*', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
