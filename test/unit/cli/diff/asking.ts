/** What a row of a format asks of a resource. */
import type { Rule } from '../../../../cli/diff/formats/declared.ts';
import { ownSymbol } from '../../../../cli/diff/symbols.ts';

/** Returns the properties that the row of a type asks for, where none has a value and where each has one. */
export function askedBy(rule: Rule | undefined, type: string): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const value of [undefined, 'x']) {
    const get = (property: string) => {
      asked.add(property);
      return value !== undefined && /^type$/i.test(property) ? 'SERVICE_CONTROL_POLICY' : value;
    };
    rule?.({
      type,
      label: 'x',
      file: 'f',
      self: ownSymbol('x'),
      get,
      region: () => undefined,
      origin: () => undefined,
    });
  }
  return asked;
}
