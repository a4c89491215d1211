/** Each command that the guard prints, in each place where it prints one, run as it is printed. */
import { spawnSync } from 'node:child_process';
import { CreateRoleCommand, GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/findings/finding.ts';
import { commandsOf, type LoopbackDeployment, type Message, startDeployment } from './deployment.ts';

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const TRUST = documentOf({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const reading = documentOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' });
const escalating = documentOf({ Action: 'iam:PutRolePolicy', Resource: '*' });
const own = documentOf({
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::reports/*',
});
const open = documentOf({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' });
/** Whoever runs the tests may have the AWS CLI; where it is not, its commands are only read. */
const hasAws = spawnSync('aws', ['--version']).status === 0;

let deployment: LoopbackDeployment;
let messages: Message[];
const printed = new Map<string, string>();
beforeAll(async () => {
  deployment = await startDeployment({ parameters: { ChatForm: 'slack' } });
  const { alice, wire } = deployment;
  await alice.iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: TRUST }));
  await put(reading);
  await alice.s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
  await alice.s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: own }));
  (wire.records as unknown[]).length = 0;
  await deployment.tick();
  deployment.takeMessages();
  deployment.pass(3_600_000);
  await put(escalating);
  await deployment.settle();
  // What somebody does within a run is told together with it.
  deployment.pass(3_600_000);
  await alice.s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: open }));
  await deployment.settle();
  messages = deployment.takeMessages();
  // Before the first of them is run: what is approved needs no commands any more.
  const id = findingOn('/worker')?.id ?? '';
  for (const [place, print] of PLACES) printed.set(place, await print(id));
});
afterAll(() => deployment.close());

function put(PolicyDocument: string) {
  const policy = { RoleName: 'worker', PolicyName: 'own', PolicyDocument };
  return deployment.alice.iam.send(new PutRolePolicyCommand(policy));
}

const findingOn = (name: string) =>
  messages
    .map(({ json }) => json as Partial<Finding>)
    .find(({ target }) => target?.arn.endsWith(name) === true);
const bucket = () => deployment.resources.find(({ id }) => id === 'VersionsBucket')?.physicalId;

/** What each place prints about a finding. */
const PLACES: readonly (readonly [place: string, print: (id: string) => string | Promise<string>])[] = [
  ['mail', (id) => messages.find(({ mail }) => mail.includes(id))?.mail ?? ''],
  [
    'chat',
    (id) => {
      const text = messages.find(({ https = '' }) => https.includes(id))?.https ?? '';
      return [...text.matchAll(/`(ratchet [^`]+)`/g)].map(([, command]) => `  ${command}\n`).join('');
    },
  ],
  [
    'JSON for programs',
    (id) => {
      const finding = messages.map(({ json }) => json as Finding).find((one) => one.id === id);
      return `  ${finding?.acceptWith} --who YOU --why REASON\n  ${finding?.undoWith}\n`;
    },
  ],
  [
    'the terminal',
    async (id) => (await deployment.shell(`ratchet findings ${id} --store s3://${bucket()}`)).out,
  ],
  [
    'the report',
    async () => {
      const { out } = await deployment.shell(`ratchet report --store s3://${bucket()}`);
      return [...out.matchAll(/(ratchet (?:approve|restore) [^<]+)/g)]
        .map(([, one]) => `  ${one}\n`)
        .join('');
    },
  ],
];

describe.each(PLACES)('what %s prints', (place) => {
  it('names the finding and where the guard is, and runs as it is printed', async () => {
    const id = findingOn('/worker')?.id ?? '';
    const commands = commandsOf(printed.get(place) ?? '').filter((command) => command.includes(id));

    expect(commands.map((command) => command.split(' ')[1])).toEqual(['approve', 'restore']);
    for (const command of commands) {
      expect(command).not.toMatch(/FINDING|BUCKET|…/);
      const said = await deployment.shell(command);
      // Approved once, it is closed for whoever comes second.
      expect(`${place}: ${said.err}`).toMatch(/^.*: (.*is already closed: APPROVED\n)?$/);
    }
  });
});

describe('what a restore by hand prints', () => {
  const restore = async (flags: string) => {
    const { undoWith = '' } = findingOn(':reports') ?? findingOn('reports') ?? {};
    return deployment.shell(`${undoWith} ${flags}`);
  };
  const held = async () =>
    (await deployment.alice.s3.send(new GetBucketPolicyCommand({ Bucket: 'reports' }))).Policy;

  it('is whole AWS CLI commands, with the documents beside them', async () => {
    const { out, err, status } = await restore('');

    expect(err).toBe('');
    expect(status).toBe(0);
    expect(out).toMatch(
      /\naws s3api put-bucket-policy --bucket reports --policy file:\/\/ratchet-restore-\w+\/document-1\.json --region us-east-1\n$/,
    );
  });

  it('restores what was there, where it is run', async () => {
    const { err } = await restore('--previous --run');

    if (hasAws) {
      expect(err).toBe('');
      expect(JSON.parse((await held()) ?? '')).toEqual(JSON.parse(own));
    } else expect(err).toContain('failed');
  });

  it('is refused to whoever is signed in to another account', async () => {
    const { undoWith = '' } = findingOn('reports') ?? {};
    const { err, status } = await deployment.shell(undoWith.replace('111122223333', '999988887777'));

    expect(status).toBe(2);
    expect(err).toContain('you are signed in to 111122223333; sign in to 999988887777');
  });
});

it('nothing was written to the role by its printed commands', async () => {
  const { PolicyDocument } = await deployment.alice.iam.send(
    new GetRolePolicyCommand({ RoleName: 'worker', PolicyName: 'own' }),
  );

  expect(decodeURIComponent(PolicyDocument ?? '')).toBe(escalating);
});
