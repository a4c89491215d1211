/** Text to a width. Nothing is lost: what is too long goes on in the next line. */

/** Returns the text broken at spaces so that no line passes `width`; a longer word is cut into pieces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = '';
    }
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    line = line === '' ? rest : `${line} ${rest}`;
  }
  return [...lines, line];
}

/** Returns the text wrapped, the first line after `first`, the others after as many spaces. */
export function indent(text: string, first: string, width: number): string {
  const rest = ' '.repeat(first.length);
  return text
    .split('\n')
    .flatMap((paragraph) => wrap(paragraph, Math.max(10, width - first.length)))
    .map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd())
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
