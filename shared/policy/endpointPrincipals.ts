/**
 * Principals in policies of VPC endpoints. A gateway endpoint takes `*` alone: to an account that is named there access is
 * "granted to the AWS account root user only", and no user or role can be named (those are for `aws:PrincipalArn`). What
 * an account in a Deny or in `NotPrincipal` is there, AWS does not say. At all other endpoints an account is everybody in
 * it, as elsewhere. Source: AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies", "Principals
 * for gateway endpoints".
 */
import type { Pattern, PrincipalElement, PrincipalPattern, Statement } from './ast.ts';

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

/** Returns the element with everybody of an account of which AWS does not say who it is at a gateway; undefined iff it has none. */
export function asEverybody(
  element: PrincipalElement,
  effect: Statement['effect'],
): PrincipalElement | undefined {
  if (!isSilent(element, effect) || !element.patterns.some(isRootUser)) return undefined;
  const patterns = element.patterns.map((pattern) =>
    isRootUser(pattern) ? ({ kind: 'accounts', account: pattern.account } as const) : pattern,
  );
  return { ...element, patterns };
}

/** Returns the element without those whom a gateway endpoint's policy cannot name; undefined iff it names none such. */
export function withoutNamed(
  element: PrincipalElement,
  effect: Statement['effect'],
): PrincipalElement | undefined {
  const isNobody = (pattern: PrincipalPattern) =>
    isRootUser(pattern) ? isSilent(element, effect) : pattern.kind !== 'everyone' && !isAccount(pattern);
  if (element.endpoint === undefined || !element.patterns.some(isNobody)) return undefined;
  return { ...element, patterns: element.patterns.filter((pattern) => !isNobody(pattern)) };
}

/** True iff AWS does not say who an account is there. */
function isSilent({ endpoint, negated }: PrincipalElement, effect: Statement['effect']): boolean {
  return endpoint === 'gateway' && (negated || effect === 'Deny');
}

const ROOT: Pattern = [{ kind: 'text', text: 'root' }];

function rootUser(account: Pattern): PrincipalPattern {
  return { kind: 'entities', partition: [{ kind: 'star' }], service: 'iam', account, entity: ROOT };
}

function isAccount({ kind }: PrincipalPattern): boolean {
  return kind === 'account' || kind === 'accounts';
}

function isRootUser(pattern: PrincipalPattern): pattern is Extract<PrincipalPattern, { kind: 'entities' }> {
  return pattern.kind === 'entities' && pattern.entity === ROOT;
}
