/**
 * How callers of a resource are authorized where no policy says it: each way in is a statement, so that one more, or one
 * that asks for less, is new access. Where IAM decides, the callers' own policies do, and there is no statement.
 */
import { type Fields, isFields, listOf } from '../fields.ts';
import type { Fact } from '../state.ts';
import { Opaque, spell } from '../symbols.ts';
import { composed, type Declared, factOf, type Rule } from './declared.ts';
import { readSources } from './source.ts';

/** One way in. */
type WayIn = {
  /** As AWS names it: `NONE`, `AWS_IAM`, `CUSTOM`, … */
  readonly type: unknown;
  /** Which authorizer, pool or issuer. */
  readonly by?: unknown;
  /** Scopes, one of which the caller must have. */
  readonly scopes?: unknown;
  readonly needsKey?: boolean;
};

const BY_IAM = /^(AWS_IAM|IAM|SIGV4)$/i;
const OPEN = /^(NONE|OPEN|ANONYMOUS|)$/i;

type Setting = {
  /** Who has these ways in: names by which the state knows it. */
  readonly ids: readonly string[];
  readonly type: string;
  readonly action: string;
  readonly ways: readonly WayIn[];
};

/** Returns the fact of one setting. */
export function authorizationFact(declared: Declared, { ids, type, action, ways }: Setting): Fact {
  const parts = ways.flatMap((way, index) => {
    const statement = statementOf(way, action);
    return statement === undefined
      ? []
      : [composed(declared, `way:${index}`, { Version: '2012-10-17', Statement: [statement] })];
  });
  return factOf(declared, { entity: { type, ids }, facet: 'authorization', defines: true, parts });
}

function statementOf({ type, by, scopes, needsKey = false }: WayIn, action: string): Fields | undefined {
  const name = typeof type === 'string' ? type : type === undefined ? '' : undefined;
  if (name !== undefined && BY_IAM.test(name)) return undefined;
  const Principal =
    name !== undefined && OPEN.test(name)
      ? '*'
      : { Federated: [name ?? keyOf(type), ...listOf(by).map(keyOf)].join(' ') };
  const asked = listOf(scopes).map(keyOf);
  const Condition = {
    ...(asked.length === 0 ? {} : { StringEquals: { 'ratchet:Scope': asked } }),
    ...(needsKey ? { Null: { 'ratchet:ApiKey': 'false' } } : {}),
  };
  const isPlain = Object.keys(Condition).length === 0;
  return { Effect: 'Allow', Principal, Action: action, Resource: '*', ...(isPlain ? {} : { Condition }) };
}

const keyOf = (value: unknown): string =>
  typeof value === 'string' ? spell(value) : value instanceof Opaque ? value.key : JSON.stringify(value);

/** The ways in of a resource that states them itself. */
export function authorized(
  type: string,
  action: string,
  waysOf: (get: Declared['get']) => readonly WayIn[],
  idsOf: (declared: Declared) => readonly string[] = ({ self }) => [self],
): Rule {
  return (declared) => [
    authorizationFact(declared, { ids: idsOf(declared), type, action, ways: waysOf(declared.get) }),
  ];
}

/** A method or route is one whatever it is called: by its API and its place there. */
export function method(names: {
  readonly place: readonly string[];
  readonly type: string;
  readonly authorizer: string;
  readonly scopes: string;
  readonly key: string;
}): Rule {
  return authorized(
    'api-method',
    'execute-api:Invoke',
    (get) => [
      {
        type: get(names.type),
        by: get(names.authorizer),
        scopes: get(names.scopes),
        needsKey: isTrue(get(names.key)),
      },
    ],
    ({ self, get }) => [self, names.place.map((each) => keyOf(get(each) ?? '')).join('/')],
  );
}

/** An HTTP API whose routes stand in an OpenAPI document. */
export function httpApi(body: string): Rule {
  return (declared) => openApiFacts(declared, openApiOf(declared.get(body)));
}

/** An authorizer: whom it asks, member by member. */
export function authorizer(names: {
  readonly pools: string;
  readonly uri: string;
  readonly issuers: string;
}): Rule {
  return authorized('authorizer', 'execute-api:Invoke', (get) => {
    const [jwt] = listOf(get(names.issuers));
    const { Issuer: issuer, Audience: audience } = isFields(jwt)
      ? { Issuer: jwt['Issuer'] ?? jwt['issuer'], Audience: jwt['Audience'] ?? jwt['audience'] }
      : {};
    return [
      ...listOf(get(names.pools)).map((by) => ({ type: 'pool', by })),
      ...listOf(get(names.uri)).map((by) => ({ type: 'function', by })),
      ...listOf(audience).map((each) => ({ type: 'issuer', by: [issuer, each] })),
      ...(issuer !== undefined && audience === undefined ? [{ type: 'issuer', by: issuer }] : []),
    ];
  });
}

/** AppSync's API key is no secret of a person: whoever has it is anyone. Source: AppSync Developer Guide, "Configuring authorization". */
export function appSyncWay(given: unknown): WayIn {
  if (!isFields(given)) return { type: given };
  const {
    AuthenticationType: type = given['authentication_type'] ?? given['AuthType'] ?? given['auth_type'],
    UserPoolConfig: pool = given['user_pool_config'] ?? given['CognitoConfig'],
    OpenIDConnectConfig: issuer = given['openid_connect_config'],
    LambdaAuthorizerConfig: lambda = given['lambda_authorizer_config'],
  } = given;
  if (type === 'API_KEY') return { type: 'NONE', needsKey: true };
  return { type, by: [pool, issuer, lambda].filter((each) => each !== undefined) };
}

export const isTrue = (value: unknown) => String(value) === 'true';

const VERBS = /^(get|put|post|delete|options|head|patch|trace|x-amazon-apigateway-any-method)$/i;

/** Returns the OpenAPI document of an object or a text; the value itself where it is none. */
export function openApiOf(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  const read = readSources(value);
  const first = typeof read === 'string' ? undefined : read[0]?.value;
  return isFields(first) ? first : value;
}

/** The methods of an OpenAPI document, a fact each. Source: API Gateway Developer Guide, "OpenAPI extensions". */
export function openApiFacts(declared: Declared, body: unknown): Fact[] {
  if (!isFields(body) || !isFields(body['paths'])) return [];
  const components = isFields(body['components']) ? body['components'] : {};
  const schemes = components['securitySchemes'] ?? body['securityDefinitions'];
  const schemeOf = (name: string) => (isFields(schemes) ? schemes[name] : undefined);
  return Object.entries(body['paths']).flatMap(([path, methods]) =>
    Object.entries(isFields(methods) ? methods : {}).flatMap(([verb, method]) => {
      if (!VERBS.test(verb) || !isFields(method)) return [];
      const auth = method['x-amazon-apigateway-auth'];
      const stated = isFields(auth) ? auth['type'] : undefined;
      const ways =
        stated === undefined ? waysOf(method['security'] ?? body['security'], schemeOf) : [{ type: stated }];
      return [
        authorizationFact(declared, {
          ids: [`${declared.self} ${verb.toLowerCase()} ${path}`],
          type: 'api-method',
          action: 'execute-api:Invoke',
          ways,
        }),
      ];
    }),
  );
}

/** One of the members of `security` is enough; of each member all are asked. */
function waysOf(security: unknown, schemeOf: (name: string) => unknown): WayIn[] {
  const members = listOf(security).filter(isFields);
  if (members.length === 0) return [{ type: 'NONE' }];
  return members.map((member): WayIn => {
    const names = Object.entries(member);
    const kinds = names.map(([name]) => {
      const scheme = schemeOf(name);
      const kind = isFields(scheme) ? scheme['x-amazon-apigateway-authtype'] : undefined;
      if (/sigv4/i.test(String(kind)) || /^(sigv4|AWS_IAM)$/i.test(name)) return 'AWS_IAM';
      const isAuthorizer = isFields(scheme) && 'x-amazon-apigateway-authorizer' in scheme;
      return !isAuthorizer && isFields(scheme) && scheme['type'] === 'apiKey' ? 'key' : name;
    });
    const needsKey = kinds.includes('key');
    const others = kinds.filter((kind) => kind !== 'key');
    if (others.includes('AWS_IAM')) return { type: 'AWS_IAM' };
    const scopes = names.flatMap(([, each]) => listOf(each));
    return others.length === 0
      ? { type: 'NONE', needsKey }
      : { type: others.join(' and '), scopes, needsKey };
  });
}
