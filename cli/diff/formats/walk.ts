/** Policy documents within values of any shape. */
import { decodePolicyDocument } from '../../../shared/policy/parsePolicy.ts';
import { isPolicy } from '../document.ts';
import { isFields, type Path } from '../fields.ts';
import { Opaque } from '../symbols.ts';

/** Calls for each policy document within a resolved value; texts of JSON count as what they hold. */
export function walk(value: unknown, path: Path, found: (document: unknown, path: Path) => void): void {
  if (typeof value === 'string') {
    walkText(value, path, found);
    return;
  }
  if (value instanceof Opaque) {
    if (/Statement/.test(value.key)) found(value, path);
    return;
  }
  if (Array.isArray(value)) for (const [index, each] of value.entries()) walk(each, [...path, index], found);
  else if (isPolicy(value)) found(value, path);
  else if (isFields(value))
    for (const [key, each] of Object.entries(value)) walk(each, [...path, key], found);
}

function walkText(value: string, path: Path, found: (document: unknown, path: Path) => void): void {
  const text = decodePolicyDocument(value).trim();
  if (!/\bStatements?\b/.test(text)) return;
  try {
    const parsed: unknown = JSON.parse(text);
    if (isPolicy(parsed)) found(value, path);
    else if (typeof parsed === 'object') walk(parsed, path, found);
  } catch {
    // What is only spoken of, such as a path to an effect, holds none.
    const isWritten = /\bStatements?["']?\s*[:=]/.test(text) && /\bEffect["']?\s*[:=]/.test(text);
    if (!isWritten) return;
    // Programs and scripts within a template, and texts that are filled in later.
    const isJson = /^[{[]/.test(text);
    found(isJson ? value : new Opaque(text, 'a text within it holds statements and is not evaluated'), path);
  }
}
