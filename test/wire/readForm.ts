/**
 * The form of a Query request → the operation's input. Source: Smithy, "AWS query protocol" and "AWS EC2 query
 * protocol": `Name.member.1`, `Name.entry.1.key`, `Name.Member`.
 */
import type { NormalizedSchema } from '@smithy/core/schema';
import { fromText } from './texts.ts';

type Node = { text?: string; readonly children: Map<string, Node> };

/** Returns the input. `ec2`: names have capitals, and lists no word between name and number. */
export function readForm(
  form: URLSearchParams,
  input: NormalizedSchema,
  { ec2 }: { readonly ec2: boolean },
): unknown {
  const root: Node = { children: new Map() };
  for (const [path, text] of form) {
    let node = root;
    for (const step of path.split('.')) {
      const next = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, next);
      node = next;
    }
    node.text = text;
  }
  return read(input, root, ec2);
}

function read(schema: NormalizedSchema, node: Node, ec2: boolean): unknown {
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) {
    const members = [...schema.structIterator()].flatMap(([name, member]) => {
      const child = node.children.get(nameOf(name, member, ec2));
      return child === undefined ? [] : [[name, read(member, child, ec2)] as const];
    });
    return Object.fromEntries(members);
  }
  const isFlat = ec2 || Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema()) {
    const value = schema.getValueSchema();
    const list = isFlat ? node : node.children.get(String(value.getMergedTraits().xmlName ?? 'member'));
    return inOrder(list).map((item) => read(value, item, ec2));
  }
  if (schema.isMapSchema()) {
    const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
    const entries = inOrder(isFlat ? node : node.children.get('entry')).map(({ children }) => {
      const at = children.get(String(value.getMergedTraits().xmlName ?? 'value'));
      const name = children.get(String(key.getMergedTraits().xmlName ?? 'key'))?.text ?? '';
      return [name, at === undefined ? '' : read(value, at, ec2)] as const;
    });
    return Object.fromEntries(entries);
  }
  return fromText(schema, node.text ?? '');
}

function nameOf(name: string, member: NormalizedSchema, ec2: boolean): string {
  const { ec2QueryName, xmlName } = member.getMergedTraits();
  const plain = String(xmlName ?? name);
  return ec2 ? String(ec2QueryName ?? `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}`) : plain;
}

function inOrder(node: Node | undefined): Node[] {
  return [...(node?.children ?? [])].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
