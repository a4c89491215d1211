/** The settings that verdicts depend on, question by question. Pure. */
import type { Addition } from '../../findings/finding.ts';
import { sha256 } from '../../store/objectKey.ts';
import type { Config } from '../config.ts';
import type { Settings } from '../state.ts';
import type { Ms } from '../timeline/timeline.ts';

/** Settings that are remembered. */
const MAX_SETTINGS = 5;

/** Returns what the configuration says now. */
export function settingsOf(
  { criticalAccess, zoneOfTrust }: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>,
  since: Ms,
): Settings {
  const questions = {
    'no-public-access': '',
    'no-external-access': hashOf(zoneOfTrust),
    ...Object.fromEntries(
      criticalAccess.map((list) => [
        questionOf({ check: 'access-not-granted', listName: list.name }),
        hashOf(list),
      ]),
    ),
  };
  return { since, hash: hashOf(questions), questions };
}

/** Returns the settings with what holds now at the end. */
export function withSettings(settings: readonly Settings[], current: Settings): readonly Settings[] {
  return settings.at(-1)?.hash === current.hash ? settings : [...settings, current].slice(-MAX_SETTINGS);
}

/** Returns the hash of what held at that time. */
export function settingsAt(settings: readonly Settings[], at: Ms): string {
  return (settings.findLast(({ since }) => since <= at) ?? settings[0])?.hash ?? '';
}

/** Returns true iff the addition's question was asked otherwise before, or not at all. */
export function isAskedAnew(
  addition: Pick<Addition, 'check' | 'listName'>,
  former: Settings,
  current: Settings,
): boolean {
  const question = questionOf(addition);
  return former.questions[question] !== current.questions[question];
}

function questionOf({ check, listName }: Pick<Addition, 'check' | 'listName'>): string {
  return listName === undefined ? check : `${check} ${listName}`;
}

function hashOf(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 16);
}
