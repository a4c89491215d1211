/** Texts that a person names on the command line: a file, `file://` and a file, `-`, or the JSON itself. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError, type InputProblem } from './inputError.ts';

/** One flag and what was written after it. */
export type SourceArgument = { readonly flag: string; readonly argument: string };

/** `name` is what messages call it: the file, `<stdin>`, or the flag for text written there. */
export type Source = { readonly name: string; readonly text: string };

/** Room for a document of 1 MiB with some white space; the policy parser has the last word. */
const MAX_SOURCE_BYTES = 4 * 1_048_576;

/**
 * Returns the texts in the order of the arguments. Throws `InputError` with every file that cannot be read.
 * Standard input can be named once, since it can be read once.
 */
export async function readSources(
  sources: readonly SourceArgument[],
  stdin: NodeJS.ReadableStream,
): Promise<Source[]> {
  if (sources.filter(({ argument }) => argument === '-').length > 1) {
    throw new InputError([{ message: 'standard input (`-`) can be read only once; name a file instead' }]);
  }
  const read = await Promise.allSettled(sources.map((source) => readSource(source, stdin)));
  const problems: InputProblem[] = [];
  const texts: Source[] = [];
  for (const result of read) {
    if (result.status === 'fulfilled') texts.push(result.value);
    else if (result.reason instanceof InputError) problems.push(...result.reason.problems);
    else throw result.reason;
  }
  if (problems.length > 0) throw new InputError(problems);
  return texts;
}

async function readSource({ flag, argument }: SourceArgument, stdin: NodeJS.ReadableStream): Promise<Source> {
  if (argument === '-') return { name: '<stdin>', text: await readText(stdin, '<stdin>') };
  if (/^\s*[[{]/.test(argument)) return { name: flag, text: argument };
  const path = toPath(argument);
  await refuseFolder(path);
  return { name: path, text: await readText(createReadStream(path), path) };
}

/** Returns the file path of an argument; `file://` stands before it as in the aws command, absolute or relative. */
export function toPath(argument: string): string {
  if (!argument.startsWith('file://')) return argument;
  const rest = argument.slice('file://'.length);
  if (!rest.startsWith('/')) return rest;
  try {
    return fileURLToPath(argument);
  } catch {
    return rest;
  }
}

/** Throws `InputError` unless there is something at the path that can be read as a file. */
export async function refuseFolder(path: string): Promise<void> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(path);
  } catch (error) {
    throw new InputError([{ source: path, message: whyNot(error) }]);
  }
  if (found.isDirectory()) throw new InputError([{ source: path, message: 'is a folder; name a file' }]);
}

async function readText(stream: NodeJS.ReadableStream, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      bytes += part.length;
      if (bytes > MAX_SOURCE_BYTES) throw tooLarge(name, `has more than ${MAX_SOURCE_BYTES} bytes`);
      chunks.push(part);
    }
  } catch (error) {
    throw error instanceof InputError ? error : new InputError([{ source: name, message: whyNot(error) }]);
  }
  const whole = Buffer.concat(chunks);
  try {
    // The decoder takes off a byte order mark.
    return new TextDecoder(encodingOf(whole), { fatal: true }).decode(whole);
  } catch {
    throw new InputError([{ source: name, message: 'is not UTF-8 text; save it as UTF-8' }]);
  }
}

/** PowerShell writes UTF-16, with a mark that says so. */
function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function tooLarge(source: string, amount: string): InputError {
  return new InputError([{ source, message: `${amount}; at most ${MAX_SOURCE_BYTES} (4 MiB) are read` }]);
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied; check the file’s permissions',
  EISDIR: 'is a folder; name a file',
  ELOOP: 'is a broken link',
  ENAMETOOLONG: 'is too long for a file name',
  ERR_INVALID_ARG_VALUE: 'is not a valid file name',
};

/** Returns why the file system refused, as one sentence after the file's name. */
export function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

const WRITE_REASONS: { readonly [code: string]: string } = {
  ENOENT: 'cannot be written: its folder does not exist',
  ENOTDIR: 'cannot be written: its folder does not exist',
  EACCES: 'permission denied; check the permissions of its folder',
  EISDIR: 'is a folder; name a file',
};

/** Returns why a file could not be written, as one sentence after its name. */
export function whyNotWritten(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    WRITE_REASONS[code] ?? `cannot be written: ${error instanceof Error ? error.message : String(error)}`
  );
}
