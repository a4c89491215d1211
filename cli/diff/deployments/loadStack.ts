/** A template of a tree → the stack that it is when deployed, with every stack that it makes from files beside it. */

import type { Fields } from '../fields.ts';
import { isFields, type Path } from '../fields.ts';
import { readStackTexts } from '../formats/cloudformation/read.ts';
import {
  assetOf,
  isLocal,
  makerOf,
  pathBelow,
  pathFrom,
  type Stack,
  textsWithin,
} from '../formats/cloudformation/stack.ts';
import {
  type Deployment,
  domainsOf,
  type Template,
  withRetained,
} from '../formats/cloudformation/template.ts';
import { readSources, type Source } from '../formats/source.ts';
import { templatesIn } from '../formats/templates.ts';
import type { Tree } from '../states/tree.ts';
import { includesFiles, withIncludes } from './includes.ts';

/** Deeper ones are not read. */
const MAX_DEPTH = 6;

export type Loader = {
  /** Returns the stack of the template at that path, given these values; undefined where none is there. */
  load(path: string, values?: Fields): Promise<Stack | undefined>;
  /** Returns the file's text. */
  text(path: string): Promise<string | undefined>;
  /** Returns what the file holds; none where it is neither JSON nor YAML. */
  sources(path: string): Promise<readonly Source[]>;
  /** Returns the first template of the file, with what it includes. */
  template(path: string): Promise<Template | undefined>;
};

/** Returns what loads stacks of a tree; a file is read once. `before`: what the same files were, some of which stays. */
export function createLoader(tree: Tree, deployment: Deployment, before?: Loader): Loader {
  const known = new Map<string, readonly Source[]>();
  const texts = new Map<string, string | undefined>();
  const textOf = async (path: string) => {
    if (!texts.has(path)) texts.set(path, await tree.read(path));
    return texts.get(path);
  };
  const sources = async (path: string): Promise<readonly Source[]> => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const text = await textOf(path);
    const read = text === undefined ? [] : readSources(text);
    const list = typeof read === 'string' ? [] : read;
    known.set(path, list);
    return list;
  };
  const included = async (path: string) => (await sources(path))[0]?.value;
  const templateAt = async (path: string) => {
    for (const source of await sources(path)) {
      const [stated] = templatesIn(source.value);
      if (stated === undefined) continue;
      const whole = includesFiles(stated) ? await withIncludes(stated, path, included) : stated;
      const template = withRetained(await before?.template(path), whole as Template); // An object stays one.
      return { template, source };
    }
    return undefined;
  };
  const nest = async (stack: Omit<Stack, 'nested'>, above: readonly string[]): Promise<Stack> => {
    const nested = new Map<string, Stack[]>();
    const whole: Stack = { ...stack, nested };
    const resources = stack.template['Resources'];
    if (above.length > MAX_DEPTH || !isFields(resources)) return whole;
    for (const [label, resource] of Object.entries(resources)) {
      const maker = isFields(resource) ? makerOf(resource['Type']) : undefined;
      const properties = isFields(resource) ? resource['Properties'] : undefined;
      if (maker === undefined || !isFields(resource) || !isFields(properties)) continue;
      const found: Stack[] = [];
      const asset = assetOf(resource);
      const given = maker.templates.map((name) => properties[name]);
      const locations = new Set([
        ...(asset === undefined ? [] : [asset]),
        ...textsOf(given, stack, deployment),
      ]);
      for (const location of locations) {
        const inner = await placed(location, stack.file, ['Resources', label]);
        if (inner === undefined || (!inner.isWithin && above.includes(inner.file))) continue;
        for (const [index, values] of maker.values(properties).entries()) {
          const prefix = `${stack.prefix}${label}${index === 0 ? '' : `#${index}`}.`;
          const parent = { stack: whole, label, location };
          const below = inner.isWithin ? above : [...above, inner.file];
          const source = inner.isWithin
            ? { regionOf: () => stack.source.regionOf(inner.path) }
            : inner.source;
          found.push(
            await nest({ template: inner.template, file: inner.file, source, prefix, values, parent }, below),
          );
        }
      }
      nested.set(label, found);
    }
    return whole;
  };
  /** The template at a place as a file sees it, or the one that the text itself is. */
  const placed = async (location: string, file: string, path: Path) => {
    if (isLocal(location)) {
      for (const each of new Set([pathFrom(file, location), pathBelow(tree.top, location)])) {
        const found = await templateAt(each);
        if (found !== undefined) return { ...found, file: each, isWithin: false, path };
      }
      return undefined;
    }
    if (!/Resources/.test(location)) return undefined;
    const read = readSources(location);
    const [source] = typeof read === 'string' ? [] : read;
    const [template] = source === undefined ? [] : templatesIn(source.value);
    if (source === undefined || template === undefined) return undefined;
    return { template, source, file, isWithin: true, path };
  };
  return {
    text: textOf,
    sources,
    template: async (path) => (await templateAt(path))?.template,
    async load(path, values = {}) {
      const found = await templateAt(path);
      if (found === undefined) return undefined;
      return nest({ ...found, file: path, prefix: '', values }, [path]);
    },
  };
}

/** What the expressions give in any world, and what they are made of. */
function textsOf(
  expressions: readonly unknown[],
  stack: Omit<Stack, 'nested'>,
  deployment: Deployment,
): string[] {
  const isPlain = expressions.every((each) => each === undefined || typeof each === 'string');
  if (isPlain) return textsWithin(expressions);
  const domains = domainsOf([stack.template]);
  const resolved = readStackTexts(stack, expressions, { domains: () => domains, deployment });
  return [...textsWithin(expressions), ...resolved];
}
