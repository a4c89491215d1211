/**
 * Resources that a service writes in a form of its own and turns into ARNs when it saves the policy. Who the policy's
 * owner is, its text does not say: the same unknown Region, account and name stand for it in every document.
 */
import type { ArnPattern, Pattern, PolicyType } from './ast.ts';

type Dialect = {
  readonly policyType: PolicyType;
  /** How such a text begins; what follows is kept. */
  readonly prefix: string;
  /** The ARN that the beginning stands for. */
  readonly arn: string;
};

const OWN_REGION = 'this-region';
const OWN_ACCOUNT = 'this-account';
const OWN_API = 'this-api';

const DIALECTS: readonly Dialect[] = [
  // Source: API Gateway Developer Guide, "API Gateway resource policy examples" and `x-amazon-apigateway-policy`.
  {
    policyType: 'RESOURCE_POLICY',
    prefix: 'execute-api:/',
    arn: `arn:aws:execute-api:${OWN_REGION}:${OWN_ACCOUNT}:${OWN_API}/`,
  },
];

/**
 * Returns the ARN that a service makes of the text; undefined iff the text is in no form of a service's own. `owner` is
 * the beginning of that ARN up to its `/`, where it is known whose policy it is.
 */
export function expandDialect(text: string, policyType: PolicyType, owner?: string): string | undefined {
  for (const { policyType: type, prefix, arn } of DIALECTS) {
    if (type === policyType && text.startsWith(prefix))
      return (owner === undefined ? arn : `${owner}/`) + text.slice(prefix.length);
  }
  return undefined;
}

/** Returns true iff the ARN is one of the API that nobody knows. */
export function isOfUnknownApi([, , , region]: ArnPattern): boolean {
  return literalOf(region) === OWN_REGION;
}

/** Returns the same part of the API that a policy's short form speaks of; undefined iff the ARN is of no one API. */
export function asOwnApi(parts: ArnPattern): ArnPattern | undefined {
  const [arn, partition, service, , , rest] = parts;
  const [head, ...others] = rest;
  if (literalOf(service) !== 'execute-api' || head?.kind !== 'text') return undefined;
  const slash = head.text.indexOf('/');
  if (slash < 0) return undefined;
  const text = (value: string): Pattern => [{ kind: 'text', text: value }];
  const path: Pattern = [{ kind: 'text', text: OWN_API + head.text.slice(slash) }, ...others];
  return [arn, partition, service, text(OWN_REGION), text(OWN_ACCOUNT), path];
}

function literalOf([token, ...others]: Pattern): string | undefined {
  return token?.kind === 'text' && others.length === 0 ? token.text : undefined;
}
