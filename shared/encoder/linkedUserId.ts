/**
 * `aws:userid` as the principal says it:
 *
 * | who                          | value                                                          |
 * | anonymous callers            | `anonymous`                                                    |
 * | the root user                | its account                                                    |
 * | a federated user             | `<account>:<name>`                                             |
 * | a role's session             | `<id>:<session>`: the id is the role's, the session's name is the principal's |
 * | a user, or by unique id alone | an id; of a role behind its id a session's name                 |
 * | who signs in through a provider | absent, or as a role's session: `<id>:<session>`             |
 *
 * Of all this the principal's text holds everything but the id, which is a key of its own in formulas. So a test is said
 * of both, and nothing is left to tie; only where a variable names the whole value are further keys tied to it.
 *
 * Source: IAM User Guide, "IAM policy elements: Variables", the values of `aws:userid` by kind of principal. It gives
 * federated principals a session's values, and nobody says whether they show them while they sign in: they may.
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
  text,
} from '../formula/build.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import {
  DIGITS,
  PRINCIPAL_TYPES,
  ROLES,
  SESSIONS,
  SIGNING_IN,
  USERS,
  WITH_ARN,
  WITH_ID,
} from './encodePrincipal.ts';
import { hasVariable, inParts, isVariable, matchesConstant, NAME, splitAtColon } from './linkedGlobs.ts';

/** The whole value, as policies name it. */
export const USERID = 'aws:userid';
/** What stands before a session's name; of whoever is no session the whole value. Upper case: no policy can name it. */
export const ID = 'aws:userid/Id';
/** What stands behind the id, where a variable needs it. */
const SESSION = 'aws:userid/Session';

/** Keys that stand for parts of the user id, and in no request. */
export const PARTS_OF_USER_ID: readonly string[] = [ID, SESSION];

const anonymous = member('principal', [text('Anonymous:')]);
const session = member('principal', SESSIONS);
const federated = member('principal', PRINCIPAL_TYPES['FederatedUser'] ?? []);
const user = member('principal', USERS);
const role = member('principal', ROLES);
const withId = member('principal', WITH_ID);
const roleOrId = or([role, withId]);
const signingIn = member('principal', SIGNING_IN);
/** Those who sign in with what a role's session shows. */
export const signingInAsSession = and([signingIn, present(ID)]);
const shown = or([member('principal', [...WITH_ARN, ...WITH_ID]), anonymous, signingInAsSession]);

const has = (key: string, ...globs: readonly Glob[]) => someValue(key, { kind: 'text', globs });
const valueIn = (key: string): Glob => [{ kind: 'variable', key }];

const rootOf = (account: Glob) => concat(text('AWS::arn:'), [PART], text(':iam::'), account, text(':root'));
const sessionNamed = (name: Glob) =>
  concat(text('AWS:'), name, text(':arn:'), [PART], text(':iam::'), [PART], text(':role/'), [REST]);
const federatedNamed = (account: Glob, name: Glob) =>
  concat(
    text('AWS:'),
    [PART],
    text(':arn:'),
    [PART],
    text(':sts::'),
    account,
    text(':federated-user/'),
    name,
  );

const AN_ID: Glob = [...text('A'), ...NAME];
const AN_ID_IN_SESSION: Glob = [...AN_ID, ...text(':'), ...NAME];

/** The user id: of whom a request shows it, and which values it has. */
export const linkedUserId = { present: shown, having, tie: tieWhole };

/** Returns a formula that is true iff the id is as the principal has it. */
export function tieId(): Formula {
  return or([
    and([user, has(ID, AN_ID)]),
    and([session, has(ID, AN_ID)]),
    and([role, has(ID, AN_ID_IN_SESSION)]),
    and([withId, has(ID, AN_ID, AN_ID_IN_SESSION)]),
    and([signingIn, or([not(present(ID)), has(ID, AN_ID_IN_SESSION)])]),
    not(or([user, session, roleOrId, signingIn])),
  ]);
}

function having(globs: readonly Glob[]): Formula | undefined {
  const own = globs.map((glob) => (isVariable(glob, USERID) ? [REST] : glob));
  if (own.some(hasVariable)) return undefined;
  return or([
    own.some((glob) => matchesConstant(glob, 'anonymous')) ? anonymous : FALSE,
    inParts(own, ':', (glob) => member('principal', [rootOf(glob)])),
    and([or([user, roleOrId, signingIn]), has(ID, ...own)]),
    ...own
      .flatMap(splitAtColon)
      .map(({ before, after }) =>
        or([
          and([session, has(ID, before), member('principal', [sessionNamed(after)])]),
          member('principal', [federatedNamed(before, after)]),
        ]),
      ),
  ]);
}

function tieWhole(): Formula {
  const inTwo: Glob = [...valueIn(ID), ...text(':'), ...valueIn(SESSION)];
  return or([
    and([anonymous, has(USERID, text('anonymous'))]),
    member('principal', [rootOf(valueIn(USERID))]),
    and([or([user, roleOrId, signingIn]), has(USERID, valueIn(ID)), tieId()]),
    and([
      session,
      member('principal', [sessionNamed(valueIn(SESSION))]),
      has(SESSION, NAME),
      has(USERID, inTwo),
      has(USERID, AN_ID_IN_SESSION),
      tieId(),
    ]),
    and([
      federated,
      member('principal', [federatedNamed(valueIn(ID), valueIn(SESSION))]),
      has(ID, DIGITS),
      has(SESSION, NAME),
      has(USERID, inTwo),
    ]),
    and([not(shown), not(present(USERID))]),
  ]);
}
