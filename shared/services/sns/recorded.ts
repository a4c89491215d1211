/** SNS's operations on topics in memory. Source: SNS API Reference. */
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourcesOf,
} from '../../recording/account.ts';
import { type Documented, deleting, resourceNamed } from '../../recording/documentOperations.ts';

const TOPIC: Documented = { arnOf: (_, input) => required(input, 'TopicArn'), notFound: 'NotFoundException' };

/** What a topic has whose policy nobody wrote: its own account may do everything. Source: SNS Developer Guide, "Default policy". */
function defaultPolicy({ accountId }: Account, topicArn: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe', 'SNS:GetTopicAttributes', 'SNS:SetTopicAttributes'],
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  });
}

type Statement = { readonly [element: string]: unknown };

const statementsOf = (account: Account, { policy, arn }: Resource): Statement[] =>
  (JSON.parse(policy ?? defaultPolicy(account, arn)) as { Statement: Statement[] }).Statement;

const policyOf = (statements: readonly Statement[]) =>
  JSON.stringify({ Version: '2008-10-17', Id: '__default_policy_ID', Statement: statements });

/** One may be given as a list, or in a record as a map. */
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const OPERATIONS: OperationTable = {
  CreateTopic(account, input, { now, region, lenient }) {
    const arn =
      optional(input, 'TopicArn') ??
      `arn:${account.partition}:sns:${region}:${account.accountId}:${required(input, 'Name')}`;
    // Making a topic that is there gives that topic.
    const known = account.resources.get(arn);
    const topic = known ?? makeResource(account, arn, now);
    const given = (input['Attributes'] as Input | undefined)?.['Policy'];
    if (known !== undefined && !lenient && given !== undefined && given !== known.policy)
      throw new AwsError('InvalidParameterException', 'Topic already exists with different attributes');
    if (typeof given === 'string') topic.policy = given;
    return { TopicArn: arn };
  },
  DeleteTopic: deleting(TOPIC),
  GetTopicAttributes(account, input, context) {
    const topic = resourceNamed(TOPIC, account, input, { ...context, lenient: false });
    const Policy = topic.policy ?? defaultPolicy(account, topic.arn);
    return { Attributes: { TopicArn: topic.arn, Owner: account.accountId, Policy } };
  },
  SetTopicAttributes(account, input, context) {
    const topic = resourceNamed(TOPIC, account, input, context);
    if (input['AttributeName'] === 'Policy') topic.policy = optional(input, 'AttributeValue');
    return {};
  },
  AddPermission(account, input, context) {
    const topic = resourceNamed(TOPIC, account, input, context);
    const statement = {
      Sid: required(input, 'Label'),
      Effect: 'Allow',
      Principal: { AWS: textsOf(input['AWSAccountId'] ?? input['AWSAccountIds']) },
      Action: textsOf(input['ActionName'] ?? input['ActionNames']).map((name) => `SNS:${name}`),
      Resource: topic.arn,
    };
    topic.policy = policyOf([...statementsOf(account, topic), statement]);
    return {};
  },
  RemovePermission(account, input, context) {
    const topic = resourceNamed(TOPIC, account, input, context);
    const label = required(input, 'Label');
    topic.policy = policyOf(statementsOf(account, topic).filter(({ Sid }) => Sid !== label));
    return {};
  },
  ListTopics: (account, _, { region }) => ({
    Topics: resourcesOf(account, 'sns', region).map(({ arn }) => ({ TopicArn: arn })),
  }),
};

/** The ARN of a new topic stands in the answer too. */
export const SNS: RecordedService = { client: 'sns', source: 'sns.amazonaws.com', operations: OPERATIONS };
