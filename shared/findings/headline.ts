/**
 * A finding's title, which somebody reads who was woken up: what became possible, through what and for whom. It names
 * the target, and beyond that only what the change wrote: a witness shows one request of many, and what stands for any
 * name in it is called by what it stands for.
 */
import { saysOf } from '../consequences/accessRules.ts';
import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import { WITHOUT_IAM_POLICY } from '../policy/rootDelegates.ts';
import { sayAnyone } from '../reference/credentials.ts';
import type { TargetRef } from '../targets/target.ts';
import { describeHolder, describeTarget } from './consequence.ts';
import type { AddedAccess, FindingCheck } from './finding.ts';

type Facts = {
  readonly witness: Request;
  /** As in the verdict; true if absent. */
  readonly possible?: boolean;
  readonly target: TargetRef;
  readonly listName?: string;
  /** A Deny or another limit stopped it before; then the statements that grant it say more than was added. */
  readonly isLoss?: boolean;
  /** A permissions boundary or a Deny of the target holds back some of what its Allows say. */
  readonly isBounded?: boolean;
  readonly isDenied?: boolean;
  /** All that was added, the most serious line first. */
  readonly added?: readonly AddedAccess[];
  /** The documents that the target holds. */
  readonly texts?: readonly string[];
};

/** Returns the title of a FAIL, one sentence without a full stop. */
export function describeConsequence(check: FindingCheck, facts: Facts): string {
  const { witness, possible = true, target, listName } = facts;
  const words = wordsOf(facts);
  if (!possible)
    return `more is written in the ${describeTarget(target)}, but no documented AWS call could use it: \`${witness.action}\``;
  const call = describeCall(witness, facts, words);
  if (witness.principal === undefined) {
    const who = describeHolder(target);
    switch (check) {
      case 'access-not-granted':
        return `${who} ${saysOf(listName ?? '') ?? `has critical access (${listName ?? check})`}: it may call ${call}`;
      case 'dormant-access':
        return `dormant access: without a Deny or a limit elsewhere, ${who} could call ${call}`;
      default:
        return `${who} can now call ${describeGain(call, facts)}`;
    }
  }
  const stopped = check === 'no-new-access' ? stoppedBefore(witness) : undefined;
  if (stopped !== undefined) return `the ${describeTarget(target)} no longer stops ${stopped}`;
  const what = `${describeWho(witness, facts, { words, isPublic: check === 'no-public-access' })} can call ${call}`;
  const through = `through the ${describeTarget(target)}`;
  switch (check) {
    case 'no-public-access':
      return `public access ${through}: ${what}`;
    case 'no-external-access':
      return `access from outside the zone of trust ${through}: ${what}`;
    case 'access-not-granted':
      return `critical access (${listName ?? check}) ${through}: ${what}`;
    case 'dormant-access':
      return `dormant access ${through}: without a Deny or a limit elsewhere, ${what}`;
    default:
      return `new access ${through}: ${what}`;
  }
}

/** What a block of public access stops, by the keys of its document. */
const STOPPED: { readonly [key: string]: (value: string) => string | undefined } = {
  'ratchet:grantedby': (value) => GRANTED_BY[value],
  'ratchet:putspublicacl': () => 'public ACLs',
  'ratchet:putspublicpolicy': () => 'public policies',
  'ratchet:shareswitheverybody': () => 'sharing with everybody',
};
const GRANTED_BY: { readonly [value: string]: string } = {
  acl: 'public ACLs',
  'public-policy': 'public policies',
  'sharing with everybody': 'sharing with everybody',
};

function stoppedBefore({ context }: Request): string | undefined {
  for (const [key, [value = '']] of Object.entries(context)) {
    const stopped = STOPPED[key.toLowerCase()]?.(value);
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

/** Returns true iff the target's documents say the text, or its own name does. */
type Words = (text: string) => boolean;

function wordsOf({ texts = [], target }: Facts): Words {
  const all = [...texts, target.arn].join('\n').toLowerCase();
  return (text) => all.includes(text.toLowerCase());
}

/** As the statements write it, where they grant all that they say. */
function describeGain(
  call: string,
  { added = [], isLoss = false, isBounded = false, isDenied = false }: Facts,
): string {
  if (isLoss) return `${call}, which a Deny or a limit stopped before`;
  if (isBounded) return `${call}, within its permissions boundary`;
  if (added.length === 0) return call;
  return `${describeLines(added)}${isDenied ? ', except what a Deny stops' : ''}`;
}

const MAX_NAMES = 3;

/** The first line of what was added, and in which other services there is more. */
function describeLines([first, ...others]: readonly AddedAccess[]): string {
  if (first === undefined) return '';
  const { service, actions, resources, isOnEverything } = first;
  const on = isOnEverything ? 'everything' : listed(resources);
  const more = [...new Set(others.map((line) => line.service))].filter((name) => name !== service);
  const beside = more.length > 0 ? `, and more in ${listed(more)}` : '';
  return `${listed(actions)} on ${on}${beside}`;
}

/** Names as statements write them; `*` and `everything but …` are words. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => {
    if (name === '*') return 'everything';
    return name.startsWith('everything but ') ? name : `\`${name}\``;
  });
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ');
}

/** What stands for every name that no statement names. */
const UNNAMED = /named-by-no-statement/g;

function describeCall({ action, resource, context }: Request, { target }: Facts, words: Words): string {
  const any = resource.replace(UNNAMED, '*');
  const isShown = resource !== '*' && any !== target.arn && (any !== resource || words(resource));
  const { [WITHOUT_IAM_POLICY]: without, ...asked } = context;
  return [
    `\`${action}\`${isShown ? ` on \`${any}\`` : ''}`,
    ...describeConditions(asked, words),
    ...(without === undefined ? [] : ['even without an IAM policy that allows it']),
  ].join(', ');
}

/** Keys that tell one caller from another: who it is was said. */
const NAMES_CALLER = /^aws:(principal(?!tag)|user(id|name)$)/i;
/** Keys of our own documents, which stand for settings. */
const OWN_KEY = /^ratchet:/i;
const OWN_WORDS: { readonly [key: string]: string } = {
  accesspolicy: 'the access policy',
  namespace: 'the namespace',
  kubernetesgroup: 'the Kubernetes group',
  kubernetesuser: 'the Kubernetes user',
  identitycentergroup: 'the group of IAM Identity Center',
  identitycenteruser: 'the user of IAM Identity Center',
};

/** Values that the documents say; of others, what they are about. */
function describeConditions(context: Request['context'], words: Words): string[] {
  const said: string[] = [];
  const open: string[] = [];
  for (const [key, values] of Object.entries(context)) {
    if (NAMES_CALLER.test(key)) continue;
    const own = OWN_KEY.test(key) ? OWN_WORDS[key.replace(OWN_KEY, '').toLowerCase()] : undefined;
    if (OWN_KEY.test(key) && own === undefined) continue;
    const name = own ?? `\`${key}\``;
    const written = values.filter((value) => value !== '' && words(value)).map((value) => `\`${value}\``);
    if (values.length === 0) said.push(`${name} is absent`);
    else if (written.length === values.length) said.push(`${name} is ${written.join(', ')}`);
    else open.push(name);
  }
  return [
    ...(said.length > 0 ? [`when ${said.join(' and ')}`] : []),
    ...(open.length > 0 ? [`under conditions on ${open.join(', ')}`] : []),
  ];
}

function describeWho(
  { principal, action, context }: Request,
  { target }: Facts,
  { words, isPublic }: { readonly words: Words; readonly isPublic: boolean },
): string {
  if (principal === undefined) return describeHolder(target);
  const { type, value } = principal;
  switch (type) {
    case 'Anonymous':
      return sayAnyone(action);
    case 'AWS':
      return describeCaller(value, { context, target, words, isPublic });
    case 'Service':
      return words(value) ? `the service \`${value}\`` : 'any service';
    case 'Federated':
      return words(value) ? `users of the identity provider \`${value}\`` : 'users of any identity provider';
    case 'CanonicalUser':
      return words(value) ? `the canonical user \`${value}\`` : 'any canonical user';
  }
}

function describeCaller(
  arn: string,
  {
    context,
    target,
    words,
    isPublic,
  }: {
    readonly context: Request['context'];
    readonly target: TargetRef;
    readonly words: Words;
    readonly isPublic: boolean;
  },
): string {
  const { accountId: account } = parseArn(arn);
  if (!arn.endsWith(':root') && words(arn)) return `\`${arn}\``;
  const organization = Object.entries(context).find(([key]) =>
    /^aws:principalorg(id|paths)$/i.test(key),
  )?.[1][0];
  if (organization !== undefined && words(organization)) return `members of \`${organization}\``;
  if (isPublic && !words(account)) return 'everyone';
  if (account === target.accountId) return 'principals of the account itself';
  return words(account) ? `account \`${account}\`` : isPublic ? 'everyone' : 'any account';
}
