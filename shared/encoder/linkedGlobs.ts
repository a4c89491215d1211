/** Patterns of linked keys as patterns of the principal's text: kept inside their part, and told of constants. */
import { and, FALSE, not, or, PART, REST, someOtherValue, someValue, TRUE, text } from '../formula/build.ts';
import type { CharClass, Formula, Glob, GlobToken } from '../formula/formula.ts';
import type { Comparison, Decimal } from '../policy/ast.ts';

/** A name of a user, or of a session. */
export const NAME: Glob = [
  { kind: 'one', of: 'notSlashOrColon' },
  { kind: 'star', of: 'notSlashOrColon' },
];

/** Returns what is said of each glob as a part of the principal's text: neither its wildcards nor its variables leave the part. */
export function inParts(globs: readonly Glob[], separator: '/' | ':', say: (glob: Glob) => Formula): Formula {
  const of = separator === '/' ? 'notSlashOrColon' : 'notColon';
  return or(
    globs.map((glob) => {
      const inPart = withWildcards(glob, of);
      const keys = glob.flatMap((token) => (token.kind === 'variable' ? [token.key] : []));
      const leaving = [
        [REST, ...text(':'), REST],
        ...(separator === '/' ? [[REST, ...text('/'), REST]] : []),
      ];
      return and([say(inPart), ...keys.map((key) => not(someValue(key, { kind: 'text', globs: leaving })))]);
    }),
  );
}

/** Returns every way in which a text with one colon, and no slash behind it, can match the glob (no variables). */
export function splitAtColon(glob: Glob): { readonly before: Glob; readonly after: Glob }[] {
  const splits = glob.flatMap((token, index) => {
    const [head, tail] = [glob.slice(0, index), glob.slice(index + 1)];
    if (token.kind === 'text') {
      return [...token.text.matchAll(/:/g)].map(({ index: at }) => ({
        before: [...head, ...withText(token, token.text.slice(0, at))],
        after: [...withText(token, token.text.slice(at + 1)), ...tail],
      }));
    }
    if (token.kind === 'star') return [{ before: [...head, token], after: [token, ...tail] }];
    return token.kind === 'one' ? [{ before: head, after: tail }] : [];
  });
  return splits
    .filter(({ before, after }) => !holdsText(before, /:/) && !holdsText(after, /[:/]/))
    .map(({ before, after }) => ({
      before: withWildcards(before, 'notColon'),
      after: withWildcards(after, 'notSlashOrColon'),
    }));
}

function withText(token: Extract<GlobToken, { kind: 'text' }>, text: string): Glob {
  return text === '' ? [] : [{ ...token, text }];
}

function holdsText(glob: Glob, form: RegExp): boolean {
  return glob.some((token) => token.kind === 'text' && form.test(token.text));
}

/** The glob with wildcards that stand for such characters only. */
function withWildcards(glob: Glob, of: CharClass): Glob {
  return glob.map((token) =>
    token.kind === 'star' || token.kind === 'one' ? { kind: token.kind, of } : token,
  );
}

/** Returns a pattern of the principal's ARN with the variables that name the same principal read as what they stand for; `ofUser`: of users only. */
export function resolveOwn(glob: Glob): { readonly glob: Glob; readonly ofUser: boolean } {
  let colons: number | undefined = 0;
  let ofUser = false;
  const resolved = glob.flatMap((token, index): readonly GlobToken[] => {
    const before = glob[index - 1];
    const after = glob[index + 1];
    if (token.kind === 'text') {
      if (colons !== undefined) colons += token.text.split(':').length - 1;
      return [token];
    }
    if (token.kind !== 'variable') {
      if (token.of === 'any') colons = undefined;
      return [token];
    }
    const isAccount =
      token.key === 'aws:principalaccount' &&
      colons === 4 &&
      before?.kind === 'text' &&
      before.text.endsWith(':') &&
      after?.kind === 'text' &&
      after.text.startsWith(':');
    if (isAccount) return [PART];
    const isName =
      token.key === 'aws:username' &&
      after === undefined &&
      before?.kind === 'text' &&
      before.text.endsWith('/') &&
      glob.some((other) => other.kind === 'text' && other.text.includes(':user/'));
    if (isName) {
      ofUser = true;
      return NAME;
    }
    colons = undefined;
    return [token];
  });
  return isVariable(glob, 'aws:principalarn') ? { glob: [REST], ofUser } : { glob: resolved, ofUser };
}

/** Returns the accounts that compare so with a number: of twelve digits each, they are in the order of their texts. */
export function accountsBy(comparison: Comparison, { units, scale }: Decimal): Glob[] {
  const power = 10n ** BigInt(scale);
  const whole = units / power - (units < 0n && units % power !== 0n ? 1n : 0n);
  const isWhole = whole * power === units;
  const ANY = accountDigits('');
  if (whole < 0n) return comparison.startsWith('>') ? [ANY] : [];
  if (whole >= 10n ** 12n) return comparison.startsWith('<') ? [ANY] : [];
  const bound = String(whole).padStart(12, '0');
  const globs: Glob[] = [];
  // Below a number with a fraction lies its whole part, too.
  if (isWhole ? comparison.endsWith('=') : comparison.startsWith('<')) globs.push(text(bound));
  if (comparison === '=') return globs;
  for (let at = 0; at < bound.length; at++) {
    const own = Number(bound[at]);
    for (let digit = 0; digit < 10; digit++) {
      if (comparison.startsWith('<') ? digit < own : digit > own)
        globs.push(accountDigits(`${bound.slice(0, at)}${digit}`));
    }
  }
  return globs;
}

function accountDigits(start: string): Glob {
  return [
    ...text(start),
    ...Array.from({ length: 12 - start.length }, () => ({ kind: 'one', of: 'digit' }) as const),
  ];
}

/** Returns true iff the glob is just the variable of that key. */
export function isVariable(glob: Glob, key: string): boolean {
  const [token, ...others] = glob;
  return token?.kind === 'variable' && token.key === key && others.length === 0;
}

/** Returns true iff some token of the glob is a variable. */
export function hasVariable(glob: Glob): boolean {
  return glob.some(({ kind }) => kind === 'variable');
}

/** Returns a formula that is true iff the glob, which is one variable or has none, matches the constant. */
export function isConstant(glob: Glob, constant: string): Formula {
  const [token] = glob;
  if (token?.kind !== 'variable') return matchesConstant(glob, constant) ? TRUE : FALSE;
  const test = { kind: 'text', globs: [text(constant, token.foldCase)] } as const;
  return and([someValue(token.key, test), not(someOtherValue(token.key, test))]);
}

/** Returns true iff the glob (no variables) matches the constant, which is plain ASCII. */
export function matchesConstant(glob: Glob, constant: string): boolean {
  let starts = new Set([0]);
  for (const token of glob) {
    const next = new Set<number>();
    for (const start of starts) {
      if (token.kind === 'text') {
        const end = start + token.text.length;
        const piece = constant.slice(start, end);
        const equal = token.foldCase
          ? piece.toLowerCase() === token.text.toLowerCase()
          : piece === token.text;
        if (equal) next.add(end);
      } else if (token.kind === 'one' && start < constant.length) {
        next.add(start + 1);
      } else if (token.kind === 'star') {
        for (let end = start; end <= constant.length; end++) next.add(end);
      }
    }
    starts = next;
  }
  return starts.has(constant.length);
}
