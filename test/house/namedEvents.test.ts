/** Every call of AWS that may carry a policy, a grant or a sharing list is judged, named, or left out with a reason. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideCalls, LEFT_OUT } from '../../scripts/policyEvents.ts';
import { readRecord } from '../../shared/services/readRecord.ts';

describe('calls that carry a policy, a grant or a sharing list', async () => {
  const { calls } = await decideCalls();

  it('are each judged, named, or left out with a reason', () => {
    expect(calls.length).toBeGreaterThan(700);
    expect(calls.filter(({ decision }) => decision === 'open')).toEqual([]);
  });

  it('are left out only where they would be open', () => {
    const busy = new Set(calls.flatMap(({ leftOutBy }) => leftOutBy.map(({ action }) => action)));

    expect(LEFT_OUT.flatMap(({ actions }) => actions).filter((action) => !busy.has(action))).toEqual([]);
    expect(LEFT_OUT.filter(({ reason }) => reason === '')).toEqual([]);
  });
});

describe('a call that no kind judges', () => {
  it.each([
    ['iam', 'CreateAccessKey'],
    ['iam', 'UpdateLoginProfile'],
    ['s3', 'CreateAccessGrant'],
    ['sts', 'AssumeRoot'],
    ['lakeformation', 'GrantPermissions'],
    ['redshift', 'AuthorizeDataShare'],
    ['quicksight', 'UpdateDashboardPermissions'],
    ['ram', 'EnableSharingWithAwsOrganization'],
    ['lambda', 'UpdateFunctionConfiguration20150331v2'],
    ['xray', 'PutResourcePolicy'],
  ])('%s %s is named', (service, eventName) => {
    const reading = readRecord({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventTime: '2026-10-05T09:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: '111122223333',
      requestParameters: { functionName: 'f' },
    });

    expect(reading.kind === 'not-covered' || (reading.kind === 'change' && reading.change.isNamed)).toBe(
      true,
    );
  });
});

/** Trails of such calls; they lie beside the project, and need not be there. */
const trails = new URL('../../../shared/cases/trails/', import.meta.url);
const folder = new URL('silent-events/', trails);
const files = existsSync(folder)
  ? [new URL('nc.json', trails), ...readdirSync(folder).map((name) => new URL(name, folder))]
  : [];

describe.runIf(files.length > 0)('trails of such calls', () => {
  it.each(files.map((file) => [file.pathname.split('/').at(-1) ?? '', file] as const))(
    '%s: none is silent',
    (_, file) => {
      const { Records: records } = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly Records: readonly object[];
      };
      const silent = records
        .map((record) => readRecord(record))
        .filter(
          (reading) =>
            reading.kind === 'ignored' ||
            (reading.kind === 'change' &&
              reading.change.targets.length === 0 &&
              reading.change.isNamed === undefined),
        );

      expect(silent).toEqual([]);
    },
  );
});
