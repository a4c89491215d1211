/** Texts below each other, in columns. */
import { wrap } from '../../shared/findings/wrap.ts';

/** Returns the text wrapped, the first line after `first`, the others after as many spaces. */
export function indent(text: string, first: string, width: number): string {
  const rest = ' '.repeat(first.length);
  const most = Math.max(first.length + 10, width);
  return text
    .split('\n')
    .flatMap((paragraph, index) => wrap(paragraph, most, index === 0 ? first : rest, rest))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Returns rows of a name and a text, the texts in one column. */
export function columns(
  rows: readonly (readonly [name: string, text: string])[],
  indentation: string,
  width: number,
): string {
  const widest = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => indent(text, `${indentation}${name.padEnd(widest)}  `, width)).join('\n');
}
