/** Principal elements. Source: IAM User Guide, "AWS JSON policy elements: Principal". */
import type { PrincipalPattern } from './ast.ts';
import { parseActionPattern } from './parsePattern.ts';

const ACCOUNT = /^\d{12}$/;
/** Unique ids: a letter run that tells the kind, then capitals and digits. Source: IAM User Guide, "IAM identifiers". */
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{8,124}$/;
const KINDS = ['Service', 'Federated', 'CanonicalUser'] as const;

type PrincipalKind = 'AWS' | (typeof KINDS)[number];

/** Returns the kind of that name, or undefined. */
export function principalKind(name: string): PrincipalKind | undefined {
  return name === 'AWS' ? name : KINDS.find((kind) => kind === name);
}

/** Returns the pattern of one value, or one sentence that says what is wrong with it. */
export function parsePrincipalValue(kind: PrincipalKind, value: string): PrincipalPattern | string {
  if (kind !== 'AWS') {
    if (value === '') return `\`${kind}\` names nobody; give a value`;
    return value !== '*' && /[*?]/.test(value) ? wildcard(value) : { kind, value };
  }
  if (value === '*') return { kind: 'everyone' };
  if (/[*?]/.test(value)) return wildcard(value);
  if (ACCOUNT.test(value)) return { kind: 'account', account: value };
  if (UNIQUE_ID.test(value)) return { kind: 'uniqueId', id: value };
  return (
    parsePrincipalArn(value) ??
    `\`${value}\` is not a principal; write an account id, an ARN, a unique id or \`*\``
  );
}

/** Entities that can be a principal. Source: IAM User Guide, "AWS JSON policy elements: Principal". */
const ENTITIES = /^(iam:(user|role)|sts:(assumed-role|federated-user))\//;

/**
 * Returns why AWS takes no such principal, though it reads as one: what is wrong with it, a sentence after its name;
 * undefined iff it takes it. In origin access identities `cloudfront` stands for an account.
 */
export function principalRefusal(pattern: PrincipalPattern): string | undefined {
  const { account } = 'account' in pattern ? pattern : { account: undefined };
  if (typeof account !== 'string') return undefined;
  if (!ACCOUNT.test(account) && account !== 'cloudfront')
    return `names an account of \`${account}\`; an account has twelve digits`;
  if (pattern.kind !== 'entity') return undefined;
  const { service, entity } = pattern;
  if (ENTITIES.test(`${service}:${entity}`)) return undefined;
  const kind = entity.slice(0, entity.indexOf('/'));
  return `names a \`${kind}\`, which cannot be a principal; name users, roles or accounts`;
}

/**
 * Returns the pattern of a value with wildcards, or one sentence that says what is wrong with it. AWS takes such in a
 * document that another is compared with, and nowhere else. Source: IAM User Guide, "IAM Access Analyzer custom policy checks".
 */
export function parsePrincipalPattern(kind: PrincipalKind, value: string): PrincipalPattern | string {
  const read = (text: string) => parseActionPattern(text);
  if (kind !== 'AWS') return { kind: 'values', of: kind, pattern: read(value) };
  if (/^[\d*?]+$/.test(value)) return { kind: 'accounts', account: read(value) };
  const [arn, partition = '', service, region, account = '', ...rest] = value.split(':');
  const entity = rest.join(':');
  const isOfIam = service === 'iam' || service === 'sts';
  if (arn !== 'arn' || !isOfIam || region !== '' || account === '' || entity === '')
    return `\`${value}\` is not a principal; write an ARN of iam or sts`;
  if (entity === 'root') return { kind: 'accounts', account: read(account) };
  const [, role] = /^role\/([^/]+)$/.exec(service === 'iam' ? entity : '') ?? [];
  const [, assumed, session] = /^assumed-role\/([^/]+)\/([^/]+)$/.exec(service === 'sts' ? entity : '') ?? [];
  const roleName = role ?? assumed;
  return {
    kind: 'entities',
    partition: read(partition),
    service,
    account: read(account),
    entity: read(entity),
    ...(roleName === undefined
      ? {}
      : { sessions: { roleName: read(roleName), session: read(session ?? '*') } }),
  };
}

function wildcard(value: string): string {
  return `principal \`${value}\` holds a wildcard; only \`*\` alone is allowed; name the principal or use a condition on aws:PrincipalArn`;
}

function parsePrincipalArn(value: string): PrincipalPattern | undefined {
  const [arn, partition = '', service, region, account = '', ...rest] = value.split(':');
  const entity = rest.join(':');
  if (arn !== 'arn' || partition === '' || region !== '' || account === '' || entity === '') return undefined;
  if (service !== 'iam' && service !== 'sts') return undefined;
  if (entity === 'root' && service === 'iam') return { kind: 'account', account };
  const segments = entity.split('/');
  const name = segments.at(-1) ?? '';
  if (segments.length < 2 || name === '') return undefined;
  if (service === 'iam' && segments[0] === 'role') return { kind: 'role', partition, account, entity, name };
  if (service === 'sts' && segments[0] === 'assumed-role') {
    const [, roleName = '', session] = segments;
    if (segments.length !== 3 || session === undefined) return undefined;
    return { kind: 'session', partition, account, roleName, session };
  }
  return { kind: 'entity', partition, service, account, entity };
}
