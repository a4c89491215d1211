/** Values that one template exports and another imports. Source: CloudFormation User Guide, "Fn::ImportValue". */
import { type Fields, isFields } from '../fields.ts';
import { ROWS } from '../formats/cloudformation/rows.ts';
import { textsWithin } from '../formats/cloudformation/stack.ts';
import { fileKind } from '../formats/fileKind.ts';
import { templatesIn } from '../formats/templates.ts';
import type { Unread } from '../state.ts';
import type { Tree } from '../states/tree.ts';
import type { Loader } from './loadStack.ts';

type Side = { readonly tree: Tree; readonly loader: Loader };

/** Returns the templates of which an exported value changed that a policy of another template takes. */
export async function readExports(paths: ReadonlySet<string>, before: Side, after: Side): Promise<Unread[]> {
  const found: Unread[] = [];
  for (const path of paths) {
    const [old, now] = [await exportsOf(before, path), await exportsOf(after, path)];
    for (const [name, { value, word }] of now) {
      const earlier = old.get(name)?.value;
      if (earlier === undefined || earlier === value || word.length < MIN_WORD) continue;
      const importer = await importerOf(word, path, after);
      if (importer === undefined) continue;
      const why = `the exported value \`${word}\` changed, and a policy in \`${importer}\` takes it`;
      found.push({ file: path, key: `${earlier}|${value}`, why });
    }
  }
  return found;
}

/** Shorter ones stand everywhere. */
const MIN_WORD = 3;

type Exported = { readonly value: string; readonly word: string };

async function exportsOf({ loader }: Side, path: string): Promise<Map<string, Exported>> {
  const found = new Map<string, Exported>();
  for (const { value } of await loader.sources(path))
    for (const template of templatesIn(value)) {
      const { Outputs: outputs, Parameters, Mappings, Conditions } = template;
      for (const output of isFields(outputs) ? Object.values(outputs) : []) {
        const exported = isFields(output) ? output['Export'] : undefined;
        if (!isFields(output) || !isFields(exported)) continue;
        const [word = ''] = textsWithin(exported['Name'])
          .flatMap((text) => text.split(/\$\{[^}]*\}/))
          .toSorted((a, b) => b.length - a.length);
        const stated = JSON.stringify(output['Value']) ?? '';
        const more = /"Ref"|FindInMap|Fn::If|Fn::Sub/.test(stated) ? [Parameters, Mappings, Conditions] : [];
        found.set(JSON.stringify(exported['Name']), { value: JSON.stringify([stated, more]), word });
      }
    }
  return found;
}

async function importerOf(word: string, path: string, { tree, loader }: Side): Promise<string | undefined> {
  for (const each of await tree.holding([word])) {
    if (each === path || fileKind(each) !== 'data') continue;
    const text = (await tree.read(each)) ?? '';
    if (!text.includes('ImportValue')) continue;
    for (const { value } of await loader.sources(each))
      if (templatesIn(value).some((template) => takes(template, word))) return each;
  }
  return undefined;
}

function takes({ Resources: resources }: Fields, word: string): boolean {
  if (!isFields(resources)) return false;
  return Object.values(resources).some((resource) => {
    const text = JSON.stringify(resource) ?? '';
    const isImporting = text.includes('Fn::ImportValue') && text.includes(word);
    if (!isImporting || !isFields(resource)) return false;
    return Object.hasOwn(ROWS, String(resource['Type'])) || /Statement|Polic|Permission|Principal/.test(text);
  });
}
