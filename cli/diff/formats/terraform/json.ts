/** Terraform's configuration as JSON (`*.tf.json`), which CDKTF writes. Source: Terraform, "JSON Configuration Syntax". */
import { type Fields, isFields, listOf, type Path } from '../../fields.ts';
import type { Fact } from '../../state.ts';
import { anySymbol, Opaque, ownSymbol } from '../../symbols.ts';
import type { Source } from '../source.ts';
import { factsOfResource } from './resource.ts';

/** Returns true iff the value is a configuration. */
export function isTerraformJson(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  return (
    ['resource', 'data', 'module', 'locals', 'variable'].some(
      (name) => isFields(value[name]) || Array.isArray(value[name]),
    ) && !('Resources' in value)
  );
}

/** Returns the facts of its resources. What an expression gives is a symbol, or what the file itself says. */
export function readTerraformJson({ value, regionOf }: Source, file: string): Fact[] {
  if (!isFields(value)) return [];
  const scope = createScope(value);
  const facts: Fact[] = [];
  for (const { type, name, body, path } of blocksOf(value['resource'], ['resource']))
    facts.push(
      ...factsOfResource({
        type,
        label: `${type}.${name}`,
        file,
        get: (attribute) => scope.resolve(body[attribute]),
        names: () => Object.keys(body),
        region: (below) => regionOf([...path, ...below]) ?? regionOf(path),
      }),
    );
  for (const [name, each] of Object.entries(isFields(value['module']) ? value['module'] : {})) {
    const [body] = listOf(each);
    if (!isFields(body)) continue;
    facts.push(
      ...factsOfResource({
        type: 'module',
        label: `module.${name}`,
        file,
        get: (attribute) => scope.resolve(body[attribute]),
        names: () => Object.keys(body),
        region: (below) => regionOf(['module', name, ...below]) ?? regionOf(['module', name]),
      }),
    );
  }
  return facts;
}

type Block = { readonly type: string; readonly name: string; readonly body: Fields; readonly path: Path };

function blocksOf(value: unknown, path: Path): Block[] {
  return listOf(value).flatMap((types) =>
    isFields(types)
      ? Object.entries(types).flatMap(([type, names]) =>
          listOf(names).flatMap((each) =>
            isFields(each)
              ? Object.entries(each).flatMap(([name, bodies]) =>
                  listOf(bodies).flatMap((body) =>
                    isFields(body) ? [{ type, name, body, path: [...path, type, name] }] : [],
                  ),
                )
              : [],
          ),
        )
      : [],
  );
}

type Scope = { resolve(value: unknown): unknown };

const MAX_DEPTH = 20;

function createScope(root: Fields): Scope {
  const data = new Map(
    blocksOf(root['data'], []).map((block) => [`data.${block.type}.${block.name}`, block]),
  );
  const resources = new Set(blocksOf(root['resource'], []).map(({ type, name }) => `${type}.${name}`));
  const locals: Fields = Object.assign({}, ...listOf(root['locals']).filter(isFields));
  const variables = isFields(root['variable']) ? root['variable'] : {};
  let depth = 0;
  const resolve = (value: unknown): unknown => {
    if (depth > MAX_DEPTH) return new Opaque('depth', 'its expressions refer to each other');
    depth += 1;
    try {
      if (typeof value === 'string') return resolveText(value);
      if (Array.isArray(value)) return value.map(resolve);
      if (!isFields(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
    } finally {
      depth -= 1;
    }
  };
  const resolveText = (text: string): unknown => {
    const parts = expressionsIn(text);
    const [only] = parts;
    if (parts.length === 1 && only?.isExpression === true) return valueFor(only.text);
    return parts
      .map(({ text: each, isExpression }) => {
        if (!isExpression) return each;
        const value = valueFor(each);
        return typeof value === 'string' ? value : anySymbol(each);
      })
      .join('');
  };
  const valueFor = (expression: string): unknown => {
    const plain = expression.trim();
    const [, kind = '', name = ''] = /^(local|var)\.([\w-]+)$/.exec(plain) ?? [];
    if (kind === 'local' && name in locals) return resolve(locals[name]);
    if (kind === 'var') {
      const [declared] = listOf(variables[name]);
      return isFields(declared) && declared['default'] !== undefined
        ? resolve(declared['default'])
        : anySymbol(plain);
    }
    const [, source, attribute] = /^(data\.\w+\.[\w-]+)\.(json|minified_json)$/.exec(plain) ?? [];
    const block = source === undefined ? undefined : data.get(source);
    if (block?.type === 'aws_iam_policy_document' && attribute !== undefined)
      return documentOf(block.body, resolve);
    const [, address = ''] = /^([a-z]\w*\.[\w-]+)(?:\[[^\]]*\])?\.\w+$/.exec(plain) ?? [];
    if (resources.has(address)) return ownSymbol(address);
    if (/^data\.aws_caller_identity\.[\w-]+\.account_id$/.test(plain)) return '000000000000';
    if (/^data\.aws_partition\.[\w-]+\.partition$/.test(plain)) return 'aws';
    return anySymbol(plain);
  };
  return { resolve };
}

type TextPart = { readonly text: string; readonly isExpression: boolean };

/** `a${b}c` → a, b, c; braces may be nested, and `$${` is a text. */
function expressionsIn(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let plain = '';
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith('$${', at)) {
      plain += '${';
      at += 2;
    } else if (text.startsWith('${', at)) {
      let level = 1;
      let end = at + 2;
      for (; end < text.length && level > 0; end++) {
        if (text[end] === '{') level += 1;
        else if (text[end] === '}') level -= 1;
      }
      if (plain !== '') parts.push({ text: plain, isExpression: false });
      plain = '';
      parts.push({ text: text.slice(at + 2, end - 1), isExpression: true });
      at = end - 1;
    } else plain += text[at];
  }
  if (plain !== '' || parts.length === 0) parts.push({ text: plain, isExpression: false });
  return parts;
}

/** `aws_iam_policy_document`. Source: the provider's reference of that data source. */
function documentOf(body: Fields, resolve: (value: unknown) => unknown): unknown {
  if (
    ['source_policy_documents', 'override_policy_documents', 'dynamic', 'source_json', 'override_json'].some(
      (name) => name in body,
    )
  )
    return new Opaque(JSON.stringify(body), '`aws_iam_policy_document` merges other documents');
  const statements = listOf(resolve(body['statement'])).map((each) => {
    if (!isFields(each)) return each;
    const conditions: { [operator: string]: { [key: string]: unknown } } = {};
    for (const one of listOf(each['condition']))
      if (isFields(one)) {
        const operator = String(one['test']);
        conditions[operator] = { ...conditions[operator], [String(one['variable'])]: one['values'] };
      }
    const members: { [element: string]: unknown } = { Effect: each['effect'] ?? 'Allow' };
    const put = (element: string, value: unknown) => {
      if (value !== undefined && value !== null) members[element] = value;
    };
    put('Sid', each['sid']);
    put('Principal', principals(each['principals']));
    put('NotPrincipal', principals(each['not_principals']));
    put('Action', each['actions']);
    put('NotAction', each['not_actions']);
    put('Resource', each['resources']);
    put('NotResource', each['not_resources']);
    if (Object.keys(conditions).length > 0) members['Condition'] = conditions;
    return members;
  });
  return { Version: body['version'] ?? '2012-10-17', Statement: statements };
}

function principals(value: unknown): unknown {
  const blocks = listOf(value).filter(isFields);
  if (blocks.length === 0) return undefined;
  if (blocks.some(({ type }) => type === '*')) return '*';
  const kinds: { [kind: string]: unknown[] } = {};
  for (const { type, identifiers } of blocks)
    kinds[String(type)] = [...(kinds[String(type)] ?? []), ...listOf(identifiers)];
  return kinds;
}
