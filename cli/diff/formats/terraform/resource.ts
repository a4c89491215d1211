/** One resource of Terraform, whatever said it → its facts. */
import type { Region } from '../../../output/checkResult.ts';
import { isFields, type Path } from '../../fields.ts';
import type { Fact } from '../../state.ts';
import { Opaque, ownSymbol } from '../../symbols.ts';
import { ROWS as CLOUDFORMATION } from '../cloudformation/rows.ts';
import type { Declared } from '../declared.ts';
import { entryFacts, uncoveredFacts } from '../uncovered.ts';
import { ROWS } from './rows.ts';

type Given = {
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
  const facts = [...rowOf(type, declared, names)];
  facts.push(...entryFacts(declared, Object.fromEntries(names().map((name) => [name, get(name)]))));
  for (const name of names()) if (!asked.has(name)) facts.push(...uncoveredFacts(declared, name, get(name)));
  return facts;
}

/** The row of the type; for the Cloud Control provider that of CloudFormation's type, whose properties it spells its own way. */
function rowOf(type: string, declared: Declared, names: Given['names']): readonly Fact[] {
  if (Object.hasOwn(ROWS, type)) return ROWS[type]?.(declared) ?? [];
  if (!type.startsWith('awscc_')) return [];
  const wanted = squashed(type.replace('awscc_', ''));
  const [, row] =
    Object.entries(CLOUDFORMATION).find(([each]) => squashed(each.replace('AWS::', '')) === wanted) ?? [];
  const get = (property: string) => {
    const name = names().find((each) => squashed(each) === squashed(property));
    return name === undefined ? undefined : withCapitals(declared.get(name));
  };
  return row?.({ ...declared, get }) ?? [];
}

const squashed = (name: string) => name.replace(/[_:]/g, '').toLowerCase();

/** `{ policy_name: … }` → `{ PolicyName: … }`. */
function withCapitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCapitals);
  if (!isFields(value) || value instanceof Opaque) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      withCapitals(each),
    ]),
  );
}
