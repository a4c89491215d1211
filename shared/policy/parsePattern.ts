/** Text with wildcards and variables → patterns. */
import type { ArnPattern, Pattern, PatternToken } from './ast.ts';

/** What is special in a text. */
type PatternSyntax = {
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  /** `${…}` is a variable (policies of version 2012-10-17). */
  readonly variables: boolean;
};

/** The text is not a pattern: one lower-case sentence that says why. */
export type PatternProblem = { readonly problem: string };

const VARIABLE = /^([^\s,'${}]+(?: [^\s,'${}]+)*)\s*(?:,\s*'([^']*)'\s*)?$/;
/** `${*}`, `${?}` and `${$}` are the characters themselves. */
const LITERALS: ReadonlySet<string> = new Set(['*', '?', '$']);

/** Returns the pattern, or what is wrong with its variables. Source: IAM User Guide, "Policy variables". */
export function parsePattern(text: string, syntax: PatternSyntax): Pattern | PatternProblem {
  // Most texts hold nothing special.
  if (!SPECIAL.test(text)) return text === '' ? [] : [{ kind: 'text', text }];
  const tokens: PatternToken[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') tokens.push({ kind: 'text', text: literal });
    literal = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (syntax.wildcards && char === '*') {
      flush();
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (syntax.wildcards && char === '?') {
      flush();
      tokens.push({ kind: 'question' });
    } else if (syntax.variables && char === '$' && text[at + 1] === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) return { problem: `variable \`${excerpt(text.slice(at))}\` is not closed; add \`}\`` };
      // The Secrets Manager guide writes spaces there.
      const inner = text.slice(at + 2, end).trim();
      if (LITERALS.has(inner)) {
        literal += inner;
      } else {
        const [, key, defaultText] = VARIABLE.exec(inner) ?? [];
        if (key === undefined) {
          return {
            problem: `variable \`${excerpt(text.slice(at, end + 1))}\` is malformed; write \${key} or \${key, 'default'}`,
          };
        }
        flush();
        tokens.push({
          kind: 'variable',
          key: key.toLowerCase(),
          ...(defaultText === undefined ? {} : { defaultText }),
        });
      }
      at = end;
    } else {
      literal += char;
    }
  }
  flush();
  return tokens;
}

const SPECIAL = /[*?$]/;

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Returns an action pattern; actions hold no variables. */
export function parseActionPattern(text: string): Pattern {
  return asPattern(parsePattern(text, { wildcards: true, variables: false }));
}

/**
 * Returns the six patterns of an ARN pattern, split at the first five colons outside variables; fewer parts are
 * completed with `*` when the text ends in one, else undefined: it matches nothing.
 */
export function parseArnParts(text: string, variables: boolean): ArnPattern | PatternProblem | undefined {
  const fields = splitArnText(text, variables);
  // A text that matches nothing is still read: a malformed variable in it is a problem, not a warning.
  const matchesNothing = fields.length < 6 && !text.endsWith('*');
  while (fields.length < 6) fields.push('*');
  const parts = parseArnFields(fields, variables);
  return matchesNothing && !('problem' in parts) ? undefined : parts;
}

/** Returns the patterns of six fields, each read by itself. */
export function parseArnFields(fields: readonly string[], variables: boolean): ArnPattern | PatternProblem {
  const parts: Pattern[] = [];
  for (const field of fields) {
    const pattern = parsePattern(field, { wildcards: true, variables });
    if ('problem' in pattern) return pattern;
    parts.push(pattern);
  }
  const [a = [], b = [], c = [], d = [], e = [], f = []] = parts;
  return [a, b, c, d, e, f];
}

/** Returns the one pattern of the fields of an ARN with the colons between them. */
export function joinFields(parts: readonly Pattern[]): Pattern {
  return parts.flatMap((part, index) =>
    index === 0 ? part : [{ kind: 'text', text: ':' } as const, ...part],
  );
}

/** Returns the fields of an ARN pattern: split at the first five colons outside variables. */
export function splitArnText(text: string, variables: boolean): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length && parts.length < 5; at++) {
    if (variables && text[at] === '$' && text[at + 1] === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) break;
      at = end;
    } else if (text[at] === ':') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function asPattern(pattern: Pattern | PatternProblem): Pattern {
  return 'problem' in pattern ? [] : pattern;
}
