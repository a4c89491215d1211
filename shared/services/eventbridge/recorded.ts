/** EventBridge's operations on event buses in memory. Source: EventBridge API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, resourceNamed } from '../../recording/documentOperations.ts';

/** By name, or by its ARN; the default one where none is named. */
function busArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  const name = optional(input, 'EventBusName') ?? optional(input, 'Name') ?? 'default';
  return name.startsWith('arn:')
    ? name
    : `arn:${account.partition}:events:${region}:${account.accountId}:event-bus/${name}`;
}

const BUS: Documented = { arnOf: busArn, notFound: 'ResourceNotFoundException' };

type Statement = { readonly [element: string]: unknown };

const statementsOf = ({ policy }: Resource): Statement[] =>
  policy === undefined ? [] : (JSON.parse(policy) as { Statement: Statement[] }).Statement;

function setStatements(bus: Resource, statements: readonly Statement[]): Input {
  bus.policy =
    statements.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return {};
}

const OPERATIONS: OperationTable = {
  CreateEventBus(account, input, context) {
    const bus = makeResource(account, busArn(account, input, context), context.now);
    return { EventBusArn: bus.arn };
  },
  DeleteEventBus: deleting(BUS),
  DescribeEventBus(account, input, context) {
    const { arn, created, policy } = resourceNamed(BUS, account, input, { ...context, lenient: false });
    return { Arn: arn, CreationTime: created, Policy: policy };
  },
  PutPermission(account, input, context) {
    const bus = resourceNamed(BUS, account, input, context);
    const whole = optional(input, 'Policy');
    if (whole !== undefined) {
      bus.policy = whole;
      return {};
    }
    const Sid = required(input, 'StatementId');
    const principal = required(input, 'Principal');
    const statement = {
      Sid,
      Effect: 'Allow',
      Principal: principal === '*' ? '*' : { AWS: `arn:${account.partition}:iam::${principal}:root` },
      Action: required(input, 'Action'),
      Resource: bus.arn,
    };
    return setStatements(bus, [...statementsOf(bus).filter((one) => one['Sid'] !== Sid), statement]);
  },
  RemovePermission(account, input, context) {
    const bus = resourceNamed(BUS, account, input, context);
    if (input['RemoveAllPermissions'] === true) return setStatements(bus, []);
    const Sid = required(input, 'StatementId');
    return setStatements(
      bus,
      statementsOf(bus).filter((one) => one['Sid'] !== Sid),
    );
  },
  ListEventBuses: (account, _, { region }) => ({
    EventBuses: resourcesOf(account, 'events', region)
      .filter(({ arn }) => arn.includes(':event-bus/'))
      .map(({ arn }) => ({ Arn: arn })),
  }),
};

export const EVENT_BRIDGE: RecordedService = {
  client: 'eventBridge',
  source: 'events.amazonaws.com',
  operations: OPERATIONS,
};
