/** Facts of a state → its entities, each with its documents in every world. */

import type { Region } from '../output/checkResult.ts';
import { type Document, settleDocument, unreadDocument } from './document.ts';
import type { FacetName } from './facets.ts';
import type { Entity, Fact, Part, PartReference, Unread } from './state.ts';
import { hasSymbol, spell } from './symbols.ts';
import { type Explored, joinWorlds, type World } from './worlds.ts';

type Facets = ReadonlyMap<FacetName, readonly Part[]>;

export type Alternative = {
  readonly world: World;
  /** False: there is no such entity in this world. */
  readonly exists: boolean;
  /** True iff the state makes it in this world; else it only gives it something. */
  readonly isDefined: boolean;
  readonly facets: Facets;
};

/** One entity of a state. */
export type EntityState = {
  readonly type: string;
  /** Names by which it is found again: physical ones, and those of its file. */
  readonly ids: readonly string[];
  readonly label: string;
  readonly file: string;
  readonly region: Region | undefined;
  readonly alternatives: readonly Alternative[];
  /** True iff there are more worlds than were looked at. */
  readonly isCut: boolean;
  /** What it was read from, where worlds were cut: equal texts say the same in every world. */
  readonly text?: string;
};

/** What files state. */
export type Stated = { readonly entities: readonly EntityState[]; readonly unread: readonly Unread[] };

/** Gives the document of AWS's own managed policy as JSON text. */
type ManagedPolicies = (arn: string) => string | undefined;

let managedPolicies: ManagedPolicies = () => undefined;

/** Sets where AWS's managed policies are looked up. */
export function useManagedPolicies(lookup: ManagedPolicies): void {
  managedPolicies = lookup;
}

/** Returns the entities of facts. Names that mean something in one place only are those of `file`. */
export function toEntities(
  { worlds, cut }: Explored<readonly Fact[]>,
  file: string,
  text: () => string = () => '',
): EntityState[] {
  const groups = groupFacts(
    worlds.flatMap(({ value }) => value),
    file,
  );
  return groups.map(({ keys, ids, facts: all }) => {
    const [first] = all.toSorted((a, b) => Number(b.defines) - Number(a.defines));
    const alternatives = worlds.map(({ world, value }): Alternative => {
      const facts = value.filter((fact) => keysOf(fact.entity, file).some((key) => keys.has(key)));
      return {
        world,
        exists: facts.length > 0,
        isDefined: facts.some(({ defines }) => defines),
        facets: facetsOf(facts, value, file),
      };
    });
    return {
      type: first?.entity.type ?? '',
      ids: [...ids],
      label: first?.label ?? '',
      file: first?.file ?? file,
      region: first?.region,
      alternatives,
      isCut: cut,
      ...(cut ? { text: text() } : {}),
    };
  });
}

/** Returns the entities of facts that hold in every world. */
export function plainEntities(facts: readonly Fact[], file: string): EntityState[] {
  return toEntities({ worlds: [{ world: new Map(), value: facts }], cut: false }, file);
}

type Group = { readonly keys: Set<string>; readonly ids: Set<string>; readonly facts: Fact[] };

/** Facts about the same entity: those that share a name, directly or through others. */
function groupFacts(facts: readonly Fact[], file: string): Group[] {
  const byKey = new Map<string, Group>();
  for (const fact of facts) {
    const keys = keysOf(fact.entity, file);
    const found = [...new Set(keys.flatMap((key) => byKey.get(key) ?? []))];
    const group: Group = { keys: new Set(keys), ids: new Set(), facts: [fact] };
    for (const other of found) {
      for (const key of other.keys) group.keys.add(key);
      for (const id of other.ids) group.ids.add(id);
      group.facts.push(...other.facts);
    }
    for (const id of fact.entity.ids) group.ids.add(globalId(id, file));
    for (const key of group.keys) byKey.set(key, group);
  }
  return [...new Set(byKey.values())];
}

const keysOf = ({ type, ids }: Entity, file: string) => ids.map((id) => `${type}|${globalId(id, file)}`);

/** Logical names mean something within their file only. */
const globalId = (id: string, file: string) => (hasSymbol(id) || id.startsWith('?') ? `${file}#${id}` : id);

function facetsOf(facts: readonly Fact[], world: readonly Fact[], file: string): Facets {
  const facets = new Map<FacetName, Part[]>();
  for (const fact of facts) {
    if (fact.facet === 'none') continue;
    const parts = [
      ...fact.parts,
      ...fact.references.flatMap((each) =>
        expand(each, world, file, new Set()).map((part) =>
          each.isHeld === true ? { ...part, isHeld: true } : part,
        ),
      ),
    ];
    facets.set(fact.facet, [...(facets.get(fact.facet) ?? []), ...parts]);
  }
  return facets;
}

/** The parts that a reference stands for. */
function expand(
  { id, role, to, region }: PartReference,
  world: readonly Fact[],
  file: string,
  above: ReadonlySet<string>,
): Part[] {
  const keys = keysOf(to, file);
  const found = world.filter((fact) => keysOf(fact.entity, file).some((key) => keys.includes(key)));
  const held = found.filter(({ facet }) => facet === FACET_OF[to.type] || CONTROLS.has(facet));
  const isMade = found.some(({ defines }) => defines);
  const elsewhere = () => ({ id, role, document: documentElsewhere(to, region) });
  if ((isMade || held.length > 0) && !keys.some((key) => above.has(key))) {
    const below = new Set([...above, ...keys]);
    const known = held.flatMap((fact) => [
      ...fact.parts.map((part) => ({ ...part, id: `${id}/${part.id}`, role: roleOf(role, part) })),
      ...fact.references
        .filter((each) => each.role !== 'boundary')
        .flatMap((each) => expand(each, world, file, below))
        .map((part) => ({ ...part, id: `${id}/${part.id}` })),
    ]);
    // What the state does not make may hold more.
    return isMade ? known : [...known, elsewhere()];
  }
  return [elsewhere()];
}

const roleOf = (role: Part['role'], part: Part) => (role === 'boundary' ? 'boundary' : part.role);

const CONTROLS: ReadonlySet<FacetName> = new Set(['control-policy', 'resource-control-policy'] as const);

const FACET_OF: { readonly [type: string]: FacetName } = {
  'instance-profile': 'permissions',
  policy: 'managed-policy',
  group: 'permissions',
  role: 'permissions',
};

function documentElsewhere({ type, ids }: Entity, region: Region | undefined): Document {
  const [id = ''] = ids;
  const text = type === 'policy' ? awsManaged(id) : undefined;
  if (text === undefined) {
    const name = spell(id).replace(/^aws-managed:/, '');
    const why = `the ${type === 'policy' ? 'policy' : `policies of ${type}`} \`${name}\` ${type === 'policy' ? 'is' : 'are'} not in what was read`;
    // Without a role nothing is left that its denials would hold back.
    return unreadDocument(id, why, { region, allowsOnly: type === 'role' });
  }
  return settleDocument(text, { whole: region, of: () => region });
}

const FOLDERS = ['', 'service-role/', 'job-function/', 'aws-service-role/'];

function awsManaged(id: string): string | undefined {
  const [, name] = /^aws-managed:(.*)$/.exec(id) ?? [];
  const arns =
    name === undefined
      ? [id.replace(/^arn:[^:]*:/, 'arn:aws:')]
      : FOLDERS.map((each) => `arn:aws:iam::aws:policy/${each}${name}`);
  for (const arn of arns) {
    const text = managedPolicies(arn);
    if (text !== undefined) return text;
  }
  return undefined;
}

/**
 * Returns the states of several files as one: an entity that two of them know by the same name is one. Two files that each
 * make it are two stacks, in two accounts or Regions: what others give it, they give each.
 */
export function mergeStated(files: readonly Stated[]): Stated {
  const byKey = new Map<string, Set<EntityState>>();
  for (const entity of files.flatMap(({ entities }) => entities)) {
    const cluster = new Set([entity]);
    for (const id of entity.ids)
      for (const other of byKey.get(`${entity.type}|${id}`) ?? []) cluster.add(other);
    for (const each of cluster) for (const id of each.ids) byKey.set(`${each.type}|${id}`, cluster);
  }
  const entities = [...new Set(byKey.values())].flatMap((cluster) => {
    const made = [...cluster].filter((each) => each.alternatives.some(({ isDefined }) => isDefined));
    const given = [...cluster].filter((each) => !made.includes(each));
    const [first, ...others] = given;
    if (made.length === 0) return first === undefined ? [] : [others.reduce(mergeTwo, first)];
    return made.map((each) => given.reduce(mergeTwo, each));
  });
  return { entities, unread: files.flatMap(({ unread }) => unread) };
}

function mergeTwo(a: EntityState, b: EntityState): EntityState {
  const alternatives: Alternative[] = [];
  for (const one of a.alternatives)
    for (const other of b.alternatives) {
      const world = joinWorlds(one.world, other.world);
      if (world === undefined || alternatives.length >= 256) continue;
      alternatives.push({
        world,
        exists: one.exists || other.exists,
        isDefined: one.isDefined || other.isDefined,
        facets: joinFacets(one.facets, other.facets),
      });
    }
  const main = b.alternatives.some(({ isDefined }) => isDefined) ? b : a;
  const isCut = a.isCut || b.isCut || alternatives.length >= 256;
  return { ...main, ids: [...new Set([...a.ids, ...b.ids])], alternatives, isCut };
}

function joinFacets(a: Facets, b: Facets): Facets {
  const joined = new Map(a);
  for (const [facet, parts] of b) joined.set(facet, [...(joined.get(facet) ?? []), ...parts]);
  return joined;
}
