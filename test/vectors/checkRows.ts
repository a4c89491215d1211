/** The rows of the checks' vectors: where they are, and how one is asked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { POLICY_TYPES, type PolicyTypeName } from '../../cli/input/policyTypes.ts';
import { askOf, compare } from '../../shared/checks/controlPolicies.ts';
import type { Access, Engine, Trusted } from '../../shared/checks/index.ts';
import type { Reason, Verdict } from '../../shared/checks/verdict.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../shared/policy/policySet.ts';

type NamedDocument = { readonly name: string; readonly policy: unknown };
type Result = Verdict['result'];

type Row = {
  readonly id: string;
  /** Left out in collections that hold one check. */
  readonly check?: 'no-new-access' | 'access-not-granted' | 'no-public-access' | 'no-external-access';
  readonly policyType: PolicyTypeName;
  readonly existing?: unknown;
  readonly new?: unknown;
  readonly policy?: unknown;
  readonly access?: readonly Access[] | Access;
  readonly resourceType?: string;
  readonly trusted?: Trusted;
  readonly linkPrincipal?: true;
  /** Several where it is honest not to decide. */
  readonly expected: Result | readonly Result[];
  /** Of a FAIL: whether AWS could see a request. */
  readonly possible?: boolean;
  /** Statements, by index or in part. */
  readonly reasons?: readonly (number | Partial<Reason>)[];
  readonly removedDenies?: readonly number[];
};

/** Collections kept outside of the project are tried where they are. */
const folders = ['./checks/', '../../../shared/vectors/'].map((path) => new URL(path, import.meta.url));
/** The files with their rows' places. */
export const files = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => ({ name, url: new URL(name, folder) })))
  .filter(({ name }) => name.endsWith('.jsonl'));

/** Returns the rows of a file. */
export function rowsOf(url: URL): Row[] {
  const lines = readFileSync(url, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

function read(document: unknown, type: PolicyTypeName, isReference = false): Policy {
  const parsed = parsePolicy(typeof document === 'string' ? document : JSON.stringify(document), {
    ...POLICY_TYPES[type],
    isReference,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

type SetRow = {
  readonly policies: readonly NamedDocument[];
  readonly boundary?: readonly (NamedDocument | SetRow)[];
};

function isSet(value: unknown): value is SetRow {
  return typeof value === 'object' && value !== null && 'policies' in value;
}

function readAll(value: unknown, type: PolicyTypeName, isReference = false): Policy | PolicySet {
  return isSet(value) ? readSet(value, type) : read(value, type, isReference);
}

function readSet({ policies, boundary }: SetRow, type: PolicyTypeName): PolicySet {
  const named = ({ name, policy }: NamedDocument) => ({ name, policy: read(policy, type) });
  const limits = boundary?.map((limit) => (isSet(limit) ? readSet(limit, type) : named(limit)));
  return { policies: policies.map(named), ...(limits === undefined ? {} : { boundary: limits }) };
}

/** Returns the answer to the question of a row. */
export function ask(engine: Engine, row: Row): Promise<Verdict> {
  const policy = () => readAll(row.policy, row.policyType);
  const isControl = 'isControl' in POLICY_TYPES[row.policyType];
  switch (row.check ?? 'no-new-access') {
    case 'no-new-access':
      return isControl
        ? compare(engine, read(row.existing, row.policyType), read(row.new, row.policyType))
        : engine.checkNoNewAccess(
            readAll(row.existing, row.policyType, true),
            readAll(row.new, row.policyType),
          );
    case 'access-not-granted': {
      const access = [row.access ?? []].flat();
      return isControl
        ? askOf(read(row.policy, row.policyType), (asked) => engine.checkAccessNotGranted(asked, access))
        : engine.checkAccessNotGranted(policy(), access);
    }
    case 'no-public-access':
      return engine.checkNoPublicAccess(policy(), row.resourceType ?? 'AWS::S3::Bucket');
    case 'no-external-access':
      return isControl
        ? askOf(read(row.policy, row.policyType), (asked) =>
            engine.checkNoExternalAccess(asked, row.trusted ?? {}),
          )
        : engine.checkNoExternalAccess(policy(), row.trusted ?? {});
  }
}
