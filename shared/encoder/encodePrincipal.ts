/**
 * Principals as texts. The attribute `principal` of a formula is one of
 *
 * | text                          | who                                                                  |
 * | `AWS:<session>:<ARN>`         | the principal with that `aws:PrincipalArn`; a role's session when `<session>` is not empty |
 * | `AWS:user/<path and name>:<ARN>` | a federated user, and whose session that is                         |
 * | `AWSID:<unique id>`           | a principal known by its unique id alone                               |
 * | `Service:…`, `Federated:…`, `CanonicalUser:…` | that one                                               |
 * | `Anonymous:`                  | nobody in particular                                                  |
 *
 * A session keeps its role's ARN with the path, which its own ARN does not show; policies that name a role match
 * its sessions by role name, as the evaluator does. Since `aws:PrincipalAccount`, `aws:PrincipalArn` and
 * `aws:PrincipalType` are functions of this text, tests on them can be said of the principal itself: no tie is left.
 *
 * Source: IAM User Guide, "AWS JSON policy elements: Principal"; "AWS global condition context keys".
 */

import { concat, member, not, PART, REST, TRUE, text } from '../formula/build.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import type { Pattern, PrincipalElement, PrincipalPattern } from '../policy/ast.ts';
import { encodePattern } from './encodePattern.ts';

/** An account id. */
export const DIGITS: readonly GlobToken[] = Array.from(
  { length: 12 },
  () => ({ kind: 'one', of: 'digit' }) as const,
);
const one: GlobToken = { kind: 'one', of: 'any' };
const someSession: readonly GlobToken[] = [
  { kind: 'one', of: 'notSlashOrColon' },
  { kind: 'star', of: 'notSlashOrColon' },
];
const name: readonly GlobToken[] = someSession;

/** `aws`, and what begins with it and a hyphen: AWS makes new partitions, and names them so. */
const PARTITIONS: readonly Glob[] = [text('aws'), [...text('aws-'), ...someSession]];

function arn(service: string, account: readonly GlobToken[], entity: Glob, partition: Glob = [PART]): Glob {
  return [...text('arn:'), ...partition, ...text(`:${service}::`), ...account, ...text(':'), ...entity];
}

function entitiesOf(account: readonly GlobToken[], partition: Glob): readonly Glob[] {
  const its = (service: string, entity: Glob) => arn(service, account, entity, partition);
  return [
    [...text('AWS::'), ...its('iam', text('root'))],
    [...text('AWS::'), ...its('iam', [...text('user/'), one, REST])],
    [...text('AWS::'), ...its('iam', [...text('role/'), one, REST])],
    [...text('AWS:'), ...someSession, ...text(':'), ...its('iam', [...text('role/'), one, REST])],
    [
      ...text('AWS:user/'),
      { kind: 'one', of: 'notColon' },
      PART,
      ...text(':'),
      ...its('sts', [...text('federated-user/'), ...name]),
    ],
  ];
}

/** Every principal there is, to the formula. */
export const PRINCIPAL_DOMAIN: readonly Glob[] = [
  text('Anonymous:'),
  ...PARTITIONS.flatMap((partition) => entitiesOf(DIGITS, partition)),
  [...text('Service:'), one, REST],
  [...text('Federated:'), one, REST],
  [...text('CanonicalUser:'), one, REST],
  [...text('AWSID:A'), { kind: 'one', of: 'notSlashOrColon' }, { kind: 'star', of: 'notSlashOrColon' }],
  // What AWS itself puts in a principal element: CloudFront's origin access identities.
  ...PARTITIONS.map(
    (partition): Glob => [
      ...text('AWS::'),
      ...arn('iam', text('cloudfront'), [...text('user/'), one, REST], partition),
    ],
  ),
];

/** Returns a glob that matches exactly the AWS principals whose account the given one matches, by any partition. */
export function inAccount(account: Glob): Glob {
  const head = [...text('AWS:'), PART, ...text(':arn:'), PART, ...text(':'), PART, ...text('::')];
  return concat(head, account, text(':'), [REST]);
}

/** Returns globs that match exactly the AWS principals of the account, by any partition. */
export function accountGlobs(account: string): readonly Glob[] {
  return [inAccount(text(account))];
}

/** Returns globs over `principal` that match exactly the principals which the pattern matches. */
function principalGlobs(pattern: PrincipalPattern): readonly Glob[] {
  switch (pattern.kind) {
    case 'everyone':
      return PRINCIPAL_DOMAIN;
    case 'account':
      return accountGlobs(pattern.account);
    case 'role': {
      const roles = `arn:${pattern.partition}:iam::${pattern.account}:role/`;
      const session: Glob = [...text('AWS:'), ...someSession, ...text(`:${roles}`)];
      return [
        text(`AWS::arn:${pattern.partition}:iam::${pattern.account}:${pattern.entity}`),
        [...session, ...text(pattern.name)],
        [...session, REST, ...text(`/${pattern.name}`)],
      ];
    }
    case 'session': {
      const session = text(`AWS:${pattern.session}:arn:${pattern.partition}:iam::${pattern.account}:role/`);
      return [
        [...session, ...text(pattern.roleName)],
        [...session, REST, ...text(`/${pattern.roleName}`)],
      ];
    }
    case 'entity': {
      const { partition, service, account, entity } = pattern;
      const its = `arn:${partition}:${service}::${account}:${entity}`;
      if (service === 'sts' && entity.startsWith('federated-user/'))
        return [[...text('AWS:'), PART, ...text(`:${its}`)]];
      if (!entity.startsWith('user/')) return [text(`AWS::${its}`)];
      // A user's federated sessions act for the user.
      const sessions: Glob = [
        ...text(`AWS:${entity}:arn:${partition}:sts::${account}:federated-user/`),
        ...name,
      ];
      return [text(`AWS::${its}`), sessions];
    }
    case 'uniqueId':
      return [text(`AWSID:${pattern.id}`)];
    case 'Service':
    case 'Federated':
    case 'CanonicalUser':
      return [[...text(`${pattern.kind}:`), ...(pattern.value === '*' ? [one, REST] : text(pattern.value))]];
    case 'values':
      return [concat(text(`${pattern.of}:`), encodePattern(pattern.pattern))];
    case 'accounts':
      return [inAccount(encodePattern(pattern.account, { wildcard: 'notColon' }))];
    case 'entities':
      return entitiesGlobs(pattern);
  }
}

function entitiesGlobs(pattern: Extract<PrincipalPattern, { kind: 'entities' }>): readonly Glob[] {
  const within = (wildcard: 'notColon' | 'notSlashOrColon', part: Pattern) =>
    encodePattern(part, { wildcard });
  const account = within('notColon', pattern.account);
  const arnOf = (service: string, entity: Glob) =>
    concat(
      text('arn:'),
      within('notColon', pattern.partition),
      text(`:${service}::`),
      account,
      text(':'),
      entity,
    );
  const entity = encodePattern(pattern.entity);
  const globs: Glob[] = [];
  if (pattern.service === 'iam') {
    globs.push(concat(text('AWS::'), arnOf('iam', entity)));
    // A user's federated sessions act for the user.
    const federated = concat(text('federated-user/'), name);
    globs.push(concat(text('AWS:'), within('notColon', pattern.entity), text(':'), arnOf('sts', federated)));
  } else if (pattern.sessions === undefined) {
    globs.push(concat(text('AWS:'), [PART], text(':'), arnOf('sts', entity)));
  }
  if (pattern.sessions !== undefined) {
    const roleName = within('notSlashOrColon', pattern.sessions.roleName);
    // A session has a name, which a star may not make empty: the domain sees to it.
    const head = concat(text('AWS:'), within('notSlashOrColon', pattern.sessions.session), text(':'));
    const isAny = pattern.sessions.session.length === 1 && pattern.sessions.session[0]?.kind === 'star';
    const session = isAny ? concat(text('AWS:'), someSession, text(':')) : head;
    globs.push(concat(session, arnOf('iam', concat(text('role/'), roleName))));
    globs.push(concat(session, arnOf('iam', concat(text('role/'), [REST], text('/'), roleName))));
  }
  return globs;
}

/** Returns a formula that is true iff the request's principal matches the element; true when there is none. */
export function encodePrincipal(element: PrincipalElement | undefined): Formula {
  if (element === undefined) return TRUE;
  // A union with everyone is everyone; saying so keeps the formula small.
  const everyone = element.patterns.some((pattern) => pattern.kind === 'everyone');
  const matches = everyone ? TRUE : member('principal', element.patterns.flatMap(principalGlobs));
  return element.negated ? not(matches) : matches;
}

/** `aws:PrincipalType` and the principals that have it. Source: IAM User Guide, "aws:PrincipalType". */
export const PRINCIPAL_TYPES: { readonly [type: string]: readonly Glob[] } = {
  Anonymous: [text('Anonymous:')],
  Account: [[...text('AWS::'), ...arn('iam', [PART], text('root'))]],
  User: [[...text('AWS::'), ...arn('iam', [PART], [...text('user/'), REST])]],
  AssumedRole: [[...text('AWS:'), PART, ...text(':'), ...arn('iam', [PART], [...text('role/'), REST])]],
  FederatedUser: [
    [...text('AWS:'), PART, ...text(':'), ...arn('sts', [PART], [...text('federated-user/'), REST])],
  ],
};

/** Every user: those have `aws:username`. */
export const USERS: readonly Glob[] = PRINCIPAL_TYPES['User'] ?? [];

/** Every role of which no session is told. */
export const ROLES: readonly Glob[] = [[...text('AWS::'), ...arn('iam', [PART], [...text('role/'), REST])]];

/** Every session of a role. */
export const SESSIONS: readonly Glob[] = [
  [...text('AWS:'), ...someSession, ...text(':'), ...arn('iam', [PART], [...text('role/'), REST])],
];

/** Whoever signs in through an identity provider. */
export const SIGNING_IN: readonly Glob[] = [[...text('Federated:'), REST]];

/** Every principal known by its unique id alone. */
export const WITH_ID: readonly Glob[] = [[...text('AWSID:'), REST]];

/** Every principal with an ARN: those have `aws:PrincipalArn`. */
export const WITH_ARN: readonly Glob[] = [[...text('AWS:'), REST]];

/** AWS's services; whatever else calls itself a service is a stranger like any. */
export const AWS_SERVICES: readonly Glob[] = ['.amazonaws.com', '.amazonaws.com.cn'].map((domain) => [
  ...text('Service:'),
  one,
  REST,
  ...text(domain),
]);
