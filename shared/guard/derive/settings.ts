/** The settings that verdicts and findings depend on, question by question. Pure. */
import type { Addition } from '../../findings/finding.ts';
import { sha256 } from '../../store/objectKey.ts';
import type { Config } from '../config.ts';
import type { Settings } from '../state.ts';
import type { Ms } from '../timeline/timeline.ts';

/** Settings that are remembered. */
const MAX_SETTINGS = 5;

/** Returns what the configuration says now. */
export function settingsOf(
  {
    criticalAccess,
    zoneOfTrust,
    groupingMinutes,
  }: Pick<Config, 'criticalAccess' | 'zoneOfTrust' | 'groupingMinutes'>,
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
  return { since, hash: hashOf(questions), questions, groupingMs: groupingMinutes * 60_000 };
}

/** Returns the settings with what holds now at the end. */
export function withSettings(settings: readonly Settings[], current: Settings): readonly Settings[] {
  const last = settings.at(-1);
  return last?.hash === current.hash && last.groupingMs === current.groupingMs
    ? settings
    : [...settings, current].slice(-MAX_SETTINGS);
}

/** Returns what held at that time, as far as it is remembered. */
export function settingsAt(settings: readonly Settings[], at: Ms, current: Settings): Settings {
  return settings.findLast(({ since }) => since <= at) ?? settings[0] ?? current;
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
