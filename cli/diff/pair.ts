/**
 * Entities of two states, paired: by their names, else by what they are like. A new logical name, `for_each` key or file
 * makes no new entity.
 */
import type { EntityState } from './entities.ts';
import type { Part } from './state.ts';
import { symbolNames } from './symbols.ts';

/** One entity before and after; one of them at least. */
export type EntityPair = { readonly before?: EntityState; readonly after?: EntityState };

/** Below this two entities have too little in common to be one. */
const ALIKE = 0.34;

/** Returns every entity of both states, once. */
export function pairEntities(before: readonly EntityState[], after: readonly EntityState[]): EntityPair[] {
  const known = new Map<string, EntityState[]>();
  for (const entity of before)
    for (const key of keysOf(entity)) known.set(key, [...(known.get(key) ?? []), entity]);
  const called = (keys: readonly string[]) => keys.flatMap((key) => known.get(key) ?? []);
  // The name that AWS knows comes before the one that the file gives: two entities may swap theirs. Where several stacks
  // make a name, the one of the same file is meant, then one that says the same and that no other means.
  const physical = new Map<EntityState, EntityState>();
  const meant = new Set<EntityState>();
  const ways: readonly ((each: EntityState, entity: EntityState) => boolean)[] = [
    (each, entity) => each.file === entity.file,
    (each, entity) => !meant.has(each) && saysOf(each) === saysOf(entity),
    (each) => !meant.has(each),
    () => true,
  ];
  for (const isMeant of ways)
    for (const entity of after) {
      if (physical.has(entity)) continue;
      const one = called(keysOf(entity).filter(isPhysical)).find((each) => isMeant(each, entity));
      if (one === undefined) continue;
      physical.set(entity, one);
      meant.add(one);
    }
  const named = new Set(physical.values());
  const pairs: EntityPair[] = pairSame(before, after);
  const taken = new Set(pairs.flatMap((pair) => pair.before ?? []));
  const same = new Set(pairs.map((pair) => pair.after));
  const fresh: EntityState[] = [];
  for (const entity of after.filter((each) => !same.has(each))) {
    const own = physical.get(entity);
    const found = [...(own === undefined ? [] : [own]), ...called(keysOf(entity))].find(
      (each) => !taken.has(each) && (each === own || !named.has(each)),
    );
    if (found === undefined) fresh.push(entity);
    else {
      taken.add(found);
      pairs.push({ before: found, after: entity });
    }
  }
  const gone = before.filter((entity) => !taken.has(entity));
  const { pairs: alike, rest } = pairAlike(gone, fresh);
  const matched = new Set(alike.map((pair) => pair.before));
  return [
    ...pairs,
    ...alike,
    ...rest.map((entity) => ({ after: entity })),
    ...gone.filter((entity) => !matched.has(entity)).map((entity) => ({ before: entity })),
  ];
}

/** Members of a list have no name but their place: those that say the same are the same, wherever they stand. */
function pairSame(before: readonly EntityState[], after: readonly EntityState[]): EntityPair[] {
  const byContent = new Map<string, EntityState[]>();
  for (const entity of before.filter(isNumbered)) {
    const key = contentKey(entity);
    byContent.set(key, [...(byContent.get(key) ?? []), entity]);
  }
  return after.filter(isNumbered).flatMap((entity) => {
    const found = byContent.get(contentKey(entity))?.shift();
    return found === undefined ? [] : [{ before: found, after: entity }];
  });
}

const isNumbered = ({ type, label }: EntityState) => type === 'policy-file' && /(^|\.)\d+(\.|$)/.test(label);

function contentKey(entity: EntityState): string {
  return JSON.stringify([entity.file, entity.label.replace(/\d+/g, '*'), saysOf(entity)]);
}

/** Equal for two that hold the same. */
function saysOf({ alternatives }: EntityState): string {
  return JSON.stringify(
    alternatives.flatMap(({ facets }) => [...facets].map(([facet, each]) => [facet, each.map(keyOfPart)])),
  );
}

const keyOfPart = ({ document }: Part) => [
  document.unread?.key,
  document.version,
  document.statements.map(({ key }) => key),
];

const keysOf = ({ type, ids }: EntityState) => ids.map((id) => `${type}|${id}`);

/** The most alike first. */
function pairAlike(gone: readonly EntityState[], fresh: readonly EntityState[]) {
  const features = new Map([...gone, ...fresh].map((entity) => [entity, featuresOf(entity)]));
  const scored = gone.flatMap((before) =>
    fresh
      .filter((after) => after.type === before.type && mayBeOne(before, after))
      .map((after) => ({ before, after, score: likeness(features.get(before), features.get(after)) }))
      .filter(({ score }) => score >= ALIKE),
  );
  scored.sort((a, b) => b.score - a.score);
  const taken = new Set<EntityState>();
  const pairs: { readonly before: EntityState; readonly after: EntityState }[] = [];
  for (const { before, after } of scored) {
    if (taken.has(before) || taken.has(after)) continue;
    taken.add(before);
    taken.add(after);
    pairs.push({ before, after });
  }
  return { pairs, rest: fresh.filter((entity) => !taken.has(entity)) };
}

/** An entity that a state names and does not create exists before and after the change. Two names mean two entities. */
function mayBeOne(before: EntityState, after: EntityState): boolean {
  const isMade = [before, after].every(({ alternatives }) => alternatives.some(({ isDefined }) => isDefined));
  return isMade || !isNamed(before) || !isNamed(after);
}

function isNamed({ ids }: EntityState): boolean {
  return ids.some(isPhysical);
}

/** Names of a file stand behind the file's path. */
const isPhysical = (id: string) => symbolNames(id).length === 0 && !id.includes('#');

type Features = {
  readonly name: ReadonlySet<string>;
  readonly content: ReadonlySet<string>;
  readonly isNamed: boolean;
};

function likeness(a: Features | undefined, b: Features | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const content = overlap(a.content, b.content);
  const name = overlap(a.name, b.name);
  // Two entities that people named differently are two, unless they hold the same.
  if (a.isNamed && b.isNamed) return content >= 0.5 ? content : 0;
  return Math.max(content, name, (content + name) / 1.5);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const common = [...a].filter((each) => b.has(each)).length;
  return common / Math.min(Math.max(a.size, b.size), a.size + b.size - common);
}

function featuresOf(entity: EntityState): Features {
  const { label, alternatives } = entity;
  const content = new Set<string>();
  for (const { facets } of alternatives)
    for (const [facet, parts] of facets)
      for (const { document, id } of parts) {
        if (document.unread !== undefined) content.add(`${facet} ${id}`);
        for (const { key, effect } of document.statements)
          for (const [text] of key.matchAll(/"[^"]{3,}"/g)) content.add(`${facet} ${effect} ${text}`);
      }
  return {
    name: wordsOf(label),
    content,
    isNamed: isNamed(entity),
  };
}

/** `HandlerServiceRoleCBD0CC91` → handler, service, role: hashes and digits say nothing. */
function wordsOf(label: string): ReadonlySet<string> {
  const plain = label.replace(/[0-9A-F]{8}$/, '').replace(/\[.*?\]/g, '');
  const words = plain.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 2));
}
