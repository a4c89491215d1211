/** What changed files deploy, or are deployed by: templates with their values, and stacks that make others. */
import { type Fields, isFields } from '../fields.ts';
import {
  isLocal,
  makesStacks,
  pathBelow,
  pathFrom,
  type Stack,
  stacksIn,
  textsWithin,
} from '../formats/cloudformation/stack.ts';
import { type Deployment, parameterOf } from '../formats/cloudformation/template.ts';
import { fileKind } from '../formats/fileKind.ts';
import { templatesIn } from '../formats/templates.ts';
import type { FileTexts } from '../readFile.ts';
import type { Unread } from '../state.ts';
import type { Tree, Trees } from '../states/tree.ts';
import { readExports } from './exports.ts';
import { includesFiles } from './includes.ts';
import { createLoader, type Loader } from './loadStack.ts';
import { type Given, isSamConfig, readGiven, speaksOfAccess } from './values.ts';

/** A template as it is deployed, before and after; a side is absent where it is not deployed. */
export type Deployed = {
  /** The file that gives the values; the template's own where none does. */
  readonly file: string;
  /** The environment, where the file names several. */
  readonly name: string;
  readonly before?: Stack;
  readonly after?: Stack;
  /** False: the file does not tell which template it is for, and others take the same values. */
  readonly isSure: boolean;
};

type Found = {
  readonly deployed: readonly Deployed[];
  /** Files that give values to what is not known. */
  readonly unread: readonly Unread[];
  /** Files that are templates or give values. */
  readonly read: ReadonlySet<string>;
};

/** Returns what the change deploys otherwise than before. */
export async function findDeployed(
  files: readonly FileTexts[],
  trees: Trees,
  deployment: Deployment,
): Promise<Found> {
  const before = sideOf(trees.before, deployment);
  const after = sideOf(trees.after, deployment, before.loader);
  const changed = new Set(
    files.flatMap(({ path, formerPath }) => [path, ...(formerPath === undefined ? [] : [formerPath])]),
  );
  const templates = await changedTemplates([...changed], [before, after]);
  const isFormer = (path: string) => files.some(({ formerPath }) => formerPath === path);
  const found: Deployed[] = [];
  const unread: Unread[] = [];
  const gave = new Set<string>();
  const roots = await rootsOf([...changed], [before, after]);
  for (const path of roots) {
    if (isFormer(path)) continue;
    const [old, now] = [await before.loader.load(formerOf(path, files)), await after.loader.load(path)];
    add(found, { file: path, name: '', isSure: true, ...sides(old, now) });
  }
  const givers = new Set([...changed, ...(await giversOf(templates, [before, after]))]);
  for (const path of givers) {
    if (isFormer(path)) continue;
    const oldPath = formerOf(path, files);
    const isChanged = changed.has(path);
    const [old, now] = [await before.given(oldPath), await after.given(path)];
    if (typeof old === 'string' || typeof now === 'string') {
      const [was, is] = [await trees.before.read(oldPath), await trees.after.read(path)];
      const why = typeof now === 'string' ? now : String(old);
      if (isChanged) unread.push({ file: path, key: `${was}|${is}`, why });
      continue;
    }
    if (old.length + now.length > 0) gave.add(path);
    for (const name of new Set([...old, ...now].map((each) => each.name))) {
      const [was, is] = [old, now].map((list) => list.find((each) => each.name === name));
      // Values that did not change matter for templates that did.
      const among = isChanged ? undefined : templates;
      const all = await bind({ path, oldPath, was, is, before, after, files, among });
      const bound = all.slice(0, MAX_TAKERS);
      const relevant = isChanged
        ? bound
        : bound.filter(({ stacks }) =>
            stacks.some((each) => each !== undefined && stacksIn(each).some(({ file }) => changed.has(file))),
          );
      for (const { template, stacks } of relevant)
        add(found, {
          file: path,
          name,
          isSure: isNearest(template, bound, path, isChanged),
          ...sides(...stacks),
        });
      const [oldKey, newKey] = [JSON.stringify(was?.values ?? {}), JSON.stringify(is?.values ?? {})];
      const isOpen = (is ?? was)?.isGuess !== true || speaksOfAccess(was?.values ?? {}, is?.values ?? {});
      if (isChanged && bound.length === 0 && oldKey !== newKey && isOpen)
        unread.push({ file: path, key: `${oldKey}|${newKey}`, why: NO_TEMPLATE });
      if (all.length > bound.length)
        unread.push({ file: path, key: `${oldKey}|${newKey}`, why: MANY_TEMPLATES });
    }
  }
  unread.push(...(await readExports(templates, before, after)));
  return { deployed: found, unread, read: new Set([...templates, ...gave]) };
}

const NO_TEMPLATE = 'it gives values to a template that is not in what was read';

/** Where more take the same values, nobody could tell for which of them they are. */
const MAX_TAKERS = 64;

const MANY_TEMPLATES = `more than ${MAX_TAKERS} templates take its values, and the others are not judged with them`;

const sides = (before: Stack | undefined, after: Stack | undefined) => ({
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

/** What is the same on both sides, down to the nested templates and the values, grants nothing. */
function add(found: Deployed[], deployed: Deployed): void {
  if (signature(deployed.before) !== signature(deployed.after)) found.push(deployed);
}

function signature(stack: Stack | undefined): string {
  if (stack === undefined) return '';
  return JSON.stringify(
    stacksIn(stack).map(({ prefix, values, template, parent }) => [
      prefix,
      values,
      template,
      parent?.location,
    ]),
  );
}

const formerOf = (path: string, files: readonly FileTexts[]) =>
  files.find((each) => each.path === path)?.formerPath ?? path;

type Side = {
  readonly tree: Tree;
  readonly loader: Loader;
  /** Returns what the file gives; a sentence where it cannot be read. */
  given(path: string): Promise<readonly Given[] | string>;
};

function sideOf(tree: Tree, deployment: Deployment, before?: Loader): Side {
  const loader = createLoader(tree, deployment, before);
  return {
    tree,
    loader,
    async given(path) {
      const kind = fileKind(path);
      if (kind !== 'data' && !isSamConfig(path)) return [];
      const text = await tree.read(path);
      return text === undefined || text.length > MAX_VALUES ? [] : readGiven(path, text, tree.top);
    },
  };
}

/** Larger files give no values: nobody writes them. */
const MAX_VALUES = 400_000;

async function changedTemplates(paths: readonly string[], sides: readonly Side[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const path of paths) {
    if (fileKind(path) !== 'data') continue;
    for (const { loader } of sides) {
      const sources = await loader.sources(path);
      if (sources.some(({ value }) => templatesIn(value).length > 0)) found.add(path);
    }
  }
  return found;
}

/** Templates that are more than their own file: changed, or above a file that changed. */
async function rootsOf(changed: readonly string[], sides: readonly Side[]): Promise<Set<string>> {
  const roots = new Set<string>();
  let names = changed.filter((path) => fileKind(path) === 'data');
  for (const path of names)
    for (const { loader } of sides) if ((await templatesAt(path, loader)).some(isComposed)) roots.add(path);
  for (let depth = 0; depth < MAX_ABOVE && names.length > 0; depth++) {
    const above = new Set<string>();
    for (const { tree, loader } of sides)
      for (const path of await tree.holding([...new Set(names.map(baseName))])) {
        if (roots.has(path) || names.includes(path) || fileKind(path) !== 'data') continue;
        const templates = await templatesAt(path, loader);
        if (templates.some((each) => isComposed(each) && namesOne(each, path, { names, top: tree.top })))
          above.add(path);
      }
    for (const path of above) roots.add(path);
    names = [...above];
  }
  return roots;
}

const templatesAt = async (path: string, loader: Loader) =>
  (await loader.sources(path)).flatMap(({ value }) => templatesIn(value));

const isComposed = (template: Fields) => makesStacks(template) || includesFiles(template);

const MAX_ABOVE = 5;

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function namesOne(
  template: Fields,
  path: string,
  { names, top }: { readonly names: readonly string[]; readonly top: string },
): boolean {
  const places = textsWithin(template)
    .filter(isLocal)
    .flatMap((each) => [pathFrom(path, each), pathBelow(top, each)]);
  return places.some((each) => names.includes(each));
}

/** Files that may give values to one of the templates. */
async function giversOf(templates: ReadonlySet<string>, sides: readonly Side[]): Promise<Set<string>> {
  const found = new Set<string>();
  if (templates.size === 0) return found;
  for (const { tree, loader } of sides) {
    const words = new Set([...[...templates].map(baseName), 'ParameterKey', 'parameter_overrides']);
    for (const path of templates)
      for (const template of await templatesAt(path, loader))
        if (isFields(template['Parameters']))
          for (const name of Object.keys(template['Parameters'])) words.add(`${name}=`);
    const holding = await tree.holding([...words]);
    const withValues = await tree.holding(['"Parameters"', 'Parameters:']);
    const templatesAsWell = new Set(await tree.holding(['Resources']));
    for (const path of [...holding, ...withValues.filter((each) => !templatesAsWell.has(each))])
      if (fileKind(path) === 'data' || isSamConfig(path)) found.add(path);
  }
  return found;
}

/** Returns true iff the file's values are for this template: it is the only one that takes them, or the only one beside it. */
function isNearest(template: string, bound: readonly Bound[], path: string, isWhole: boolean): boolean {
  const near = bound.filter((each) => folderOf(each.template) === folderOf(path));
  const [only, ...others] = isWhole && bound.length === 1 ? bound : near;
  return only?.template === template && others.length === 0;
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

type Bound = {
  readonly template: string;
  readonly stacks: readonly [before: Stack | undefined, after: Stack | undefined];
};

type Binding = {
  readonly path: string;
  readonly oldPath: string;
  readonly was: Given | undefined;
  readonly is: Given | undefined;
  readonly before: Side;
  readonly after: Side;
  readonly files: readonly FileTexts[];
  readonly among: Among;
};

/** The templates that the values are for: the one that the file names, else all that take them. */
async function bind({ path, oldPath, was, is, before, after, files, among }: Binding): Promise<Bound[]> {
  const listed = was === undefined ? [] : await templatesFor(was, oldPath, before, among);
  const old = listed.map((each) => files.find(({ formerPath }) => formerPath === each)?.path ?? each);
  const now = is === undefined ? [] : await templatesFor(is, path, after, among);
  const [first, second] = [old[0] ?? now[0], now[0] ?? old[0]];
  const isStated = [was, is].some((given) => given !== undefined && given.templates.length > 0);
  if (isStated && first !== undefined && second !== undefined) {
    const stacks = [
      await deployedOn(before, formerOf(first, files), was, is),
      await deployedOn(after, second, is, was),
    ] as const;
    return [{ template: second, stacks }];
  }
  const bound: Bound[] = [];
  for (const template of new Set([...old, ...now])) {
    const stacks = [
      await deployedOn(before, formerOf(template, files), was, is),
      await deployedOn(after, template, is, was),
    ] as const;
    bound.push({ template, stacks });
  }
  return bound;
}

/** Where a file of values is new or gone, the template's defaults stand, if it has one for each value. */
async function deployedOn(
  { loader }: Side,
  template: string,
  given: Given | undefined,
  other: Given | undefined,
): Promise<Stack | undefined> {
  const stack = await loader.load(template, given?.values ?? {});
  if (given !== undefined || stack === undefined) return stack;
  const names = Object.keys(other?.values ?? {});
  const isByDefault = names.every((name) => parameterOf(stack.template, name)?.['Default'] !== undefined);
  return isByDefault ? stack : undefined;
}

async function templatesFor(given: Given, path: string, side: Side, among: Among): Promise<string[]> {
  for (const each of given.templates) if ((await side.loader.load(each)) !== undefined) return [each];
  if (given.templates.length > 0) return [];
  return takersOf(given, path, side, among);
}

/** The templates that a file's values may be for; undefined: any. */
type Among = ReadonlySet<string> | undefined;

/** Templates whose parameters are those of the file, those of its own folder first. */
async function takersOf(given: Given, path: string, { tree, loader }: Side, among: Among): Promise<string[]> {
  const names = Object.keys(given.values);
  const [longest] = names.toSorted((a, b) => b.length - a.length);
  if (longest === undefined) return [];
  const isNear = (each: string) => folderOf(each) === folderOf(path);
  const holding = among === undefined ? await tree.holding([longest]) : [...among];
  const candidates = holding.filter((each) => each !== path && fileKind(each) === 'data');
  const takers: string[] = [];
  for (const each of [...candidates.filter(isNear), ...candidates.filter((one) => !isNear(one))]) {
    if (takers.length > MAX_TAKERS) break;
    const text = (await loader.text(each)) ?? '';
    if (!text.includes('Parameters') || !names.every((name) => text.includes(name))) continue;
    const templates = await templatesAt(each, loader);
    if (templates.some((template) => takes(template, given))) takers.push(each);
  }
  return takers;
}

function takes(template: Fields, { values, isWhole }: Given): boolean {
  const declared = isFields(template['Parameters']) ? template['Parameters'] : {};
  const needed = Object.entries(declared).filter(
    ([, parameter]) => !isFields(parameter) || parameter['Default'] === undefined,
  );
  return (
    Object.keys(values).every((name) => name in declared) &&
    (!isWhole || needed.every(([name]) => name in values))
  );
}
