/** The text attributes of a request in SMT-LIB: `resource` and `principal` in parts, which solvers decide far sooner. */
import type { Glob, GlobToken, ScalarAttribute } from './formula.ts';
import { allOf, anyOf, inGlobs, literal, type NameOf, NoScript } from './smtText.ts';

/** The parts of an ARN after `arn`. */
export const RESOURCE_PARTS = [
  'resource_partition',
  'resource_service',
  'resource_region',
  'resource_account',
  'resource_rest',
] as const;

/** `AWS:<session>:arn:<partition>:<service>:<region>:<account>:<entity>` without its fixed parts. */
export const PRINCIPAL_PARTS = [
  'principal_session',
  'principal_partition',
  'principal_service',
  'principal_region',
  'principal_account',
  'principal_entity',
] as const;

/** Those of both that hold no colon: all but the last of each. */
export const PARTS_WITHOUT_COLON: readonly string[] = [
  ...RESOURCE_PARTS.slice(0, -1),
  ...PRINCIPAL_PARTS.slice(0, -1),
];

/** Returns that the part matches the glob. Of a part that holds no colon, that is not said again: it costs Z3 most. */
function inPart(name: string, glob: Glob, nameOf: NameOf): string {
  const [token] = glob;
  const isAnyPart = glob.length === 1 && token?.kind === 'star' && token.of === 'notColon';
  return isAnyPart && PARTS_WITHOUT_COLON.includes(name) ? 'true' : inGlobs(name, [glob], nameOf);
}

/** Returns that the attribute's text matches one of the globs. */
export function inScalar(attribute: ScalarAttribute, globs: readonly Glob[], nameOf: NameOf): string {
  if (attribute === 'action') return inGlobs(attribute, globs, nameOf);
  return anyOf(
    globs.map((glob) => {
      const [token] = glob;
      if (attribute === 'principal') return inPrincipal(glob, nameOf);
      if (glob.length === 1 && token?.kind === 'text' && token.text === '*') return 'resource_is_star';
      const parts = splitParts(glob, 6);
      const [head = []] = parts;
      if (parts.length !== 6) throw new NoScript('a resource pattern does not split into six parts');
      if (!matchesArn(head)) return 'false';
      return allOf([
        '(not resource_is_star)',
        ...RESOURCE_PARTS.map((part, index) => inPart(part, parts[index + 1] ?? [], nameOf)),
      ]);
    }),
  );
}

/** A principal by its parts where the glob shows them, by its whole text where a wildcard crosses them. */
function inPrincipal(glob: Glob, nameOf: NameOf): string {
  const [token, rest] = glob;
  const kind = token?.kind === 'text' ? token.text.slice(0, token.text.indexOf(':')) : '';
  if (token?.kind !== 'text' || kind === '') return inGlobs('principal', [glob], nameOf);
  const isKind = `(= principal_kind ${literal(kind)})`;
  if (kind !== 'AWS') {
    const [, ...value] = splitParts(glob, 2);
    return allOf([isKind, inGlobs('principal_value', value, nameOf)]);
  }
  if (glob.length === 2 && token.text === 'AWS:' && rest?.kind === 'star' && rest.of === 'any') return isKind;
  const [, session = [], arn = [], ...others] = splitParts(glob, 8);
  if (others.length !== 5) return inGlobs('principal', [glob], nameOf);
  if (!matchesArn(arn)) return 'false';
  const parts = [session, ...others];
  return allOf([isKind, ...PRINCIPAL_PARTS.map((name, index) => inPart(name, parts[index] ?? [], nameOf))]);
}

/** The globs between the first `count - 1` colons that stand as text; fewer parts when there are fewer colons. */
function splitParts(glob: Glob, count: number): Glob[] {
  const parts: GlobToken[][] = [[]];
  for (const token of glob) {
    // A wildcard over any character may cross a colon: from there on the parts are not to be told apart.
    if (
      token.kind !== 'text' &&
      parts.length < count &&
      (token.kind === 'variable' ? false : token.of === 'any')
    )
      return [];
    if (token.kind !== 'text') {
      parts.at(-1)?.push(token);
      continue;
    }
    let { text } = token;
    while (parts.length < count && text.includes(':')) {
      const colon = text.indexOf(':');
      if (colon > 0) parts.at(-1)?.push({ ...token, text: text.slice(0, colon) });
      parts.push([]);
      text = text.slice(colon + 1);
    }
    if (text !== '') parts.at(-1)?.push({ ...token, text });
  }
  return parts;
}

/** True iff the glob of the first part matches `arn`. */
function matchesArn(glob: Glob): boolean {
  let ends = new Set([0]);
  for (const token of glob) {
    const next = new Set<number>();
    for (const start of ends) {
      if (token.kind === 'text') {
        if ('arn'.startsWith(token.text, start)) next.add(start + token.text.length);
      } else if (token.kind === 'one') next.add(start + 1);
      else for (let end = start; end <= 3; end++) next.add(end);
    }
    ends = next;
  }
  return ends.has(3);
}
