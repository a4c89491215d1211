/** One resource as a format declares it, and the rules that turn its properties into facts. */
import { parseArn } from '../../../shared/policy/arn.ts';
import type { PartRole } from '../../../shared/targets/target.ts';
import type { Region } from '../../output/checkResult.ts';
import { type Document, settleDocument, unreadDocument } from '../document.ts';
import { isFields, listOf, type Path } from '../fields.ts';
import type { Entity, Fact, Part, PartReference } from '../state.ts';
import { hasSymbol, leadingSymbol, Opaque, OWN_ACCOUNT, spell } from '../symbols.ts';

export type Declared = {
  readonly type: string;
  /** What the file calls it: a logical id, an address. */
  readonly label: string;
  readonly file: string;
  /** The symbol by which other resources of the state mean this one. */
  readonly self: string;
  /** Returns a property's resolved value; undefined where there is none, opaque where it is not known. */
  get(property: string): unknown;
  /** Returns where a property, or a value below it, stands. */
  region(path: Path): Region | undefined;
  /** Returns the value as the file has it, before anything is resolved. Absent: the format resolves nothing. */
  raw?(path: Path): unknown;
  /** Returns the path of an object that was resolved. */
  origin(value: unknown): Path | undefined;
};

/** What a resource of a type says. */
export type Rule = (declared: Declared) => readonly Fact[];

/** Returns how a name or an ARN identifies its resource: ARNs and URLs by their last part. */
export function idOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (value.startsWith('arn:')) {
    const { service, resource: rest } = parseArn(value);
    if (service === 'lambda') return rest.replace(/^function:/, '').split(':')[0];
    return rest.slice(rest.lastIndexOf('/') + 1).replace(/^[a-z-]+:/, '');
  }
  const [, name] = /^https?:\/\/.*\/([^/]+)$/.exec(value) ?? [];
  return name ?? value;
}

/** Returns the entity that a property's value names; one of its own where the value is not known. */
export function named(type: string, value: unknown, declared: Declared): Entity {
  const id = idOf(value);
  return { type, ids: [id ?? `?${declared.label}`] };
}

/** Returns the entity that the resource itself is. A plan of Terraform knows its ARN, and with it the account. */
export function itself(type: string, declared: Declared, nameProperty?: string): Entity {
  const id = nameProperty === undefined ? undefined : idOf(declared.get(nameProperty));
  const arn = declared.get('arn');
  const names = [id, ...(typeof arn === 'string' && arn.startsWith('arn:') ? [arn] : [])];
  return { type, ids: [...new Set([declared.self, ...names.flatMap((name) => name ?? [])])] };
}

/** Returns a fact of this resource. */
export function factOf(declared: Declared, given: Pick<Fact, 'entity' | 'facet'> & Partial<Fact>): Fact {
  return {
    label: declared.label,
    file: declared.file,
    region: declared.region([]),
    defines: false,
    parts: [],
    references: [],
    ...given,
  };
}

/** Returns the document of a property's value, with its places. */
export function documentAt(declared: Declared, value: unknown, path: Path): Document {
  const isLiteral =
    isFields(value) &&
    declared.raw !== undefined &&
    JSON.stringify(declared.raw(path)) === JSON.stringify(value);
  const document = settleDocument(value, {
    whole: declared.region(path),
    of: (statement) => {
      const origin = declared.origin(statement);
      return origin === undefined ? undefined : declared.region(origin);
    },
  });
  return isLiteral ? { ...document, isLiteral } : document;
}

/** Returns the part that a property holds; none where it holds nothing. */
export function partAt(
  declared: Declared,
  property: string,
  { id = 'document', role = 'resource' }: { readonly id?: string; readonly role?: PartRole } = {},
): Part[] {
  const value = declared.get(property);
  if (value === undefined || value === null || value === '') return [];
  return [{ id, role, document: documentAt(declared, value, [property]) }];
}

/** Returns a part of a document that the resource stands for. */
export function composed(
  declared: Declared,
  id: string,
  value: object | Opaque,
  role: PartRole = 'resource',
): Part {
  const whole = declared.region([]);
  return { id, role, document: settleDocument(value, { whole, of: () => whole }) };
}

/** Returns the policies of a list of blocks, each under its name. */
export function inlineParts(
  declared: Declared,
  property: string,
  { name, document }: { readonly name: string; readonly document: string },
): Part[] {
  const list = declared.get(property);
  if (list instanceof Opaque) return [opaquePart(declared, property, list)];
  return listOf(list).flatMap((block, index): Part[] => {
    if (block instanceof Opaque) return [opaquePart(declared, `${property}.${index}`, block)];
    if (!isFields(block)) return [];
    const given = block[name];
    const id = `inline:${typeof given === 'string' ? spell(given) : index}`;
    const value = block[document];
    if (value === undefined || value === null || value === '') return [];
    const origin = declared.origin(block);
    return [
      {
        id,
        role: 'grant',
        document: documentAt(declared, value, [...(origin ?? [property, index]), document]),
      },
    ];
  });
}

/** Returns a part of which only is known that it is there. */
export function opaquePart(
  declared: Declared,
  id: string,
  { key, why }: Opaque,
  role: PartRole = 'grant',
): Part {
  return {
    id,
    role,
    document: unreadDocument(key, why, { region: declared.region([id.split('.')[0] ?? '']) }),
  };
}

/** Returns references to the policies that a property lists. */
export function attachments(
  declared: Declared,
  property: string,
): { parts: Part[]; references: PartReference[] } {
  const list = declared.get(property);
  if (list instanceof Opaque) return { parts: [opaquePart(declared, property, list)], references: [] };
  const parts: Part[] = [];
  const references: PartReference[] = [];
  for (const [index, value] of listOf(list).entries()) {
    if (value instanceof Opaque) parts.push(opaquePart(declared, `${property}.${index}`, value));
    else if (typeof value === 'string' && value !== '')
      references.push(attachment(declared, value, [property, index]));
  }
  return { parts, references };
}

/** Returns the reference to one attached policy. */
export function attachment(declared: Declared, arn: string, path: Path): PartReference {
  return {
    id: `attached:${arn}`,
    role: 'grant',
    to: { type: 'policy', ids: policyIds(arn) },
    region: declared.region(path) ?? declared.region([]),
  };
}

/** AWS's own policies share names with nobody's. */
function policyIds(arn: string): string[] {
  if (/^arn:[^:]*:iam::aws:/.test(arn)) return [arn];
  return [idOf(arn) ?? arn];
}

/** Returns the boundary that a property names. */
export function boundary(
  declared: Declared,
  property: string,
): { parts: Part[]; references: PartReference[] } {
  const value = declared.get(property);
  if (value === undefined || value === null || value === '') return { parts: [], references: [] };
  if (typeof value !== 'string') {
    const opaque = value instanceof Opaque ? value : new Opaque(JSON.stringify(value), 'it is no ARN');
    return { parts: [opaquePart(declared, property, opaque, 'boundary')], references: [] };
  }
  const to = { type: 'policy', ids: policyIds(value) };
  const region = declared.region([property]);
  return { parts: [], references: [{ id: `boundary:${value}`, role: 'boundary', to, region }] };
}

/** Returns who a text means in a statement: everybody, a service, an account, an ARN. */
export function principalOf(value: unknown): unknown {
  // YAML and JSON may hold an account as a number.
  if (typeof value === 'number') return { AWS: String(value) };
  if (typeof value !== 'string') return { AWS: value };
  if (value === '*') return '*';
  if (leadingSymbol(value)?.rest === '') return { AWS: value };
  const isService = !value.startsWith('arn:') && value.includes('.') && !/^\d{12}$/.test(value);
  return { [isService ? 'Service' : 'AWS']: value };
}

/** Returns an ARN for a name that may be one already. */
export function arnFor(value: unknown, prefix: string): unknown {
  if (typeof value !== 'string' || value.startsWith('arn:')) return value;
  return hasSymbol(value) && leadingSymbol(value)?.isOwn !== true ? value : `arn:aws:${prefix}${value}`;
}

/** The account and Region of a function that is given by its name. */
export const HERE_FUNCTION = `lambda:*:${OWN_ACCOUNT}:function:`;
