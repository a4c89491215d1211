/** One resource of Terraform, whatever said it → its facts. */
import type { Region } from '../../../output/checkResult.ts';
import { isFields, type Path } from '../../fields.ts';
import { walk } from '../../formats/walk.ts';
import type { Fact } from '../../state.ts';
import { Opaque, ownSymbol } from '../../symbols.ts';
import { type Declared, documentAt, factOf } from '../declared.ts';
import { bearingProperty } from '../policyProperties.ts';
import { ROWS } from './rows.ts';

export type Given = {
  readonly type: string;
  readonly label: string;
  readonly file: string;
  /** Returns an attribute's value. */
  readonly get: (name: string) => unknown;
  readonly names: () => readonly string[];
  readonly region?: (path: Path) => Region | undefined;
};

/** Returns what the resource says, by its type's row; documents that no row covers are found by their shape. */
export function factsOfResource({ type, label, file, get, names, region = () => undefined }: Given): Fact[] {
  const asked = new Set<string>();
  const declared: Declared = {
    type,
    label,
    file,
    self: ownSymbol(label),
    get(name) {
      asked.add(name);
      const value = get(name);
      return value === null ? undefined : value;
    },
    region,
    origin: () => undefined,
  };
  const facts = [...(ROWS[type]?.(declared) ?? [])];
  if (type.startsWith('data.')) return facts;
  for (const name of names()) if (!asked.has(name)) facts.push(...documentsAt(declared, name, get(name)));
  return facts;
}

function documentsAt(declared: Declared, name: string, value: unknown): Fact[] {
  const bearing = bearingProperty('terraform', declared.type, name);
  const facts: Fact[] = [];
  const add = (id: string, found: unknown) => {
    const document = documentAt(declared, found, [name]);
    const names = document.statements.some(({ key }) => /"(Not)?Principal":/.test(key));
    const isGrant = document.unread === undefined && !names;
    const entity = { type: declared.type, ids: [declared.self] };
    const part = { id, role: isGrant ? ('grant' as const) : ('resource' as const), document };
    facts.push(
      factOf(declared, {
        entity,
        facet: isGrant ? 'identity-document' : 'document',
        defines: true,
        parts: [part],
      }),
    );
  };
  walk(value, [name], (found, path) => add(path.join('.'), found));
  if (facts.length > 0 || bearing === undefined || value === undefined || value === null || value === '')
    return facts;
  if (isFields(value) && Object.keys(value).length === 0) return facts;
  if (Array.isArray(value) && value.length === 0) return facts;
  if (value instanceof Opaque) add(name, value);
  else add(name, new Opaque(JSON.stringify(value) ?? '', `what \`${name}\` holds is not read`));
  return facts;
}
