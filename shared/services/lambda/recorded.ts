/** Lambda's operations on function policies in memory. Source: Lambda API Reference. */

import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  capitalised,
  type Input,
  type LambdaFunction,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  pageOf,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import { layerIn } from './events.ts';

/** A name, a partial ARN or an ARN, with or without a qualifier. */
function arnOf(account: Account, input: Input, { region }: OperationContext): string {
  const given = required(input, 'FunctionName');
  const parts = given.split(':');
  const at = parts.indexOf('function');
  const [name = '', inName] = at >= 0 ? parts.slice(at + 1) : parts;
  const qualifier = inName ?? optional(input, 'Qualifier');
  const place = given.startsWith('arn:')
    ? parts.slice(0, 6).join(':')
    : `arn:${account.partition}:lambda:${region}:${account.accountId}:function`;
  return qualifier === undefined || qualifier === '$LATEST'
    ? `${place}:${name}`
    : `${place}:${name}:${qualifier}`;
}

function functionOf(account: Account, input: Input, context: OperationContext): LambdaFunction {
  const arn = arnOf(account, input, context);
  let found = account.functions.get(arn);
  if (found === undefined) {
    if (!context.lenient) throw notFound(arn);
    found = { arn, created: BEFORE_THE_TRAIL, statements: new Map(), revision: 1 };
    account.functions.set(arn, found);
  }
  return found;
}

function notFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The resource you requested does not exist: ${arn}`);
}

function checkRevision(found: LambdaFunction, input: Input): void {
  const wanted = optional(input, 'RevisionId');
  if (wanted !== undefined && wanted !== revisionOf(found)) {
    throw new AwsError(
      'PreconditionFailedException',
      'The RevisionId provided does not match the latest RevisionId.',
    );
  }
}

function revisionOf(found: LambdaFunction): string {
  return uniqueIdOf('', `${found.arn} ${found.revision}`, found.created).toLowerCase();
}

/** A permission as Lambda renders it. */
function statementOf(arn: string, input: Input): { readonly [element: string]: unknown } {
  const principal = required(input, 'Principal');
  const kind = /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(principal) ? 'Service' : 'AWS';
  const sourceArn = optional(input, 'SourceArn');
  const equal = {
    'AWS:SourceAccount': optional(input, 'SourceAccount'),
    'aws:PrincipalOrgID': optional(input, 'PrincipalOrgID'),
    'lambda:EventSourceToken': optional(input, 'EventSourceToken'),
    'lambda:FunctionUrlAuthType': optional(input, 'FunctionUrlAuthType'),
  };
  const equals = Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined));
  const condition = {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(input['InvokedViaFunctionUrl'] === true ? { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } : {}),
  };
  return {
    Sid: required(input, 'StatementId'),
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { [kind]: principal },
    Action: required(input, 'Action'),
    Resource: arn,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

const OPERATIONS: OperationTable = {
  CreateFunction(account, input, context) {
    const arn = arnOf(account, input, context);
    const known = account.functions.get(arn);
    if (known !== undefined && !context.lenient)
      throw new AwsError('ResourceConflictException', `Function already exist: ${arn}`);
    account.functions.set(arn, {
      arn,
      created: context.now,
      statements: known?.statements ?? new Map(),
      revision: (known?.revision ?? 0) + 1,
    });
    return { FunctionArn: arn };
  },
  DeleteFunction(account, input, context) {
    const arn = arnOf(account, input, context);
    for (const known of [...account.functions.keys()])
      if (known === arn || known.startsWith(`${arn}:`)) account.functions.delete(known);
    return {};
  },
  ListFunctions(account, input, { region }) {
    const functions = [...account.functions.values()].filter(({ arn }) => {
      const { region: own, resource } = parseArn(arn);
      return own === region && resource.split(':').length === 2;
    });
    const { items, next } = pageOf(functions, input['Marker'], 50);
    return { Functions: items.map(({ arn }) => ({ FunctionArn: arn })), NextMarker: next };
  },
  GetPolicy(account, input, context) {
    const found = functionOf(account, input, { ...context, lenient: false });
    if (found.statements.size === 0) throw notFound(found.arn);
    const policy = { Version: '2012-10-17', Id: 'default', Statement: [...found.statements.values()] };
    return { Policy: JSON.stringify(policy), RevisionId: revisionOf(found) };
  },
  AddPermission(account, input, context) {
    const found = functionOf(account, input, context);
    checkRevision(found, input);
    const id = required(input, 'StatementId');
    if (found.statements.has(id) && !context.lenient) {
      throw new AwsError('ResourceConflictException', `The statement id (${id}) provided already exists.`);
    }
    const statement = statementOf(found.arn, input);
    found.statements.set(id, statement);
    found.revision++;
    return { Statement: JSON.stringify(statement) };
  },
  RemovePermission(account, input, context) {
    const found = functionOf(account, input, context);
    checkRevision(found, input);
    const id = required(input, 'StatementId');
    if (!found.statements.delete(id) && !context.lenient) throw notFound(`statement ${id}`);
    found.revision++;
    return {};
  },
};

/** A function, with its URL if it has one. */
function urlOf(account: Account, input: Input, context: OperationContext): Resource {
  const { arn } = functionOf(account, input, context);
  return resourceOf(account, `${arn}/url`, { lenient: true, notFound: '' });
}

const URL_OPERATIONS: OperationTable = {
  CreateFunctionUrlConfig(account, input, context) {
    const { AuthType, Cors, InvokeMode = 'BUFFERED' } = input;
    urlOf(account, input, context).facts.set('url', { AuthType, Cors, InvokeMode });
    return {};
  },
  UpdateFunctionUrlConfig(account, input, context) {
    const { facts, arn } = urlOf(account, input, context);
    const before = facts.get('url') as Input | undefined;
    if (before === undefined && !context.lenient) throw notFound(arn);
    const { AuthType, Cors, InvokeMode } = input;
    const changed = Object.entries({ AuthType, Cors, InvokeMode }).filter(([, value]) => value !== undefined);
    facts.set('url', { ...before, ...Object.fromEntries(changed) });
    return {};
  },
  DeleteFunctionUrlConfig(account, input, context) {
    urlOf(account, input, context).facts.delete('url');
    return {};
  },
  GetFunctionUrlConfig(account, input, context) {
    const { facts, arn } = urlOf(account, input, { ...context, lenient: false });
    const url = facts.get('url') as Input | undefined;
    if (url === undefined) throw notFound(arn);
    return url;
  },
};

function layerOf(account: Account, input: Input, { lenient, region }: OperationContext): Resource {
  const given = required(input, 'LayerName');
  const layer = given.startsWith('arn:')
    ? layerIn(given)
    : `arn:${account.partition}:lambda:${region}:${account.accountId}:layer:${given}`;
  const arn = `${layer}:${String(input['VersionNumber'])}`;
  return resourceOf(account, arn, { lenient, notFound: 'ResourceNotFoundException' });
}

type Statements = Map<string, { readonly [element: string]: unknown }>;

function layerStatements({ facts }: Resource): Statements {
  const known = facts.get('statements');
  if (known instanceof Map) return known as Statements;
  const statements: Statements = new Map();
  facts.set('statements', statements);
  return statements;
}

const layersOf = (account: Account, region: string) =>
  resourcesOf(account, 'lambda', region).filter(({ arn }) => parseArn(arn).resource.startsWith('layer:'));

const LAYER_OPERATIONS: OperationTable = {
  PublishLayerVersion(account, input, { now, region }) {
    const name = required(input, 'LayerName');
    const layer = `arn:${account.partition}:lambda:${region}:${account.accountId}:layer:${name}`;
    const before = layersOf(account, region).filter(({ arn }) => arn.startsWith(`${layer}:`));
    const arn = optional(input, 'LayerVersionArn') ?? `${layer}:${before.length + 1}`;
    makeResource(account, arn, now);
    return { LayerVersionArn: arn, Version: Number(arn.slice(arn.lastIndexOf(':') + 1)) };
  },
  DeleteLayerVersion(account, input, context) {
    account.resources.delete(layerOf(account, input, { ...context, lenient: true }).arn);
    return {};
  },
  ListLayers(account, input, { region }) {
    const layers = layersOf(account, region).map(({ arn }) => arn.slice(0, arn.lastIndexOf(':')));
    const { items, next } = pageOf([...new Set(layers)], input['Marker'], 50);
    return { Layers: items.map((LayerArn) => ({ LayerArn })), NextMarker: next };
  },
  ListLayerVersions(account, input, { region }) {
    const layer = required(input, 'LayerName');
    const versions = layersOf(account, region).filter(({ arn }) => arn.startsWith(`${layer}:`));
    const { items, next } = pageOf(versions, input['Marker'], 50);
    return { LayerVersions: items.map(({ arn }) => ({ LayerVersionArn: arn })), NextMarker: next };
  },
  GetLayerVersionPolicy(account, input, context) {
    const layer = layerOf(account, input, { ...context, lenient: false });
    const statements = layerStatements(layer);
    if (statements.size === 0) throw notFound(layer.arn);
    const policy = { Version: '2012-10-17', Id: 'default', Statement: [...statements.values()] };
    return { Policy: JSON.stringify(policy), RevisionId: String(layer.revision) };
  },
  AddLayerVersionPermission(account, input, context) {
    const layer = layerOf(account, input, context);
    const { OrganizationId: PrincipalOrgID, ...rest } = input;
    const statement = statementOf(layer.arn, { ...rest, PrincipalOrgID });
    layerStatements(layer).set(required(input, 'StatementId'), statement);
    layer.revision++;
    return { Statement: JSON.stringify(statement) };
  },
  RemoveLayerVersionPermission(account, input, context) {
    const layer = layerOf(account, input, context);
    const id = required(input, 'StatementId');
    if (!layerStatements(layer).delete(id) && !context.lenient) throw notFound(`statement ${id}`);
    layer.revision++;
    return {};
  },
};

/** The calls that write a function's policy as a whole, which are newer than those on statements. */
const WHOLE_POLICY: OperationTable = {
  PutResourcePolicy(account, input, context) {
    const found = functionOf(account, { FunctionName: input['ResourceArn'] }, context);
    const { Statement: list = [] } = JSON.parse(required(input, 'Policy')) as { Statement?: Input[] };
    found.statements.clear();
    list.forEach((statement, index) => {
      found.statements.set(String(statement['Sid'] ?? index), statement);
    });
    found.revision++;
    return {};
  },
  DeleteResourcePolicy(account, input, context) {
    const found = functionOf(account, { FunctionName: input['ResourceArn'] }, context);
    found.statements.clear();
    found.revision++;
    return {};
  },
};

/** The API's date is a part of Lambda's event names. */
export const LAMBDA: RecordedService = {
  client: 'lambda',
  source: 'lambda.amazonaws.com',
  operations: { ...OPERATIONS, ...URL_OPERATIONS, ...LAYER_OPERATIONS, ...WHOLE_POLICY },
  toOperation: (eventName) => eventName.replace(/\d{8}(v\d+)?$/, ''),
  toEventName: (operation) => `${operation}20150331v2`,
  toInput: (request, { layerVersionArn }) => ({
    ...capitalised(request),
    ...(layerVersionArn === undefined ? {} : { LayerVersionArn: layerVersionArn }),
  }),
  toResponse: ({ LayerVersionArn, Statement }) => ({
    ...(LayerVersionArn === undefined ? {} : { layerVersionArn: LayerVersionArn }),
    ...(Statement === undefined ? {} : { statement: Statement }),
  }),
};
