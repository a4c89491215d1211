/**
 * CloudFormation's functions in one world. What the template does not tell stays a symbol (a text) or is opaque
 * (anything else). Source: CloudFormation User Guide, "Intrinsic function reference", "Pseudo parameters reference".
 */
import { type Fields, isFields, listOf, type Path } from '../../fields.ts';
import { anySymbol, hasSymbol, Opaque, OWN_ACCOUNT, opaqueWithin, ownSymbol } from '../../symbols.ts';
import { answerOf, arnOf, referenceOf } from './attributes.ts';
import { conditionHolds } from './conditions.ts';
import type { Context } from './context.ts';
import { expandForEach, FOR_EACH } from './forEach.ts';
import { isStoredElsewhere, parameterOf, parameterValue } from './template.ts';

/** `AWS::NoValue`: the member is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

/** Returns what the template's functions are resolved with in one world. */
export function createContext(given: Omit<Context, 'origins' | 'resolve'>): Context {
  const context: Context = {
    ...given,
    origins: new WeakMap(),
    resolve: (value) => resolve(value, context, []),
  };
  return context;
}

/** Returns the value with every function replaced. `path` is where it stands. */
export function resolve(value: unknown, context: Context, path: Path): unknown {
  if (Array.isArray(value)) return resolveList(value, context, path);
  if (typeof value === 'string') return withSymbols(value);
  if (!isFields(value)) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && isCall(name)) return call(name, argument, context, path);
  const members: [string, unknown][] = [];
  for (const [key, item] of entries) {
    if (key.startsWith(FOR_EACH)) {
      const expanded = expandForEach(item, (each) => resolve(each, context, [...path, key]));
      if (expanded === undefined) return opaqueCall(key, item);
      for (const [name, one] of expanded) members.push([name, resolve(one, context, [...path, key])]);
    } else if (key === 'Fn::Transform') return opaqueCall(key, value);
    else members.push([key, resolve(item, context, [...path, key])]);
  }
  const resolved = Object.fromEntries(members.filter(([, item]) => item !== NO_VALUE));
  context.origins.set(resolved, path);
  return resolved;
}

/** `{{resolve:ssm:name}}` is a value kept elsewhere. Source: CloudFormation User Guide, "Dynamic references". */
function withSymbols(text: string): string {
  return text.includes('{{resolve:')
    ? text.replace(/\{\{(resolve:[^{}]*)\}\}/g, (_, name) => anySymbol(name))
    : text;
}

function resolveList(list: readonly unknown[], context: Context, path: Path): unknown[] {
  return list
    .flatMap((item, index): unknown[] => {
      const resolved = resolve(item, context, [...path, index]);
      // A function may give a list where one member is wanted.
      return isFields(item) && Array.isArray(resolved) ? resolved : [resolved];
    })
    .filter((item) => item !== NO_VALUE);
}

const isCall = (name: string) =>
  name === 'Ref' || name === 'Condition' || (name.startsWith('Fn::') && !name.startsWith(FOR_EACH));

function opaqueCall(name: string, argument: unknown): Opaque {
  return new Opaque(`${name}${JSON.stringify(argument)}`, `\`${name}\` has no value that the template tells`);
}

function call(name: string, argument: unknown, context: Context, path: Path): unknown {
  // `Condition: {…}` is a member of statements, not a function there.
  if (name === 'Condition') {
    const inner = resolve(argument, context, [...path, name]);
    const kept = inner === NO_VALUE ? {} : { Condition: inner };
    context.origins.set(kept, path);
    return kept;
  }
  const known = CALLS[name]?.(argument, context, [...path, name]);
  return known === undefined ? opaqueCall(name, argument) : known;
}

/** Each argument by itself: a list among them stays one. */
function argumentsOf(argument: unknown, context: Context, path: Path): unknown[] {
  return listOf(argument).map((each, index) => resolve(each, context, [...path, index]));
}

type Call = (argument: unknown, context: Context, path: Path) => unknown;

const CALLS: { readonly [name: string]: Call } = {
  Ref: (argument, context) => (typeof argument === 'string' ? reference(argument, context) : undefined),
  'Fn::GetAtt': (argument, context, path) => {
    const given = typeof argument === 'string' ? argument.split(/\.(.*)/s) : listOf(argument);
    const [resource, attribute] = given.map((each) => resolve(each, context, path));
    if (typeof resource !== 'string' || typeof attribute !== 'string') return undefined;
    return attributeOf(resource, attribute, context);
  },
  'Fn::ImportValue': (argument, context, path) => {
    const exported = resolve(argument, context, path);
    return typeof exported === 'string' ? anySymbol(`import ${exported}`) : undefined;
  },
  'Fn::Sub': (argument, context, path) => {
    const [text, values = {}] = typeof argument === 'string' ? [argument] : listOf(argument);
    if (typeof text !== 'string' || !isFields(values)) return undefined;
    return substitute(text, values, context, path);
  },
  'Fn::Join': (argument, context, path) => {
    const [delimiter, list] = listOf(argument);
    const items = resolve(list, context, [...path, 1]);
    if (typeof delimiter !== 'string') return undefined;
    if (typeof items === 'string' && hasSymbol(items)) return items;
    if (!Array.isArray(items) || !items.every(isText)) return undefined;
    return items.join(delimiter);
  },
  'Fn::Select': (argument, context, path) => {
    const [index, list] = argumentsOf(argument, context, path);
    if (Array.isArray(list)) return list[Number(index)] as unknown;
    return textOf('Fn::Select', argument);
  },
  'Fn::Split': (argument, context, path) => {
    const [delimiter, text] = argumentsOf(argument, context, path);
    // What is not known may hold the delimiter.
    if (typeof delimiter !== 'string' || typeof text !== 'string' || hasSymbol(text))
      return textOf('Fn::Split', argument);
    return text.split(delimiter);
  },
  'Fn::FindInMap': findInMap,
  'Fn::If': (argument, context, path) => {
    const [condition, yes, no] = Array.isArray(argument) ? argument : [];
    if (typeof condition !== 'string') return undefined;
    const holds = conditionHolds(condition, context);
    return resolve(holds ? yes : no, context, [...path, holds ? 1 : 2]);
  },
  'Fn::ToJsonString': (argument, context, path) => {
    const resolved = resolve(argument, context, path);
    return opaqueWithin(resolved) ?? JSON.stringify(resolved);
  },
  'Fn::Base64': (argument) => textOf('Fn::Base64', argument),
  'Fn::GetAZs': (argument) => textOf('Fn::GetAZs', argument),
  'Fn::GetStackOutput': (argument) => textOf('Fn::GetStackOutput', argument),
};

/** A text that nobody knows and that is the same wherever it is written the same. */
const textOf = (name: string, argument: unknown) => anySymbol(`${name} ${JSON.stringify(argument)}`);

/** The partition is taken to be the public one where nothing compares it; the rest differ from stack to stack. */
function reference(name: string, context: Context): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name === 'AWS::URLSuffix') return 'amazonaws.com';
  if (name === 'AWS::AccountId' && context.deployment.accountId !== undefined)
    return context.deployment.accountId;
  if (name === 'AWS::Region' && context.deployment.region !== undefined) return context.deployment.region;
  const parameter = parameterOf(context.template, name);
  if (parameter !== undefined) {
    const value = parameterGiven(parameter, name, context);
    if (typeof value !== 'string') return value;
    const isList = /^List<|^CommaDelimitedList$/.test(String(parameter['Type']));
    return isList && !hasSymbol(value) ? value.split(',').map((each) => each.trim()) : value;
  }
  if (name.startsWith('AWS::')) return pseudoParameter(name, context);
  return referenceOf(name, nameContext(context)) ?? anySymbol(`${context.prefix}${name}`);
}

/** What the parameter is given, or else what the template says that it may be. */
function parameterGiven(parameter: Fields, name: string, context: Context): unknown {
  const given = context.given(name);
  const full = `${context.prefix}${name}`;
  if (given === undefined)
    return parameterValue(parameter, full, context.choose(full, context.domains(name)));
  if (Array.isArray(given)) return given.every(isText) ? given.join(',') : given;
  if (!isText(given)) return given;
  // What is given is the name of the value.
  return isStoredElsewhere(parameter) ? anySymbol(`parameter ${given}`) : String(given);
}

function pseudoParameter(name: string, context: Context): string {
  const domain = context.domains(name);
  // A stack that another one makes has a name of its own, and its parent's account and Region.
  if (context.prefix !== '' && /^AWS::Stack/.test(name)) return ownSymbol(`${context.prefix}${name}`);
  const choice = domain.length > 1 ? context.choose(name, domain) : domain[0];
  if (choice.startsWith('=')) return choice.slice(1);
  if (name === 'AWS::AccountId') return OWN_ACCOUNT;
  return name === 'AWS::Partition' ? 'aws' : ownSymbol(name);
}

function attributeOf(resource: string, attribute: string, context: Context): unknown {
  const [, output] = /^Outputs\.(.+)$/.exec(attribute) ?? [];
  const known = output === undefined ? undefined : context.output(resource, output);
  if (known !== undefined) return known;
  return (
    answerOf(resource, `.${attribute}`, nameContext(context)) ??
    arnOf(resource, attribute, nameContext(context)) ??
    ownSymbol(`${context.prefix}${resource}.${attribute}`)
  );
}

/** Resources that name each other without end are none that CloudFormation makes. */
const MAX_DEPTH = 6;
let depth = 0;

function within(value: unknown, context: Context): unknown {
  if (depth > MAX_DEPTH) return anySymbol('what refers to itself');
  depth += 1;
  try {
    return resolve(value, context, []);
  } finally {
    depth -= 1;
  }
}

/** What ARNs and names of resources are made of. */
function nameContext(context: Context) {
  return {
    template: context.template,
    prefix: context.prefix,
    account: String(reference('AWS::AccountId', context)),
    region: String(reference('AWS::Region', context)),
    isWithin: depth > 0,
    resolve: (value: unknown) => within(value, context),
  };
}

/** `${Name}`, `${Name.Attribute}`, `${!Literal}`. */
function substitute(text: string, values: Fields, context: Context, path: Path): unknown {
  let opaque: Opaque | undefined;
  const texts = text.split(/(\$\{[^}]*\})/).map((part): string => {
    const [, literal, raw] = /^\$\{(!?)([^}]*)\}$/.exec(part) ?? [];
    if (raw === undefined) return part;
    const name = raw.trim();
    if (literal === '!') return `\${${raw}}`;
    const value = name in values ? resolve(values[name], context, [...path, 1, name]) : named(name, context);
    if (value instanceof Opaque) opaque ??= value;
    if (value === NO_VALUE) return '';
    return Array.isArray(value) ? value.join(',') : isText(value) ? String(value) : '';
  });
  return opaque ?? texts.join('');
}

function named(name: string, context: Context): unknown {
  const [resource = '', attribute] = name.split(/\.(.*)/s);
  return attribute === undefined ? reference(name, context) : attributeOf(resource, attribute, context);
}

function findInMap(argument: unknown, context: Context, path: Path): unknown {
  const [name, ...keys] = listOf(argument).map((each, index) =>
    isFields(each) && 'DefaultValue' in each ? each : resolve(each, context, [...path, index]),
  );
  const mappings = context.template['Mappings'];
  let found: unknown = isFields(mappings) && typeof name === 'string' ? mappings[name] : undefined;
  const [first, second, standard] = keys;
  for (const key of [first, second]) {
    if (!isFields(found) || typeof key !== 'string') {
      found = undefined;
      break;
    }
    found = hasSymbol(key)
      ? oneOf(found, `${String(name)} ${key}`, { context, others: isFields(standard) })
      : found[key];
  }
  if (found === undefined && isFields(standard)) return resolve(standard['DefaultValue'], context, path);
  return found;
}

/** What a key that no entry has is chosen as. */
const NONE = '≠';

/** Which entry it is, only the deployment tells: each is one world, and so is none, where `others` have a value too. */
function oneOf(
  map: Fields,
  variable: string,
  { context, others }: { readonly context: Context; readonly others: boolean },
): unknown {
  const [first, ...more] = [...Object.keys(map).map((key) => `=${key}`), ...(others ? [NONE] : [])];
  if (first === undefined) return undefined;
  const chosen = context.choose(variable, [first, ...more]);
  return chosen === NONE ? undefined : map[chosen.slice(1)];
}

function isText(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
