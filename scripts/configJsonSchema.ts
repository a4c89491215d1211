/** The JSON Schema of `ratchet.config.jsonc`: made from the schema that the guard checks a configuration with. */
import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { configSchema, LISTS } from '../shared/runtime/configSchema.ts';

/**
 * Returns the schema for editors. It takes whatever the guard takes; what it cannot say (a day that does not exist, a
 * name that is used twice) `ratchet config check` tells. A member's description is what stands above it in the example.
 */
export function configJsonSchema(example: string): JsonSchema {
  const schema = toJsonSchema(configSchema, {
    // Dates are checked and turned into instants: a pattern is what an editor can hold them against.
    errorMode: 'ignore',
    overrideSchema,
  });
  const described = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const description = commentAbove(name, example);
    return [name, typeof member === 'object' && description !== '' ? { description, ...member } : member];
  });
  return { ...schema, title: 'Configuration of Ratchet', properties: Object.fromEntries(described) };
}

/** What the library cannot say: that something is an object is asked first, and a list is one of two forms. */
const overrideSchema: NonNullable<ConversionConfig['overrideSchema']> = ({ valibotSchema }) => {
  if (valibotSchema.type === 'custom') return { type: 'object' };
  if (valibotSchema.type !== 'lazy') return undefined;
  return { anyOf: LISTS.map((form) => toJsonSchema(form, { errorMode: 'ignore', overrideSchema })) };
};

/** Returns the lines of comment just above a member of the outermost object, joined; `''` where there are none. */
function commentAbove(name: string, example: string): string {
  const lines = example.split('\n');
  const end = lines.findIndex((line) => line.startsWith(`  "${name}":`));
  const before = lines.slice(0, Math.max(end, 0));
  const start = before.findLastIndex((line) => !line.startsWith('  //')) + 1;
  return before
    .slice(start)
    .map((line) => line.slice('  // '.length))
    .join(' ');
}
