/** A template, and the stacks that it makes → what they state, world by world. */

import { type Stated, toEntities } from '../../entities.ts';
import { type Fields, isFields, listOf, type Path } from '../../fields.ts';
import type { Fact, Unread } from '../../state.ts';
import { Opaque, ownSymbol, spell } from '../../symbols.ts';
import { type Choose, explore } from '../../worlds.ts';
import { type Declared, documentAt, factOf } from '../declared.ts';
import { mayBear } from '../policyProperties.ts';
import type { Source } from '../source.ts';
import { entryFacts, isRole, uncoveredFacts } from '../uncovered.ts';
import { componentsOf } from './components.ts';
import { conditionHolds } from './conditions.ts';
import type { Context } from './context.ts';
import { expandForEach, FOR_EACH } from './forEach.ts';
import { createContext, resolve } from './resolve.ts';
import { ROWS } from './rows.ts';
import { assetOf, makerOf, type Stack, type StackMaker, stacksIn, textsWithin } from './stack.ts';
import type { Deployment, Domains, Template } from './template.ts';

type StackOptions = {
  /** The values of parameters that both sides are looked at with, for a stack of that prefix. */
  readonly domains: (prefix: string) => Domains;
  readonly deployment: Deployment;
};

/** Returns the entities of the stack and of those that it makes, and what in them cannot be read. */
export function readStack(root: Stack, options: StackOptions): Stated {
  const unread: Unread[] = [];
  const stacks = stacksIn(root);
  const resources = stacks.flatMap((stack) => {
    const add = (key: string, why: string, path: Path) =>
      unread.push({ file: stack.file, key, why, region: stack.source.regionOf(path) });
    for (const macro of macrosOf(stack.template))
      add(
        `macro ${JSON.stringify([macro, stack.template])}`,
        `the macro \`${macro}\` rewrites the template`,
        ['Transform'],
      );
    return declaredResources(stack, options, add);
  });
  const text = (component: readonly Resource[]) =>
    JSON.stringify([
      component.map(({ value }) => value),
      stacks.map(({ values, template: { Parameters, Conditions, Mappings, Globals } }) => [
        values,
        Parameters,
        Conditions,
        Mappings,
        Globals,
      ]),
    ]);
  const entities = componentsOf(resources).flatMap((component) => {
    const explored = explore((choose) => {
      const contextOf = createContexts(choose, options);
      return component.flatMap((resource) => {
        return isMade(resource, contextOf) ? factsOf(resource, contextOf) : [];
      });
    });
    return toEntities(explored, root.file, () => text(component));
  });
  return { entities, unread };
}

/** Returns the texts that the expressions are in any world. */
export function readStackTexts(
  stack: Stack,
  expressions: readonly unknown[],
  options: StackOptions,
): string[] {
  const { worlds } = explore((choose) =>
    textsWithin(expressions.map((each) => createContexts(choose, options)(stack).resolve(each))),
  );
  return [...new Set(worlds.flatMap(({ value }) => value))];
}

const KNOWN_MACROS =
  /^AWS::(Serverless-2016-10-31|LanguageExtensions|CodeDeployBlueGreen|SecretsManager-.*)$/;

function macrosOf(template: Template): string[] {
  return listOf(template['Transform'])
    .map((name) => (isFields(name) ? String(name['Name']) : String(name)))
    .filter((macro) => !KNOWN_MACROS.test(macro));
}

type ContextOf = (stack: Stack) => Context;

/** Each stack's context in one world; what a nested one is given is resolved where it stands. */
function createContexts(choose: Choose, { domains, deployment }: StackOptions): ContextOf {
  const known = new Map<Stack, Context>();
  const contextOf = (stack: Stack): Context => {
    const found = known.get(stack);
    if (found !== undefined) return found;
    const { template, prefix, values, parent, nested } = stack;
    const created = createContext({
      template,
      prefix,
      deployment,
      choose,
      domains: domains(prefix),
      given: (name) =>
        parent === undefined || values[name] === undefined
          ? values[name]
          : contextOf(parent.stack).resolve(values[name]),
      output: (label, name) => {
        const inner = nested?.get(label)?.find((each) => isPlaced(each, contextOf));
        const outputs = inner?.template['Outputs'];
        const output = isFields(outputs) ? outputs[name] : undefined;
        return inner === undefined || !isFields(output)
          ? undefined
          : contextOf(inner).resolve(output['Value']);
      },
    });
    known.set(stack, created);
    return created;
  };
  return contextOf;
}

/** Returns true iff the nested stack's template is the one that its parent means in this world. */
function isPlaced({ parent }: Stack, contextOf: ContextOf): boolean {
  if (parent === undefined) return true;
  const { stack, label, location } = parent;
  const resources = stack.template['Resources'];
  const made = isFields(resources) ? resources[label] : undefined;
  return isFields(made) && locationsOf(made, contextOf(stack)).includes(location);
}

/** Where the templates of a stack that a resource makes are, in this world: one, or one that is not known. */
function locationsOf(resource: Fields, context: Context): string[] {
  const maker = makerOf(resource['Type']);
  const properties = resource['Properties'];
  if (maker === undefined || !isFields(properties)) return [];
  const asset = assetOf(resource);
  const stated = maker.templates.flatMap((name) => textsWithin(context.resolve(properties[name])));
  return asset === undefined ? stated : [asset, ...stated];
}

type Resource = {
  readonly stack: Stack;
  /** As the template calls it. */
  readonly name: string;
  /** The same, with what makes its stack before it. */
  readonly label: string;
  readonly type: string;
  readonly value: Fields;
  readonly path: Path;
  /** Loops around it: it is there where the collection has the member. */
  readonly loops: readonly { readonly collection: unknown; readonly member: string }[];
};

/** Returns true iff the resource is there in this world. */
function isMade({ stack, value, loops }: Resource, contextOf: ContextOf): boolean {
  for (let each: Stack | undefined = stack; each !== undefined; each = each.parent?.stack) {
    const { parent } = each;
    if (parent === undefined) break;
    const resources = parent.stack.template['Resources'];
    const maker = isFields(resources) ? resources[parent.label] : undefined;
    if (!isFields(maker) || !holds(maker, contextOf(parent.stack)) || !isPlaced(each, contextOf))
      return false;
  }
  const context = contextOf(stack);
  const isLooped = loops.every(({ collection, member }) =>
    listOf(context.resolve(collection)).map(String).includes(member),
  );
  return isLooped && holds(value, context);
}

function holds({ Condition: condition }: Fields, context: Context): boolean {
  return typeof condition !== 'string' || conditionHolds(condition, context);
}

function declaredResources(
  stack: Stack,
  options: StackOptions,
  add: (key: string, why: string, path: Path) => void,
): Resource[] {
  const found: Resource[] = [];
  const take = (label: string, value: unknown, path: Path, loops: Resource['loops']) => {
    if (label === 'Fn::Transform') add(JSON.stringify(value), '`Fn::Transform` brings in resources', path);
    else if (label.startsWith(FOR_EACH)) {
      const made = membersOf(value, stack, options);
      if (made === undefined)
        add(JSON.stringify(value), `\`${label}\` repeats over what the file does not tell`, path);
      else
        for (const [name, one, member] of made)
          take(name, one, path, [...loops, { collection: listOf(value)[1], member }]);
    } else if (isFields(value) && typeof value['Type'] === 'string')
      found.push({
        stack,
        name: label,
        label: `${stack.prefix}${label}`,
        type: value['Type'],
        value,
        path,
        loops,
      });
  };
  const resources = stack.template['Resources'];
  if (isFields(resources))
    for (const [label, value] of Object.entries(resources)) take(label, value, ['Resources', label], []);
  return found;
}

/** What a loop makes in any world; undefined where one of its collections is not known. */
function membersOf(
  loop: unknown,
  stack: Stack,
  options: StackOptions,
): [name: string, value: unknown, member: string][] | undefined {
  const [identifier, collection, body] = listOf(loop);
  const { worlds, cut } = explore((choose) => createContexts(choose, options)(stack).resolve(collection));
  if (cut) return undefined;
  const members = new Set<string>();
  for (const { value } of worlds) {
    if (!Array.isArray(value)) return undefined;
    for (const member of value) members.add(String(member));
  }
  return [...members].flatMap((member) =>
    (expandForEach([identifier, [member], body], (each) => each) ?? []).map(
      ([name, value]): [string, unknown, string] => [name, value, member],
    ),
  );
}

function factsOf({ stack, name, label, type, value, path }: Resource, contextOf: ContextOf): readonly Fact[] {
  const { file, source, nested } = stack;
  const maker = makerOf(type);
  if (maker !== undefined && nested === undefined) return [];
  const context = contextOf(stack);
  const given = value['Properties'];
  const globals = type.startsWith('AWS::Serverless::') ? globalsOf(context.template, type) : {};
  // SAM's connectors stand beside the properties.
  const connectors = value['Connectors'];
  const properties: Fields = {
    ...withGlobals(globals, isFields(given) ? given : {}),
    ...(connectors === undefined ? {} : { Connectors: connectors }),
  };
  const transform = properties['Fn::Transform'];
  const known = new Map<string, unknown>();
  const declared: Declared = {
    type,
    label,
    file,
    self: ownSymbol(label),
    get(property) {
      if (!known.has(property)) {
        const raw = properties[property];
        const resolved =
          raw === undefined ? undefined : resolve(raw, context, [...path, 'Properties', property]);
        known.set(property, typeof resolved === 'symbol' ? undefined : resolved);
      }
      return known.get(property);
    },
    region: (below) => {
      const whole = below[0] === 'Resources' ? below : [...path, 'Properties', ...below];
      return nearest(source, whole);
    },
    raw: (below) => {
      const whole = below[0] === 'Resources' ? below.slice(path.length + 1) : below;
      return whole.reduce<unknown>(
        (found, step) => (Array.isArray(found) || isFields(found) ? (found as Fields)[step] : undefined),
        properties,
      );
    },
    origin: (object) =>
      typeof object === 'object' && object !== null ? context.origins.get(object) : undefined,
  };
  const row = Object.hasOwn(ROWS, type) ? ROWS[type] : undefined;
  const rows = row?.(declared) ?? [];
  const covered = new Set(row === undefined ? [] : Object.keys(properties).filter((name) => known.has(name)));
  const isFollowed = nested?.get(name)?.some((each) => isPlaced(each, contextOf)) ?? false;
  const inner = maker !== undefined && isFollowed ? [...maker.templates, ...GIVEN] : [];
  const rest = Object.keys(properties).filter((each) => !covered.has(each) && !inner.includes(each));
  const facts = [
    ...rows,
    ...entryFacts(declared, properties),
    ...rest.flatMap((property) => uncoveredBelow(declared, property, properties[property])),
    ...(maker !== undefined && !isFollowed ? elsewhereFacts(declared, maker, value) : []),
  ];
  const module = type.endsWith('::MODULE') ? value : undefined;
  const opaque = transform ?? module;
  if (opaque === undefined) return facts;
  const entity = { type, ids: [declared.self] };
  const why =
    module === undefined
      ? '`Fn::Transform` brings in properties'
      : `the module \`${type}\` brings in resources`;
  const part = {
    id: 'Fn::Transform',
    role: 'resource',
    document: documentAt(declared, new Opaque(JSON.stringify(opaque), why), []),
  } as const;
  return [...facts, factOf(declared, { entity, facet: 'document', defines: true, parts: [part] })];
}

/** What a stack is given, by the names of the properties. */
const GIVEN = ['Parameters', 'StackInstancesGroup'];

/** A template that cannot be read may make anything of its values. */
function elsewhereFacts(declared: Declared, maker: StackMaker, resource: Fields): Fact[] {
  const [location] = maker.templates.flatMap((name) => textsWithin(declared.get(name)));
  const values = [...maker.templates, ...GIVEN].map((name) => declared.get(name));
  const shown = location === undefined || location.length > 120 ? '' : ` \`${spell(location)}\``;
  const opaque = new Opaque(
    JSON.stringify([assetOf(resource), values]),
    `the template${shown} that it deploys is not in what was read`,
  );
  const part = { id: 'template', role: 'resource', document: documentAt(declared, opaque, []) } as const;
  const entity = { type: declared.type, ids: [declared.self] };
  return [factOf(declared, { entity, facet: 'document', defines: true, parts: [part] })];
}

function globalsOf(template: Template, type: string): Fields {
  const globals = template['Globals'];
  const section = isFields(globals) ? globals[type.replace('AWS::Serverless::', '')] : undefined;
  return isFields(section) ? section : {};
}

/** Maps are joined member by member, lists one after the other. Source: SAM Developer Guide, "Globals section", "Overridable globals". */
function withGlobals(globals: Fields, own: Fields): Fields {
  const joined: { [name: string]: unknown } = { ...globals, ...own };
  for (const [name, value] of Object.entries(own)) {
    const common = globals[name];
    if (isPlainMap(common) && isPlainMap(value)) joined[name] = withGlobals(common, value);
    else if (Array.isArray(common) && Array.isArray(value)) joined[name] = [...common, ...value];
  }
  return joined;
}

const isPlainMap = (value: unknown): value is Fields =>
  isFields(value) && !Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::'));

/** The place of the value, or of the nearest one around it that stands in the file. */
function nearest({ regionOf }: Pick<Source, 'regionOf'>, path: Path) {
  for (let length = path.length; length > 1; length--) {
    const region = regionOf(path.slice(0, length));
    if (region !== undefined) return region;
  }
  return undefined;
}

/** Only what may hold a policy is resolved: every value that is resolved may make worlds of its own. */
function uncoveredBelow(declared: Declared, property: string, raw: unknown): Fact[] {
  const text = JSON.stringify(raw) ?? '';
  if (
    !MAY_HOLD.test(text) &&
    !mayBear(property) &&
    !isRole(property) &&
    !(property === 'Location' && isFields(raw))
  )
    return [];
  return uncoveredFacts(declared, property, declared.get(property));
}

const MAY_HOLD =
  /Statement|Fn::Transform|"action|"\w*Role|InstanceProfile|:policy\/|"\w*(Polic|Permission|Principal|Acl|Grant|Trust|Public|Template)/;
