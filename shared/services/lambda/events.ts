/** Events of Lambda. */

import { addsStatement, ends, makes, putsIfGiven, removes, takesStatement } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, requestText, textOf } from '../../changes/fields.ts';
import { parseArn } from '../../policy/arn.ts';
import { urlDocument } from './urlDocument.ts';

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

/** Returns the layer's ARN in that of one of its versions, or as it is. */
export function layerIn(arn: string): string {
  const { head, resource } = parseArn(arn);
  const [type, name] = resource.split(':');
  return `${head}:${type}:${name}`;
}

/** `layerName` is a name or an ARN; the version is a number beside it. */
function layerVersionArn({ request, partition, region, accountId }: EventFields): string | undefined {
  const given = textOf(request, 'layerName');
  const version = request['versionNumber'];
  if (given === undefined || (typeof version !== 'number' && typeof version !== 'string')) return undefined;
  const arn = given.startsWith('arn:')
    ? layerIn(given)
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

/** The statements of the policy that Lambda is given; undefined: there are none that can be read. */
function givenStatements({ request }: EventFields): string | undefined {
  try {
    const { Statement: given = [] } = JSON.parse(textOf(request, 'policy') ?? '{}') as {
      readonly Statement?: unknown;
    };
    return [given]
      .flat()
      .map((statement) => JSON.stringify(statement))
      .join(',');
  } catch {
    return undefined;
  }
}

/** The auth type is all that says whom a URL lets in. An update without one changes something else. */
const setsAuthType = putsIfGiven((fields) => {
  const authType = textOf(fields.request, 'authType');
  return authType && urlDocument(authType, functionArn(fields) ?? '');
});

export const LAMBDA_EVENTS: ServiceEvents = {
  source: 'lambda.amazonaws.com',
  rows: [
    policy('AddPermission*', 'RemovePermission', { edit: addsStatement(addedStatement) }),
    policy('RemovePermission*', 'AddPermission', { edit: takesStatement }),
    // Lambda adds an id to what it is given, so the event's document is not what is read back; what else is, others added.
    wholePolicy('PutResourcePolicy*', 'RemovePermission and AddPermission', {
      edit: addsStatement(givenStatements),
    }),
    wholePolicy('DeleteResourcePolicy*', 'AddPermission', { edit: removes() }),
    ...[policy, url].flatMap((of) => [
      of('CreateFunction*', 'not restored', { edit: makes() }),
      of('DeleteFunction*', 'not restored', { edit: ends }),
    ]),
    url('CreateFunctionUrlConfig*', 'DeleteFunctionUrlConfig', { edit: setsAuthType }),
    url('UpdateFunctionUrlConfig*', 'UpdateFunctionUrlConfig', { edit: setsAuthType }),
    url('DeleteFunctionUrlConfig*', 'not restored: a URL made again has another address', {
      edit: removes(),
    }),
    layer('AddLayerVersionPermission*', 'RemoveLayerVersionPermission', {
      edit: addsStatement(addedStatement),
    }),
    layer('RemoveLayerVersionPermission*', 'AddLayerVersionPermission', { edit: takesStatement }),
    layer('PublishLayerVersion*', 'not restored', {
      target: ({ response }) => textOf(response, 'layerVersionArn'),
      needs: 'responseElements.layerVersionArn',
      edit: makes(),
    }),
    layer('DeleteLayerVersion*', 'not restored', { edit: ends }),
  ],
};
