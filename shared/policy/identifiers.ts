/**
 * Names that a person lists: actions, resources, accounts, organizations. One strict grammar for the command line, batch
 * and configuration, since a list that can match nothing looks like a check that passes.
 * Sources: IAM User Guide, "IAM identifiers"; Organizations API Reference, "Organization"; AWS General Reference, "ARNs".
 */
import { ACCOUNT_WORDS } from './parseResource.ts';

const ACTION = /^(?:\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+)$/;

/** Returns what is wrong with a listed action, one sentence after its name; undefined iff it can match some action. */
export function actionProblem(action: string): string | undefined {
  return ACTION.test(action) ? undefined : 'must be written `service:Name`, wildcards allowed, or `*`';
}

/** Returns the name as a sentence about it begins. */
export function shownName(name: string): string {
  return name === '' ? 'an empty name' : `\`${name}\``;
}

type Field = {
  readonly name: string;
  /** The texts that can stand there, wildcards left out. */
  readonly accepts: (text: string) => boolean;
  readonly example: string;
};

const FIELDS: readonly Field[] = [
  { name: 'first field', accepts: (text) => text === 'arn', example: '`arn`' },
  { name: 'partition', accepts: (text) => /^aws(-[a-z]+)*$/.test(text), example: '`aws`' },
  { name: 'service', accepts: (text) => /^[a-z0-9-]+$/.test(text), example: '`s3`' },
  { name: 'Region', accepts: (text) => /^[a-z0-9-]*$/.test(text), example: '`eu-west-1`, or nothing' },
  { name: 'account', accepts: isAccount, example: '12 digits, `*`, or nothing' },
  { name: 'resource', accepts: (text) => text !== '', example: 'the name of something' },
];

/** Returns what is wrong with a listed resource, one sentence after its name; undefined iff it can match some resource. */
export function resourceProblem(resource: string): string | undefined {
  if (resource === '*') return undefined;
  const [a = '', b = '', c = '', d = '', e = '', ...rest] = resource.split(':');
  if (rest.length === 0) return 'must be `*` or an ARN of six parts, such as `arn:aws:s3:::bucket/*`';
  const fields = [a, b, c, d, e, rest.join(':')];
  for (const [index, { name, accepts, example }] of FIELDS.entries()) {
    const text = fields[index] ?? '';
    const isOpen = index > 0 && /[*?]/.test(text);
    if (isOpen ? canMatch(text, index) : accepts(text)) continue;
    return `has \`${text}\` for its ${name}; write ${example}`;
  }
  return undefined;
}

/** A pattern of digits can match an account, a pattern of lower-case words the fields before it. */
function canMatch(pattern: string, index: number): boolean {
  if (index === 5) return true;
  if (index === 4) return /^[\d*?]+$/.test(pattern) && minimalLength(pattern) <= 12;
  return /^[a-z0-9*?-]+$/.test(pattern);
}

const minimalLength = (pattern: string) => pattern.replaceAll('*', '').length;

/** Returns true iff the text can stand for an account in an ARN. */
function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text) || ACCOUNT_WORDS.has(text);
}

export const ACCOUNT_ID = /^\d{12}$/;
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
/** A service principal; `*` stands for any characters. */
export const SERVICE_PRINCIPAL = /^[a-z0-9.*_-]*(?:\*|\.amazonaws\.com(?:\.cn)?|\.aws(?:\.internal)?)$/;
