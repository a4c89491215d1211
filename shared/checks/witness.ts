/**
 * A witness as a person would write it: real actions, plausible parts, without keys that do not matter. Each change
 * is kept only if it is confirmed, so none of them can make a witness wrong.
 */

import { matchPattern } from '../evaluator/matchPattern.ts';
import type { Request } from '../evaluator/request.ts';
import { parseArn, regionsOf } from '../policy/arn.ts';
import type { Pattern, Statement } from '../policy/ast.ts';
import { typesOf } from '../reference/possible.ts';
import type { ActionGroup, Reference } from '../reference/reference.ts';
import { plainText, resourcesOf } from './plainResources.ts';
import { plainValues } from './plainValues.ts';
import { regionsMadeUp, withRegions } from './realRegions.ts';

type Polishing = {
  readonly statement: Statement;
  /** Further patterns whose spelling of the action is worth having: those of listed access. */
  readonly actions: readonly Pattern[];
  readonly keepPrincipal: boolean;
  readonly confirm: (request: Request) => boolean;
  readonly reference: Reference;
};

/** Returns a request that `confirm` accepts, as plain as simple changes make the given one. */
export function polishWitness(witness: Request, polishing: Polishing): Request {
  const { statement, confirm, reference } = polishing;
  let best = dropKeys(witness, confirm);
  const tryAll = (proposals: Iterable<Partial<Request>>) => {
    for (const proposal of proposals) {
      const candidate = { ...best, ...proposal };
      if (!confirm(candidate)) continue;
      best = candidate;
      return;
    }
  };
  tryAll(plainActions(best.action, polishing).map((action) => ({ action })));
  if (looksMadeUp(best.resource)) {
    const folded = best.action.toLowerCase();
    const group = reference.service(folded.split(':')[0] ?? '')?.actions.get(folded)?.group;
    const own = (['listed', 'further'] as const).flatMap((choice) =>
      group === undefined ? [] : [...plainResources(typesOf(group, choice), statement, best)],
    );
    tryAll([...own, ...filledResources(best.resource, statement)].map((resource) => ({ resource })));
  }
  if (best.principal !== undefined && !polishing.keepPrincipal) tryAll(plainPrincipals(best.principal));
  for (const [key, values] of Object.entries(best.context)) {
    const [value, ...others] = values;
    if (value === undefined || others.length > 0 || !ODD_VALUE.test(value)) continue;
    tryAll(
      plainValues(key, reference.key(key.toLowerCase()).type, best).map((plain) => ({
        context: { ...best.context, [key]: [plain] },
      })),
    );
  }
  for (const madeUp of regionsMadeUp(best)) tryAll(withRegions(best, madeUp));
  tryAll(inRegionAskedFor(best).map((resource) => ({ resource })));
  return best;
}

/** A request is usually made in the Region of its resource. */
function inRegionAskedFor({ resource, context }: Request): string[] {
  const [region] = Object.entries(context).find(([key]) => key.toLowerCase() === REQUESTED_REGION)?.[1] ?? [];
  const [arn, partition, service, own = '', ...rest] = resource.split(':');
  if (region === undefined || !REGION.test(region) || own === '' || own === region) return [];
  return [[arn, partition, service, region, ...rest].join(':')];
}

const REQUESTED_REGION = 'aws:requestedregion';
const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

function dropKeys(witness: Request, confirm: Polishing['confirm']): Request {
  let best = witness;
  for (const key of Object.keys(witness.context)) {
    const { [key]: _, ...context } = best.context;
    const candidate = { ...best, context };
    if (confirm(candidate)) best = candidate;
  }
  return best;
}

const ODD_VALUE = /^$|[^\w./:@-]|^[xa1*]{1,3}$/;

/**
 * Names that the statement (or the listed access) spells or matches: those that name the found action first, then
 * real ones of the same service that fit a wildcard.
 */
function plainActions(found: string, { statement, actions, reference }: Polishing): string[] {
  const own = statement.action.negated ? [] : statement.action.patterns;
  if (spelledIn(statement, found) === found) return [];
  const fitting = [...own, ...actions].filter((pattern) => matchPattern(pattern, found, { foldCase: true }));
  const spelled = fitting.flatMap(([token, ...others]) =>
    token?.kind === 'text' && others.length === 0 ? [token.text] : [],
  );
  if (spelled.length > 0) return spelled.slice(0, 1);
  const [name = ''] = found.split(':');
  const service = reference.service(name.toLowerCase());
  const exact = service?.actions.get(found.toLowerCase());
  if (exact !== undefined) return [exact.action];
  // A service that does not exist was made up to fit `*`: any well-known one may stand for it.
  const services =
    service === undefined ? WELL_KNOWN_SERVICES.flatMap((one) => reference.service(one) ?? []) : [service];
  const fits = (action: string) =>
    fitting.length === 0 || fitting.some((pattern) => matchPattern(pattern, action, { foldCase: true }));
  return services.flatMap(({ groups }) =>
    someOfEachVerb(groups.flatMap((group) => group.actions).filter(fits)),
  );
}

/** Returns the action as the statement spells it, when it names it in full. */
export function spelledIn({ action }: Statement, found: string): string | undefined {
  if (action.negated) return undefined;
  for (const pattern of action.patterns) {
    const token = pattern[0];
    if (pattern.length !== 1 || token?.kind !== 'text' || token.text.length !== found.length) continue;
    if (matchPattern(pattern, found, { foldCase: true })) return token.text;
  }
  return undefined;
}

const MAX_OF_A_VERB = 3;

/** What is new is often all of one verb: a few of each say more than many of the first. */
function someOfEachVerb(actions: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return actions.filter((action) => {
    const [verb = ''] = /:[A-Z][a-z]*/.exec(action) ?? [];
    const count = (counts.get(verb) ?? 0) + 1;
    counts.set(verb, count);
    return count <= MAX_OF_A_VERB;
  });
}

const WELL_KNOWN_SERVICES = ['s3', 'ec2', 'iam', 'dynamodb', 'lambda'];

const MAX_TYPES = 6;

/** Yields resources that actions of the group take and the statement may name; see `resourcesOf`. */
export function* plainResources(
  taken: ActionGroup['taken'],
  statement: Statement,
  { context }: Request,
): Iterable<string> {
  const variableValue = (key: string) => {
    const values = Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1] ?? [];
    return values.length === 1 ? values[0] : undefined;
  };
  yield* resourcesOf(formatsOf(taken), statement, variableValue);
}

/** Of the types that it takes, a short format is the one that a reader knows: an object of a bucket's name. */
function formatsOf(taken: ActionGroup['taken']): readonly string[] {
  const kept = formatsKept.get(taken);
  if (kept !== undefined) return kept;
  const ordered = taken.toSorted(
    (a, b) =>
      Number(b.required) - Number(a.required) ||
      (a.type.formats[0]?.length ?? 0) - (b.type.formats[0]?.length ?? 0),
  );
  const formats = ordered.slice(0, MAX_TYPES).flatMap(({ type }) => type.formats.slice(0, 2));
  formatsKept.set(taken, formats);
  return formats;
}

/** Most checks ask about the same few groups of the reference. */
const formatsKept = new WeakMap<ActionGroup['taken'], readonly string[]>();

const ACCOUNT = '111122223333';
const ACCOUNT_ID = /^\d{12}$/;
/** Services whose ARNs hold no Region, and those that hold no account either. */
const WITHOUT_REGION = new Set(['iam', 's3', 'sts', 'cloudfront', 'route53', 'organizations']);
const WITHOUT_ACCOUNT = new Set(['s3', 'route53', 'apigateway']);

/** The found resource with its open parts filled, and the statement's own resources with theirs. */
function filledResources(found: string, statement: Statement): string[] {
  const parts = found.split(':');
  if (parts.length < 6) return [];
  const patterns =
    statement.resource === undefined || statement.resource.negated ? [] : statement.resource.patterns;
  const own = patterns.flatMap((pattern) =>
    pattern.kind === 'arn' ? [fillParts(pattern.parts.map((part) => plainText(part)))] : [],
  );
  return [...own, fillParts([...parts.slice(0, 5), parts.slice(5).join(':')])];
}

function looksMadeUp(resource: string): boolean {
  if (resource === '*') return false;
  const { partition, service, region, accountId: account, resource: entity } = parseArn(resource);
  if (
    partition.length < 3 ||
    service.length < 2 ||
    /^[xa1*]{0,2}$/.test(entity) ||
    /[/:][xa1*]{0,2}$/.test(entity) ||
    /[/:]([xa1*]{1,2}|)[/:]/.test(entity)
  )
    return true;
  return (
    (region === '' && !WITHOUT_REGION.has(service)) ||
    (account === '' ? !WITHOUT_ACCOUNT.has(service) : !ACCOUNT_ID.test(account)) ||
    /^(\d)\1*$/.test(account) ||
    (region !== '' && !regionsOf(partition).includes(region))
  );
}

/** What usually stands where nothing (or a made-up letter) does. */
function fillParts(parts: readonly string[]): string {
  const open = (text: string | undefined) => text === undefined || /^[xa1*]{0,2}$/.test(text);
  const [arn = 'arn', partition, service, region, account, rest = ''] = parts;
  const named = open(service) ? 's3' : (service ?? 's3');
  return [
    arn,
    open(partition) ? 'aws' : partition,
    named,
    open(region) ? (WITHOUT_REGION.has(named) ? '' : 'us-east-1') : region,
    open(account) || !ACCOUNT_ID.test(account ?? '') ? (WITHOUT_ACCOUNT.has(named) ? '' : ACCOUNT) : account,
    rest.replace(/(^|[/:-])[xa1*]{0,2}$/, '$1example'),
  ].join(':');
}

/** Somebody in the same account by an everyday ARN, else in a documentation account. */
function* plainPrincipals({ type, value }: NonNullable<Request['principal']>): Iterable<Partial<Request>> {
  const { service, accountId: account, resource: entity } = parseArn(value);
  const accounts = type === 'AWS' && account !== '' ? [account] : [];
  for (const id of [...accounts, ACCOUNT, '444455556666']) {
    yield { principal: { type: 'AWS', value: `arn:aws:iam::${id}:user/Alice` } };
    yield { principal: { type: 'AWS', value: `arn:aws:iam::${id}:role/Example` } };
  }
  if (type === 'AWS' && account !== '') {
    yield { principal: { type: 'AWS', value: `arn:aws:${service}::${account}:${entity}` } };
  }
}
