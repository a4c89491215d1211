/**
 * Files that give values to the parameters of a template. Sources: AWS CLI, `create-stack` and `deploy`; CodePipeline
 * User Guide, "template configuration file"; SAM Developer Guide, "AWS SAM CLI configuration file"; CloudFormation User
 * Guide, "Git sync", stack deployment file; Sceptre, "Stack Config".
 */

import { type Fields, isFields, listOf } from '../fields.ts';
import { pairsOf, pathBelow, pathFrom } from '../formats/cloudformation/stack.ts';
import { readSources } from '../formats/source.ts';
import { parseToml } from '../formats/toml.ts';
import { anySymbol } from '../symbols.ts';

/** One deployment that a file tells of. */
export type Given = {
  /** The environment; empty where the file has one alone. */
  readonly name: string;
  readonly values: Fields;
  /** Where the template may be, the first that exists; empty where the file does not tell. */
  readonly templates: readonly string[];
  /** True iff the file gives every value that has no default. */
  readonly isWhole: boolean;
  /** True iff nothing but a template with such parameters says that the file gives values. */
  readonly isGuess?: boolean;
};

/** Returns true iff a file of that name configures the SAM CLI. */
export function isSamConfig(path: string): boolean {
  return /(^|\/)samconfig[\w.-]*\.(toml|ya?ml)$/i.test(path);
}

/** Returns the deployments that the file, of a tree with that top, tells of; none where it gives no values; a sentence where it cannot be read. */
export function readGiven(path: string, text: string, top: string): readonly Given[] | string {
  if (/\.toml$/i.test(path)) {
    if (!isSamConfig(path)) return [];
    try {
      return samConfig(parseToml(text), path);
    } catch (error) {
      return `it cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
    }
  }
  const sources = readSources(text);
  if (typeof sources === 'string') return isSamConfig(path) ? `it cannot be read: ${sources}` : [];
  return sources.flatMap(({ value }) =>
    isSamConfig(path) ? samConfig(value, path) : givenIn(value, path, top),
  );
}

/** Values that policies are made of: ARNs, accounts, organizations, actions, everybody. */
const OF_ACCESS =
  /^\*$|\barn:aws|^\d{12}$|^o-[a-z0-9]{10,32}$|^[a-z0-9-]+:(\*|[A-Z]\w*\*?)$|Access$|\.amazonaws\.com$/;

/** Returns true iff values came that policies are made of. */
export function speaksOfAccess(before: Fields, after: Fields): boolean {
  const textsOf = (values: Fields) =>
    Object.entries(values).flatMap(([name, value]) =>
      listOf(value).map((each) => [name, String(each)] as const),
    );
  const old = new Set(textsOf(before).map((each) => JSON.stringify(each)));
  return textsOf(after).some((each) => !old.has(JSON.stringify(each)) && OF_ACCESS.test(each[1]));
}

const lone = (values: Fields, templates: readonly string[] = []): Given => ({
  name: '',
  values,
  templates,
  isWhole: true,
});
const one = (values: Fields, templates: readonly string[] = []) => [lone(values, templates)];

function givenIn(value: unknown, path: string, top: string): Given[] {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((each) => isFields(each) && typeof each['ParameterKey'] === 'string'))
      return one(keyed(value));
    const isAssigned = value.every((each) => typeof each === 'string' && /^[A-Za-z][A-Za-z0-9]*=/.test(each));
    return value.length > 0 && isAssigned ? one(assigned(value)) : [];
  }
  if (!isFields(value) || 'Resources' in value) return [];
  // The deployment file of git sync names its template from the top of the repository.
  const { 'template-file-path': template, parameters, Parameters, artifacts } = value;
  if (isFields(artifacts) && /(^|\/)manifest\.json$/.test(path)) return assembly(artifacts, path);
  if (typeof template === 'string')
    return one(isFields(parameters) ? parameters : {}, [pathBelow(top, template), pathFrom(path, template)]);
  const sceptre = isFields(value['template']) ? value['template']['path'] : value['template_path'];
  if (typeof sceptre === 'string' && (isFields(parameters) || 'template' in value))
    return one(isFields(parameters) ? parameters : {}, sceptrePaths(path, sceptre));
  if (Array.isArray(Parameters) && Parameters.some((each) => isFields(each) && 'ParameterKey' in each))
    return one(keyed(Parameters));
  if (isFields(Parameters) && Object.values(Parameters).every(isValue)) return one(Parameters);
  const isFlat = Object.keys(value).length > 0 && Object.values(value).every(isScalar);
  return isFlat && Object.keys(value).every((key) => /^[A-Z][A-Za-z0-9]*$/.test(key))
    ? [{ ...lone(value), isGuess: true }]
    : [];
}

/** What the CDK gives the parameters of its stacks. Source: CDK, `cloud-assembly-schema`. */
function assembly(artifacts: Fields, path: string): Given[] {
  return Object.entries(artifacts).flatMap(([name, artifact]) => {
    const { templateFile: template, parameters } =
      isFields(artifact) && isFields(artifact['properties']) ? artifact['properties'] : {};
    if (typeof template !== 'string' || !isFields(parameters)) return [];
    return [{ name, values: parameters, templates: [pathFrom(path, template)], isWhole: false }];
  });
}

/** `config/prod/app.yaml` with `template_path: app.yaml`: below `templates/` beside `config/`. */
function sceptrePaths(path: string, template: string): string[] {
  const [before = ''] = path.split(/(?:^|\/)config\//);
  const top = path === before ? '' : before;
  return [pathFrom(`${top}/x`, `templates/${template}`), pathFrom(`${top}/x`, template)].map((each) =>
    each.replace(/^\//, ''),
  );
}

const isScalar = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const isValue = (value: unknown) => isScalar(value) || (Array.isArray(value) && value.every(isScalar));

/** A value that stays as it was may be anything. */
function keyed(list: readonly unknown[]): Fields {
  const values: { [name: string]: unknown } = { ...pairsOf(list) };
  for (const each of list) {
    if (!isFields(each) || typeof each['ParameterKey'] !== 'string') continue;
    const { ParameterKey: name, UsePreviousValue: kept, ResolvedValue: resolved } = each;
    if (values[name] === undefined) values[name] = resolved ?? anySymbol(`previous ${name}`);
    if (kept === true) values[name] = anySymbol(`previous ${name}`);
  }
  return values;
}

/** `NAME=VALUE`, the value maybe in quotes, or `ParameterKey=NAME,ParameterValue=VALUE`. */
function assigned(words: readonly unknown[]): Fields {
  const values: { [name: string]: unknown } = {};
  for (const word of words) {
    if (isFields(word)) Object.assign(values, word);
    if (typeof word !== 'string') continue;
    const [, key, keyValue] = /^ParameterKey=([^,]+),ParameterValue=(.*)$/s.exec(word) ?? [];
    const [, name = key, value = keyValue] = key === undefined ? (/^([^=]+)=(.*)$/s.exec(word) ?? []) : [];
    if (name !== undefined && value !== undefined) values[name] = value.replace(/^(["'])(.*)\1$/s, '$2');
  }
  return values;
}

/** Words of a command line: quotes keep white space together. */
function wordsOf(text: string): string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(/\\(.)/g, '$1'),
  );
}

/** `[ENVIRONMENT.COMMAND.parameters]`; those of `global` count for every command. */
function samConfig(value: unknown, path: string): Given[] {
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, environment]): Given[] => {
    if (!isFields(environment)) return [];
    const parametersOf = (command: string) => {
      const section = environment[command];
      const parameters = isFields(section) ? section['parameters'] : undefined;
      return isFields(parameters) ? parameters : {};
    };
    const all = { ...parametersOf('global'), ...parametersOf('sync'), ...parametersOf('deploy') };
    if (Object.keys(all).length === 0) return [];
    const overrides = all['parameter_overrides'];
    const stated = all['template_file'] ?? all['template'];
    const names = typeof stated === 'string' ? [stated] : STANDARD;
    const templates = names.map((each) => pathFrom(path, each.replace(/^\.aws-sam\/build\//, '')));
    return [{ name, values: overridesOf(overrides), templates, isWhole: false }];
  });
}

const STANDARD = ['template.yaml', 'template.yml', 'template.json'];

function overridesOf(value: unknown): Fields {
  if (isFields(value)) return value;
  return assigned(listOf(value).flatMap((each) => (typeof each === 'string' ? wordsOf(each) : [each])));
}
