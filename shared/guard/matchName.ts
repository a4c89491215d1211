/** Names in the configuration against names in the account. Not policy matching: that is the evaluator's. */

/** Returns true iff the whole name matches: `*` any characters, `?` one; case counts. Linear but for the last `*`. */
export function matchName(pattern: string, name: string): boolean {
  const glob = [...pattern];
  const text = [...name];
  let at = 0;
  let star: { readonly glob: number; text: number } | undefined;
  let index = 0;
  while (at < text.length) {
    if (glob[index] === '*') {
      star = { glob: index, text: at };
      index++;
    } else if (index < glob.length && (glob[index] === '?' || glob[index] === text[at])) {
      index++;
      at++;
    } else if (star !== undefined) {
      star.text++;
      at = star.text;
      index = star.glob + 1;
    } else {
      return false;
    }
  }
  while (glob[index] === '*') index++;
  return index === glob.length;
}

/** Returns true iff some pattern matches. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchName(pattern, name));
}
