/** Flags and `--cli-input-json` → the parameters of one operation, checked as the API's model has them. */

import type { Access } from '../../shared/checks/index.ts';
import { parseArn } from '../../shared/policy/arn.ts';
import type { PolicyType } from '../../shared/policy/ast.ts';
import { InputError } from '../input/inputError.ts';
import { parseAccess } from '../input/parseAccess.ts';
import { readSources } from '../input/readSources.ts';
import { flagOf, type Operation, type Parameters, POLICY_TYPES, RESOURCE_TYPES } from './operations.ts';
import { misused, refusedBy } from './refusal.ts';

/** What was written on the command line. */
export type Flags = {
  readonly policyDocument?: string;
  readonly existingPolicyDocument?: string;
  readonly newPolicyDocument?: string;
  readonly policyType?: string;
  readonly resourceType?: string;
  /** With the marks of `markGroups`. */
  readonly access?: readonly string[];
  readonly cliInputJson?: string;
  readonly cliInputYaml?: string;
};

/** The parameters, each as the checks take it. Those that the operation does not have are `''` or empty. */
export type Asked = {
  readonly policyDocument: string;
  readonly existingPolicyDocument: string;
  readonly newPolicyDocument: string;
  readonly policyType: PolicyType;
  readonly resourceType: string;
  readonly access: readonly Access[];
};

/** Limits of the API. Source: Access Analyzer API Reference, `Access`. */
const MAX_LISTED = 100;
const MAX_RESOURCE_CHARACTERS = 2_048;

/** Returns the parameters. Throws `Refusal` for what the AWS CLI or the service would refuse. */
export async function readParameters(
  operation: Operation,
  flags: Flags,
  stdin: NodeJS.ReadableStream,
): Promise<Asked> {
  const input = await readInput(flags, stdin);
  const texts: { [name: string]: string } = {};
  const missing: string[] = [];
  for (const parameter of operation.parameters) {
    if (parameter === 'access') continue;
    const written = flags[parameter];
    const value = written === undefined ? input[parameter] : await textOf(written, parameter, stdin);
    if (value === undefined) missing.push(flagOf(parameter));
    else texts[parameter] = value;
  }
  const needsAccess = operation.parameters.includes('access');
  if (needsAccess && flags.access === undefined && input.access === undefined) missing.push('--access');
  if (missing.length > 0) throw misused(`the following arguments are required: ${missing.join(', ')}`);
  const access = needsAccess ? accessOf(operation, flags, input) : [];
  const policyType = texts['policyType'] ?? 'RESOURCE_POLICY';
  if (!isPolicyType(policyType)) throw notListed(operation, 'policyType', policyType, POLICY_TYPES);
  const resourceType = texts['resourceType'] ?? '';
  if (resourceType !== '' && !RESOURCE_TYPES.includes(resourceType))
    throw notListed(operation, 'resourceType', resourceType, RESOURCE_TYPES);
  return {
    policyDocument: texts['policyDocument'] ?? '',
    existingPolicyDocument: texts['existingPolicyDocument'] ?? '',
    newPolicyDocument: texts['newPolicyDocument'] ?? '',
    policyType,
    resourceType,
    access,
  };
}

function isPolicyType(text: string): text is PolicyType {
  return (POLICY_TYPES as readonly string[]).includes(text);
}

function notListed({ name }: Operation, member: string, value: string, list: readonly string[]) {
  const message = `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${list.join(', ')}]`;
  return refusedBy(name, 'ValidationException', `1 validation error detected: ${message}`);
}

/** The whole request in one document; flags go before it. */
async function readInput(flags: Flags, stdin: NodeJS.ReadableStream): Promise<Parameters> {
  const { cliInputJson, cliInputYaml } = flags;
  if (cliInputJson !== undefined && cliInputYaml !== undefined)
    throw misused('Only one --cli-input- parameter may be specified.');
  const written = cliInputJson ?? cliInputYaml;
  if (written === undefined) return {};
  const flag = cliInputJson === undefined ? '--cli-input-yaml' : '--cli-input-json';
  const [source] = await readSources([{ flag, argument: written }], stdin).catch(() => [
    { name: flag, text: written },
  ]);
  const value = await parseInput(source?.text ?? '', flag);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw misused(`Invalid type for parameter ${flag}: an object is needed`);
  return value;
}

async function parseInput(text: string, flag: string): Promise<unknown> {
  try {
    return flag === '--cli-input-json' ? JSON.parse(text) : (await import('./yaml.ts')).parse(text);
  } catch (error) {
    throw misused(`Error parsing parameter '${flag}': ${error instanceof Error ? error.message : error}`);
  }
}

/** A document: text, or `file://` and a file, as the AWS CLI takes it; a file's name alone is taken too. */
async function textOf(
  argument: string,
  parameter: keyof Parameters,
  stdin: NodeJS.ReadableStream,
): Promise<string> {
  if (!parameter.toLowerCase().endsWith('document') && !argument.startsWith('file://')) return argument;
  try {
    const [source] = await readSources([{ flag: flagOf(parameter), argument }], stdin);
    return source?.text ?? '';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw misused(
      `Error parsing parameter '${flagOf(parameter)}': Unable to load paramfile: ${error.message}`,
    );
  }
}

function accessOf({ name }: Operation, flags: Flags, input: Parameters): readonly Access[] {
  const words = flags.access ?? [JSON.stringify(input.access)];
  let access: readonly Access[];
  try {
    access = parseAccess(words);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw refusedBy(name, 'ValidationException', error.message);
  }
  if (access.length !== 1)
    throw refusedBy(
      name,
      'ValidationException',
      `access must hold exactly one object, and holds ${access.length}`,
    );
  for (const { actions = [], resources = [] } of access) {
    for (const [member, list] of [['actions', actions] as const, ['resources', resources] as const]) {
      if (list.length > MAX_LISTED)
        throw refusedBy(
          name,
          'ValidationException',
          `access.${member} holds ${list.length} members; at most ${MAX_LISTED} are allowed`,
        );
    }
    const long = resources.find((resource) => resource.length > MAX_RESOURCE_CHARACTERS);
    if (long !== undefined)
      throw refusedBy(
        name,
        'ValidationException',
        `a resource of access has ${long.length} characters; at most ${MAX_RESOURCE_CHARACTERS} are allowed`,
      );
  }
  const open = access[0]?.resources?.find((resource) => resource !== '*' && /[*?].*:/.test(headOf(resource)));
  if (open !== undefined)
    throw refusedBy(
      name,
      'ValidationException',
      `the resource ${open} of access has a wildcard before its last part, where none is allowed`,
    );
  return access;
}

/** The five fields before the name of the resource, with their colons. */
function headOf(resource: string): string {
  return `${parseArn(resource).head}:`;
}
