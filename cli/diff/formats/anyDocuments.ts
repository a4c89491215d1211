/** Policies in files of any shape: the file itself, lists and maps of policies, output of AWS's own commands. */
import { isPolicy, settleDocument } from '../document.ts';
import type { FacetName } from '../facets.ts';
import { type Fields, isFields, type Path } from '../fields.ts';
import type { Fact } from '../state.ts';
import { hasSymbol, ownSymbol } from '../symbols.ts';
import { openApiFile } from './apis.ts';
import { clusterFacts } from './clusterUsers.ts';
import { type Declared, factOf } from './declared.ts';
import { policyReferences } from './policyArns.ts';
import type { Source } from './source.ts';
import { walk } from './walk.ts';

/** Returns the facts of a value that is no format of its own. `text` is the file where it is one document. */
export function readAnyDocuments({ value, regionOf }: Source, file: string, text: string): Fact[] {
  const facts: Fact[] = [];
  const declared = declaredIn(file, regionOf);
  const add = (found: unknown, path: Path) => {
    // What was filled in stands in the value alone: in the text it would read as a variable of IAM's.
    const whole =
      path.length === 0 && isPolicy(found) && /^\s*[{]/.test(text) && !hasSymbol(JSON.stringify(found));
    const document = {
      ...settleDocument(found, {
        whole: regionOf(path),
        of: (_, below) => (typeof found === 'string' ? undefined : regionOf([...path, ...below])),
      }),
      ...(whole ? { source: text } : {}),
      ...(isPolicy(found) ? { isLiteral: true } : {}),
    };
    const names = document.statements.some(({ key }) => /"(Not)?Principal":/.test(key));
    const facet: FacetName = names ? 'document' : 'identity-document';
    const subject = nameOf(path, value);
    facts.push({
      entity: { type: 'policy-file', ids: [ownSymbol(subject)] },
      label: subject,
      file,
      region: regionOf(path),
      defines: true,
      facet,
      parts: [{ id: 'document', role: names ? 'resource' : 'grant', document }],
      references: [],
    });
  };
  walk(value, [], add);
  walkStatements(value, [], add);
  // Stated without policies too, so that one that is taken away leaves something to compare.
  const references = policyReferences(declared, value, []);
  const entity = { type: 'policy-list', ids: [ownSymbol('policies')] };
  facts.push(factOf(declared, { entity, facet: 'permissions', defines: true, references, label: '' }));
  return [...facts, ...clusterFacts(declared, value), ...openApiFile(declared, value)];
}

function declaredIn(file: string, regionOf: Source['regionOf']): Declared {
  return {
    type: 'file',
    label: '',
    file,
    self: ownSymbol('file'),
    get: () => undefined,
    region: regionOf,
    origin: () => undefined,
  };
}

/** Statements without the document around them: parts that something else includes. */
function walkStatements(value: unknown, path: Path, found: (document: unknown, path: Path) => void): void {
  if (Array.isArray(value)) {
    if (value.some(isStatement)) found({ Version: '2012-10-17', Statement: value }, path);
    else for (const [index, each] of value.entries()) walkStatements(each, [...path, index], found);
  } else if (isFields(value) && !isPolicy(value)) {
    if (isStatement(value)) found({ Version: '2012-10-17', Statement: [value] }, path);
    else for (const [key, each] of Object.entries(value)) walkStatements(each, [...path, key], found);
  }
}

function isStatement(value: unknown): value is Fields {
  return (
    isFields(value) &&
    /^(Allow|Deny)$/.test(String(value['Effect'])) &&
    ('Action' in value || 'NotAction' in value)
  );
}

/** Members by which lists know their items. */
const NAMES = [
  'PolicyName',
  'RoleName',
  'UserName',
  'GroupName',
  'Name',
  'name',
  'Arn',
  'Id',
  'id',
  'key',
  'Key',
];

/** `RoleDetailList.app.RolePolicyList.p`: lists by the names of their items, so that one more moves nothing. */
function nameOf(path: Path, root: unknown): string {
  let value = root;
  return path
    .map((step) => {
      value = Array.isArray(value) || isFields(value) ? (value as Fields)[step] : undefined;
      const name =
        typeof step === 'number' && isFields(value)
          ? NAMES.map((each) => (value as Fields)[each]).find((each) => typeof each === 'string')
          : undefined;
      return String(name ?? step);
    })
    .join('.');
}
