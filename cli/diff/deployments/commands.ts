/** Values in the lines that deploy: scripts, workflows, make files, settings of the CDK. They are named, not read. */
import { isFields } from '../fields.ts';
import { callsByCommand } from '../formats/calls.ts';
import { fileKind } from '../formats/fileKind.ts';
import { readSources } from '../formats/source.ts';
import type { FileTexts } from '../readFile.ts';
import type { Unread } from '../state.ts';

/** A line with which values for a template, a stack or a module begin. */
const BEGINS =
  /parameter[-_]overrides\b|\bParameterKey["']?\s*[=:]|\bTF_VAR_\w+|(^|\s)-var(-file)?[=\s]|\b(cloudformation|sam|rain|cdk|terraform|tofu|terragrunt)\s+(deploy|create-stack|update-stack|create-change-set|create-stack-set|update-stack-set|create-stack-instances|update-stack-instances|synth|apply|plan|up)\b/;

/** What in such lines gives values. */
const GIVES =
  /parameter|\bTF_VAR_|\s-var(-file)?[=\s]|--context\b|\s-c\s|--template-(file|body|url)\b|file:\/\//i;

/** Lines by which a command is given what it does not say itself. */
const ASSIGNS =
  /^\s*(?:-\s+|export\s+|set\s+)?["']?[A-Z_][A-Z0-9_]*["']?\s*[:?+]?=|^\s*["']?[A-Z][A-Z0-9_]+["']?\s*:\s*\S/;

/** Returns the file where values in it changed. `isRead`: its values are read as a template's or as those of a file. */
export function readCommands({ path, before, after }: FileTexts, isRead: boolean): Unread[] {
  if (SETTINGS.test(path)) return programSettings(path, before, after);
  const kind = fileKind(path);
  if (kind === 'other') return [];
  const found: Unread[] = [];
  const compare = (linesIn: (text: string) => string, why: string) => {
    const [old, now] = [before, after].map((text) => linesIn(spread(path, text ?? '')));
    if (old !== now) found.push({ file: path, key: `${old}|${now}`, why });
  };
  if (!isRead) compare(linesOf, 'values in its commands changed, and what they deploy is not read');
  // Of a program or script every line counts, and is looked at where languages are.
  if (kind !== 'language') compare(callsIn, 'a command in it that changes access is not evaluated');
  return found;
}

/** The commands that change access, with what the file gives them by names. */
function callsIn(text: string): string {
  if (!/\baws\b|AWSPowerShell|AWS\.Tools/i.test(text)) return '';
  const calls = blocksAt(text, callsByCommand);
  if (calls.length === 0) return '';
  return [...calls, ...text.split(/\r?\n/).filter((line) => ASSIGNS.test(line))].join('\n');
}

/** JSON with a line for each member. */
function spread(path: string, text: string): string {
  if (!/\.json$/i.test(path) || !(BEGINS.test(text) || /\baws\b/.test(text))) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** The lines that give values, each with those that go on: after a backslash, or further in. */
function linesOf(text: string): string {
  if (!BEGINS.test(text)) return '';
  return blocksAt(text, (line) => BEGINS.test(line))
    .filter((words) => GIVES.test(` ${words}`))
    .join('\n');
}

/** The lines that begin so, each with those that go on, as one line. */
function blocksAt(text: string, begins: (line: string) => boolean): string[] {
  const lines = text.split(/\r?\n/);
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*(#|\/\/)/.test(line) || !begins(line)) continue;
    const depth = indentOf(line);
    const block = [line];
    while (at + 1 < lines.length && block.length < MAX_LINES) {
      const next = lines[at + 1] ?? '';
      const goesOn = /[\\`^]\s*$/.test(lines[at] ?? '') || (next.trim() !== '' && indentOf(next) > depth);
      if (!goesOn) break;
      block.push(next);
      at += 1;
    }
    kept.push(block.join(' ').replace(/\s+/g, ' ').trim());
  }
  return kept;
}

const MAX_LINES = 60;

const indentOf = (line: string) => line.length - line.trimStart().length;

/** What only says how the program is watched, shown or reached. */
const NO_VALUES = new Set([
  'watch',
  'progress',
  'versionReporting',
  'notices',
  'requireApproval',
  'output',
  'profile',
  '$schema',
  'colors',
  'ci',
  'verbose',
  'debug',
  'trace',
]);

/** Zones are places. Source: CDK Developer Guide, "Save and retrieve context variable values". */
const PLACES = /^availability-zones:/;

/** Settings that programs read when they make what is deployed. */
const SETTINGS =
  /(^|\/)(cdk(\.context)?\.json|\.terraform\/modules\/modules\.json|cdktf\.json|Pulumi(\.[\w-]+)?\.ya?ml|\.chalice\/config\.json|zappa_settings\.(json|ya?ml)|copilot\/.*manifest\.ya?ml|team-provider-info\.json|amplify\/backend\/.*(parameters|cli-inputs|backend-config)\.json)$/;

function programSettings(file: string, before: string | undefined, after: string | undefined): Unread[] {
  const [old, now] = [before, after].map((text) => settingsOf(file, text));
  if (old === now) return [];
  const why = 'the program that makes what is deployed reads it; give `ratchet diff` what it synthesizes';
  return [{ file, key: `${old}|${now}`, why }];
}

function settingsOf(file: string, text: string | undefined): string {
  const sources = text === undefined ? [] : readSources(text);
  const value = typeof sources === 'string' ? undefined : sources[0]?.value;
  if (!isFields(value)) return text ?? '';
  const isContext = file.endsWith('cdk.context.json');
  const kept = Object.entries(value).filter(
    ([name]) => !(isContext ? PLACES.test(name) : NO_VALUES.has(name)),
  );
  return JSON.stringify(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
