/**
 * Keys that say who asks. With linked attributes a test of such a key is said of the attribute `principal` itself, so
 * that nothing is left to tie. Where it cannot be said there, or where a variable names the key, the key stays and a
 * formula ties its value to the principal.
 *
 * | key                                | present for                         | value                            |
 * | `aws:PrincipalArn`                 | principals with an ARN              | the ARN; a session's is its role's, with the path |
 * | `aws:PrincipalAccount`             | those, and anonymous callers        | the account; `anonymous`         |
 * | `aws:PrincipalType`                | those, and anonymous callers        | by kind                          |
 * | `aws:username`                     | users                               | the name                         |
 * | `aws:userid`                       | those with an ARN or id, anonymous  | by kind; see `linkedUserId.ts`   |
 * | `aws:PrincipalIsAWSService`        | all but anonymous callers           | true for AWS's services          |
 * | `aws:PrincipalServiceName`         | AWS's services                      | the service                      |
 * | `aws:PrincipalServiceNamesList`    | only those                          | any                              |
 * | `aws:PrincipalOrgID`, `…OrgPaths`, `aws:PrincipalTag/…` | only those with an ARN | any                    |
 * | `aws:PrincipalType`, `aws:userid`, `aws:PrincipalTag/…` | maybe those who sign in through a provider | as of a role's session |
 * | `aws:ResourceAccount`              | –                                   | the ARN's account where that has twelve digits |
 *
 * Source: IAM User Guide, "AWS global condition context keys"; "IAM policy elements: Variables", where the request
 * context of each kind of principal is told.
 */
import {
  and,
  concat,
  FALSE,
  member,
  not,
  or,
  PART,
  present,
  REST,
  someValue,
  TRUE,
  text,
} from '../formula/build.ts';
import type { Formula, Glob, ValueTest } from '../formula/formula.ts';
import type { Policy, Statement } from '../policy/ast.ts';
import { toTable } from '../policy/table.ts';
import {
  AWS_SERVICES,
  DIGITS,
  inAccount,
  PRINCIPAL_TYPES,
  SIGNING_IN,
  USERS,
  WITH_ARN,
} from './encodePrincipal.ts';
import {
  accountsBy,
  hasVariable,
  inParts,
  isConstant,
  isVariable,
  matchesConstant,
  NAME,
  resolveOwn,
} from './linkedGlobs.ts';
import { ID, linkedUserId, signingInAsSession, tieId, USERID } from './linkedUserId.ts';

/** A key whose presence and value the principal fixes. */
type LinkedKey = {
  /** True iff the request shows the key. */
  readonly present: Formula;
  /** True iff one of `globs` matches the value; undefined where that cannot be said of the principal. */
  readonly having: (globs: readonly Glob[]) => Formula | undefined;
  /** True iff the value passes a test of another kind than text; undefined where that cannot be said of the principal. */
  readonly comparing?: (test: ValueTest) => Formula | undefined;
  /** True iff the key is as the principal says; `named` are accounts and user names that the question is about. */
  readonly tie: (named: Named) => Formula;
};

type Named = { readonly accounts: readonly string[]; readonly users: readonly string[] };

const withArn = member('principal', WITH_ARN);
const anonymous = member('principal', [text('Anonymous:')]);
const isService = member('principal', AWS_SERVICES);
const isUser = member('principal', USERS);
const BEFORE_ARN: Glob = [...text('AWS:'), PART, ...text(':')];

const equals = (key: string, value: string) => someValue(key, { kind: 'text', globs: [text(value)] });
const variable = (key: string): Glob => [{ kind: 'variable', key }];
const absentBut = (shown: Formula, key: string) => and([not(shown), not(present(key))]);

const ARN = 'aws:principalarn';
const ACCOUNT = 'aws:principalaccount';
const TYPE = 'aws:principaltype';
const USERNAME = 'aws:username';
const IS_SERVICE = 'aws:principalisawsservice';
const SERVICE = 'aws:principalservicename';
const SERVICE_NAMES = 'aws:principalservicenameslist';
const RESOURCE_ACCOUNT = 'aws:resourceaccount';

const withAccount = or([withArn, anonymous]);
/** Principals by their type. */
const byType: readonly (readonly [type: string, principals: Formula])[] = [
  ...Object.entries(PRINCIPAL_TYPES).map(([type, globs]) => [type, member('principal', globs)] as const),
  ['AssumedRole', signingInAsSession],
];
const withType = or(byType.map(([, principals]) => principals));

const LINKED: { readonly [key: string]: LinkedKey } = toTable<LinkedKey>({
  [ARN]: {
    present: withArn,
    having: (globs) => {
      const resolved = globs.map(resolveOwn);
      const said = resolved.map(({ glob, ofUser }) => ({ glob: concat(BEFORE_ARN, glob), ofUser }));
      return or([
        member(
          'principal',
          said.flatMap(({ glob, ofUser }) => (ofUser ? [] : [glob])),
        ),
        and([
          isUser,
          member(
            'principal',
            said.flatMap(({ glob, ofUser }) => (ofUser ? [glob] : [])),
          ),
        ]),
      ]);
    },
    tie: () => or([member('principal', [[...BEFORE_ARN, ...variable(ARN)]]), absentBut(withArn, ARN)]),
  },
  [ACCOUNT]: {
    present: withAccount,
    having: (globs) => {
      const own = globs.map((glob) => (isVariable(glob, ACCOUNT) ? [REST] : glob));
      // Whether a text that is not known is `anonymous` is left to the key.
      if (own.some((glob) => glob.length > 1 && hasVariable(glob))) return undefined;
      return or([
        inParts(own, ':', (glob) => member('principal', [inAccount(glob)])),
        and([anonymous, or(own.map((glob) => isConstant(glob, 'anonymous')))]),
      ]);
    },
    comparing: (test) =>
      test.kind === 'number'
        ? member(
            'principal',
            test.values.flatMap((value) => accountsBy(test.comparison, value)).map(inAccount),
          )
        : undefined,
    tie: ({ accounts }) => {
      const is = (id: string) => and([member('principal', [inAccount(text(id))]), equals(ACCOUNT, id)]);
      const known = [...accounts, 'cloudfront'].map((id) => text(id));
      return or([
        ...accounts.map(is),
        and([
          not(member('principal', known.map(inAccount))),
          member('principal', [inAccount(variable(ACCOUNT))]),
          someValue(ACCOUNT, { kind: 'text', globs: [DIGITS] }),
          not(someValue(ACCOUNT, { kind: 'text', globs: known })),
        ]),
        is('cloudfront'),
        and([anonymous, equals(ACCOUNT, 'anonymous')]),
        absentBut(withAccount, ACCOUNT),
      ]);
    },
  },
  [TYPE]: {
    present: withType,
    having: (globs) =>
      globs.some(hasVariable)
        ? undefined
        : or(
            byType
              .filter(([type]) => globs.some((glob) => matchesConstant(glob, type)))
              .map(([, principals]) => principals),
          ),
    tie: () =>
      or([
        ...byType.map(([type, principals]) => and([principals, equals(TYPE, type)])),
        absentBut(withType, TYPE),
      ]),
  },
  [USERNAME]: {
    present: isUser,
    having: (globs) => {
      const own = globs.map((glob) => (isVariable(glob, USERNAME) ? [REST] : glob));
      // A name holds no slash and no colon, so inside it a wildcard stands for none either.
      const names = own.filter(
        (glob) => !glob.some((token) => token.kind === 'text' && /[/:]/.test(token.text)),
      );
      return inParts(names, '/', (glob) => member('principal', named(glob)));
    },
    tie: ({ users }) =>
      or([
        ...users.map((name) => and([member('principal', named(text(name))), equals(USERNAME, name)])),
        and([
          not(
            member(
              'principal',
              users.flatMap((name) => named(text(name))),
            ),
          ),
          member('principal', named(variable(USERNAME))),
          someValue(USERNAME, { kind: 'text', globs: [NAME] }),
          not(someValue(USERNAME, { kind: 'text', globs: users.map((name) => text(name)) })),
        ]),
        absentBut(isUser, USERNAME),
      ]),
  },
  [USERID]: linkedUserId,
  [ID]: { present: TRUE, having: () => undefined, tie: tieId },
  [IS_SERVICE]: {
    present: not(anonymous),
    having: (globs) =>
      globs.some(hasVariable)
        ? undefined
        : or([
            globs.some((glob) => matchesConstant(glob, 'true')) ? isService : FALSE,
            globs.some((glob) => matchesConstant(glob, 'false'))
              ? and([not(isService), not(anonymous)])
              : FALSE,
          ]),
    tie: () =>
      or([
        and([isService, equals(IS_SERVICE, 'true')]),
        and([not(isService), not(anonymous), equals(IS_SERVICE, 'false')]),
        absentBut(not(anonymous), IS_SERVICE),
      ]),
  },
  [SERVICE]: {
    present: isService,
    having: (globs) =>
      and([
        isService,
        member(
          'principal',
          globs.map((glob) => concat(text('Service:'), glob)),
        ),
      ]),
    tie: () =>
      or([
        and([isService, member('principal', [[...text('Service:'), ...variable(SERVICE)]])]),
        absentBut(isService, SERVICE),
      ]),
  },
});

/** Returns the key as the principal fixes it; undefined for every other key. */
export function linkedKey(key: string): LinkedKey | undefined {
  return LINKED[key];
}

/** Returns true iff a request shows the key only as its principal, or its resource, lets it. */
export function isLinked(key: string): boolean {
  return LINKED[key] !== undefined || key === RESOURCE_ACCOUNT || key === SERVICE_NAMES || isOfArn(key);
}

/** Returns the linked keys that the policies test or name by a variable: what a witness must show. */
export function linkedKeysOf(policies: readonly Policy[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { statements } of policies) {
    for (const statement of statements) for (const key of keysOfStatement(statement)) keys.add(key);
  }
  return keys;
}

const keysByStatement = new WeakMap<Statement, readonly string[]>();

function keysOfStatement(statement: Statement): readonly string[] {
  let keys = keysByStatement.get(statement);
  if (keys === undefined) {
    const { conditions, resource } = statement;
    const patterns = [
      ...(resource?.patterns ?? []).flatMap((pattern) => (pattern.kind === 'arn' ? pattern.parts : [])),
      ...conditions.flatMap(({ test }) =>
        test.kind === 'string' ? test.patterns : test.kind === 'arn' ? test.patterns.flat() : [],
      ),
    ];
    const variables = patterns.flatMap((pattern) =>
      pattern.flatMap((token) => (token.kind === 'variable' ? [token.key] : [])),
    );
    keys = [...conditions.map(({ key }) => key), ...variables].filter(isLinked);
    keysByStatement.set(statement, keys);
  }
  return keys;
}

/** Keys that only principals with an ARN have; tags maybe those who sign in as well. */
function isOfArn(key: string): boolean {
  return key === 'aws:principalorgid' || key === 'aws:principalorgpaths' || isTag(key);
}

function isTag(key: string): boolean {
  return key.startsWith('aws:principaltag/');
}

/** Whoever may show a key that has any value. */
function holdersOf(key: string): Formula {
  if (key === SERVICE_NAMES) return isService;
  return isTag(key) ? or([withArn, member('principal', SIGNING_IN)]) : withArn;
}

/** Returns a formula that is true iff every linked key that the given one asks about is as its principal and resource say. */
export function tieLinked(formula: Formula): Formula {
  const keys = new Set<string>();
  const globs: Glob[] = [];
  collect(formula, keys, globs);
  const linked = [...keys].filter(isLinked);
  if (linked.length === 0) return TRUE;
  const named = namedIn(globs);
  return and(
    linked.map((key) => {
      if (key === RESOURCE_ACCOUNT) return tieResourceAccount(named);
      return LINKED[key]?.tie(named) ?? or([not(present(key)), holdersOf(key)]);
    }),
  );
}

/** The keys that the formula asks about, and what it compares principals and resources with. */
function collect(formula: Formula, keys: Set<string>, globs: Glob[]): void {
  switch (formula.kind) {
    case 'and':
    case 'or':
      for (const arg of formula.args) collect(arg, keys, globs);
      break;
    case 'not':
      collect(formula.arg, keys, globs);
      break;
    case 'present':
    case 'several':
      keys.add(formula.key);
      break;
    case 'some':
      keys.add(formula.key);
      if (formula.test.kind === 'text') collectVariables(formula.test.globs, keys);
      break;
    case 'member':
      if (formula.attribute !== 'action') globs.push(...formula.globs);
      collectVariables(formula.globs, keys);
      break;
    default:
  }
}

function collectVariables(globs: readonly Glob[], keys: Set<string>): void {
  for (const glob of globs) for (const token of glob) if (token.kind === 'variable') keys.add(token.key);
}

/** Told apart, they need no variable: a principal of a named account has that account. */
function namedIn(globs: readonly Glob[]): Named {
  const accounts = new Set<string>();
  const users = new Set<string>();
  for (const glob of globs) {
    for (const token of glob) {
      if (token.kind !== 'text') continue;
      for (const [, account = ''] of token.text.matchAll(/:(\d{12})(?=:)/g)) accounts.add(account);
    }
    const [first] = glob;
    const [, user] = (first?.kind === 'text' && /^AWS::.*:user\/(?:.*\/)?([^/:]+)$/.exec(first.text)) || [];
    if (user !== undefined && glob.length === 1) users.add(user);
  }
  return { accounts: [...accounts], users: [...users] };
}

function tieResourceAccount({ accounts }: Named): Formula {
  const before: Glob = [...text('arn:'), PART, ...text(':'), PART, ...text(':'), PART, ...text(':')];
  const of = (account: Glob) => concat(before, account, text(':'), [REST]);
  const isAccount = someValue(RESOURCE_ACCOUNT, { kind: 'text', globs: [DIGITS] });
  return or([
    and([not(member('resource', [of(DIGITS)])), or([not(present(RESOURCE_ACCOUNT)), isAccount])]),
    ...accounts.map((id) => and([member('resource', [of(text(id))]), equals(RESOURCE_ACCOUNT, id)])),
    and([
      member('resource', [of(DIGITS)]),
      not(
        member(
          'resource',
          accounts.map((id) => of(text(id))),
        ),
      ),
      member('resource', [of(variable(RESOURCE_ACCOUNT))]),
      isAccount,
      not(someValue(RESOURCE_ACCOUNT, { kind: 'text', globs: accounts.map((id) => text(id)) })),
    ]),
  ]);
}

/** A user by name, beneath any path. */
function named(name: Glob): readonly Glob[] {
  const users: Glob = [...text('AWS::arn:'), PART, ...text(':iam::'), PART, ...text(':user/')];
  return [concat(users, name), concat(users, [REST], text('/'), name)];
}
