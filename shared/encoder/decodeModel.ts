/** A model → a request. The inverse of how the encoder reads requests. */

import type { Request, RequestPrincipal } from '../evaluator/request.ts';
import type { Model } from '../formula/formula.ts';
import { parseArn } from '../policy/arn.ts';
import { ID, PARTS_OF_USER_ID, USERID } from './linkedUserId.ts';

/** What the request must show beside its context. */
type DecodeOptions = {
  /** False for identity policies, which are asked without a principal. */
  readonly withPrincipal: boolean;
  /** Keys that follow from the principal and the resource, where the policies speak of them. */
  readonly linkedKeys: ReadonlySet<string>;
};

/** Returns the request the model stands for. */
export function decodeModel(model: Model, { withPrincipal, linkedKeys }: DecodeOptions): Request {
  const { action, resource, principal } = model.scalars;
  const context: { [key: string]: readonly string[] } = { ...model.keys };
  for (const key of PARTS_OF_USER_ID) delete context[key];
  if (!withPrincipal) return { action, resource, context };
  const decoded = decodePrincipal(principal);
  for (const key of linkedKeys) {
    const value = key === USERID ? userIdOf(principal, decoded, model) : linkedValue(key, decoded, model);
    if (value === 'any') continue;
    if (value === undefined) delete context[key];
    else context[key] = [value];
  }
  return { principal: decoded.principal, action, resource, context };
}

type DecodedPrincipal = {
  readonly principal: RequestPrincipal;
  readonly arn: string | undefined;
};

/** Returns who the text of the attribute `principal` stands for. */
function decodePrincipal(value: string): DecodedPrincipal {
  const colon = value.indexOf(':');
  const kind = value.slice(0, colon);
  const rest = value.slice(colon + 1);
  switch (kind) {
    case 'Anonymous':
      return { principal: { type: 'Anonymous', value: '' }, arn: undefined };
    case 'AWSID':
      return { principal: { type: 'AWS', value: rest }, arn: undefined };
    case 'Service':
    case 'Federated':
    case 'CanonicalUser':
      return { principal: { type: kind, value: rest }, arn: undefined };
    default: {
      const split = rest.indexOf(':');
      const session = rest.slice(0, split);
      const arn = rest.slice(split + 1);
      if (session === '') return { principal: { type: 'AWS', value: arn }, arn };
      const { partition, service, accountId: account } = parseArn(arn);
      return service === 'sts'
        ? {
            principal: { type: 'AWS', value: arn, sessionOf: `arn:${partition}:iam::${account}:${session}` },
            arn,
          }
        : { principal: { type: 'AWS', value: sessionArn(arn, session) }, arn };
    }
  }
}

function sessionArn(roleArn: string, session: string): string {
  const { partition, accountId, resource } = parseArn(roleArn);
  const name = resource.split('/').at(-1) ?? '';
  return `arn:${partition}:sts::${accountId}:assumed-role/${name}/${session}`;
}

/** An id where the question leaves it open. */
const SOME_ID = { role: 'AROACKCEVSQ6C2EXAMPLE', user: 'AIDACKCEVSQ6C2EXAMPLE' };

/** The user id, of which the model may hold what the principal does not. */
function userIdOf(text: string, { principal, arn }: DecodedPrincipal, { keys }: Model): string | undefined {
  if (principal.type === 'Anonymous') return 'anonymous';
  const id = keys[ID]?.[0];
  if (principal.type === 'Federated') return id;
  if (principal.type !== 'AWS') return undefined;
  if (arn === undefined) return id ?? principal.value;
  const { service, accountId, resource } = parseArn(arn);
  if (resource === 'root') return accountId;
  if (service === 'sts') return `${accountId}:${resource.split('/')[1]}`;
  if (!resource.startsWith('role/')) return id ?? SOME_ID.user;
  const session = text.slice('AWS:'.length, text.indexOf(':arn:'));
  return session === '' ? (id ?? `${SOME_ID.role}:example`) : `${id ?? SOME_ID.role}:${session}`;
}

/** The value of a key that follows from the principal; undefined when the key is absent for it, `any` where it does not follow. */
function linkedValue(
  key: string,
  { principal, arn }: DecodedPrincipal,
  { keys, scalars: { resource } }: Model,
): string | undefined {
  const { accountId: account, resource: entity } = parseArn(arn ?? '');
  const isAnonymous = principal.type === 'Anonymous';
  switch (key) {
    case 'aws:principalarn':
      return arn;
    case 'aws:principalaccount':
      return isAnonymous ? 'anonymous' : arn && account;
    case 'aws:username':
      return entity.startsWith('user/') ? entity.split('/').at(-1) : undefined;
    case 'aws:principalisawsservice':
      return isAnonymous ? undefined : String(isAwsService(principal));
    case 'aws:principalservicename':
      return isAwsService(principal) ? principal.value : undefined;
    case 'aws:principaltype':
      if (isAnonymous) return 'Anonymous';
      // The id says whether it shows what a session does.
      if (principal.type === 'Federated') return keys[ID] === undefined ? undefined : 'AssumedRole';
      if (entity === 'root') return 'Account';
      if (entity.startsWith('user/')) return 'User';
      if (entity.startsWith('federated-user/')) return 'FederatedUser';
      return entity.startsWith('role/') ? 'AssumedRole' : undefined;
    case 'aws:resourceaccount': {
      const owner = parseArn(resource).accountId;
      return /^\d{12}$/.test(owner) ? owner : 'any';
    }
    default:
      return 'any';
  }
}

function isAwsService({ type, value }: RequestPrincipal): boolean {
  return type === 'Service' && /^.+\.amazonaws\.com(\.cn)?$/su.test(value);
}
