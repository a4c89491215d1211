/** `Fn::ForEach`. Source: CloudFormation User Guide, "Fn::ForEach": identifier, collection, and what is repeated. */
import { isFields, listOf } from '../../fields.ts';

export const FOR_EACH = 'Fn::ForEach::';

/** Returns the members that the loop makes; undefined where its collection is not known. */
export function expandForEach(
  loop: unknown,
  resolve: (value: unknown) => unknown,
): [name: string, value: unknown][] | undefined {
  const [identifiers, collection, body] = listOf(loop);
  const values = resolve(collection);
  if (!Array.isArray(values) || !isFields(body)) return undefined;
  const [identifier] = listOf(identifiers);
  if (typeof identifier !== 'string') return undefined;
  return values.flatMap((value: unknown) =>
    Object.entries(body).map(([name, each]): [string, unknown] => [
      filled(name, identifier, String(value)),
      replaced(each, identifier, String(value)),
    ]),
  );
}

function filled(text: string, identifier: string, value: string): string {
  return text
    .replaceAll(`\${${identifier}}`, value)
    .replaceAll(`&{${identifier}}`, value.replace(/[^A-Za-z0-9]/g, ''));
}

function replaced(value: unknown, identifier: string, text: string): unknown {
  if (typeof value === 'string') return filled(value, identifier, text);
  if (Array.isArray(value)) return value.map((each) => replaced(each, identifier, text));
  if (!isFields(value)) return value;
  if (value['Ref'] === identifier) return text;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      filled(key, identifier, text),
      replaced(each, identifier, text),
    ]),
  );
}
