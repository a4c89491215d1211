/** ARNs of managed policies that stand within values of any shape. */
import { isFields, type Path } from '../fields.ts';
import type { PartReference } from '../state.ts';
import { attachment, type Declared } from './declared.ts';

/** Returns references to the policies, each once; one below a name that speaks of a boundary limits. */
export function policyReferences(declared: Declared, value: unknown, at: Path): PartReference[] {
  const found = new Map<string, PartReference>();
  const look = (each: unknown, path: Path): void => {
    if (typeof each === 'string') {
      if (!/^arn:aws[\w-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/.test(each)) return;
      const isLimit = path.some((step) => /boundary/i.test(String(step)));
      const reference = attachment(declared, each, path);
      const key = `${isLimit} ${each}`;
      if (!found.has(key))
        found.set(key, isLimit ? { ...reference, id: `boundary:${each}`, role: 'boundary' } : reference);
    } else if (Array.isArray(each)) for (const [index, one] of each.entries()) look(one, [...path, index]);
    else if (isFields(each))
      for (const [key, one] of Object.entries(each)) if (!NO_ATTACHMENT.test(key)) look(one, [...path, key]);
  };
  look(value, at);
  return [...found.values()];
}

/** Where a statement names policies as what it is about. */
const NO_ATTACHMENT = /^(Not)?Resource$|^Condition$/;
