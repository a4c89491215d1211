/** What a resource holds beside what its row asks for: documents by their shape, policies by their ARNs, settings by their names. */
import type { Document } from '../document.ts';
import { type Fields, isFields, type Path } from '../fields.ts';
import type { Fact } from '../state.ts';
import { hasSymbol, Opaque } from '../symbols.ts';
import { isCallOfAccess } from './calls.ts';
import { type Declared, documentAt, factOf } from './declared.ts';
import { policyReferences } from './policyArns.ts';
import { bearingOf, isEntry, mayBear } from './policyProperties.ts';
import { rolesOf } from './rules.ts';
import { walk } from './walk.ts';

/** Returns the facts of one property that no row covers. */
export function uncoveredFacts(declared: Declared, property: string, value: unknown): Fact[] {
  const facts: Fact[] = [];
  const entity = { type: declared.type, ids: [declared.self] };
  const add = (id: string, document: Document) => {
    const names = document.statements.some(({ key }) => /"(Not)?Principal":/.test(key));
    const isGrant = document.unread === undefined && !names;
    const part = { id, role: isGrant ? ('grant' as const) : ('resource' as const), document };
    const facet = isGrant ? ('identity-document' as const) : ('document' as const);
    facts.push(factOf(declared, { entity, facet, defines: true, parts: [part] }));
  };
  const place = (path: Path) => [property, ...path.slice(1)];
  walk(value, [property], (found, path) => add(path.join('.'), documentAt(declared, found, place(path))));
  const references = policyReferences(declared, textOrObject(value), [property]);
  if (references.length > 0)
    facts.push(factOf(declared, { entity, facet: 'permissions', defines: true, references }));
  facts.push(...roleFacts(declared, property, value));
  for (const call of callsIn(value)) {
    const opaque = new Opaque(
      JSON.stringify(value),
      `it calls \`${call}\`, and what that grants is not read`,
    );
    add(`${property}.${call}`, documentAt(declared, opaque, [property]));
  }
  if (facts.length > 0) return facts;
  for (const [path, found] of settingsIn(declared.type, [property], value)) {
    const shown =
      typeof found === 'string' && !hasSymbol(found) && found.length < 80 ? ` (\`${found}\`)` : '';
    const opaque =
      found instanceof Opaque
        ? found
        : new Opaque(
            JSON.stringify(found) ?? '',
            `what \`${path}\`${shown} of \`${declared.type}\` grants is not read`,
          );
    add(path, documentAt(declared, opaque, [property]));
  }
  return facts;
}

/** Names of properties by which something takes a role to run as. */
export function isRole(name: string): boolean {
  return /^(\w*Role(Arn|ARN)?|IamInstanceProfile)$|(^|_)role(_arn)?$|^iam_instance_profile$/.test(name);
}

function roleFacts(declared: Declared, property: string, value: unknown): Fact[] {
  const roles = rolesIn(property, value);
  if (roles.length === 0) return [];
  const entity = { type: declared.type, ids: [declared.self] };
  return [factOf(declared, { entity, facet: 'role', defines: true, ...rolesOf(declared, roles, property) })];
}

function rolesIn(name: string, value: unknown): [who: string, role: unknown][] {
  if (value === undefined || value === null || value === '') return [];
  if (isRole(name) && (typeof value === 'string' || value instanceof Opaque)) return [[name, value]];
  // An instance profile may be given by its name or its ARN.
  if (isRole(name) && isFields(value)) return Object.values(value).flatMap((each) => rolesIn(name, each));
  if (Array.isArray(value)) return value.flatMap((each) => rolesIn(name, each));
  return isFields(value) ? Object.entries(value).flatMap(([inner, each]) => rolesIn(inner, each)) : [];
}

/** A text that is JSON counts as what it holds. */
function textOrObject(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Calls of AWS that a custom resource is told to make, as the CDK's `AwsCustomResource` is: an object, or a text of one. */
function callsIn(value: unknown): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === undefined || !/"action"/.test(text)) return [];
  return [...text.matchAll(/"action"\s*:\s*"(\w+)"/g)].flatMap(([, call = '']) =>
    isCallOfAccess(call) ? [call] : [],
  );
}

/**
 * Returns the fact of a resource that lets somebody in by being there: an authorization of another account, a delegated
 * administrator, a member of a group, new credentials. None for any other.
 */
export function entryFacts(declared: Declared, properties: Fields): Fact[] {
  if (!isEntry(declared.type)) return [];
  const entries = Object.entries(properties).filter(
    ([name]) => !/^(tags|tags_all|Tags|description|Description|timeouts|id|arn)$/.test(name),
  );
  const opaque = new Opaque(JSON.stringify(entries), `whom \`${declared.type}\` lets in is not read`);
  const parts = [{ id: 'entry', role: 'resource', document: documentAt(declared, opaque, []) }] as const;
  const entity = { type: declared.type, ids: [declared.self] };
  return [factOf(declared, { entity, facet: 'sharing', defines: true, parts })];
}

/** Properties that are known to hold policies or settings of access, down to where they stand. */
function settingsIn(type: string, path: readonly string[], value: unknown): [path: string, value: unknown][] {
  if (isNothing(value)) return [];
  const bearing = mayBear(path.at(-1) ?? '') ? bearingOf(type, path.join('.')) : undefined;
  if (bearing === 'document' || bearing === 'named') return [[path.join('.'), value]];
  // What is brought in from elsewhere may be a policy, and so may what is not known yet at a name that speaks of one.
  if (value instanceof Opaque) {
    const isNamed = bearing === undefined && mayBear(path.at(-1) ?? '');
    return isNamed || value.key.includes('Fn::Transform') ? [[path.join('.'), value]] : [];
  }
  if (Array.isArray(value)) return value.flatMap((each) => settingsIn(type, path, each));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => settingsIn(type, [...path, name], each));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 'false')
    return true;
  return (Array.isArray(value) || isFields(value)) && Object.keys(value).length === 0;
}
