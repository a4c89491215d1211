/**
 * Terraform's language as far as blocks and attributes go: where each begins and ends, without what it evaluates to.
 * Source: Terraform, "Native Configuration Syntax Specification".
 */

type Block = {
  /** `resource`, its type, its name. */
  readonly head: readonly string[];
  /** What stands between the braces, without comments. */
  readonly body: string;
};

export type Body = {
  readonly attributes: ReadonlyMap<string, string>;
  readonly blocks: readonly Block[];
};

/** Returns the attributes and blocks at the top of the text. What is malformed ends the body. */
export function parseBody(given: string): Body {
  const text = withoutComments(given);
  const attributes = new Map<string, string>();
  const blocks: Block[] = [];
  let at = 0;
  for (;;) {
    const head =
      /^[\s,;]*((?:"(?:[^"\\]|\\.)*"|[\w.-]+)(?:[ \t]+(?:"(?:[^"\\]|\\.)*"|[\w.-]+))*)\s*([={:])/.exec(
        text.slice(at),
      );
    if (head === null) return { attributes, blocks };
    const [whole, words = '', sign] = head;
    at += whole.length;
    if (sign === '{') {
      const end = endOf(text, at, '}');
      blocks.push({ head: wordsOf(words), body: text.slice(at, end) });
      at = end + 1;
    } else {
      const end = endOf(text, at, '\n');
      attributes.set(wordsOf(words).join(' '), text.slice(at, end).trim());
      at = end + 1;
    }
  }
}

/** Returns the text with white space that means nothing made one. */
export function plain(text: string): string {
  return withoutComments(text).replace(/\s+/g, ' ').trim();
}

const wordsOf = (words: string) =>
  [...words.matchAll(/"((?:[^"\\]|\\.)*)"|([\w.-]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

const PAIRS: { readonly [open: string]: string } = { '{': '}', '[': ']', '(': ')' };

/** Where the closing sign stands, outside of texts and of inner brackets. */
function endOf(text: string, start: number, sign: string): number {
  const open: string[] = [];
  for (let at = start; at < text.length; ) {
    const next = skipText(text, at);
    if (next > at) {
      at = next;
      continue;
    }
    const char = text[at] ?? '';
    if (open.length === 0 && char === sign) return at;
    // An attribute on the last line of its block ends with the block.
    if (open.length === 0 && sign === '\n' && char === '}') return at;
    if (char in PAIRS) open.push(PAIRS[char] ?? '');
    else if (open.at(-1) === char) open.pop();
    at += 1;
  }
  return text.length;
}

/** Returns the end of the quoted text or heredoc that begins here; the same place where none does. */
function skipText(text: string, start: number): number {
  if (text[start] === '"') return endOfQuoted(text, start);
  if (!text.startsWith('<<', start)) return start;
  const [begin, word] = /^<<-?([\w.-]+)[ \t]*\r?\n/.exec(text.slice(start, start + 200)) ?? [];
  if (begin === undefined || word === undefined) return start;
  const end = new RegExp(`^[ \\t]*${word.replace(/[.\\]/g, '\\$&')}[ \\t]*\\r?$`, 'm');
  const found = end.exec(text.slice(start + begin.length));
  return found === null ? text.length : start + begin.length + found.index + found[0].length;
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; ) {
    const char = text[at];
    if (char === '\\') at += 2;
    else if (char === '"') return at + 1;
    else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) at += 3;
    else if ((char === '$' || char === '%') && text[at + 1] === '{') at = endOf(text, at + 2, '}') + 1;
    else at += 1;
  }
  return text.length;
}

function withoutComments(text: string): string {
  let kept = '';
  for (let at = 0; at < text.length; ) {
    const next = skipText(text, at);
    if (next > at) {
      kept += text.slice(at, next);
      at = next;
    } else if (text[at] === '#' || text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else {
      kept += text[at];
      at += 1;
    }
  }
  return kept;
}
