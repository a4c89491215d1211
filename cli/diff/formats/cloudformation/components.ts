/** Resources that mean each other are looked at together; others are not, so that their choices do not multiply. */
import { type Fields, isFields, listOf } from '../../fields.ts';
import { LINKS } from './rows.ts';
import type { Stack } from './stack.ts';

/** A resource as far as its links go. */
type Linked = {
  readonly stack: Stack;
  readonly label: string;
  readonly value: Fields;
};

/** Returns the resources in groups that have no link to each other, each in the order of the template. */
export function componentsOf<R extends Linked>(resources: readonly R[]): R[][] {
  const owner = new Map<string, Set<R>>();
  for (const resource of resources) {
    const merged = new Set<R>([resource]);
    for (const name of namesOf(resource)) for (const other of owner.get(name) ?? []) merged.add(other);
    for (const other of merged) for (const name of namesOf(other)) owner.set(name, merged);
  }
  const order = new Map(resources.map((resource, index) => [resource, index]));
  return [...new Set(owner.values())].map((set) =>
    [...set].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
  );
}

function namesOf({ stack, label, value }: Linked): string[] {
  const { Properties: properties } = value;
  if (!isFields(properties)) return [label];
  const links = Object.entries(properties).flatMap(([name, each]) =>
    LINKS.has(name) ? namesIn(each, stack) : [],
  );
  return [label, ...links];
}

/** What a link may mean: logical ids, and names as they are. Whole policies below it are none. */
function namesIn(value: unknown, stack: Stack): string[] {
  if (typeof value === 'string') return [value.slice(value.lastIndexOf('/') + 1)];
  if (Array.isArray(value)) return value.flatMap((each) => namesIn(each, stack));
  if (!isFields(value) || 'PolicyDocument' in value || 'Statement' in value) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'Ref') return meant(String(each), undefined, stack);
    if (key === 'Fn::GetAtt') {
      const [label = '', attribute] = (typeof each === 'string' ? [each] : listOf(each).map(String))
        .join('.')
        .split(/\.(.*)/s);
      return meant(label, attribute, stack);
    }
    if (key === 'Fn::Sub')
      return [...JSON.stringify(each).matchAll(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?/g)].flatMap(
        ([, name = '', attribute]) => meant(name, attribute, stack),
      );
    return namesIn(each, stack);
  });
}

/** A parameter of a nested stack means what its parent gives it, an output what the nested template says. */
function meant(
  name: string,
  attribute: string | undefined,
  { prefix, values, parent, nested }: Stack,
): string[] {
  const own = `${prefix}${name}`;
  if (parent !== undefined && values[name] !== undefined)
    return [own, ...namesIn(values[name], parent.stack)];
  if (attribute?.startsWith('Outputs.') !== true) return [own];
  const inner = (nested?.get(name) ?? []).flatMap((stack) => {
    const outputs = stack.template['Outputs'];
    const output = isFields(outputs) ? outputs[attribute.slice('Outputs.'.length)] : undefined;
    return isFields(output) ? namesIn(output['Value'], stack) : [];
  });
  return [own, ...inner];
}
