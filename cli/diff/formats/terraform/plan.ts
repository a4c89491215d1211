/**
 * Terraform's plans as JSON: both sides of each change. Source: Terraform, "JSON Output Format" (`resource_changes`,
 * `after_unknown`, `configuration`).
 */
import { plainEntities, type Stated } from '../../entities.ts';
import { type Fields, isFields, listOf } from '../../fields.ts';
import type { Entity, Fact, Part, PartReference, Unread } from '../../state.ts';
import { hasSymbol, Opaque, opaqueWithin, ownSymbol } from '../../symbols.ts';
import { readStack } from '../cloudformation/read.ts';
import { jointDomains, type Stack } from '../cloudformation/stack.ts';
import { readSources } from '../source.ts';
import { templatesIn } from '../templates.ts';
import { createReferences } from './references.ts';
import { factsOfResource } from './resource.ts';
import { LINKS } from './rows.ts';

/** Returns true iff the value is a plan. */
export function isPlan(value: unknown): value is Fields {
  return isFields(value) && Array.isArray(value['resource_changes']) && 'format_version' in value;
}

/** Returns both states that the plan tells of. What is known only after it is carried out is opaque. */
export function readPlan(plan: Fields, file: string): { readonly before: Stated; readonly after: Stated } {
  const before: Fact[] = [];
  const after: Fact[] = [];
  const unread: Unread[] = [];
  const references = createReferences(plan);
  const stacks: { readonly before: Stack[]; readonly after: Stack[] } = { before: [], after: [] };
  for (const each of listOf(plan['resource_changes'])) {
    if (!isFields(each) || !isFields(each['change']) || each['mode'] === 'data' || 'deposed' in each)
      continue;
    const { before: old, after: planned, after_unknown: unknown, actions } = each['change'];
    // What Terraform forgets stays as it is.
    if (listOf(actions).includes('forget')) continue;
    const address = String(each['address'] ?? '');
    const type = String(each['type'] ?? '');
    const read = (values: unknown) =>
      isFields(values)
        ? factsOfResource({
            type,
            label: address,
            file,
            get: (name) => {
              // What nobody set is computed when it is made: it holds what AWS gives everybody.
              const isComputed =
                values[name] instanceof Opaque && old === null && references.isSet(address, name) === false;
              return isComputed
                ? undefined
                : known(values[name], name, (path) => references.of(address, path));
            },
            names: () => Object.keys(values),
          })
        : [];
    const now = isFields(planned) ? withUnknown(planned, unknown, address) : planned;
    const [oldStack, newStack] = [old, now].map((values) => stackOf(type, values, address, file));
    const held = heldParts(oldStack === undefined ? read(old) : [], newStack === undefined ? read(now) : []);
    const provider = references.provider(address);
    before.push(...held.before.map((fact) => madeBy(provider, fact)));
    after.push(...held.after.map((fact) => madeBy(provider, fact)));
    if (oldStack !== undefined) stacks.before.push(oldStack);
    if (newStack !== undefined) stacks.after.push(newStack);
  }
  for (const each of listOf(plan['deferred_changes'])) {
    const change = isFields(each) ? each['resource_change'] : undefined;
    const address = isFields(change) ? String(change['address']) : 'a change';
    unread.push({
      file,
      key: `deferred ${address}`,
      why: `Terraform deferred \`${address}\` to a later plan`,
    });
  }
  if (plan['errored'] === true)
    unread.push({ file, key: 'errored', why: 'the plan ended with an error and is not whole' });
  const inner = readStacks(stacks.before, stacks.after);
  return {
    before: {
      entities: [...plainEntities(before, file), ...inner.before.entities],
      unread: inner.before.unread,
    },
    after: {
      entities: [...plainEntities(after, file), ...inner.after.entities],
      unread: [...unread, ...inner.after.unread],
    },
  };
}

/** Another configuration of a provider is another account or Region: there a name means something else. Buckets have one name everywhere. */
function madeBy(provider: string | undefined, fact: Fact): Fact {
  if (provider === undefined) return fact;
  const there = <E extends Entity>(entity: E): E => ({
    ...entity,
    ids: entity.ids.map((id) =>
      hasSymbol(id) || id.startsWith('?') || id.startsWith('arn:') || entity.type === 'bucket'
        ? id
        : `${provider} ${id}`,
    ),
  });
  return {
    ...fact,
    entity: there(fact.entity),
    references: fact.references.map((each) => ({ ...each, to: there(each.to) })),
  };
}

/** What a resource shows of itself and does not change may be what another resource of the plan puts there. */
function heldParts(before: readonly Fact[], after: readonly Fact[]) {
  const keyOf = ({ facet }: Fact, { id, ...more }: Part | PartReference) =>
    JSON.stringify([facet, id, 'document' in more ? [more.document.unread, more.document.statements] : '']);
  const keysOf = (facts: readonly Fact[]) =>
    new Set(facts.flatMap((fact) => [...fact.parts, ...fact.references].map((each) => keyOf(fact, each))));
  const [old, now] = [keysOf(before), keysOf(after)];
  const marked = (facts: readonly Fact[]) =>
    facts.map((fact): Fact => {
      if (!fact.defines) return fact;
      const mark = <P extends Part | PartReference>(part: P): P => {
        const key = keyOf(fact, part);
        return old.has(key) && now.has(key) ? { ...part, isHeld: true } : part;
      };
      return { ...fact, parts: fact.parts.map(mark), references: fact.references.map(mark) };
    });
  return { before: marked(before), after: marked(after) };
}

/** A stack of CloudFormation whose template the plan holds; undefined for anything else. */
function stackOf(type: string, values: unknown, address: string, file: string): Stack | undefined {
  if (!isFields(values)) return undefined;
  const text = STACKS.test(type) ? values['template_body'] : desiredTemplate(type, values);
  if (typeof text !== 'string') return undefined;
  const read = readSources(text);
  const [template] = typeof read === 'string' ? [] : read.flatMap(({ value }) => templatesIn(value));
  const given = values['parameters'];
  if (template === undefined || given instanceof Opaque) return undefined;
  const source = { regionOf: () => undefined };
  return {
    template,
    file,
    source,
    prefix: `${address}.`,
    values: isFields(given) ? given : {},
    nested: new Map(),
  };
}

/** A resource of CloudFormation that the plan makes by itself. */
function desiredTemplate(
  type: string,
  { type_name: name, desired_state: state }: Fields,
): string | undefined {
  if (type !== 'aws_cloudcontrolapi_resource' || typeof state !== 'string') return undefined;
  return `{"Resources":{"Resource":{"Type":${JSON.stringify(name)},"Properties":${state}}}}`;
}

const STACKS = /^aws_cloudformation_stack(_set)?$/;

function readStacks(before: readonly Stack[], after: readonly Stack[]) {
  const domains = jointDomains([...before, ...after]);
  const stated = (stacks: readonly Stack[]): Stated => {
    const each = stacks.map((stack) => readStack(stack, { domains, deployment: {} }));
    return {
      entities: each.flatMap(({ entities }) => entities),
      unread: each.flatMap(({ unread }) => unread),
    };
  };
  return { before: stated(before), after: stated(after) };
}

/** A link that is not known yet means the resource that it refers to. */
function known(
  value: unknown,
  name: string,
  referenceOf: (attribute: string) => string | undefined,
): unknown {
  const opaque = LINKS.has(name) ? opaqueWithin(value) : undefined;
  if (opaque === undefined) return value;
  const address = referenceOf(name);
  const symbol = address === undefined ? undefined : ownSymbol(address);
  if (symbol === undefined) return value;
  if (value instanceof Opaque) return symbol;
  return Array.isArray(value) ? value.map((each) => (each instanceof Opaque ? symbol : each)) : value;
}

/** Returns the values with what is not known yet in its place. */
function withUnknown(values: Fields, unknown: unknown, address: string): Fields {
  return mergeUnknown(values, unknown, address) as Fields; // An object stays one.
}

function mergeUnknown(value: unknown, unknown: unknown, path: string): unknown {
  if (unknown === true)
    return new Opaque(`${path} after apply`, `\`${path}\` is known only after the plan is applied`);
  if (Array.isArray(unknown)) {
    const list = listOf(value);
    const length = Math.max(list.length, unknown.length);
    return Array.from({ length }, (_, index) =>
      mergeUnknown(list[index], unknown[index], `${path}[${index}]`),
    );
  }
  if (!isFields(unknown)) return value;
  const members = { ...(isFields(value) ? value : {}) };
  for (const [name, each] of Object.entries(unknown)) {
    const merged = mergeUnknown(members[name], each, `${path}.${name}`);
    if (merged !== undefined) members[name] = merged;
  }
  return members;
}
