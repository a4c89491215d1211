/**
 * Principals in policies of VPC endpoints. A gateway endpoint takes `*` alone: an account named there stands for its root
 * user, and no user or role can be named (those are for `aws:PrincipalArn`). At all other endpoints an account is
 * everybody in it, as elsewhere. Source: AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies",
 * "Principals for gateway endpoints".
 */
import type { Pattern, PrincipalElement, PrincipalPattern } from './ast.ts';

/** Returns the pattern as a gateway endpoint reads it: the root user in the place of an account. */
export function atGateway(pattern: PrincipalPattern): PrincipalPattern {
  if (pattern.kind === 'accounts') return rootUser(pattern.account);
  return pattern.kind === 'account' ? rootUser([{ kind: 'text', text: pattern.account }]) : pattern;
}

/** Returns the element as a gateway endpoint reads it; undefined iff that is how it reads or it is of no endpoint. */
export function asAtGateway(element: PrincipalElement): PrincipalElement | undefined {
  if (element.endpoint !== 'unknown' || !element.patterns.some(isAccount)) return undefined;
  return { ...element, patterns: element.patterns.map(atGateway) };
}

/** Returns the element without those whom a gateway endpoint's policy cannot name; undefined iff it names none such. */
export function withoutNamed(element: PrincipalElement): PrincipalElement | undefined {
  if (element.endpoint === undefined || !element.patterns.some(isNamed)) return undefined;
  return { ...element, patterns: element.patterns.filter((pattern) => !isNamed(pattern)) };
}

const ROOT: Pattern = [{ kind: 'text', text: 'root' }];

function rootUser(account: Pattern): PrincipalPattern {
  return { kind: 'entities', partition: [{ kind: 'star' }], service: 'iam', account, entity: ROOT };
}

function isAccount({ kind }: PrincipalPattern): boolean {
  return kind === 'account' || kind === 'accounts';
}

function isNamed(pattern: PrincipalPattern): boolean {
  const isRootUser = pattern.kind === 'entities' && pattern.entity === ROOT;
  return pattern.kind !== 'everyone' && !isAccount(pattern) && !isRootUser;
}
