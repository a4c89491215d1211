/** A model → a request. The inverse of how the encoder reads requests. */
import type { Request, RequestPrincipal } from '../evaluator/request.ts';
import type { Model } from '../formula/formula.ts';
import { LINKED_KEY_NAMES } from './encodeCondition.ts';

/** What the request must show beside its context. */
export type DecodeOptions = {
  /** False for identity policies, which are asked without a principal. */
  readonly withPrincipal: boolean;
  /** Add the keys that follow from the principal, where the policies test them. */
  readonly linkedKeys: ReadonlySet<string>;
};

/** Returns the request the model stands for. */
export function decodeModel(model: Model, options: DecodeOptions): Request {
  const { action, resource, principal } = model.scalars;
  const context: { [key: string]: readonly string[] } = { ...model.keys };
  if (!options.withPrincipal) return { action, resource, context };
  const decoded = decodePrincipal(principal);
  for (const key of LINKED_KEY_NAMES) {
    if (!options.linkedKeys.has(key)) continue;
    const value = linkedValue(key, decoded);
    if (value === undefined) delete context[key];
    else context[key] = [value];
  }
  return { principal: decoded.principal, action, resource, context };
}

type DecodedPrincipal = {
  readonly principal: RequestPrincipal;
  readonly arn: string | undefined;
  readonly session: string;
};

/** Returns who the text of the attribute `principal` stands for. */
export function decodePrincipal(value: string): DecodedPrincipal {
  const colon = value.indexOf(':');
  const kind = value.slice(0, colon);
  const rest = value.slice(colon + 1);
  switch (kind) {
    case 'Anonymous':
      return { principal: { type: 'Anonymous', value: '' }, arn: undefined, session: '' };
    case 'AWSID':
      return { principal: { type: 'AWS', value: rest }, arn: undefined, session: '' };
    case 'Service':
    case 'Federated':
    case 'CanonicalUser':
      return { principal: { type: kind, value: rest }, arn: undefined, session: '' };
    default: {
      const split = rest.indexOf(':');
      const session = rest.slice(0, split);
      const arn = rest.slice(split + 1);
      return {
        principal: { type: 'AWS', value: session === '' ? arn : sessionArn(arn, session) },
        arn,
        session,
      };
    }
  }
}

function sessionArn(roleArn: string, session: string): string {
  const [arn, partition, , , account, ...entity] = roleArn.split(':');
  const name = entity.join(':').split('/').at(-1) ?? '';
  return `${arn}:${partition}:sts::${account}:assumed-role/${name}/${session}`;
}

/** The value of a key that follows from the principal; undefined when the key is absent for it. */
function linkedValue(key: string, { principal, arn }: DecodedPrincipal): string | undefined {
  switch (key) {
    case 'aws:principalarn':
      return arn;
    case 'aws:principalaccount':
      return arn?.split(':')[4];
    case 'aws:principalisawsservice':
      return String(principal.type === 'Service' && /\.amazonaws\.com(\.cn)?$/.test(principal.value));
    default: {
      if (principal.type === 'Anonymous') return 'Anonymous';
      const entity = arn?.split(':').slice(5).join(':') ?? '';
      if (entity === 'root') return 'Account';
      if (entity.startsWith('user/')) return 'User';
      if (entity.startsWith('federated-user/')) return 'FederatedUser';
      return entity.startsWith('role/') ? 'AssumedRole' : undefined;
    }
  }
}
