/** REST APIs: their policies, wherever they stand; what keeps them private; the authorization of their methods. */
import { type Fields, isFields, listOf } from '../fields.ts';
import type { Fact, Part } from '../state.ts';
import { Opaque } from '../symbols.ts';
import { openApiFacts, openApiOf } from './authorization.ts';
import { composed, type Declared, documentAt, factOf, itself, type Rule } from './declared.ts';
import { document } from './rules.ts';
import { changedSetting } from './settings.ts';
import { uncoveredFacts } from './uncovered.ts';

/** A file that is an OpenAPI document of API Gateway: an API whose name only its deployment tells. */
export function openApiFile(declared: Declared, value: unknown): Fact[] {
  if (!isFields(value) || !isFields(value['paths']) || !('openapi' in value || 'swagger' in value)) return [];
  const { [POLICY]: written } = value;
  const parts: Part[] =
    written === undefined
      ? []
      : [{ id: 'document:body', role: 'resource', document: documentAt(declared, written, [POLICY]) }];
  const entity = { type: 'api', ids: [declared.self] };
  return [
    factOf(declared, { entity, facet: 'api-policy', defines: true, parts }),
    ...openApiFacts(declared, value),
  ];
}

type ApiProperties = {
  readonly name: string;
  readonly policy: string;
  /** The OpenAPI document, as an object or a text. */
  readonly body: string;
  readonly endpoint: string;
  /** Where the document is, if elsewhere. */
  readonly locations: readonly string[];
};

const POLICY = 'x-amazon-apigateway-policy';

/** A REST API with what it states of itself. */
export function restApi({ name, policy, body, endpoint, locations }: ApiProperties): Rule {
  return (declared) => {
    const entity = itself('api', declared, name);
    const own = document(policy, { facet: 'api-policy', type: 'api', name })(declared);
    const given = openApiOf(declared.get(body));
    const { [POLICY]: written, ...rest } = isFields(given) ? given : {};
    const inBody: Part[] =
      written === undefined
        ? []
        : [
            {
              id: 'document:body',
              role: 'resource',
              document: documentAt(declared, written, [body, POLICY]),
            },
          ];
    const parts = [...inBody, ...privatePart(declared, endpoint)];
    const facts: Fact[] = [factOf(declared, { entity, facet: 'api-policy', defines: true, parts })];
    const others = isFields(given) ? rest : given;
    return [
      ...own,
      ...facts,
      ...openApiFacts(declared, given),
      ...changedSetting(...locations)(declared),
      ...(others === undefined ? [] : uncoveredFacts(declared, body, others)),
    ];
  };
}

/** A private API takes what comes through an endpoint of a VPC alone. Source: API Gateway Developer Guide, "Private REST APIs". */
function privatePart(declared: Declared, property: string): Part[] {
  const given = declared.get(property);
  if (given instanceof Opaque) return [composed(declared, 'endpoint', given)];
  const [first] = listOf(given);
  const configuration: Fields = isFields(first) ? first : { Type: first };
  const types = configuration['Types'] ?? configuration['types'] ?? configuration['Type'];
  if (types instanceof Opaque) return [composed(declared, 'endpoint', types)];
  if (!listOf(types).includes('PRIVATE')) return [];
  return [
    composed(declared, 'endpoint', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'execute-api:*',
          Resource: '*',
          Condition: { Null: { 'aws:SourceVpce': 'true' } },
        },
      ],
    }),
  ];
}
