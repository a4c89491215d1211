/**
 * What SAM makes of its resources: the roles of functions and state machines, URLs, and policies of APIs. SAM's own
 * policy templates are known by name only. Source: SAM Developer Guide, "AWS::Serverless::Function", "Policy templates".
 */

import { isPolicy, settleDocument, unreadDocument } from '../../document.ts';
import { isFields, listOf } from '../../fields.ts';
import type { Fact, Part, PartReference } from '../../state.ts';
import { Opaque, ownSymbol } from '../../symbols.ts';
import { restApi } from '../apis.ts';
import { authorizationFact, httpApi, isTrue } from '../authorization.ts';
import {
  attachment,
  boundary,
  composed,
  type Declared,
  documentAt,
  factOf,
  idOf,
  itself,
  opaquePart,
  partAt,
  type Rule,
} from '../declared.ts';
import { rolesOf } from '../rules.ts';
import { urlPart } from '../settings.ts';

/** The role that SAM makes where none is given; its policies belong to nobody else. */
function role(declared: Declared): Fact[] {
  const given = declared.get('Role');
  const connectors = declared.get('Connectors');
  const linked =
    connectors === undefined ? [] : [opaquePart(declared, 'Connectors', connectorOf(connectors))];
  if (given !== undefined) {
    const self = { type: declared.type, ids: [declared.self] };
    const own = rolesOf(declared, [['Role', given]], 'Role');
    const taken = factOf(declared, { entity: self, facet: 'role', defines: true, ...own });
    if (linked.length === 0) return [taken];
    const entity = { type: 'role', ids: [idOf(given) ?? `?${declared.label}`] };
    return [taken, factOf(declared, { entity, facet: 'permissions', parts: linked })];
  }
  const name = idOf(declared.get('RoleName'));
  const entity = {
    type: 'role',
    ids: [ownSymbol(`${declared.label}Role`), ...(name === undefined ? [] : [name])],
  };
  const { parts, references } = policies(declared);
  const limit = boundary(declared, 'PermissionsBoundary');
  return [
    factOf(declared, {
      entity,
      facet: 'permissions',
      defines: true,
      parts: [...parts, ...limit.parts, ...linked],
      references: [...references, ...limit.references],
    }),
    factOf(declared, {
      entity,
      facet: 'trust',
      defines: true,
      parts: trustOf(declared),
    }),
  ];
}

/** Without a trust policy of its own the role trusts the service that runs it. */
function trustOf(declared: Declared): Part[] {
  const own = partAt(declared, 'AssumeRolePolicyDocument');
  if (own.length > 0) return own;
  const service = declared.type === 'AWS::Serverless::StateMachine' ? 'states' : 'lambda';
  const statement = {
    Effect: 'Allow',
    Principal: { Service: [`${service}.amazonaws.com`] },
    Action: ['sts:AssumeRole'],
  };
  return [composed(declared, 'document', { Version: '2012-10-17', Statement: [statement] })];
}

const connectorOf = (value: unknown) =>
  new Opaque(`connectors ${JSON.stringify(value)}`, 'SAM makes its policies of connectors');

function policies(declared: Declared): { parts: Part[]; references: PartReference[] } {
  const list = declared.get('Policies');
  const parts: Part[] = [];
  const references: PartReference[] = [];
  if (list instanceof Opaque) parts.push(opaquePart(declared, 'Policies', list));
  else
    for (const [index, policy] of listOf(list).entries()) {
      const path = ['Policies', ...(Array.isArray(list) ? [index] : [])];
      if (typeof policy === 'string') references.push(attachment(declared, managedArn(policy), path));
      else if (policy instanceof Opaque) parts.push(opaquePart(declared, `Policies.${index}`, policy));
      else if (isPolicy(policy))
        parts.push({ id: `inline:${index}`, role: 'grant', document: documentAt(declared, policy, path) });
      else if (isFields(policy)) parts.push(templatePart(declared, policy, path));
    }
  return { parts, references };
}

/** SAM takes AWS's managed policies by name. */
function managedArn(policy: string): string {
  return policy.startsWith('arn:') || /[^\w+=,.@/-]/.test(policy) ? policy : `aws-managed:${policy}`;
}

function templatePart(declared: Declared, policy: object, path: readonly (string | number)[]): Part {
  const [[name, values] = ['', undefined]] = Object.entries(policy);
  const key = `${name} ${JSON.stringify(values)}`;
  const document = unreadDocument(key, `what SAM's policy template \`${name}\` grants is not in the file`, {
    region: declared.region(path),
    allowsOnly: true,
  });
  return { id: `template:${key}`, role: 'grant', document };
}

export const samStateMachine: Rule = role;

export const samHttpApi: Rule = (declared) => [...samAuth(declared), ...httpApi('DefinitionBody')(declared)];

export const samFunction: Rule = (declared) => {
  const config = declared.get('FunctionUrlConfig');
  const entity = itself('function', declared, 'FunctionName');
  const url = isFields(config) ? urlPart(declared, config['AuthType'], entity.ids.at(-1)) : [];
  return [
    ...role(declared),
    factOf(declared, { entity, facet: 'function-url', defines: true, parts: url }),
    ...eventFacts(declared),
  ];
};

/** An event that names no authorizer asks the one of its API. */
function eventFacts(declared: Declared): Fact[] {
  const events = declared.get('Events');
  return Object.entries(isFields(events) ? events : {}).flatMap(([name, event]) => {
    if (!isFields(event) || !/^(Api|HttpApi)$/.test(String(event['Type']))) return [];
    const { Auth: auth } = isFields(event['Properties']) ? event['Properties'] : {};
    const way = isFields(auth) ? auth : {};
    const type = way['Authorizer'] ?? 'whom the API asks by default';
    const needsKey = isTrue(way['ApiKeyRequired']);
    return [
      authorizationFact(declared, {
        ids: [ownSymbol(`${declared.label}.${name}`)],
        type: 'api-method',
        action: 'execute-api:Invoke',
        ways: [{ type, scopes: way['AuthorizationScopes'], needsKey }],
      }),
    ];
  });
}

/** Whom an API asks by default. Source: SAM Developer Guide, "ApiAuth", "HttpApiAuth", "Auth" of GraphQL APIs. */
export const samAuth: Rule = (declared) => {
  const given = declared.get('Auth');
  if (given instanceof Opaque) return [];
  const auth = isFields(given) ? given : {};
  const { Authorizers: authorizers, DefaultAuthorizer: name, Additional: more } = auth;
  const by = isFields(authorizers) && typeof name === 'string' ? authorizers[name] : undefined;
  const main = { type: name ?? auth['Type'], by, needsKey: isTrue(auth['ApiKeyRequired']) };
  const others = listOf(more).map((each) => ({ type: isFields(each) ? each['Type'] : each }));
  return [
    authorizationFact(declared, {
      ids: [declared.self],
      type: 'api-default',
      action: 'execute-api:Invoke',
      ways: [main, ...others],
    }),
  ];
};

const SAM_API = restApi({
  name: 'Name',
  policy: 'Policy',
  body: 'DefinitionBody',
  endpoint: 'EndpointConfiguration',
  locations: [],
});

/** Lists of `Auth.ResourcePolicy` that SAM turns into statements of its own. */
export const samApi: Rule = (declared) => {
  const own = [...SAM_API(declared), ...samAuth(declared)];
  const auth = declared.get('Auth');
  const policy = isFields(auth) ? auth['ResourcePolicy'] : undefined;
  if (policy === undefined) return own;
  const entity = itself('api', declared, 'Name');
  const { CustomStatements: statements, ...lists } = isFields(policy) ? policy : { CustomStatements: policy };
  const region = declared.region(['Auth', 'ResourcePolicy']);
  const parts: Part[] = [];
  if (statements !== undefined) {
    const value = { Version: '2012-10-17', Statement: statements };
    parts.push({
      id: 'custom',
      role: 'resource',
      document: settleDocument(value, { whole: region, of: () => region }),
    });
  }
  if (Object.keys(lists).length > 0)
    parts.push(
      composed(
        declared,
        'lists',
        new Opaque(JSON.stringify(lists), 'SAM makes its statements of `ResourcePolicy`'),
      ),
    );
  return [...own, factOf(declared, { entity, facet: 'api-policy', defines: true, parts })];
};
