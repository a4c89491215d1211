/**
 * The part of a set that can matter to one statement: what is left out can match none of its requests. Actions tell it
 * cheaply, since nearly all of them name their service.
 */
import { foldText } from '../encoder/encodePattern.ts';
import type { Pattern, Statement } from '../policy/ast.ts';
import { foldChar } from '../policy/foldChar.ts';
import { mapPolicies, type PolicySet } from '../policy/policySet.ts';

/** Returns the set without the actions, and then the statements, that share no action with the given statement. */
export function nearby(set: PolicySet, { action }: Statement): PolicySet {
  const wanted = action.negated ? undefined : wantedActions(action.patterns);
  if (wanted === undefined) return set;
  const cut = (other: Statement): Statement | undefined => {
    if (other.action.negated) return other;
    const patterns = other.action.patterns.filter((pattern) => mayMeet(pattern, wanted));
    if (patterns.length === 0) return undefined;
    return patterns.length === other.action.patterns.length
      ? other
      : { ...other, action: { negated: false, patterns } };
  };
  return mapPolicies(set, (policy) => ({
    ...policy,
    statements: policy.statements.flatMap((other) => cut(other) ?? []),
  }));
}

/** Folded, as actions compare. */
type Wanted = {
  /** First letters of all of them: most other actions begin with another. */
  readonly initials: ReadonlySet<number>;
  readonly names: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  /** Texts before the first wildcard, the service in them. */
  readonly prefixes: readonly string[];
};

/** Undefined when one of them names no service: then any action may meet it. */
function wantedActions(patterns: readonly Pattern[]): Wanted | undefined {
  const initials = new Set<number>();
  const names = new Set<string>();
  const services = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    const folded = serviceText(pattern);
    if (folded === undefined) return undefined;
    initials.add(folded.charCodeAt(0));
    services.add(folded.slice(0, folded.indexOf(':')));
    if (pattern.length === 1) names.add(folded);
    else prefixes.push(folded);
  }
  return { initials, names, services, prefixes };
}

/** The pattern's literal beginning, when that holds its service. */
function serviceText(pattern: Pattern): string | undefined {
  const token = pattern[0];
  return token?.kind === 'text' && token.text.includes(':') ? foldText(token.text) : undefined;
}

function mayMeet(pattern: Pattern, { initials, names, services, prefixes }: Wanted): boolean {
  const token = pattern[0];
  if (token?.kind !== 'text') return true;
  if (!initials.has(foldChar(token.text.charCodeAt(0)))) return false;
  const folded = serviceText(pattern);
  if (folded === undefined) return true;
  if (pattern.length > 1) return services.has(folded.slice(0, folded.indexOf(':')));
  return names.has(folded) || prefixes.some((prefix) => folded.startsWith(prefix));
}
