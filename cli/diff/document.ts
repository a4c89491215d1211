/**
 * A policy document as a state gives it → statements that can be judged. What is not known is bounded: `certain` is the
 * statement as far as it is known, `upper` the most that it may be.
 */
import { parseJson } from '../../shared/policy/jsonDocument.ts';
import { decodePolicyDocument } from '../../shared/policy/parsePolicy.ts';
import type { Region } from '../output/checkResult.ts';
import { type Fields, isFields, listOf, type Path } from './fields.ts';
import {
  hasAnySymbol,
  hasSymbol,
  leadingSymbol,
  Opaque,
  OWN_ACCOUNT,
  opaqueWithin,
  spell,
  spellName,
  symbolNames,
} from './symbols.ts';

export type StatedStatement = {
  /** As it stands, symbols included: equal keys are equal statements. */
  readonly key: string;
  /** Undefined where the effect itself is not known. */
  readonly effect: 'Allow' | 'Deny' | undefined;
  /** Absent where an element cannot be resolved. */
  readonly certain?: Fields;
  /** The most that it may grant, where that is more than `certain`. */
  readonly upper?: Fields;
  /** Why `upper` differs. */
  readonly why?: string;
  /** True iff a symbol stands in it. */
  readonly isSymbolic: boolean;
  /** Where it stands in the file. */
  readonly region: Region | undefined;
};

export type Document = {
  readonly version: string | undefined;
  readonly statements: readonly StatedStatement[];
  /** Why no statement is known at all, with a key that is equal where the document is. */
  readonly unread?: { readonly key: string; readonly why: string; readonly allowsOnly?: boolean };
  /** True iff the file holds it word by word, so that another text can take its place. */
  readonly isLiteral?: boolean;
  /** The text to be parsed where the file is the document, so that places are those of the file. */
  readonly source?: string;
  readonly region: Region | undefined;
};

/** Gives the place of a value in the file: of the object that stands there, or of a path below the document. */
type Locate = {
  readonly whole: Region | undefined;
  of(statement: unknown, path: Path): Region | undefined;
};

const NOWHERE: Locate = { whole: undefined, of: () => undefined };

/** Returns a document of which nothing is known. `allowsOnly`: it holds no Deny. */
export function unreadDocument(
  key: string,
  why: string,
  {
    region,
    allowsOnly = false,
  }: { readonly region?: Region | undefined; readonly allowsOnly?: boolean } = {},
): Document {
  return { version: undefined, statements: [], unread: { key, why, allowsOnly }, region };
}

/** Returns the document of a resolved value: an object, or a text that is JSON. */
export function settleDocument(given: unknown, locate: Locate = NOWHERE): Document {
  const region = locate.whole;
  const opaque = given instanceof Opaque ? given : undefined;
  if (opaque !== undefined) return unreadDocument(opaque.key, opaque.why, { region });
  const value = typeof given === 'string' ? parseText(given) : given;
  if (value instanceof Opaque) return unreadDocument(value.key, value.why, { region });
  if (!isFields(value))
    return unreadDocument(JSON.stringify(value) ?? '', 'it is no policy document', { region });
  if (!('Statement' in value))
    return unreadDocument(JSON.stringify(value), 'it has no statements', { region });
  const { Statement: list, Version: version } = value;
  const whole = [list, version].find((each) => each instanceof Opaque);
  if (whole instanceof Opaque) return unreadDocument(JSON.stringify(value), whole.why, { region });
  const statements = listOf(list)
    .flat()
    .map((statement, index): StatedStatement => {
      const place = locate.of(statement, ['Statement', index]) ?? region;
      return settleStatement(statement, place);
    });
  return { version: version === undefined ? undefined : spell(String(version)), statements, region };
}

function parseText(text: string): unknown {
  const plain = decodePolicyDocument(text).trim();
  const only = leadingSymbol(plain);
  if (only?.rest === '') return new Opaque(plain, `the value of \`${only.name}\` is not in the file`);
  const parsed = parseJson(plain);
  if (parsed.ok) return parsed.value;
  return new Opaque(
    plain,
    hasSymbol(plain) ? 'its text is not JSON until it is filled in' : parsed.problem.message,
  );
}

function settleStatement(statement: unknown, region: Region | undefined): StatedStatement {
  const key = JSON.stringify(statement) ?? '';
  if (!isFields(statement)) {
    const opaque = opaqueWithin(statement);
    const why = opaque?.why ?? 'a statement must be an object';
    return { key, effect: undefined, upper: ALL, why, isSymbolic: true, region };
  }
  const { Effect: stated } = statement;
  const effect = stated === 'Allow' || stated === 'Deny' ? stated : undefined;
  const isSymbolic = hasSymbol(key) || opaqueWithin(statement) !== undefined;
  const whys: string[] = [];
  let isCertain = true;
  const certain: { [element: string]: unknown } = {};
  const upper: { [element: string]: unknown } = {};
  for (const [element, value] of Object.entries(statement)) {
    const settled = settleElement(element, value);
    if (settled.why !== undefined) whys.push(settled.why);
    if ('certain' in settled) certain[element] = settled.certain;
    else isCertain = false;
    if (settled.upper !== undefined) upper[settled.upper.element] = settled.upper.value;
  }
  if (effect === undefined && !isCertain) upper['Effect'] = 'Allow';
  return {
    key,
    effect,
    ...(isCertain ? { certain } : {}),
    ...(whys.length > 0 ? { upper, why: whys[0] ?? '' } : {}),
    isSymbolic,
    region,
  };
}

const ALL: Fields = { Effect: 'Allow', Action: '*', Resource: '*' };

type Settled = {
  /** Absent: not known. */
  readonly certain?: unknown;
  /** Absent: the element falls away in the upper bound. */
  readonly upper?: { readonly element: string; readonly value: unknown };
  readonly why?: string;
};

function settleElement(element: string, value: unknown): Settled {
  const opaque = opaqueWithin(value);
  switch (element) {
    case 'Resource':
    case 'NotResource':
      return opaque === undefined ? settleResources(element, value) : unknown('Resource', '*', opaque.why);
    case 'Principal':
    case 'NotPrincipal':
      return opaque === undefined ? settlePrincipals(element, value) : unknown('Principal', '*', opaque.why);
    case 'Condition':
      return settleCondition(value);
    case 'Action':
    case 'NotAction': {
      const why = opaque?.why ?? symbolWhy(value);
      return why === undefined ? same(element, value) : unknown('Action', '*', why);
    }
    case 'Effect': {
      const why = opaque?.why ?? symbolWhy(value);
      return why === undefined ? same(element, value) : unknown('Effect', 'Allow', why);
    }
    default:
      return same(
        element,
        typeof value === 'string' ? spellName(value) : value instanceof Opaque ? '' : value,
      );
  }
}

const same = (element: string, value: unknown): Settled => ({ certain: value, upper: { element, value } });
const unknown = (element: string, value: unknown, why: string): Settled => ({
  upper: { element, value },
  why,
});

function symbolWhy(value: unknown): string | undefined {
  const text = JSON.stringify(value) ?? '';
  const [name] = symbolNames(text);
  return name === undefined ? undefined : whyOf(name);
}

const whyOf = (name: string) => `the value of \`${name}\` is not in the file`;

/** A symbol at the start stands for a whole ARN. One that may be anything may be `*`. */
function settleResources(element: string, value: unknown): Settled {
  const loose: string[] = [];
  const texts = listOf(value)
    .flat()
    .map((each) => {
      if (typeof each !== 'string') return each;
      const start = leadingSymbol(each);
      if (start === undefined) return spell(each);
      if (!start.isOwn) loose.push(start.name);
      const parts = spell(start.rest);
      return `arn:aws:symbol::${OWN_ACCOUNT}:<${start.name}>${parts}`;
    });
  const [name] = loose;
  if (name === undefined) return same(element, Array.isArray(value) ? texts : texts[0]);
  return {
    certain: texts,
    upper: { element: 'Resource', value: '*' },
    why: whyOf(name),
  };
}

function settlePrincipals(element: string, value: unknown): Settled {
  if (typeof value === 'string' && !hasSymbol(value)) return same(element, value);
  if (typeof value === 'string') return unknown('Principal', '*', symbolWhy(value) ?? '');
  if (!isFields(value)) return same(element, value);
  const loose: string[] = [];
  const entries = Object.entries(ownCanonical(value)).map(([kind, names]): [string, unknown] => [
    kind,
    listOf(names)
      .flat()
      .map((each) => (typeof each === 'string' ? settlePrincipal(kind, each, loose) : each)),
  ]);
  const certain = Object.fromEntries(entries);
  const [name] = loose;
  if (name === undefined) return same(element, certain);
  return { certain, upper: { element: 'Principal', value: '*' }, why: whyOf(name) };
}

/** A canonical user that the same state makes (an origin access identity) is somebody of the own account. */
function ownCanonical(value: Fields): Fields {
  const { CanonicalUser: users, ...others } = value;
  const isOwn = (each: unknown) => typeof each === 'string' && leadingSymbol(each)?.isOwn === true;
  const own = listOf(users).filter(isOwn);
  if (own.length === 0) return value;
  const rest = listOf(users).filter((each) => !isOwn(each));
  return {
    ...others,
    AWS: [...listOf(others['AWS']), ...own],
    ...(rest.length > 0 ? { CanonicalUser: rest } : {}),
  };
}

function settlePrincipal(kind: string, text: string, loose: string[]): string {
  const only = leadingSymbol(text);
  if (only?.rest === '') {
    if (!only.isOwn) loose.push(only.name);
    if (kind !== 'AWS') return spellName(text);
    return `arn:aws:iam::${only.isOwn ? OWN_ACCOUNT : foreignAccount(only.name)}:role/${spellName(text)}`;
  }
  if (!hasSymbol(text)) return text;
  if (kind !== 'AWS') return spellName(text);
  const [arn, partition, service, region, account = '', ...rest] = text.split(':');
  if (arn !== 'arn' || rest.length === 0) {
    loose.push(symbolNames(text)[0] ?? '');
    return `arn:aws:iam::${foreignAccount(text)}:role/${spellName(text)}`;
  }
  const strange = hasSymbol(account);
  // Some account, and never everybody; whose it is, only the parameter tells.
  if (strange && hasAnySymbol(account)) loose.push(symbolNames(account)[0] ?? '');
  const id = strange ? foreignAccount(account) : account;
  return [
    arn,
    hasSymbol(partition ?? '') ? 'aws' : partition,
    service,
    region,
    id,
    spellName(rest.join(':')),
  ].join(':');
}

/** Twelve digits that no account has, the same for the same symbol. */
function foreignAccount(name: string): string {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + char.charCodeAt(0)) % 999_983;
  return `000000${String(hash + 1).padStart(6, '0')}`;
}

/** True iff the text holds the account of a symbol whose account nobody knows. */
export function namesForeignSymbol(text: string): boolean {
  return /000000(?!000000)\d{6}/.test(text);
}

/** Operators whose values are texts, so that a symbol may stand among them. */
const TEXT_OPERATOR = /(?:String|Arn)(?:Not)?(?:Equals|Like)/;

function settleCondition(value: unknown): Settled {
  const drop: Settled = { why: opaqueWithin(value)?.why ?? symbolWhy(value) ?? '' };
  if (opaqueWithin(value) !== undefined) return drop;
  if (!isFields(value)) return same('Condition', value);
  const certain: { [operator: string]: unknown } = {};
  for (const [operator, tests] of Object.entries(value)) {
    if (!isFields(tests)) {
      certain[operator] = tests;
      continue;
    }
    const isText = TEXT_OPERATOR.test(operator);
    const settled = Object.entries(tests).map(([key, values]): [string, unknown] => [
      spell(key),
      mapTexts(values, (text) => (isText ? settleConditionText(operator, text) : text)),
    ]);
    if (!isText && hasSymbol(JSON.stringify(settled))) return drop;
    certain[operator] = Object.fromEntries(settled);
  }
  return same('Condition', certain);
}

function settleConditionText(operator: string, text: string): string {
  const start = leadingSymbol(text);
  if (start === undefined || !operator.includes('Arn')) return spell(text);
  return `arn:aws:symbol::${OWN_ACCOUNT}:<${start.name}>${spell(start.rest)}`;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.flat().map((each) => mapTexts(each, change));
  return typeof value === 'string' ? change(value) : value;
}

/** Statements with an effect make a policy; other values have members called `Statement` too. */
export function isPolicy(value: unknown): value is Fields {
  if (!isFields(value) || !('Statement' in value)) return false;
  const statements = listOf(value['Statement']);
  return (
    statements.some((each) => isFields(each) && 'Effect' in each) ||
    ('Version' in value && /^20(08|12)-10-17$/.test(String(value['Version'])))
  );
}
