/** A template and the values that its parameters may have. Source: CloudFormation User Guide, "Parameters", "Conditions". */
import { type Fields, isFields, listOf } from '../../fields.ts';
import { anySymbol } from '../../symbols.ts';
import { DEFAULT, OTHER, valued } from '../../worlds.ts';

export type Template = Fields;

/** What a person knows of where templates are deployed. */
export type Deployment = { readonly accountId?: string | undefined; readonly region?: string | undefined };

/** Returns true iff the value looks like a template. */
export function isTemplate(value: unknown): value is Template {
  if (!isFields(value)) return false;
  const resources = value['Resources'];
  if (!isFields(resources)) return 'AWSTemplateFormatVersion' in value;
  return (
    'AWSTemplateFormatVersion' in value ||
    'Transform' in value ||
    Object.entries(resources).some(
      ([name, each]) => (isFields(each) && typeof each['Type'] === 'string') || name.startsWith('Fn::'),
    )
  );
}

/**
 * Returns the template with the resources that it no longer names and that stay in the account all the same. Where another
 * of their type came with it, it may be one of them under a new name: then they do not count. Source: CloudFormation
 * User Guide, "DeletionPolicy attribute".
 */
export function withRetained(before: Template | undefined, template: Template): Template {
  const [old, now] = [before?.['Resources'], template['Resources']];
  if (!isFields(old) || !isFields(now)) return template;
  const typeOf = (resource: unknown) => (isFields(resource) ? String(resource['Type']) : '');
  const came = new Set(Object.entries(now).flatMap(([name, each]) => (name in old ? [] : [typeOf(each)])));
  const text = JSON.stringify(now);
  // A policy of the same name, or another one of the same resource, takes its place.
  const isTaken = (type: string, properties: unknown) => {
    const name = isFields(properties) ? properties['PolicyName'] : undefined;
    if (name !== undefined && text.includes(`"PolicyName":${JSON.stringify(name)}`)) return true;
    return came.has(type) || (/Polic/.test(type) && [...came].some((each) => /Polic/.test(each)));
  };
  const kept = Object.entries(old).filter(
    ([name, each]) =>
      !(name in now) &&
      isFields(each) &&
      /^Retain/.test(String(each['DeletionPolicy'])) &&
      !isTaken(typeOf(each), each['Properties']),
  );
  return kept.length === 0 ? template : { ...template, Resources: { ...now, ...Object.fromEntries(kept) } };
}

/** Gives the values of a variable that both sides are looked at with. */
export type Domains = (name: string) => readonly [string, ...string[]];

/** Returns the values of parameters and pseudo parameters that one of the templates tells apart. */
export function domainsOf(templates: readonly (Template | undefined)[]): Domains {
  const present = templates.filter((each) => each !== undefined);
  const literals = new Map<string, Set<string>>();
  for (const template of present) collectLiterals(template, template, literals);
  const known = new Map<string, readonly [string, ...string[]]>();
  return (name) => {
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const declared = present
      .map((template) => parameterOf(template, name))
      .filter((each) => each !== undefined);
    const values = new Set(declared.flatMap(allowedOf).map(valued));
    const defaults = declared.map(defaultOf);
    const isOpen = declared.length === 0 || declared.some((each) => allowedOf(each).length === 0);
    const compared = isOpen ? [...(literals.get(name) ?? [])].map(valued) : [];
    for (const value of compared) values.add(value);
    const hasDefault = defaults.some((each) => each !== undefined);
    const [first] = defaults;
    if (first !== undefined && defaults.every((each) => each === first)) values.delete(valued(first));
    const isOther = isOpen && (compared.length > 0 || !hasDefault);
    const [one = OTHER, ...more] = [...(hasDefault ? [DEFAULT] : []), ...values, ...(isOther ? [OTHER] : [])];
    const domain = [one, ...more] as const;
    known.set(name, domain);
    return domain;
  };
}

/** Returns the parameter's value for a choice; a value that this side does not allow is its default. */
export function parameterValue(parameter: Fields, name: string, choice: string): string {
  const allowed = allowedOf(parameter);
  // Which value is stored elsewhere, its name tells: another name, another value.
  const stored = isStoredElsewhere(parameter) && parameter['Default'] !== undefined;
  const unknown = anySymbol(stored ? `parameter ${String(parameter['Default'])}` : name);
  const standard = defaultOf(parameter) ?? allowed[0] ?? unknown;
  if (choice === DEFAULT) return standard;
  if (choice === OTHER) return allowed.length > 0 ? standard : unknown;
  const value = choice.slice(1);
  return allowed.length > 0 && !allowed.includes(value) ? standard : value;
}

/** Returns the parameter of that name. */
export function parameterOf(template: Template, name: string): Fields | undefined {
  const parameters = template['Parameters'];
  const found = isFields(parameters) ? parameters[name] : undefined;
  return isFields(found) ? found : undefined;
}

/** Returns true iff the parameter's own value is the name of another value, kept elsewhere. */
export function isStoredElsewhere(parameter: Fields): boolean {
  return String(parameter['Type']).startsWith('AWS::SSM::');
}

function allowedOf(parameter: Fields): string[] {
  return isStoredElsewhere(parameter) ? [] : listOf(parameter['AllowedValues']).map(String);
}

function defaultOf(parameter: Fields): string | undefined {
  const value = parameter['Default'];
  if (value === undefined || value === null || isStoredElsewhere(parameter)) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** What conditions compare a name with, and the keys it picks from a mapping. */
function collectLiterals(value: unknown, template: Template, into: Map<string, Set<string>>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) collectLiterals(each, template, into);
    return;
  }
  const add = (name: string, literal: unknown) => {
    if (typeof literal === 'object') return;
    const set = into.get(name) ?? new Set<string>();
    into.set(name, set.add(String(literal)));
  };
  for (const [key, member] of Object.entries(value)) {
    if (key === 'Fn::Equals' && Array.isArray(member)) {
      const [left, right] = member;
      if (isRef(left)) add(left.Ref, right);
      if (isRef(right)) add(right.Ref, left);
    } else if (key === 'Fn::FindInMap' && Array.isArray(member)) {
      const [name, first, second] = member;
      const mappings = template['Mappings'];
      const map = isFields(mappings) && typeof name === 'string' ? mappings[name] : undefined;
      if (isRef(first) && isFields(map)) for (const each of Object.keys(map)) add(first.Ref, each);
      if (isRef(second) && isFields(map))
        for (const inner of Object.values(map))
          if (isFields(inner)) for (const each of Object.keys(inner)) add(second.Ref, each);
    }
    collectLiterals(member, template, into);
  }
}

function isRef(value: unknown): value is { readonly Ref: string } {
  return isFields(value) && typeof value['Ref'] === 'string';
}
