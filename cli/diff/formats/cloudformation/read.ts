/** A template → what it states, world by world. */

import { type Stated, toEntities } from '../../entities.ts';
import { type Fields, isFields, listOf, type Path } from '../../fields.ts';
import type { Fact, Unread } from '../../state.ts';
import { Opaque, ownSymbol } from '../../symbols.ts';
import { explore } from '../../worlds.ts';
import { type Declared, documentAt, factOf } from '../declared.ts';
import { mayBear } from '../policyProperties.ts';
import type { Source } from '../source.ts';
import { uncoveredFacts } from '../uncovered.ts';
import { conditionHolds } from './conditions.ts';
import type { Context } from './context.ts';
import { expandForEach, FOR_EACH } from './forEach.ts';
import { createContext, resolve } from './resolve.ts';
import { LINKS, ROWS } from './rows.ts';
import type { Deployment, Domains, Template } from './template.ts';

export type TemplateOptions = {
  readonly file: string;
  readonly source: Pick<Source, 'regionOf'>;
  readonly domains: Domains;
  readonly deployment: Deployment;
};

/** Returns the entities of the template, and what in it cannot be read. */
export function readTemplate(template: Template, options: TemplateOptions): Stated {
  const unread: Unread[] = [];
  const add = (key: string, why: string, path: Path) =>
    unread.push({ file: options.file, key, why, region: options.source.regionOf(path) });
  for (const name of listOf(template['Transform'])) {
    const macro = isFields(name) ? String(name['Name']) : String(name);
    if (
      !/^AWS::(Serverless-2016-10-31|LanguageExtensions|CodeDeployBlueGreen|SecretsManager-.*)$/.test(macro)
    )
      add(`macro ${JSON.stringify([name, template])}`, `the macro \`${macro}\` rewrites the template`, [
        'Transform',
      ]);
  }
  const resources = declaredResources(template, options, add);
  const entities = componentsOf(resources).flatMap((component) => {
    const explored = explore((choose) => {
      const context = createContext({ ...options, template, choose });
      return component.flatMap((resource) => factsOf(resource, context, options));
    });
    const { Parameters, Conditions, Mappings, Globals } = template;
    const text = () =>
      JSON.stringify([component.map(({ value }) => value), Parameters, Conditions, Mappings, Globals]);
    return toEntities(explored, options.file, text);
  });
  return { entities, unread };
}

type Resource = {
  readonly label: string;
  readonly type: string;
  readonly value: Fields;
  readonly path: Path;
};

function declaredResources(
  template: Template,
  options: TemplateOptions,
  add: (key: string, why: string, path: Path) => void,
): Resource[] {
  const found: Resource[] = [];
  const context = createContext({ ...options, template, choose: (_, [first]) => first });
  const take = (label: string, value: unknown, path: Path) => {
    if (label === 'Fn::Transform') add(JSON.stringify(value), '`Fn::Transform` brings in resources', path);
    else if (label.startsWith(FOR_EACH)) {
      const expanded = expandForEach(value, (each) => resolve(each, context, path));
      if (expanded === undefined)
        add(JSON.stringify(value), `\`${label}\` repeats over what the file does not tell`, path);
      else for (const [name, one] of expanded) take(name, one, path);
    } else if (isFields(value) && typeof value['Type'] === 'string')
      found.push({ label, type: value['Type'], value, path });
  };
  const resources = template['Resources'];
  if (isFields(resources))
    for (const [label, value] of Object.entries(resources)) take(label, value, ['Resources', label]);
  return found;
}

/** Resources that mean each other are looked at together; others are not, so that their choices do not multiply. */
function componentsOf(resources: readonly Resource[]): Resource[][] {
  const owner = new Map<string, Set<Resource>>();
  for (const resource of resources) {
    const merged = new Set<Resource>([resource]);
    const names = [resource.label, ...linksOf(resource.value['Properties'])];
    for (const name of names) for (const other of owner.get(name) ?? []) merged.add(other);
    for (const other of merged)
      for (const name of [other.label, ...linksOf(other.value['Properties'])]) owner.set(name, merged);
  }
  const order = new Map(resources.map((resource, index) => [resource, index]));
  return [...new Set(owner.values())].map((set) =>
    [...set].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
  );
}

function linksOf(properties: unknown): string[] {
  if (!isFields(properties)) return [];
  return Object.entries(properties).flatMap(([name, value]) => (LINKS.has(name) ? namesIn(value) : []));
}

/** What a link may mean: logical ids, and names as they are. Whole policies below it are none. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value.slice(value.lastIndexOf('/') + 1)];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isFields(value) || 'PolicyDocument' in value || 'Statement' in value) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'Fn::GetAtt') return [String(listOf(each)[0]).split('.')[0] ?? ''];
    if (key === 'Fn::Sub')
      return [...JSON.stringify(each).matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, name = '']) => name);
    return namesIn(each);
  });
}

function factsOf(resource: Resource, context: Context, { file, source }: TemplateOptions): readonly Fact[] {
  const { label, type, value, path } = resource;
  const condition = value['Condition'];
  if (typeof condition === 'string' && !conditionHolds(condition, context)) return [];
  const given = value['Properties'];
  const globals = type.startsWith('AWS::Serverless::') ? globalsOf(context.template, type) : {};
  // SAM's connectors stand beside the properties.
  const connectors = value['Connectors'];
  const properties: Fields = {
    ...globals,
    ...(isFields(given) ? given : {}),
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
  const rows = ROWS[type]?.(declared) ?? [];
  const covered = new Set(
    ROWS[type] === undefined ? [] : Object.keys(properties).filter((name) => known.has(name)),
  );
  const rest = Object.keys(properties).filter((name) => !covered.has(name));
  const facts = [
    ...rows,
    ...rest.flatMap((property) => uncoveredBelow(declared, property, properties[property])),
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

function globalsOf(template: Template, type: string): Fields {
  const globals = template['Globals'];
  const section = isFields(globals) ? globals[type.replace('AWS::Serverless::', '')] : undefined;
  return isFields(section) ? section : {};
}

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
  if (!MAY_HOLD.test(text) && !mayBear(property) && !(property === 'Location' && isFields(raw))) return [];
  return uncoveredFacts(declared, property, declared.get(property));
}

const MAY_HOLD =
  /Statement|Fn::Transform|:policy\/|"\w*(Polic|Permission|Principal|Acl|Grant|Trust|Public|Template)/;
