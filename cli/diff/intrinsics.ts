/**
 * CloudFormation's functions, as far as a template alone tells their values. What it does not tell stays a policy
 * variable of our own (`${ratchet:Bucket}`): it may have any value, the same wherever the same thing is named, so a
 * PASS holds for all of them. Where no variable may stand, a name takes its place that nothing else has, and
 * the caller is told. Source: CloudFormation User Guide, "Intrinsic function reference", "Pseudo parameters".
 */

export type Template = {
  readonly [section: string]: unknown;
  /** Values of pseudo parameters that the caller knows: `AWS::AccountId`. No section of a template is called so. */
  readonly pseudo?: { readonly [name: string]: string | undefined };
};

/** What was met on the way. */
export type Findings = {
  /** Expressions without a value that stand as variables. */
  readonly variables: Set<string>;
  /** Expressions without a value that stand as names: where a policy takes no variable. */
  readonly names: Set<string>;
  /** Sentences on what cannot be read at all: such a document is never passed. */
  readonly unreadable: Set<string>;
};

/** Where a value stands in a policy: only there may be variables. */
type Place = 'resource' | 'condition' | 'principal' | 'other';

type Fields = { readonly [name: string]: unknown };

/** Stands where an account id is needed and not known. Real ids do not begin so. */
export const UNKNOWN_ACCOUNT = '000000000000';

/** Returns the policy document with every function replaced; `findings` tells what could not be. */
export function resolveDocument(document: unknown, template: Template, findings: Findings): unknown {
  return resolve(document, { template, findings, place: 'other' });
}

type Context = { readonly template: Template; readonly findings: Findings; readonly place: Place };

function resolve(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, context)).filter((item) => item !== NO_VALUE);
  }
  if (!isFields(value)) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')))
    return call(name, argument, context);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => {
        const place = placeOf(key, context.place);
        const resolved = resolve(item, { ...context, place });
        return [key, place === 'resource' ? shaped(resolved, context) : resolved];
      })
      .filter(([, item]) => item !== NO_VALUE),
  );
}

/** A resource that is no ARN matches nothing, which must not be said of one whose value is not known. */
function shaped(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.flat().map((item) => shaped(item, context));
  if (typeof value !== 'string' || !value.includes('${ratchet:')) return value;
  const { findings } = context;
  const bare = value.replace(/\$\{ratchet:[^}]*\}/g, '');
  if (bare.startsWith('arn:') && bare.split(':').length >= 6) return value;
  const [, only] = /^\$\{ratchet:([^}]*)\}$/.exec(value) ?? [];
  if (only !== undefined) return anyArn(only, findings);
  findings.unreadable.add(`the resource \`${value.replaceAll('ratchet:', '')}\` may be anything`);
  return value;
}

/** `AWS::NoValue`: the member is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

function placeOf(key: string, outer: Place): Place {
  if (/^(Not)?Resource$/.test(key)) return 'resource';
  if (/^(Not)?Principal$/.test(key)) return 'principal';
  if (key === 'Condition') return 'condition';
  return outer;
}

function call(name: string, argument: unknown, context: Context): unknown {
  const known = CALLS[name]?.(argument, context);
  if (known !== undefined) return known;
  context.findings.unreadable.add(`\`${name}\` has no value that the template tells`);
  return 'unknown';
}

const CALLS: { readonly [name: string]: (argument: unknown, context: Context) => unknown } = {
  Ref: (argument, context) => (typeof argument === 'string' ? reference(argument, context) : undefined),
  'Fn::GetAtt': (argument, context) => {
    const [resource, attribute] = typeof argument === 'string' ? argument.split(/\.(.*)/s) : asList(argument);
    if (typeof resource !== 'string' || typeof attribute !== 'string') return undefined;
    const expression = `${resource}.${attribute}`;
    return /Arn$/.test(attribute) ? arnOf(resource, expression, context) : unknownValue(expression, context);
  },
  'Fn::ImportValue': (argument, context) => {
    const exported = resolve(argument, context);
    return typeof exported === 'string' ? unknownValue(`import.${exported}`, context) : undefined;
  },
  'Fn::Sub': (argument, context) => {
    const [text, values] = typeof argument === 'string' ? [argument, {}] : asList(argument);
    if (typeof text !== 'string' || !isFields(values ?? {})) return undefined;
    return substitute(text, (values ?? {}) as Fields, context);
  },
  'Fn::Join': (argument, context) => {
    const [delimiter, list] = asList(argument);
    const items = resolve(list, context);
    if (typeof delimiter !== 'string' || !Array.isArray(items) || !items.every(isText)) return undefined;
    return items.join(delimiter);
  },
  'Fn::Select': (argument, context) => {
    const [index, list] = asList(resolve(argument, context));
    return Array.isArray(list) ? (list[Number(index)] as unknown) : undefined;
  },
  'Fn::Split': (argument, context) => {
    const [delimiter, text] = asList(resolve(argument, context));
    // A variable may hold the delimiter.
    if (typeof delimiter !== 'string' || typeof text !== 'string' || text.includes('${ratchet:'))
      return undefined;
    return text.split(delimiter);
  },
  'Fn::FindInMap': (argument, context) => {
    const keys = asList(resolve(argument, context));
    let found: unknown = context.template['Mappings'];
    for (const key of keys) found = isFields(found) && typeof key === 'string' ? found[key] : undefined;
    return found;
  },
  'Fn::If': (argument, context) => {
    const [condition, yes, no] = asList(argument);
    if (typeof condition !== 'string') return undefined;
    const holds = evaluate({ Condition: condition }, context);
    return holds === undefined ? undefined : resolve(holds ? yes : no, context);
  },
};

/** Returns whether a condition holds; undefined where the template does not tell. */
function evaluate(condition: unknown, context: Context): boolean | undefined {
  if (!isFields(condition)) return undefined;
  const [[name, argument] = ['', undefined]] = Object.entries(condition);
  const all = () => asList(argument).map((item) => evaluate(item, context));
  switch (name) {
    case 'Condition': {
      const named = context.template['Conditions'];
      return isFields(named) && typeof argument === 'string' ? evaluate(named[argument], context) : undefined;
    }
    case 'Fn::Equals': {
      // What has no value of its own is equal to itself alone, which is not to be relied on.
      const quiet = {
        ...context,
        findings: { variables: new Set<string>(), names: new Set<string>(), unreadable: new Set<string>() },
      };
      const [left, right] = asList(argument).map((item) => resolve(item, quiet));
      const isKnown = Object.values(quiet.findings).every(({ size }) => size === 0);
      return isKnown && isText(left) && isText(right) ? left === right : undefined;
    }
    case 'Fn::Not': {
      const [inner] = all();
      return inner === undefined ? undefined : !inner;
    }
    case 'Fn::And':
      return all().includes(undefined) ? undefined : all().every(Boolean);
    case 'Fn::Or':
      return all().includes(undefined) ? undefined : all().some(Boolean);
    default:
      return undefined;
  }
}

/** The partition is taken to be the public one; the others of these differ from stack to stack. */
function reference(name: string, context: Context): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name === 'AWS::Partition') return 'aws';
  if (name === 'AWS::URLSuffix') return 'amazonaws.com';
  const pseudo = context.template.pseudo?.[name];
  if (pseudo !== undefined) return pseudo;
  if (name === 'AWS::AccountId' && context.place === 'principal') {
    context.findings.names.add(name);
    return UNKNOWN_ACCOUNT;
  }
  const parameters = context.template['Parameters'];
  const parameter = isFields(parameters) ? parameters[name] : undefined;
  if (isFields(parameter)) {
    const { Type: type, Default: value } = parameter;
    const isPlain = typeof type === 'string' && !type.startsWith('AWS::SSM::');
    if (isPlain && isText(value))
      return type.startsWith('List<') || type === 'CommaDelimitedList'
        ? String(value).split(',')
        : String(value);
  }
  const resources = context.template['Resources'];
  const resource = isFields(resources) ? resources[name] : undefined;
  return isFields(resource) && REFERRED_BY_ARN.has(String(resource['Type']))
    ? arnOf(name, name, context)
    : unknownValue(name, context);
}

/** A value that the template does not tell: a variable where one may stand, else a name of its own. */
function unknownValue(expression: string, { findings, place }: Context): string {
  const key = keyOf(expression);
  if (place === 'resource' || place === 'condition') {
    findings.variables.add(expression);
    return `\${ratchet:${key}}`;
  }
  findings.names.add(expression);
  return place === 'principal' ? `arn:aws:iam::${UNKNOWN_ACCOUNT}:role/unknown-${key}` : `unknown-${key}`;
}

const keyOf = (expression: string) => expression.replace(/[^A-Za-z0-9.-]/g, '-');

/**
 * The ARN of a resource of the template: its form is that of its type, its name unknown. Of other types nothing is
 * known but that it is an ARN. Source: Service Authorization Reference, "Resource types".
 */
function arnOf(logicalId: string, expression: string, context: Context): string {
  const { template, findings, place } = context;
  if (place !== 'resource' && place !== 'condition') return unknownValue(expression, context);
  const resources = template['Resources'];
  const resource = isFields(resources) ? resources[logicalId] : undefined;
  const form = isFields(resource) ? ARNS[String(resource['Type'])] : undefined;
  if (form === undefined)
    return place === 'resource' ? anyArn(expression, findings) : unknownValue(expression, context);
  const [region, account] = ['AWS::Region', 'AWS::AccountId'].map((name) => String(reference(name, context)));
  const [service, ...rest] = form.split(':');
  const isGlobal = rest.length > 1;
  const name = `${rest.at(-1)}${unknownValue(logicalId, context)}`;
  const middle = service === 's3' ? ':' : `${isGlobal ? '' : region}:${account}`;
  return `arn:aws:${service}:${middle}:${name}`;
}

/** Type → service and what stands before the name; `::` where the ARN has no Region. */
const ARNS: { readonly [resourceType: string]: string } = {
  'AWS::SQS::Queue': 'sqs:',
  'AWS::SNS::Topic': 'sns:',
  'AWS::S3::Bucket': 's3:',
  'AWS::DynamoDB::Table': 'dynamodb:table/',
  'AWS::Lambda::Function': 'lambda:function:',
  'AWS::KMS::Key': 'kms:key/',
  'AWS::SecretsManager::Secret': 'secretsmanager:secret:',
  'AWS::Kinesis::Stream': 'kinesis:stream/',
  'AWS::Logs::LogGroup': 'logs:log-group:',
  'AWS::ECR::Repository': 'ecr:repository/',
  'AWS::StepFunctions::StateMachine': 'states:stateMachine:',
  'AWS::Events::EventBus': 'events:event-bus/',
  'AWS::IAM::Role': 'iam::role/',
  'AWS::IAM::User': 'iam::user/',
  'AWS::IAM::ManagedPolicy': 'iam::policy/',
};

/** What `Ref` gives is an ARN for these. Source: CloudFormation's resource reference, "Return values". */
const REFERRED_BY_ARN = new Set([
  'AWS::SNS::Topic',
  'AWS::SecretsManager::Secret',
  'AWS::IAM::ManagedPolicy',
  'AWS::StepFunctions::StateMachine',
]);

/** An ARN is matched part by part, and no part but the last holds a colon. */
function anyArn(expression: string, { variables }: Findings): string {
  variables.add(expression);
  const parts = ['.partition', '.service', '.region', '.account', ''];
  return `arn:${parts.map((part) => `\${ratchet:${keyOf(expression)}${part}}`).join(':')}`;
}

/** `${Name}`, `${Name.Attribute}`, `${!Literal}`. */
function substitute(text: string, values: Fields, context: Context): string | undefined {
  const parts = text.split(/(\$\{[^}]*\})/);
  const texts = parts.map((part): unknown => {
    const [, literal, name] = /^\$\{(!?)([^}]*)\}$/.exec(part) ?? [];
    if (name === undefined) return part;
    if (literal === '!') return `\${${name}}`;
    if (name in values) return resolve(values[name], context);
    if (name.includes('.')) return call('Fn::GetAtt', name, context);
    const value = reference(name, context);
    return Array.isArray(value) ? value.join(',') : value;
  });
  return texts.every(isText) ? texts.join('') : undefined;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
