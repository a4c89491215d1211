/** Files that a template includes: `AWS::Include` with a place beside it. Source: CloudFormation User Guide, "AWS::Include transform". */
import { type Fields, isFields, listOf } from '../fields.ts';
import { isLocal, pathFrom } from '../formats/cloudformation/stack.ts';

/** Returns the value of an included file; undefined where there is none. */
type ReadIncluded = (path: string) => Promise<unknown>;

/** Returns the value with what it includes in place; what is not there stays as it is. */
export async function withIncludes(
  value: unknown,
  file: string,
  read: ReadIncluded,
  depth = 0,
): Promise<unknown> {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    const members: unknown[] = [];
    for (const each of value) members.push(await withIncludes(each, file, read, depth));
    return members;
  }
  if (!isFields(value)) return value;
  const { 'Fn::Transform': inner, Transform: top } = value;
  const lists = { 'Fn::Transform': inner, ...('Resources' in value ? { Transform: top } : {}) };
  let kept: Fields = value;
  for (const [name, list] of Object.entries(lists))
    for (const each of listOf(list)) {
      const place = placeOf(each);
      const included = place === undefined ? undefined : await read(pathFrom(file, place));
      if (!isFields(included)) continue;
      const { [name]: _, ...others } = kept;
      const left = listOf(list).filter((one) => placeOf(one) === undefined);
      kept = { ...included, ...others, ...(left.length > 0 ? { [name]: left } : {}) };
    }
  const members: [string, unknown][] = [];
  for (const [key, each] of Object.entries(kept))
    members.push([key, await withIncludes(each, file, read, kept === value ? depth : depth + 1)]);
  return Object.fromEntries(members);
}

const MAX_DEPTH = 4;

function placeOf(transform: unknown): string | undefined {
  if (!isFields(transform) || transform['Name'] !== 'AWS::Include') return undefined;
  const parameters = transform['Parameters'];
  const location = isFields(parameters) ? parameters['Location'] : undefined;
  return typeof location === 'string' && isLocal(location) ? location : undefined;
}

/** Returns true iff something within the value includes a file beside it. */
export function includesFiles(value: unknown): boolean {
  if (placeOf(value) !== undefined) return true;
  if (Array.isArray(value)) return value.some(includesFiles);
  return isFields(value) && Object.values(value).some(includesFiles);
}
