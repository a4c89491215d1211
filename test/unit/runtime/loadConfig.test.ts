import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accessOf } from '../../../shared/guard/config.ts';
import { defaultConfig, loadConfig, renderConfigProblem } from '../../../shared/runtime/loadConfig.ts';

/** The problems as a person reads them. */
function problemsOf(text: string): string[] {
  const result = loadConfig(text, 'c.jsonc');
  return result.ok ? [] : result.problems.map(renderConfigProblem);
}

/** The configuration of a text that must be right. */
function configOf(text: string) {
  const result = loadConfig(text);
  if (!result.ok) throw new Error(result.problems.map(renderConfigProblem).join('; '));
  return result.config;
}

describe('loadConfig', () => {
  it('an empty object gives every default: observe everything, trust AWS services, list full administration', () => {
    const config = configOf('{}');

    expect(config).toEqual(defaultConfig());
    expect(config.targets).toEqual([]);
    expect(config.zoneOfTrust).toEqual({
      accounts: [],
      organizations: [],
      services: ['*.amazonaws.com'],
      servicesOnBehalf: [],
      identityProviders: [],
      identityCenter: true,
    });
    expect(config.criticalAccess.map(({ name }) => name)).toEqual(['full administration']);
    expect(config).toMatchObject({
      groupingMinutes: 15,
      breaker: { maxRollbacksPerHour: 3 },
    });
  });

  it('reads the old name of a member, and says so', () => {
    const loaded = loadConfig('{ "setupWindowMinutes": 5 }');

    expect(loaded).toMatchObject({ ok: true, config: { groupingMinutes: 5 } });
    expect(loaded.ok && loaded.warnings).toMatchObject([
      { path: '$.setupWindowMinutes', line: 1, column: 3 },
    ]);
  });

  it('says of a member that means nothing any more that it does, whatever it holds', () => {
    const loaded = loadConfig('{ "firstSeen": "flag" }');

    expect(loaded).toMatchObject({ ok: true, config: defaultConfig() });
    expect(loaded.ok && loaded.warnings).toMatchObject([
      { path: '$.firstSeen', message: expect.stringContaining('no longer has any effect') },
    ]);
  });

  it('takes comments and trailing commas', () => {
    const config = configOf('// mode\n{ "targets": [{ "match": "*", "mode": "rollback" },], /* end */ }');

    expect(config.targets).toEqual([{ match: '*', mode: 'rollback' }]);
  });

  it('fills in the members of a part that is given in part', () => {
    const config = configOf('{ "zoneOfTrust": { "accounts": ["111122223333"] }, "breaker": {} }');

    expect(config.zoneOfTrust.services).toEqual(['*.amazonaws.com']);
    expect(config.breaker.maxRollbacksPerHour).toBe(3);
  });

  it('takes presets of critical access by name, beside lists of one’s own', () => {
    const own = '{ "name": "payroll", "resources": ["arn:aws:s3:::payroll*"] }';

    const { criticalAccess } = configOf(`{ "criticalAccess": ["escalation", "secrets", ${own}] }`);

    expect(criticalAccess.map(({ name }) => name)).toEqual(['escalation', 'secrets', 'payroll']);
    expect(criticalAccess.flatMap(accessOf).flatMap(({ actions = [] }) => actions)).toEqual(
      expect.arrayContaining(['iam:PassRole', 'sts:AssumeRoot', 'secretsmanager:GetSecretValue']),
    );
    expect(criticalAccess[0]?.kinds).toEqual(['managed-policy', 'iam-principal', 'permission-set']);
  });

  it('knows every preset that is promised', () => {
    const names = [
      'administration',
      'escalation',
      'secrets',
      'keys',
      'data-of-everything',
      'logging-and-detection',
      'network-exposure',
    ];

    expect(
      configOf(JSON.stringify({ criticalAccess: names })).criticalAccess.map(({ name }) => name),
    ).toEqual(names);
  });

  it('a date as expiry means the end of that day', () => {
    const exception = '{ "match": "*", "owner": "o", "reason": "r", "expires": "2027-01-31" }';

    const config = configOf(`{ "exceptions": [${exception}] }`);

    expect(config.exceptions[0]?.expires).toBe('2027-01-31T23:59:59.999Z');
  });

  it('tells every problem with its place, in the order of the file', () => {
    const text = [
      '{',
      '  "interruptFrom": "ALL",',
      '  "targets": [{ "match": "*", "mode": "rolback" }],',
      '  "extra": 1',
      '}',
    ];

    expect(problemsOf(text.join('\n'))).toEqual([
      expect.stringMatching(/^c.jsonc:2:20: \$\.interruptFrom: must be one of /),
      'c.jsonc:3:39: $.targets[0].mode: must be observe or rollback',
      'c.jsonc:4:3: $.extra: `extra` is not a known setting here; correct or remove it',
    ]);
  });

  const refused: readonly (readonly [name: string, text: string, problem: string])[] = [
    ['an empty file', ' \n', 'c.jsonc:1:1: $: the configuration is empty; write {} for all defaults'],
    ['a list', '[]', 'c.jsonc:1:1: $: must be an object'],
    [
      'a key written twice',
      '{"digestHour":5,\n"digestHour":6}',
      'c.jsonc:2:1: $.digestHour: `digestHour` is written twice; keep one',
    ],
    [
      'a prototype member',
      '{"__proto__":{}}',
      'c.jsonc:1:2: $.__proto__: `__proto__` is not a known setting here; correct or remove it',
    ],
    ['hostile nesting', '['.repeat(50_000), 'c.jsonc:1:1: $: the configuration is nested too deeply'],
    [
      'an account that is a number',
      '{"zoneOfTrust":{"accounts":[111122223333]}}',
      'c.jsonc:1:29: $.zoneOfTrust.accounts[0]: an account must be a text of 12 digits',
    ],
    [
      'a critical list that lists nothing',
      '{"criticalAccess":[{"name":"x"}]}',
      'c.jsonc:1:20: $.criticalAccess[0]: must list `actions`, `resources` or both',
    ],
    [
      'a preset that is none',
      '{"criticalAccess":["escalations"]}',
      expect.stringMatching(
        /^c\.jsonc:1:20: \$\.criticalAccess\[0\]: must be one of administration, escalation, /,
      ),
    ],
    [
      'a critical resource that is no ARN',
      '{"criticalAccess":[{"name":"x","resources":["*","secret/*"]}]}',
      'c.jsonc:1:49: $.criticalAccess[0].resources[1]: `secret/*` must be `*` or an ARN of six parts, such as `arn:aws:s3:::bucket/*`',
    ],
    [
      'a critical action without its service',
      '{"criticalAccess":[{"name":"x","actions":["PassRole"]}]}',
      'c.jsonc:1:43: $.criticalAccess[0].actions[0]: `PassRole` must be written `service:Name`, wildcards allowed, or `*`',
    ],
    [
      'a shared issuer without its owner',
      '{"zoneOfTrust":{"identityProviders":[{"provider":"app.terraform.io","claims":{"sub":["organization:*"]}}]}}',
      'c.jsonc:1:38: $.zoneOfTrust.identityProviders[0]: `app.terraform.io` gives tokens to anybody; require a claim that names the owner: `sub`, such as `organization:OWNER…` up to the end of the owner’s name',
    ],
    [
      'a trusted service that is no principal',
      '{"zoneOfTrust":{"services":["ec2"]}}',
      'c.jsonc:1:29: $.zoneOfTrust.services[0]: a service must be a principal such as ec2.amazonaws.com or *.amazonaws.com',
    ],
    [
      'a deployer of an account of eleven digits',
      '{"deployers":["arn:aws:iam::11112222333:role/ci"]}',
      'c.jsonc:1:15: $.deployers[0]: must name accounts by 12 digits',
    ],
    [
      'a deployer that is a bare name',
      '{"deployers":["ci"]}',
      'c.jsonc:1:15: $.deployers[0]: must be an ARN pattern: begin with `arn:` or a wildcard',
    ],
    [
      'an exception without an owner',
      '{"exceptions":[{"match":"*","reason":"r","expires":"2027-01-31"}]}',
      'c.jsonc:1:16: $.exceptions[0].owner: `owner` is missing',
    ],
    [
      'a half rollback',
      '{"breaker":{"maxRollbacksPerHour":0.5}}',
      'c.jsonc:1:35: $.breaker.maxRollbacksPerHour: must be a whole number from 0 to 100',
    ],
  ];
  for (const [name, text, problem] of refused) {
    it(`refuses ${name}`, () => {
      expect(problemsOf(text)).toEqual([problem]);
    });
  }

  for (const expires of ['2027-02-30', '2027-01-31T10:00', 'soon', '']) {
    it(`refuses \`${expires}\` as an expiry`, () => {
      const exception = JSON.stringify({ match: '*', owner: 'o', reason: 'r', expires });

      expect(problemsOf(`{"exceptions":[${exception}]}`)[0]).toContain(
        '$.exceptions[0].expires: must be a date',
      );
    });
  }

  it('the example file is a configuration', () => {
    const text = readFileSync(
      new URL('../../../shared/runtime/config.example.jsonc', import.meta.url),
      'utf8',
    );

    expect(problemsOf(text)).toEqual([]);
  });
});
