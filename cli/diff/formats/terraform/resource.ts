/** One resource of Terraform, whatever said it → its facts. */
import type { Region } from '../../../output/checkResult.ts';
import type { Path } from '../../fields.ts';
import type { Fact } from '../../state.ts';
import { ownSymbol } from '../../symbols.ts';
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
  const facts = [...(ROWS[type]?.(declared) ?? [])];
  facts.push(...entryFacts(declared, Object.fromEntries(names().map((name) => [name, get(name)]))));
  for (const name of names()) if (!asked.has(name)) facts.push(...uncoveredFacts(declared, name, get(name)));
  return facts;
}
