/** Files from which a configuration of the Serverless Framework takes values: `${file(./x.yml):name}`. */
import { isFields } from '../fields.ts';
import { pathFrom } from '../formats/cloudformation/stack.ts';
import { isServerless } from '../formats/serverless.ts';
import { readSources } from '../formats/source.ts';
import type { FileTexts } from '../readFile.ts';
import type { Unread } from '../state.ts';
import type { Trees } from '../states/tree.ts';

/** Returns the files that changed and from which a configuration takes values. */
export async function readServerlessFiles(files: readonly FileTexts[], { after }: Trees): Promise<Unread[]> {
  const changed = files.filter(({ path }) => /\.(ya?ml|json|[cm]?[jt]s|env)$/i.test(path));
  if (changed.length === 0) return [];
  const found: Unread[] = [];
  for (const path of await after.holding(['${file(', '${file:'])) {
    const text = (await after.read(path)) ?? '';
    if (!isConfiguration(text)) continue;
    const taken = new Set(
      [...text.matchAll(/\$\{file[(:]\s*([^):,}]+)/g)].map(([, place = '']) => place.trim()),
    );
    // Which one it is, a variable within its name tells.
    for (const { path: file, before, after: now } of changed)
      if ([...taken].some((place) => placeMatches(place, path, file)))
        found.push({ file, key: `${before}|${now}`, why: `\`${path}\` takes values from it` });
  }
  return found;
}

function isConfiguration(text: string): boolean {
  const read = readSources(text);
  return typeof read !== 'string' && read.some(({ value }) => isServerless(value) && isFields(value));
}

function placeMatches(place: string, configuration: string, file: string): boolean {
  const [first = '', ...rest] = pathFrom(configuration, place.replace(/\$\{.*?\}|\$\{.*$/g, '\uE003')).split(
    '\uE003',
  );
  if (rest.length === 0) return first === file;
  const last = rest.at(-1) ?? '';
  return file.startsWith(first) && file.endsWith(last);
}
