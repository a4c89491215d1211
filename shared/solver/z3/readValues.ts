/** What `get-value` prints → values by name. */

/** Returns the value term of each constant in the last `((name value) …)` of the output. */
export function readValues(output: string): Map<string, string> {
  const values = new Map<string, string>();
  const start = output.indexOf('((');
  if (start < 0) return values;
  const list = read(output, start);
  for (const pair of Array.isArray(list) ? list : []) {
    if (!Array.isArray(pair)) continue;
    const [name, value] = pair;
    if (typeof name === 'string' && value !== undefined) values.set(name, print(value));
  }
  return values;
}

type Term = string | Term[];

function print(term: Term): string {
  return Array.isArray(term) ? `(${term.map(print).join(' ')})` : term;
}

/** Reads one term from an opening parenthesis on, with a stack of its own. */
function read(text: string, from: number): Term {
  const stack: Term[][] = [[]];
  for (let at = from; at < text.length; ) {
    const char = text[at] ?? '';
    if (char === '(') {
      stack.push([]);
      at++;
    } else if (char === ')') {
      const done = stack.pop() ?? [];
      stack.at(-1)?.push(done);
      at++;
      if (stack.length === 1) break;
    } else if (char === '"') {
      let end = at + 1;
      // A doubled quote is one quote inside the text.
      while (end < text.length && (text[end] !== '"' || text[end + 1] === '"'))
        end += text[end] === '"' ? 2 : 1;
      stack.at(-1)?.push(text.slice(at, end + 1));
      at = end + 1;
    } else if (/\s/.test(char)) {
      at++;
    } else {
      const [word = ''] = /^[^\s()"]+/.exec(text.slice(at, at + 200)) ?? [];
      stack.at(-1)?.push(word);
      at += Math.max(1, word.length);
    }
  }
  return stack[0]?.[0] ?? [];
}
