/** That docs/consequences.md says what is there. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCESS_RULES, PRESETS } from '../../../shared/consequences/accessRules.ts';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';
import type { EscalationKind } from '../../../shared/consequences/paths/path.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/consequences.md');
const rows: readonly { list: string; permissions: string[]; entry?: string; rule?: string }[] = read(
  'test/vectors/escalations.jsonl',
)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

describe('the page about consequences', () => {
  it('counts the rows of the catalogue by kind', () => {
    const of = (kind: EscalationKind) => ESCALATION_PATHS.filter((path) => path.kind === kind).length;

    expect(page).toContain(
      `has ${ESCALATION_PATHS.length} rows: ${of('self-escalation')} by which a principal gives itself more, ${of('principal-access')} by which it takes over another, ${of('new-passrole')} that pass a role to something new, and ${of('existing-passrole')} that use something`,
    );
  });

  it('counts the paths of the public lists', () => {
    const sets = new Set(rows.map(({ permissions }) => permissions.toSorted().join(' ')));

    expect(page).toContain(`${rows.length} in all (${sets.size} different sets of permissions)`);
  });

  it('counts each list', () => {
    const counted = [...new Set(rows.map(({ list }) => list))].map((list) => {
      const ofList = rows.filter((row) => row.list === list);
      const entries = ofList.filter(({ entry }) => entry !== undefined).length;
      const rules = ofList.filter(({ rule }) => rule !== undefined).length;
      return `| ${ofList.length} | ${entries} | ${rules} | ${ofList.length - entries - rules} |`;
    });
    const said = page
      .split('\n')
      .flatMap((line) => /\d{4}(?:-\d\d)? (\| \d+ \| \d+ \| \d+ \| \d+ \|)$/.exec(line)?.[1] ?? []);

    expect(said.toSorted()).toEqual(counted.toSorted());
  });

  it.each(Object.entries(PRESETS))('says what the list `%s` holds, and its grade', (name, lists) => {
    const actions = [...new Set(lists.flatMap((list) => list.actions))].map((action) => `\`${action}\``);
    const grade = Object.entries(ACCESS_RULES).find(([rule]) => rule === name)?.[1].grade ?? 'CRITICAL';

    expect(page).toContain(`| \`${name}\` | ${grade} | ${actions.join(', ')} |`);
  });
});
