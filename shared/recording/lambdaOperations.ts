/** Lambda's operations on function policies in memory. Source: Lambda API Reference. */
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  type Input,
  type LambdaFunction,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  uniqueIdOf,
} from './account.ts';

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
    'lambda:FunctionUrlAuthType': optional(input, 'FunctionUrlAuthType'),
  };
  const equals = Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined));
  const condition = {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
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
  ListFunctions: (account) => ({
    Functions: [...account.functions.values()]
      .filter(({ arn }) => arn.split(':').length === 7)
      .map(({ arn }) => ({ FunctionArn: arn })),
  }),
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

/** The API's date is a part of Lambda's event names. */
export const LAMBDA: RecordedService = {
  source: 'lambda.amazonaws.com',
  operations: OPERATIONS,
  toOperation: (eventName) => eventName.replace(/\d{8}(v\d+)?$/, ''),
  toEventName: (operation) => `${operation}20150331v2`,
};
