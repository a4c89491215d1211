/**
 * Terraform's language is not evaluated. What is worked out here: whether a value that changed can reach a policy. Blocks
 * refer to each other by name; a change follows the references, out of modules and into them.
 */
import { type Fields, isFields, listOf } from '../fields.ts';
import { pathFrom } from '../formats/cloudformation/stack.ts';
import { mentionsPolicy, mentionsTerraform } from '../formats/fileKind.ts';
import { type Body, parseBody, plain } from '../formats/terraform/blocks.ts';
import type { FileTexts } from '../readFile.ts';
import type { Unread } from '../state.ts';
import type { Tree, Trees } from '../states/tree.ts';

const CODE = /\.(tf|tofu)(\.json)?$/i;
const VALUES = /\.tfvars(\.json)?$/i;
const HCL = /\.hcl$/i;
/** Locks, and tools that make no policies. */
const OTHER_HCL =
  /(^|\/)\.terraform\.lock\.hcl$|\.(pkr|nomad|vault|consul|tflint|boundary)\.hcl$|(^|\/)\.(tflint|terraform\.lock)\.hcl$/i;

const WHY =
  'HCL is not evaluated, and what changed reaches a policy; give `ratchet diff` the plan (`terraform show -json`)';
const WHY_VALUES =
  'it gives values that can reach a policy; give `ratchet diff` the plan (`terraform show -json`)';

/** Returns the files whose change can reach a policy. */
export async function readTerraformValues(files: readonly FileTexts[], trees: Trees): Promise<Unread[]> {
  const found: Unread[] = [];
  const modules = createModules(trees);
  const name = (file: FileTexts, why: string) =>
    found.push({ file: file.path, key: `${file.before ?? ''}|${file.after ?? ''}`, why });
  const readers = await readersOf(files, modules);
  for (const file of files) {
    const { path, before = '', after = '' } = file;
    for (const { folder, addresses } of readers.get(path) ?? [])
      if (await modules.reach(folder, addresses)) {
        name(file, WHY_READ);
        break;
      }
    if (VALUES.test(path)) {
      const names = changedNames(valuesOf(path, before), valuesOf(path, after));
      if (names.length > 0 && (await valuesReach(path, names, modules))) name(file, WHY_VALUES);
    } else if (CODE.test(path)) {
      const folders = new Set([path, file.formerPath ?? path].map(folderOf));
      for (const folder of folders) {
        const changed = await modules.changedIn(folder);
        const own = new Set([...nodesOf(path, before).keys(), ...nodesOf(path, after).keys()]);
        const starts = changed.filter((address) => own.has(address));
        if (starts.length > 0 && (await modules.reach(folder, starts))) {
          name(file, WHY);
          break;
        }
      }
    } else if (HCL.test(path) && !OTHER_HCL.test(path) && plain(before) !== plain(after)) {
      const isOfTerragrunt = /(^|\/)terragrunt\.hcl$|\.tf(stack|deploy|component)\.hcl$/i.test(path);
      const listed = isOfTerragrunt ? [] : [...(await trees.before.list()), ...(await trees.after.list())];
      if (isOfTerragrunt || listed.some((each) => /(^|\/)terragrunt\.hcl$/i.test(each)))
        name(file, WHY_VALUES);
    }
  }
  return found;
}

const WHY_READ =
  'a configuration of Terraform reads it for a policy; give `ratchet diff` the plan (`terraform show -json`)';

type Reader = { readonly folder: string; readonly addresses: readonly string[] };

/** Blocks that read a file which changed: by its name, or by a pattern in its folder. */
async function readersOf(
  files: readonly FileTexts[],
  modules: Modules,
): Promise<ReadonlyMap<string, Reader[]>> {
  const others = files.filter(
    (file) => !CODE.test(file.path) && !VALUES.test(file.path) && !HCL.test(file.path) && saysOtherwise(file),
  );
  const found = new Map<string, Reader[]>();
  if (others.length === 0) return found;
  for (const folder of await modules.reading())
    for (const nodes of await modules.sides(folder))
      for (const [address, { text }] of nodes) {
        if (!READS.test(text)) continue;
        for (const { path } of others)
          if (namesFile(text, path))
            found.set(path, [...(found.get(path) ?? []), { folder, addresses: [address] }]);
      }
  return found;
}

/** White space at the ends of lines says nothing. */
function saysOtherwise({ before, after }: FileTexts): boolean {
  const [was, is] = [before, after].map((text) => text?.replace(/\s+$/gm, ''));
  return was !== is;
}

const READS = /\b(file|templatefile|filebase64|fileset)\s*\(/;

function namesFile(text: string, path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (text.includes(`/${name}"`) || text.includes(`"${name}"`)) return true;
  // `${path.module}/policies/${each.key}.json`, `fileset(path.module, "policies/*.json")`
  const places = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) =>
    quoted.replace(/\$\{path\.(module|root|cwd)\}\/?/g, '').replace(/^(\.{0,2}\/)+/, ''),
  );
  return places.some((place) => {
    if (!/\$\{|\*/.test(place) || !/\//.test(place)) return false;
    const pattern = place
      .split(/\$\{[^}]*\}|\*+/)
      .map((each) => each.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*');
    return new RegExp(`(^|/)${pattern}$`).test(path);
  });
}

const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

function valuesOf(path: string, text: string): ReadonlyMap<string, string> {
  if (!/\.json$/i.test(path)) {
    const { attributes } = parseBody(text);
    return new Map([...attributes].map(([key, value]) => [key, plain(value)]));
  }
  return new Map(Object.entries(jsonOf(text)).map(([key, value]) => [key, JSON.stringify(value)]));
}

function jsonOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function changedNames(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
}

/** A file of values is for the module beside it or above it that declares them; else for any that does. */
async function valuesReach(path: string, names: readonly string[], modules: Modules): Promise<boolean> {
  for (const name of names) {
    const address = `var.${name}`;
    const above: string[] = [];
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      above.push(folder);
      if (folder === '') break;
    }
    const near: string[] = [];
    for (const folder of above) if (await modules.declares(folder, address)) near.push(folder);
    const folders = near.length > 0 ? near.slice(0, 1) : await modules.declaring(name);
    // The module that takes it is elsewhere.
    if (folders.length === 0) return true;
    for (const folder of folders) if (await modules.reach(folder, [address])) return true;
  }
  return false;
}

/** One block or local of a module: everything that can be referred to. */
type Node = {
  readonly text: string;
  /** What it refers to. */
  readonly uses: ReadonlySet<string>;
  /** True iff it makes a policy, an attachment or a setting of access. */
  readonly isBearing: boolean;
  /** The source of a module that it calls. */
  readonly source?: string;
};
type Nodes = ReadonlyMap<string, Node>;

const REFERENCE = /\b(?:(?:var|local|module)\.[\w-]+|data\.\w+\.[\w-]+|[a-z][a-z0-9]*_\w+\.[\w-]+)/g;

function nodeOf(kind: string, type: string, text: string): Node {
  const uses = new Set([...text.matchAll(REFERENCE)].map(([found]) => found));
  const written = `${kind} "${type}" {\n${text}\n}`;
  const isBearing =
    (kind === 'resource' || kind === 'data') && (mentionsPolicy(written) || mentionsTerraform(written));
  return { text: plain(text), uses, isBearing };
}

/** A variable without what is said of it. */
function withoutWords(body: string): string {
  const { attributes } = parseBody(body);
  return [...attributes]
    .flatMap(([name, value]) => (name === 'description' ? [] : [`${name} = ${value}`]))
    .join('\n');
}

/** The blocks of a file by their addresses. */
function nodesOf(path: string, text: string): Nodes {
  const nodes = new Map<string, Node>();
  const { blocks } = /\.json$/i.test(path) ? bodyOfJson(jsonOf(text)) : parseBody(text);
  for (const { head, body } of blocks) {
    const [kind = '', type = '', name = ''] = head;
    if (kind === 'locals')
      for (const [local, value] of parseBody(body).attributes)
        nodes.set(`local.${local}`, nodeOf(kind, '', value));
    else if (kind === 'resource') nodes.set(`${type}.${name}`, nodeOf(kind, type, body));
    else if (kind === 'data') nodes.set(`data.${type}.${name}`, nodeOf(kind, type, body));
    else if (kind === 'variable') nodes.set(`var.${type}`, nodeOf(kind, '', withoutWords(body)));
    else if (kind === 'module') {
      const source = parseBody(body).attributes.get('source') ?? '';
      nodes.set(`module.${type}`, { ...nodeOf(kind, '', body), source: source.replace(/^"|"$/g, '') });
    } else nodes.set(`${kind}.${type}${kind === 'provider' ? plain(body) : ''}`, nodeOf(kind, '', body));
  }
  return nodes;
}

/** The same blocks where the file is JSON. */
function bodyOfJson(value: Fields): Body {
  const blocks = Object.entries(value).flatMap(([kind, each]) =>
    listOf(each).flatMap((members) => {
      if (kind === 'locals' && isFields(members)) {
        const lines = Object.entries(members).map(([name, one]) => `${name} = ${JSON.stringify(one)}`);
        return [{ head: [kind], body: lines.join('\n') }];
      }
      return namedBlocks(kind, members, kind === 'resource' || kind === 'data' ? 2 : 1, []);
    }),
  );
  return { attributes: new Map(), blocks };
}

function namedBlocks(kind: string, value: unknown, depth: number, names: readonly string[]): Body['blocks'] {
  if (depth === 0) {
    const lines = isFields(value)
      ? Object.entries(value).map(([name, one]) => `${name} = ${JSON.stringify(one)}`)
      : [JSON.stringify(value)];
    return [{ head: [kind, ...names], body: lines.join('\n') }];
  }
  return listOf(value).flatMap((each) =>
    isFields(each)
      ? Object.entries(each).flatMap(([name, inner]) => namedBlocks(kind, inner, depth - 1, [...names, name]))
      : [],
  );
}

type Modules = {
  sides(folder: string): Promise<readonly [Nodes, Nodes]>;
  /** Returns the folders whose configuration reads files. */
  reading(): Promise<readonly string[]>;
  /** Returns the addresses that differ between both states of a folder. */
  changedIn(folder: string): Promise<readonly string[]>;
  declares(folder: string, address: string): Promise<boolean>;
  /** Returns the folders that declare a variable. */
  declaring(variable: string): Promise<readonly string[]>;
  /** Returns true iff a change of these can change a policy, in the folder's module or in one that has to do with it. */
  reach(folder: string, starts: readonly string[]): Promise<boolean>;
};

function createModules({ before, after }: Trees): Modules {
  const known = new Map<string, Promise<readonly [Nodes, Nodes]>>();
  const sides = (folder: string) => {
    const found = known.get(folder) ?? loadSides(folder);
    known.set(folder, found);
    return found;
  };
  const loadSides = async (folder: string) =>
    [await loadModule(before, folder), await loadModule(after, folder)] as const;
  const foldersHolding = async (word: string): Promise<string[]> => {
    const paths = [...(await before.holding([word])), ...(await after.holding([word]))];
    return [...new Set(paths.filter((path) => CODE.test(path)).map(folderOf))];
  };
  const isBearing = async (folder: string, above: readonly string[]): Promise<boolean> => {
    for (const nodes of await sides(folder))
      for (const [address, node] of nodes) if (await bears(folder, address, node, above)) return true;
    return false;
  };
  const bears = async (folder: string, address: string, node: Node, above: readonly string[]) => {
    if (node.isBearing) return true;
    if (!address.startsWith('module.')) return false;
    const { source = '' } = node;
    if (!/^\.{1,2}\//.test(source)) return true;
    const inner = pathFrom(`${folder}/x`, source).replace(/^\//, '');
    return !above.includes(inner) && isBearing(inner, [...above, inner]);
  };
  /** Who calls the module of this folder, and by which name. */
  const callersOf = async (folder: string): Promise<[folder: string, address: string][]> => {
    const last = folder.slice(folder.lastIndexOf('/') + 1);
    const callers: [string, string][] = [];
    for (const each of await foldersHolding(last === '' ? '../' : last))
      for (const nodes of await sides(each))
        for (const [address, { source }] of nodes)
          if (source !== undefined && pathFrom(`${each}/x`, source).replace(/^\//, '') === folder)
            callers.push([each, address]);
    return callers;
  };
  const reach = async (
    folder: string,
    starts: readonly string[],
    above: readonly string[],
  ): Promise<boolean> => {
    const both = await sides(folder);
    const tainted = new Set(starts);
    for (let size = -1; size !== tainted.size; ) {
      size = tainted.size;
      for (const nodes of both)
        for (const [address, { uses }] of nodes)
          if (!tainted.has(address) && [...uses].some((each) => tainted.has(each))) tainted.add(address);
    }
    for (const nodes of both)
      for (const [address, node] of nodes)
        if (tainted.has(address) && (await bears(folder, address, node, [folder]))) return true;
    if (above.includes(folder) || ![...tainted].some((address) => address.startsWith('output.')))
      return false;
    for (const [caller, address] of await callersOf(folder))
      if (await reach(caller, [address], [...above, folder])) return true;
    return false;
  };
  return {
    sides,
    async reading() {
      const words = ['file(', 'fileset(', 'filebase64('];
      return [...new Set((await Promise.all(words.map(foldersHolding))).flat())];
    },
    async changedIn(folder) {
      const [old, now] = await sides(folder);
      return [...new Set([...old.keys(), ...now.keys()])].filter(
        (address) => old.get(address)?.text !== now.get(address)?.text,
      );
    },
    async declares(folder, address) {
      return (await sides(folder)).some((nodes) => nodes.has(address));
    },
    declaring: (variable) => foldersHolding(`variable "${variable}"`),
    reach: (folder, starts) => reach(folder, starts, []),
  };
}

async function loadModule(tree: Tree, folder: string): Promise<Nodes> {
  const nodes = new Map<string, Node>();
  for (const path of await tree.list()) {
    if (folderOf(path) !== folder || !CODE.test(path)) continue;
    for (const [address, node] of nodesOf(path, (await tree.read(path)) ?? '')) nodes.set(address, node);
  }
  return nodes;
}
