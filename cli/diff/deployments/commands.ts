/** Values in the lines that deploy: scripts, workflows, make files, settings of the CDK. They are named, not read. */
import { isFields } from '../fields.ts';
import { readSources } from '../formats/source.ts';
import type { FileTexts } from '../readFile.ts';
import type { Unread } from '../state.ts';

/** A line with which values for a template, a stack or a module begin. */
const BEGINS =
  /parameter[-_]overrides\b|\bParameterKey["']?\s*[=:]|\bTF_VAR_\w+|(^|\s)-var(-file)?[=\s]|\b(cloudformation|sam|rain|cdk|terraform|tofu|terragrunt)\s+(deploy|create-stack|update-stack|create-change-set|create-stack-set|update-stack-set|create-stack-instances|update-stack-instances|synth|apply|plan|up)\b/;

/** What in such lines gives values. */
const GIVES =
  /parameter|\bTF_VAR_|\s-var(-file)?[=\s]|--context\b|\s-c\s|--template-(file|body|url)\b|file:\/\//i;

/** Returns the file where values in it changed. `isRead`: its values are read as a template's or as those of a file. */
export function readCommands({ path, before, after }: FileTexts, isRead: boolean): Unread[] {
  if (SETTINGS.test(path)) return programSettings(path, before, after);
  if (isRead) return [];
  const [old, now] = [before, after].map((text) => linesOf(spread(path, text ?? '')));
  if (old === now) return [];
  return [
    {
      file: path,
      key: `${old}|${now}`,
      why: 'values in its commands changed, and what they deploy is not read',
    },
  ];
}

/** JSON with a line for each member. */
function spread(path: string, text: string): string {
  if (!/\.json$/i.test(path) || !BEGINS.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** The lines that give values, each with those that go on: after a backslash, or further in. */
function linesOf(text: string): string {
  if (!BEGINS.test(text)) return '';
  const lines = text.split(/\r?\n/);
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!BEGINS.test(line) || /^\s*(#|\/\/)/.test(line)) continue;
    const depth = indentOf(line);
    const block = [line];
    while (at + 1 < lines.length && block.length < MAX_LINES) {
      const next = lines[at + 1] ?? '';
      const goesOn = /[\\`^]\s*$/.test(lines[at] ?? '') || (next.trim() !== '' && indentOf(next) > depth);
      if (!goesOn) break;
      block.push(next);
      at += 1;
    }
    const words = block.join(' ').replace(/\s+/g, ' ').trim();
    if (GIVES.test(` ${words}`)) kept.push(words);
  }
  return kept.join('\n');
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
  /(^|\/)(cdk(\.context)?\.json|cdktf\.json|Pulumi(\.[\w-]+)?\.ya?ml|\.chalice\/config\.json|zappa_settings\.(json|ya?ml)|copilot\/.*manifest\.ya?ml|team-provider-info\.json|amplify\/backend\/.*(parameters|cli-inputs|backend-config)\.json)$/;

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
