/**
 * The part of a set that can matter to one statement: what is left out can match none of its requests. Actions tell it
 * cheaply, since nearly all of them name their service.
 */
import { foldText } from '../encoder/encodePattern.ts';
import type { Pattern, Statement } from '../policy/ast.ts';
import type { PolicySet } from './verdict.ts';

/** Returns a function from a statement to the set without the actions, and statements, that share no action with it. */
export function nearby(set: PolicySet): (statement: Statement) => PolicySet {
  const indices = new Map<Statement, ActionIndex>();
  const indexOf = (statement: Statement) => {
    let index = indices.get(statement);
    if (index === undefined) {
      index = indexActions(statement.action.patterns);
      indices.set(statement, index);
    }
    return index;
  };
  return (statement) => {
    if (statement.action.negated) return set;
    const wanted = indexActions(statement.action.patterns);
    if (wanted.ofAnyService.length > 0) return set;
    const cut = (other: Statement): Statement | undefined => {
      if (other.action.negated) return other;
      const patterns = meeting(indexOf(other), wanted);
      if (patterns.length === 0) return undefined;
      return patterns.length === other.action.patterns.length
        ? other
        : { ...other, action: { negated: false, patterns } };
    };
    const cutAll = (documents: PolicySet['policies']) =>
      documents.map(({ name, policy }) => ({
        name,
        policy: { ...policy, statements: policy.statements.flatMap((other) => cut(other) ?? []) },
      }));
    return {
      policies: cutAll(set.policies),
      ...(set.boundary === undefined ? {} : { boundary: cutAll(set.boundary) }),
    };
  };
}

type ServiceActions = {
  /** Plain names, folded, with their patterns. */
  readonly names: Map<string, Pattern>;
  /** The others, with the folded text before their first wildcard. */
  readonly patterns: { readonly prefix: string; readonly pattern: Pattern }[];
};

type ActionIndex = {
  readonly byService: Map<string, ServiceActions>;
  /** Those whose service is not plain text. */
  readonly ofAnyService: Pattern[];
};

function indexActions(actions: readonly Pattern[]): ActionIndex {
  const index: ActionIndex = { byService: new Map(), ofAnyService: [] };
  let service = '';
  let group: ServiceActions | undefined;
  for (const pattern of actions) {
    const [token] = pattern;
    const colon = token?.kind === 'text' ? token.text.indexOf(':') : -1;
    if (token?.kind !== 'text' || colon < 0) {
      index.ofAnyService.push(pattern);
      continue;
    }
    const folded = foldText(token.text);
    const itsService = folded.slice(0, colon);
    // Lists are sorted, mostly: the group is the one before.
    if (group === undefined || itsService !== service) {
      service = itsService;
      group = index.byService.get(service);
      if (group === undefined) {
        group = { names: new Map(), patterns: [] };
        index.byService.set(service, group);
      }
    }
    if (pattern.length === 1) group.names.set(folded, pattern);
    else group.patterns.push({ prefix: folded, pattern });
  }
  return index;
}

/** The patterns of `index` that may match an action of `wanted`, which names all its services. */
function meeting(index: ActionIndex, wanted: ActionIndex): Pattern[] {
  const found = [...index.ofAnyService];
  for (const [service, mine] of wanted.byService) {
    const others = index.byService.get(service);
    if (others === undefined) continue;
    for (const { pattern } of others.patterns) found.push(pattern);
    if (mine.patterns.length === 0) {
      for (const name of mine.names.keys()) {
        const pattern = others.names.get(name);
        if (pattern !== undefined) found.push(pattern);
      }
    } else {
      for (const [name, pattern] of others.names)
        if (mine.names.has(name) || mine.patterns.some(({ prefix }) => name.startsWith(prefix)))
          found.push(pattern);
    }
  }
  return found;
}
