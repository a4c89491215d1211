/**
 * What `Ref` and `Fn::GetAtt` give for resources of the template, as far as their type and names tell. Sources:
 * CloudFormation's resource reference, "Return values"; Service Authorization Reference, "Resource types".
 */
import { createHash } from 'node:crypto';
import { isFields } from '../../fields.ts';
import { anySymbol, ownSymbol } from '../../symbols.ts';
import type { Template } from './template.ts';

type Names = {
  readonly template: Template;
  readonly prefix: string;
  readonly account: string;
  readonly region: string;
  /** True: this is asked while a property of another resource is resolved. */
  readonly isWithin: boolean;
  /** Resolves a property. */
  readonly resolve: (value: unknown) => unknown;
};

type Form = {
  /** With `R` for the Region, `A` for the account and `N` for the name. */
  readonly arn: string;
  /** The property that names it. */
  readonly name: string;
  /** True: `Ref` is the ARN. */
  readonly isArn?: boolean;
  readonly path?: string;
};

const FORMS: { readonly [type: string]: Form } = {
  'AWS::SQS::Queue': { arn: 'sqs:R:A:N', name: 'QueueName' },
  'AWS::SNS::Topic': { arn: 'sns:R:A:N', name: 'TopicName', isArn: true },
  'AWS::S3::Bucket': { arn: 's3:::N', name: 'BucketName' },
  'AWS::DynamoDB::Table': { arn: 'dynamodb:R:A:table/N', name: 'TableName' },
  'AWS::DynamoDB::GlobalTable': { arn: 'dynamodb:R:A:table/N', name: 'TableName' },
  'AWS::Serverless::SimpleTable': { arn: 'dynamodb:R:A:table/N', name: 'TableName' },
  'AWS::Lambda::Function': { arn: 'lambda:R:A:function:N', name: 'FunctionName' },
  'AWS::Serverless::Function': { arn: 'lambda:R:A:function:N', name: 'FunctionName' },
  'AWS::KMS::Key': { arn: 'kms:R:A:key/N', name: '' },
  'AWS::KMS::ReplicaKey': { arn: 'kms:R:A:key/N', name: '' },
  'AWS::SecretsManager::Secret': { arn: 'secretsmanager:R:A:secret:N', name: 'Name', isArn: true },
  'AWS::Kinesis::Stream': { arn: 'kinesis:R:A:stream/N', name: 'Name' },
  'AWS::Logs::LogGroup': { arn: 'logs:R:A:log-group:N:*', name: 'LogGroupName' },
  'AWS::ECR::Repository': { arn: 'ecr:R:A:repository/N', name: 'RepositoryName' },
  'AWS::StepFunctions::StateMachine': {
    arn: 'states:R:A:stateMachine:N',
    name: 'StateMachineName',
    isArn: true,
  },
  'AWS::Events::EventBus': { arn: 'events:R:A:event-bus/N', name: 'Name' },
  'AWS::Events::Rule': { arn: 'events:R:A:rule/N', name: 'Name' },
  'AWS::EFS::FileSystem': { arn: 'elasticfilesystem:R:A:file-system/N', name: '' },
  'AWS::CloudFront::Distribution': { arn: 'cloudfront::A:distribution/N', name: '' },
  'AWS::IAM::Role': { arn: 'iam::A:role/N', name: 'RoleName', path: 'Path' },
  'AWS::IAM::User': { arn: 'iam::A:user/N', name: 'UserName', path: 'Path' },
  'AWS::IAM::Group': { arn: 'iam::A:group/N', name: 'GroupName', path: 'Path' },
  'AWS::IAM::InstanceProfile': { arn: 'iam::A:instance-profile/N', name: 'InstanceProfileName' },
  'AWS::IAM::ManagedPolicy': {
    arn: 'iam::A:policy/N',
    name: 'ManagedPolicyName',
    isArn: true,
    path: 'Path',
  },
};

/**
 * Returns the symbol of what a custom resource answers: anything, and another answer where it is asked something else;
 * undefined for other resources.
 */
export function answerOf(logicalId: string, attribute: string, names: Names): string | undefined {
  const resource = resourceOf(logicalId, names);
  if (
    resource === undefined ||
    !/^(Custom::|AWS::CloudFormation::CustomResource$)/.test(String(resource['Type']))
  )
    return undefined;
  const stated = propertiesOf(resource);
  // What one answer asks of another is taken as it stands: chains of them would multiply.
  const asked = JSON.stringify(names.isWithin ? stated : names.resolve(stated)) ?? '';
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 8);
  return anySymbol(`${names.prefix}${logicalId}${attribute} (${digest})`);
}

/** Returns what `Ref` gives; undefined where the template has no such resource. */
export function referenceOf(logicalId: string, names: Names): string | undefined {
  const resource = resourceOf(logicalId, names);
  if (resource === undefined) return undefined;
  const answer = answerOf(logicalId, '', names);
  if (answer !== undefined) return answer;
  const form = FORMS[String(resource['Type'])];
  if (String(resource['Type']) === 'AWS::IAM::OIDCProvider') return providerArn(logicalId, resource, names);
  if (form === undefined) return ownSymbol(`${names.prefix}${logicalId}`);
  return form.isArn === true ? arnOf(logicalId, 'Arn', names) : nameOf(logicalId, resource, form, names);
}

/** Returns the ARN that `Fn::GetAtt` gives; undefined for other attributes and resources. */
export function arnOf(logicalId: string, attribute: string, names: Names): string | undefined {
  const resource = resourceOf(logicalId, names) ?? implicitRole(logicalId, names);
  const form = resource && FORMS[String(resource['Type'])];
  if (resource === undefined) return undefined;
  if (String(resource['Type']) === 'AWS::IAM::OIDCProvider') return providerArn(logicalId, resource, names);
  const isArn = /^(Arn|TopicArn|Id)$/.test(attribute) && (attribute !== 'Id' || form?.isArn === true);
  if (form === undefined || !isArn) return undefined;
  const { account, region } = names;
  const path = form.path === undefined ? '/' : names.resolve(propertiesOf(resource)[form.path] ?? '/');
  const name = `${typeof path === 'string' ? path.replace(/^\//, '') : ''}${nameOf(logicalId, resource, form, names)}`;
  const [service = '', place = '', owner = '', ...rest] = form.arn.split(':');
  const filled = [
    service,
    place.replace('R', region),
    owner.replace('A', account),
    rest.join(':').replace(/N/, () => name),
  ];
  return `arn:aws:${filled.join(':')}`;
}

/** A function of SAM makes a role of its own. Source: SAM Developer Guide, "Generated CloudFormation resources". */
function implicitRole(
  logicalId: string,
  { template }: Names,
): { readonly [name: string]: unknown } | undefined {
  const resources = template['Resources'];
  const [, owner] = /^(.+)Role$/.exec(logicalId) ?? [];
  const found = isFields(resources) && owner !== undefined ? resources[owner] : undefined;
  return isFields(found) && /^AWS::Serverless::(Function|StateMachine)$/.test(String(found['Type']))
    ? { Type: 'AWS::IAM::Role' }
    : undefined;
}

function nameOf(
  logicalId: string,
  resource: { readonly [name: string]: unknown },
  form: Form,
  names: Names,
): string {
  const given = form.name === '' ? undefined : propertiesOf(resource)[form.name];
  const name = given === undefined ? undefined : names.resolve(given);
  return typeof name === 'string' && name !== '' ? name : ownSymbol(`${names.prefix}${logicalId}`);
}

function providerArn(
  logicalId: string,
  resource: { readonly [name: string]: unknown },
  names: Names,
): string {
  const url = names.resolve(propertiesOf(resource)['Url']);
  const host =
    typeof url === 'string' ? url.replace(/^https:\/\//, '') : ownSymbol(`${names.prefix}${logicalId}`);
  return `arn:aws:iam::${names.account}:oidc-provider/${host}`;
}

function resourceOf(
  logicalId: string,
  { template }: Names,
): { readonly [name: string]: unknown } | undefined {
  const resources = template['Resources'];
  const found = isFields(resources) ? resources[logicalId] : undefined;
  return isFields(found) ? found : undefined;
}

function propertiesOf(resource: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  const properties = resource['Properties'];
  return isFields(properties) ? properties : {};
}
