/** Text to a width, for terminals and mails. */

/**
 * Returns the text in lines of at most `width`, broken at spaces: the first begins with `first`, the others with `rest`.
 * A longer word (an ARN, a path) stands alone, unbroken, so that it can be copied.
 */
export function wrap(text: string, width: number, first = '', rest = first): string[] {
  const lines: string[] = [];
  const [start = '', ...words] = text.trim().split(/\s/);
  let line = `${first}${start}`;
  for (const word of words) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${rest}${word}`;
    } else line += ` ${word}`;
  }
  return [...lines, line];
}
