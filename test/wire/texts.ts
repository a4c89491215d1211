/** Simple values as texts: in headers, paths, queries and forms. */
import type { NormalizedSchema } from '@smithy/core/schema';

/** Returns the value that the text stands for. */
export function fromText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isTimestampSchema()) return new Date(/^[\d.]+$/.test(text) ? Number(text) * 1_000 : text);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  if (schema.isListSchema())
    return text === '' ? [] : text.split(',').map((part) => fromText(schema.getValueSchema(), part.trim()));
  return text;
}

/** Returns the text of a value in a header. */
export function toText(value: unknown): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}
