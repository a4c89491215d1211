/** SQS's operations on queues in memory. Source: SQS API Reference. */
import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
  uncapitalised,
} from '../../recording/account.ts';
import { type Documented, deleting, resourceNamed } from '../../recording/documentOperations.ts';

function queueArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  const url = optional(input, 'QueueUrl');
  const name = url === undefined ? required(input, 'QueueName') : url.slice(url.lastIndexOf('/') + 1);
  return `arn:${account.partition}:sqs:${region}:${account.accountId}:${name}`;
}

const QUEUE: Documented = { arnOf: queueArn, notFound: 'QueueDoesNotExist' };

const urlOf = ({ arn }: Resource) => {
  const { region, accountId, resource: name } = parseArn(arn);
  return `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
};

type Statement = { readonly [element: string]: unknown };

const statementsOf = ({ policy }: Resource): Statement[] =>
  policy === undefined ? [] : (JSON.parse(policy) as { Statement: Statement[] }).Statement;

function setStatements(queue: Resource, statements: readonly Statement[]): Input {
  queue.policy =
    statements.length === 0
      ? undefined
      : JSON.stringify({ Version: '2012-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: statements });
  return {};
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** An empty policy takes it away; other attributes are not kept. */
function setAttributes(queue: Resource, attributes: unknown): void {
  const { Policy: policy } = (attributes ?? {}) as Input;
  if (typeof policy === 'string') queue.policy = policy === '' ? undefined : policy;
}

const OPERATIONS: OperationTable = {
  CreateQueue(account, input, context) {
    const arn = queueArn(account, input, context);
    const known = account.resources.get(arn);
    const { Policy: given } = (input['Attributes'] ?? {}) as Input;
    if (known !== undefined && !context.lenient && given !== undefined && given !== known.policy)
      throw new AwsError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value',
      );
    const queue = known ?? makeResource(account, arn, context.now);
    setAttributes(queue, input['Attributes']);
    return { QueueUrl: urlOf(queue) };
  },
  DeleteQueue: deleting(QUEUE),
  GetQueueUrl: (account, input, context) => ({
    QueueUrl: urlOf(resourceNamed(QUEUE, account, input, { ...context, lenient: false })),
  }),
  GetQueueAttributes(account, input, context) {
    const { policy, created } = resourceNamed(QUEUE, account, input, { ...context, lenient: false });
    return {
      Attributes: {
        CreatedTimestamp: String(Math.floor(created.getTime() / 1_000)),
        ...(policy === undefined ? {} : { Policy: policy }),
      },
    };
  },
  SetQueueAttributes(account, input, context) {
    setAttributes(resourceNamed(QUEUE, account, input, context), input['Attributes']);
    return {};
  },
  AddPermission(account, input, context) {
    const queue = resourceNamed(QUEUE, account, input, context);
    const statement = {
      Sid: required(input, 'Label'),
      Effect: 'Allow',
      Principal: { AWS: textsOf(input['AWSAccountIds']) },
      Action: textsOf(input['Actions']).map((name) => `SQS:${name}`),
      Resource: queue.arn,
    };
    return setStatements(queue, [...statementsOf(queue), statement]);
  },
  RemovePermission(account, input, context) {
    const queue = resourceNamed(QUEUE, account, input, context);
    const label = required(input, 'Label');
    return setStatements(
      queue,
      statementsOf(queue).filter(({ Sid }) => Sid !== label),
    );
  },
  ListQueues: (account, _, { region }) => ({
    QueueUrls: resourcesOf(account, 'sqs', region).map(urlOf),
  }),
};

/** In records account ids are `aWSAccountIds`; the names of attributes keep their capitals. */
export const SQS: RecordedService = {
  client: 'sqs',
  source: 'sqs.amazonaws.com',
  operations: OPERATIONS,
  toRequest: uncapitalised,
};
