/**
 * Values that a state does not tell: a parameter without default, the ARN of a resource still to be made. Each stands as
 * a symbol inside a text, the same symbol for the same expression, until a document is settled.
 */

const ANY = '\uE000';
const OWN = '\uE001';
const END = '\uE002';
const PATTERN = /([\uE000\uE001])([^\uE002]*)\uE002/g;

/** Stands for the account of the stack or plan. Real ids do not begin so. */
export const OWN_ACCOUNT = '000000000000';

/** Returns the symbol of a value that may be anything: a parameter, an import. */
export function anySymbol(name: string): string {
  return `${ANY}${flat(name)}${END}`;
}

/** Returns the symbol of a value that belongs to something which the same state makes. */
export function ownSymbol(name: string): string {
  return `${OWN}${flat(name)}${END}`;
}

/** A name that was made of symbols has none of its own; and none holds what ends a part of an ARN. */
function flat(name: string): string {
  return (hasSymbol(name) ? spell(name) : name).replace(/:+/g, '.');
}

/** Returns true iff the text holds a symbol. */
export function hasSymbol(text: string): boolean {
  return text.includes(END);
}

/** Returns true iff some symbol of the text may be anything. */
export function hasAnySymbol(text: string): boolean {
  return text.includes(ANY);
}

type SymbolRead = { readonly name: string; readonly isOwn: boolean; readonly rest: string };

/** Returns the symbol that the text begins with, and what follows it. */
export function leadingSymbol(text: string): SymbolRead | undefined {
  const [, kind, name, rest] = /^([\uE000\uE001])([^\uE002]*)\uE002(.*)$/s.exec(text) ?? [];
  return name === undefined || rest === undefined ? undefined : { name, isOwn: kind === OWN, rest };
}

/** Returns the names of the symbols in a text. */
export function symbolNames(text: string): string[] {
  return [...text.matchAll(PATTERN)].map(([, , name = '']) => name);
}

/** Returns the text with `<Name>` for each symbol: what people read, and a constant that no other value equals. */
export function spell(text: string): string {
  return text.replace(PATTERN, (_, __, name: string) => `<${name}>`);
}

/** Returns the text with a name in place of each symbol that IAM takes as a name. */
export function spellName(text: string): string {
  return text.replace(PATTERN, (_, __, name: string) => name.replace(/[^A-Za-z0-9+=,.@_-]/g, '-'));
}

/** What cannot be resolved at all. Equal keys are equal values, whatever they are. */
export class Opaque {
  readonly key: string;
  /** One sentence part: `Fn::Transform is carried out by CloudFormation`. */
  readonly why: string;
  constructor(key: string, why: string) {
    this.key = key;
    this.why = why;
  }
}

/** Returns the first opaque value within a value. */
export function opaqueWithin(value: unknown): Opaque | undefined {
  if (value instanceof Opaque) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const each of Object.values(value)) {
    const found = opaqueWithin(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
