/**
 * A template as somebody deploys it: with the values that its parameters are given, and the stacks that it makes.
 * Source: CloudFormation User Guide, "Nested stacks", "AWS::CloudFormation::StackSet"; SAM, "AWS::Serverless::Application".
 */
import { type Fields, isFields, listOf } from '../../fields.ts';
import type { Source } from '../source.ts';
import { type Domains, domainsOf, type Template } from './template.ts';

export type Stack = {
  readonly template: Template;
  /** Where the template stands. */
  readonly file: string;
  readonly source: Pick<Source, 'regionOf'>;
  /** `Nested.` before every name of a stack that another one makes; empty for one by itself. */
  readonly prefix: string;
  /** What its parameters are given: texts for a stack by itself, expressions of the parent's for a nested one. */
  readonly values: Fields;
  readonly parent?: { readonly stack: Stack; readonly label: string; readonly location: string };
  /** By the logical id of what makes them. Absent: what it makes is not looked at. */
  readonly nested?: ReadonlyMap<string, readonly Stack[]>;
};

/** Returns a template by itself, its parameters given nothing. */
export function plainStack(template: Template, file: string, source: Pick<Source, 'regionOf'>): Stack {
  return { template, file, source, prefix: '', values: {} };
}

/** Returns the stack and all that it makes. */
export function stacksIn(stack: Stack): Stack[] {
  return [stack, ...[...(stack.nested?.values() ?? [])].flat().flatMap(stacksIn)];
}

/** How a resource makes a stack. */
export type StackMaker = {
  /** The property that says where the template is, or holds it. */
  readonly templates: readonly string[];
  /** Each is one deployment of the template: what it gives the parameters, as expressions. */
  readonly values: (properties: Fields) => readonly Fields[];
};

const nestedValues = (properties: Fields) => {
  const given = properties['Parameters'];
  return [isFields(given) ? given : {}];
};

/** `[{ ParameterKey, ParameterValue }]` as an object. */
export function pairsOf(list: unknown): Fields {
  const values: { [name: string]: unknown } = {};
  for (const each of listOf(list))
    if (isFields(each) && typeof each['ParameterKey'] === 'string')
      values[each['ParameterKey']] = each['ParameterValue'];
  return values;
}

/** Each group of accounts has values of its own. */
function stackSetValues(properties: Fields): Fields[] {
  const all = pairsOf(properties['Parameters']);
  const groups = listOf(properties['StackInstancesGroup']).filter(isFields);
  const own = groups.map((group) => ({ ...all, ...pairsOf(group['ParameterOverrides']) }));
  const texts = new Map([all, ...own].map((values) => [JSON.stringify(values), values]));
  return [...texts.values()];
}

const STACK_MAKERS: { readonly [type: string]: StackMaker } = {
  'AWS::CloudFormation::Stack': { templates: ['TemplateURL', 'TemplateBody'], values: nestedValues },
  'AWS::CloudFormation::StackSet': { templates: ['TemplateURL', 'TemplateBody'], values: stackSetValues },
  'AWS::Serverless::Application': { templates: ['Location'], values: nestedValues },
};

/** Returns how a resource of that type makes a stack; undefined where it makes none. */
export function makerOf(type: unknown): StackMaker | undefined {
  return Object.hasOwn(STACK_MAKERS, String(type)) ? STACK_MAKERS[String(type)] : undefined;
}

/** Returns every text within a value that may be the place of a template, or the template. */
export function textsWithin(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsWithin);
}

/** Returns true iff the place is that of a file beside this one. */
export function isLocal(location: string): boolean {
  return location !== '' && !/^(https?|s3):|[\n{}<>]/i.test(location);
}

/** Where the CDK writes a nested stack's template: the URL tells only its hash. Source: CDK, `aws:asset:path`. */
export function assetOf(resource: Fields): string | undefined {
  const metadata = resource['Metadata'];
  const path = isFields(metadata) ? metadata['aws:asset:path'] : undefined;
  return typeof path === 'string' && /\.(json|ya?ml)$/i.test(path) ? path : undefined;
}

/** Returns the path that a place means, as seen from a file. */
export function pathFrom(file: string, location: string): string {
  const parts = location.startsWith('/') ? [] : file.split('/').slice(0, -1);
  for (const step of location.replace(/^file:\/\//, '').split('/'))
    if (step === '..') parts.pop();
    else if (step !== '.' && step !== '') parts.push(step);
  return parts.join('/');
}

/** Returns the path that a place means, as seen from the folder that all paths begin with; empty: the top. */
export function pathBelow(top: string, location: string): string {
  const inner = pathFrom('', location);
  return top === '' ? inner : `${top}/${inner}`;
}

/** Returns true iff a resource of the template makes another stack, in a loop too. */
export function makesStacks(template: Fields): boolean {
  const within = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(within);
    if (!isFields(value)) return false;
    if (typeof value['Type'] === 'string') return makerOf(value['Type']) !== undefined;
    return Object.values(value).some(within);
  };
  return within(template['Resources']);
}

/** Returns the values that the stacks of both sides are looked at with, by the prefix of a stack. */
export function jointDomains(stacks: readonly Stack[]): (prefix: string) => Domains {
  const known = new Map<string, Domains>();
  return (prefix) => {
    const templates = () => stacks.filter((each) => each.prefix === prefix).map(({ template }) => template);
    const found = known.get(prefix) ?? domainsOf(templates());
    known.set(prefix, found);
    return found;
  };
}
