/**
 * Identity pools of Cognito: whether guests get credentials, who signs in, and with which roles. Source: Cognito Developer
 * Guide, "Identity pools".
 */
import { isFields, listOf } from '../fields.ts';
import { authorizationFact, isTrue } from './authorization.ts';
import { composed, factOf, itself, named, type Rule } from './declared.ts';
import { rolesOf } from './rules.ts';

const ACTION = 'cognito-identity:GetCredentialsForIdentity';

/** A pool: its guests are anyone; each provider is a way in. */
export function identityPool(names: {
  readonly name: string;
  readonly guests: string;
  readonly classic: string;
  readonly providers: readonly string[];
}): Rule {
  return (declared) => {
    const entity = itself('identity-pool', declared, names.name);
    const guests = isTrue(declared.get(names.guests)) ? ['*'] : [];
    const parts = guests.map((Principal) =>
      composed(declared, 'guests', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal, Action: ACTION, Resource: '*' }],
      }),
    );
    const ways = names.providers.flatMap((property) =>
      listOf(declared.get(property)).flatMap((each) =>
        isFields(each) && property === 'SupportedLoginProviders'
          ? Object.entries(each).map((by) => ({ type: property, by }))
          : [{ type: property, by: each }],
      ),
    );
    const classic = isTrue(declared.get(names.classic)) ? [{ type: 'classic flow' }] : [];
    return [
      factOf(declared, { entity, facet: 'guest-access', defines: true, parts }),
      authorizationFact(declared, { ...entity, action: ACTION, ways: [...ways, ...classic] }),
    ];
  };
}

/** The roles of those who sign in, and of guests. */
export function poolRoles(pool: string, roles: string, mappings: string): Rule {
  return (declared) => {
    const given = declared.get(roles);
    const direct: [string, unknown][] = isFields(given) ? Object.entries(given) : [['roles', given]];
    const mapped = arnsIn(declared.get(mappings)).map((arn): [string, unknown] => ['mapped', arn]);
    return [
      factOf(declared, {
        entity: named('identity-pool', declared.get(pool), declared),
        facet: 'permissions',
        ...rolesOf(declared, [...direct, ...mapped], roles),
      }),
    ];
  };
}

/** The roles that rules choose. */
function arnsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(arnsIn);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    /^(RoleARN|role_arn)$/.test(name) && typeof each === 'string' ? [each] : arnsIn(each),
  );
}
