/** The Serverless Framework's `serverless.yml`: statements of roles, URLs, and the template it brings. Source: its guide, "IAM Permissions". */
import { createHash } from 'node:crypto';
import { settleDocument } from '../document.ts';
import { type Fields, isFields, listOf, type Path } from '../fields.ts';
import type { Fact } from '../state.ts';
import { anySymbol, Opaque, ownSymbol } from '../symbols.ts';
import { attachments, boundary, type Declared, documentAt, factOf } from './declared.ts';
import { urlPart } from './settings.ts';
import type { Source } from './source.ts';

/** Returns true iff the value configures a service on AWS. */
export function isServerless(value: unknown): value is Fields {
  if (!isFields(value) || !('service' in value || 'functions' in value)) return false;
  const provider = value['provider'];
  return (
    provider === 'aws' ||
    (isFields(provider) &&
      (provider['name'] === 'aws' || 'iam' in provider || 'iamRoleStatements' in provider))
  );
}

/** Returns the templates under `resources`. */
export function templatesOf(value: Fields): unknown[] {
  const resources = listOf(filled(value, value['resources']));
  return resources.filter((each) => isFields(each) && isFields(each['Resources']));
}

/** Returns the facts of the service's own settings. */
export function readServerless({ value: raw, regionOf }: Source, file: string): Fact[] {
  if (!isFields(raw)) return [];
  const value = withSymbols(filled(raw, raw));
  if (!isFields(value)) return [];
  const provider = isFields(value['provider']) ? value['provider'] : {};
  const iam = isFields(provider['iam']) ? provider['iam'] : {};
  const role = isFields(iam['role']) ? iam['role'] : {};
  const at = (label: string, values: Fields, path: Path): Declared => ({
    type: 'serverless',
    label,
    file,
    self: ownSymbol(label),
    get: (property) => values[property],
    region: (below) => regionOf([...path, ...below]) ?? regionOf(path),
    origin: () => undefined,
  });
  const path = ['provider', 'iam', 'role'];
  const main = at('provider.iam.role', role, path);
  const statements = 'statements' in role ? role['statements'] : provider['iamRoleStatements'];
  const where = 'statements' in role ? [...path, 'statements'] : ['provider', 'iamRoleStatements'];
  const attached = attachments(main, 'managedPolicies');
  const limit = boundary(main, 'permissionsBoundary');
  const facts = [
    factOf(main, {
      entity: { type: 'role', ids: [ownSymbol('IamRoleLambdaExecution')] },
      facet: 'permissions',
      defines: true,
      parts: [
        ...statementParts('statements', statements, where, regionOf),
        ...attached.parts,
        ...limit.parts,
      ],
      references: [...attached.references, ...limit.references],
    }),
  ];
  const gateway = isFields(provider['apiGateway']) ? provider['apiGateway'] : {};
  const api = at('provider.apiGateway', gateway, ['provider', 'apiGateway']);
  const policy = gateway['resourcePolicy'] ?? provider['resourcePolicy'];
  if (policy !== undefined) {
    const document = { Version: '2012-10-17', Statement: policy };
    const parts = [
      { id: 'document', role: 'resource' as const, document: documentAt(api, document, ['resourcePolicy']) },
    ];
    facts.push(
      factOf(api, { entity: { type: 'api', ids: [api.self] }, facet: 'api-policy', defines: true, parts }),
    );
  }
  for (const [name, each] of Object.entries(isFields(value['functions']) ? value['functions'] : {})) {
    if (!isFields(each)) continue;
    const declared = at(`functions.${name}`, each, ['functions', name]);
    const own = each['iamRoleStatements'];
    if (own !== undefined) {
      const parts = statementParts('statements', own, ['functions', name, 'iamRoleStatements'], regionOf);
      facts.push(
        factOf(declared, {
          entity: { type: 'role', ids: [declared.self] },
          facet: 'permissions',
          defines: true,
          parts,
        }),
      );
    }
    const url = each['url'];
    const isOpen = url === true || (isFields(url) && url['authorizer'] !== 'aws_iam');
    const parts = isOpen ? urlPart(declared, 'NONE', name) : [];
    facts.push(
      factOf(declared, {
        entity: { type: 'function', ids: [declared.self] },
        facet: 'function-url',
        defines: true,
        parts,
      }),
    );
  }
  return facts;
}

function statementParts(id: string, statements: unknown, path: Path, regionOf: Source['regionOf']) {
  if (statements === undefined || statements === null) return [];
  const region = regionOf(path);
  const value =
    statements instanceof Opaque ? statements : { Version: '2012-10-17', Statement: listOf(statements) };
  const document = settleDocument(value, {
    whole: region,
    of: (_, below) => regionOf([...path, ...below.slice(1)]) ?? region,
  });
  return [{ id, role: 'grant' as const, document }];
}

/** What CloudFormation fills in is not known in the framework's own settings. */
function withSymbols(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSymbols);
  if (!isFields(value)) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')))
    return ownSymbol(`${name} ${JSON.stringify(argument)}`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withSymbols(each)]));
}

const VARIABLE = /\$\{(?!AWS::)[a-zA-Z]+[:(](?:[^{}]|\{[^{}]*\})*\}/g;
const MAX_DEPTH = 20;

/**
 * Returns the configuration with the framework's variables in place: `${self:…}` as the file has it, others as symbols.
 * Source: Serverless Framework, "Variables".
 */
function filled(root: Fields, value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((each) => filled(root, each, depth));
  if (isFields(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(root, each, depth)]));
  if (typeof value !== 'string') return value;
  const [only] = value.match(VARIABLE) ?? [];
  if (only === value) return variableOf(root, only, depth);
  return value.replace(VARIABLE, (found) => {
    const known = variableOf(root, found, depth);
    return typeof known === 'object' ? anySymbol(found) : String(known);
  });
}

function variableOf(root: Fields, variable: string, depth: number): unknown {
  const [, path, fallback] = /^\$\{self:([\w.-]+)(?:,\s*(.*))?\}$/s.exec(variable) ?? [];
  if (path !== undefined && depth < MAX_DEPTH) {
    const found = path
      .split('.')
      .reduce<unknown>((each, name) => (isFields(each) ? each[name] : undefined), root);
    if (found !== undefined) return filled(root, found, depth + 1);
    const [, text] = /^'([^']*)'$/.exec(fallback ?? '') ?? [];
    if (text !== undefined) return text;
  }
  // Which member it is, the stage tells: all that it may be counts, so that none changes unseen.
  const { custom, params, provider } = root;
  const stage = isFields(provider) ? provider['stage'] : undefined;
  const isOfFile = /\$\{(self|param|opt|sls)\b/.test(variable);
  return anySymbol(
    isOfFile ? `${variable} of ${digest(JSON.stringify([custom, params, stage]) ?? '')}` : variable,
  );
}

/** A few signs that differ where texts do. */
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
