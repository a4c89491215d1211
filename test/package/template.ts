/**
 * The packaged template as a deployment of it: parameters given, conditions decided, references put in. It says what
 * CloudFormation would make and under which names; nothing is made here.
 * Source: CloudFormation User Guide, "Intrinsic function reference" and "Pseudo parameters reference".
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { partitionOf } from '../../shared/policy/arn.ts';

export type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly Properties: { readonly [name: string]: unknown };
};

export type Template = {
  /** As it was packaged. */
  readonly stackName: string;
  readonly Parameters: { readonly [name: string]: { readonly Default: string } };
  readonly Conditions: { readonly [name: string]: unknown };
  readonly Resources: { readonly [id: string]: Resource };
  readonly Outputs: { readonly [name: string]: { readonly Condition?: string; readonly Value: unknown } };
};

export type Deployment = {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** Values that differ from the template's defaults. */
  readonly parameters?: { readonly [name: string]: string };
  /** Where queues are, if not at AWS. */
  readonly queueEndpoint?: string;
  /** What AWS tells of a resource only when it is made: `DetectRole.RoleId`, `FindingsKey.Ref`. Absent: a text that stands for it. */
  readonly attributes?: { readonly [idAndName: string]: string };
};

export type Deployed = Resource & {
  readonly id: string;
  /** As ListStackResources tells it, and as `Ref` gives it but for what the table below says. */
  readonly physicalId: string;
};

const PATH = '../../.package/stack/cloudformation-template-update-stack.json';

/** Returns the template that `npm run package` made. */
export function readTemplate(): Template {
  const template = JSON.parse(
    readFileSync(fileURLToPath(new URL(PATH, import.meta.url)), 'utf8'),
  ) as Template;
  const name = String(template.Resources['DetectLambdaFunction']?.Properties['FunctionName']);
  return { ...template, stackName: name.replace(/-detect$/, '') };
}

/** CloudFormation adds these to a name that it makes: two hyphens and a random part. */
export const GENERATED_CHARACTERS = 2 + 12;
const RANDOM = 'A1B2C3D4E5F6';

/** Property that names a resource, where one may; names are made of the stack's otherwise. */
const NAMED_BY: { readonly [type: string]: string } = {
  'AWS::Events::EventBus': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
};

/** What `Ref` and `Fn::GetAtt … Arn` give, of the resource's name. Source: "Return values" of each type. */
const RETURNS: { readonly [type: string]: (name: string, at: At) => { ref?: string; arn?: string } } = {
  'AWS::Events::EventBus': (name, at) => ({ arn: at.arn('events', `event-bus/${name}`) }),
  'AWS::Events::Rule': (name, at) => ({ arn: at.arn('events', `rule/${name}`) }),
  'AWS::IAM::ManagedPolicy': (name, at) => ({ ref: at.global('iam', `policy${at.path}${name}`) }),
  'AWS::IAM::Role': (name, at) => ({ arn: at.global('iam', `role${at.path}${name}`) }),
  'AWS::KMS::Key': (name, at) => ({ arn: at.arn('kms', `key/${name}`) }),
  'AWS::Lambda::Function': (name, at) => ({ arn: at.arn('lambda', `function:${name}`) }),
  'AWS::S3::Bucket': (name, at) => ({ arn: `arn:${at.partition}:s3:::${name}` }),
  'AWS::SNS::Topic': (name, at) => ({ ref: at.arn('sns', name) }),
  'AWS::SQS::Queue': (name, at) => ({ ref: at.queueUrl(name), arn: at.arn('sqs', name) }),
};

type At = {
  readonly partition: string;
  /** Of IAM. */
  readonly path: string;
  arn(service: string, resource: string): string;
  global(service: string, resource: string): string;
  queueUrl(name: string): string;
};

/** Returns the resources that the deployment has, with every reference put in. Throws where one leads nowhere. */
export function deployed(template: Template, deployment: Deployment): readonly Deployed[] {
  const { accountId, region, stackName, parameters = {}, attributes = {}, queueEndpoint } = deployment;
  const partition = partitionOf(region);
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const pseudo: { readonly [name: string]: string } = {
    'AWS::AccountId': accountId,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': suffix,
  };
  const nameOf = (id: string, { Type, Properties }: Resource): string => {
    const told = attributes[`${id}.Ref`];
    const given = Properties[NAMED_BY[Type] ?? ''];
    if (told !== undefined || given !== undefined)
      return told ?? String(resolve(given)).replace(template.stackName, stackName);
    const made = `${stackName}-${id}-${RANDOM}`;
    return Type === 'AWS::S3::Bucket' ? made.toLowerCase() : made;
  };
  const returnsOf = (id: string) => {
    const resource = template.Resources[id];
    if (resource === undefined) throw new Error(`the template has no \`${id}\``);
    const name = nameOf(id, resource);
    const at: At = {
      partition,
      path: String(resource.Properties['Path'] ?? '/'),
      arn: (service, rest) => `arn:${partition}:${service}:${region}:${accountId}:${rest}`,
      global: (service, rest) => `arn:${partition}:${service}::${accountId}:${rest}`,
      queueUrl: (queue) => `${queueEndpoint ?? `https://sqs.${region}.${suffix}`}/${accountId}/${queue}`,
    };
    const { ref = name, arn } = RETURNS[resource.Type]?.(name, at) ?? {};
    return { name, ref, arn };
  };
  const refer = (name: string): string =>
    parameters[name] ?? template.Parameters[name]?.Default ?? pseudo[name] ?? returnsOf(name).ref;
  const attribute = (id: string, name: string): string => {
    const told = attributes[`${id}.${name}`];
    if (told !== undefined) return told;
    const { name: own, arn } = returnsOf(id);
    if (name === 'Arn' && arn !== undefined) return arn;
    if (name === 'QueueName') return own;
    if (name === 'RoleId') return `AROA${id.toUpperCase()}`;
    throw new Error(`nothing is known of \`${id}.${name}\``);
  };
  const holds = (condition: unknown): boolean => {
    const [[kind, operands] = ['', []]] = Object.entries(condition as { [name: string]: unknown[] });
    if (kind === 'Fn::Equals') return resolve(operands[0]) === resolve(operands[1]);
    if (kind === 'Fn::Not') return !holds(operands[0]);
    throw new Error(`condition \`${kind}\` is not read`);
  };
  const isMet = (name: string | undefined) => name === undefined || holds(template.Conditions[name]);
  const ABSENT = Symbol('AWS::NoValue');
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((member) => member !== ABSENT);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, operand] = [undefined, undefined], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (key === 'Ref') return operand === 'AWS::NoValue' ? ABSENT : refer(operand);
      if (key === 'Fn::GetAtt') return attribute(operand[0], operand[1]);
      if (key === 'Fn::If') return resolve(isMet(operand[0]) ? operand[1] : operand[2]);
      if (key === 'Fn::Join') return (resolve(operand[1]) as unknown[]).join(operand[0]);
      if (key === 'Fn::Sub') return substitute(operand);
    }
    const members = Object.entries(value).map(([name, member]) => [name, resolve(member)] as const);
    return Object.fromEntries(members.filter(([, member]) => member !== ABSENT));
  };
  const substitute = (operand: string | readonly [string, { readonly [name: string]: unknown }]): string => {
    const [text, own] = typeof operand === 'string' ? [operand, {}] : [operand[0], operand[1]];
    return text.replaceAll(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (name in own) return String(resolve((own as { [name: string]: unknown })[name]));
      const [id = '', ...path] = name.split('.');
      return path.length > 0 ? attribute(id, path.join('.')) : refer(name);
    });
  };
  return Object.entries(template.Resources).flatMap(([id, resource]) => {
    if (!isMet(resource.Condition)) return [];
    const Properties = resolve(resource.Properties ?? {}) as Resource['Properties'];
    // A rule of another bus than the default one is told with it.
    const bus = Properties['EventBusName'];
    const { ref } = returnsOf(id);
    const physicalId =
      resource.Type === 'AWS::Events::Rule' && bus !== undefined ? `${String(bus)}|${ref}` : ref;
    return [{ ...resource, id, Properties, physicalId }];
  });
}
