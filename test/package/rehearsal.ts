/**
 * The first day of a guard, played on loopback: deployed into an account with the quotas of a new one, it takes its
 * first look, and then a harmless change, an escalation, a public bucket and its restore, an approval and a digest come
 * by. Each scene says what it saw, or throws what it missed.
 */
import assert from 'node:assert/strict';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import type { Finding } from '../../shared/findings/finding.ts';
import { commandsOf, type LoopbackDeployment, type Message, startDeployment } from './deployment.ts';
import { QUOTAS } from './quotas.ts';

export type Scene = { readonly name: string; readonly saw: string; readonly ms: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Restores are on for buckets; everything else is observed, as it is without a configuration. */
const CONFIG = { targets: [{ match: 'arn:aws:s3:::*', mode: 'rollback' }] };

const documentOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const TRUST = documentOf({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const reports = 'arn:aws:s3:::reports/*';
const readReports = documentOf({ Action: ['s3:GetObject', 's3:PutObject'], Resource: reports });
const readLess = documentOf({ Action: 's3:GetObject', Resource: reports });
const readMore = documentOf({ Action: ['s3:GetObject', 's3:GetObjectTagging'], Resource: reports });
const commands = documentOf({ Action: ['s3:GetObject', 'ssm:SendCommand'], Resource: '*' });
const escalate = documentOf({ Action: 'iam:PutRolePolicy', Resource: '*' });
const ownAccount = documentOf({
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 's3:GetObject',
  Resource: reports,
});
const everybody = documentOf({ Principal: '*', Action: 's3:GetObject', Resource: reports });

type Play = (deployment: LoopbackDeployment) => Promise<string>;

const put = ({ alice }: LoopbackDeployment, RoleName: string, PolicyDocument: string) =>
  alice.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
const findingsOf = (messages: readonly Message[]) =>
  messages.map(({ json }) => json).filter((json): json is Finding => 'revision' in json);
const quote = (messages: readonly Message[]) => messages.map(({ subject }) => subject).join('\n');

/** In the order of the day. Between two of them a quarter of an hour passes, and what is scheduled runs. */
const SCENES: readonly (readonly [name: string, play: Play])[] = [
  [
    'a new account takes the stack',
    async ({ resources }) => {
      const measured = QUOTAS.map(({ name, most, measure }) => {
        const [amount, where] = measure(resources);
        assert.ok(amount <= most, `${name}: ${where} needs ${amount}, and ${most} is the most`);
        return `${name}: ${amount} of ${most}`;
      });
      return [`${resources.length} resources`, ...measured].join('\n');
    },
  ],
  [
    'the first look takes what is there',
    async (deployment) => {
      const { alice } = deployment;
      await alice.s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
      await alice.s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: ownAccount }));
      for (const RoleName of ['worker', 'deployer', 'reporter'])
        await alice.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
      for (const RoleName of ['worker', 'deployer']) await put(deployment, RoleName, readReports);
      // All of it was there before the guard.
      (deployment.wire.records as unknown[]).length = 0;
      await deployment.tick();
      const messages = deployment.takeMessages();
      const others = findingsOf(messages).filter(({ target }) => !target.arn.includes('/ratchet'));
      assert.deepEqual(others, [], 'what was there before the guard is told only where a list names it');
      return `${messages.length} findings about the guard's own role, which may write policies`;
    },
  ],
  [
    'the doctor finds nothing amiss',
    async ({ shell, stackName }) => {
      const { status, out } = await shell(`ratchet doctor --stack ${stackName} --region us-east-1`);
      assert.equal(status, 0, out);
      return `${
        out
          .trim()
          .split('\n')
          .filter((line) => line.startsWith('ok')).length
      } checks, all ok`;
    },
  ],
  [
    'a harmless change is not told',
    async (deployment) => {
      await put(deployment, 'worker', readLess);
      const taken = await deployment.settle();
      assert.ok(taken > 0, 'no rule took the event');
      assert.equal(quote(deployment.takeMessages()), '');
      return `${taken} event judged, no message`;
    },
  ],
  [
    'an escalation interrupts',
    async (deployment) => {
      await put(deployment, 'worker', escalate);
      await deployment.settle();
      const messages = deployment.takeMessages();
      const [finding] = findingsOf(messages);
      assert.equal(finding?.status, 'ACTIVE');
      assert.ok(['HIGH', 'CRITICAL'].includes(finding.severity), finding.severity);
      return quote(messages);
    },
  ],
  [
    'a public bucket is restored',
    async (deployment) => {
      const { alice } = deployment;
      await alice.s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: everybody }));
      await deployment.settle();
      const { Policy } = await alice.s3.send(new GetBucketPolicyCommand({ Bucket: 'reports' }));
      assert.equal(Policy, ownAccount);
      const messages = deployment.takeMessages();
      assert.equal(findingsOf(messages).at(-1)?.status, 'ROLLED_BACK');
      return quote(messages);
    },
  ],
  [
    'a person approves the escalation with the command of its mail',
    async (deployment) => {
      const [command = ''] = commandsOf(deployment.lastMail('role worker'));
      const said = await deployment.shell(command);
      assert.equal(said.status, 0, said.err);
      await deployment.settle();
      assert.match(said.out, /^Approved /);
      assert.equal(quote(deployment.takeMessages()), '', 'what a person ended waits for the digest');
      return `$ ${command}\n${said.out}`;
    },
  ],
  [
    'what interrupts nobody comes with the digest',
    async (deployment) => {
      await put(deployment, 'deployer', readMore);
      await deployment.settle();
      assert.equal(quote(deployment.takeMessages()), '', 'it interrupts');
      deployment.pass(24 * HOUR_MS);
      await deployment.tick();
      const messages = deployment.takeMessages();
      assert.match(quote(messages), /digest/);
      return quote(messages);
    },
  ],
  [
    'what several roles gain by one policy is two messages',
    async (deployment) => {
      const { iam } = deployment.alice;
      const { Policy } = await iam.send(
        new CreatePolicyCommand({ PolicyName: 'shared', PolicyDocument: readLess }),
      );
      const PolicyArn = Policy?.Arn;
      for (const RoleName of ['worker', 'deployer', 'reporter'])
        await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      await deployment.settle();
      deployment.pass(HOUR_MS);
      await deployment.tick();
      deployment.takeMessages();
      await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: commands, SetAsDefault: true }),
      );
      await deployment.settle();
      const first = deployment.takeMessages();
      assert.match(quote(first), /^Ratchet: HIGH .*role \w+ in \d+ by alice$/);
      deployment.pass(15 * MINUTE_MS);
      await deployment.tick();
      const others = deployment.takeMessages();
      assert.match(quote(others), /^Ratchet: more by alice in \d+: 2 findings up to HIGH$/);
      return quote([...first, ...others]);
    },
  ],
  [
    'nothing is left over',
    async ({ deadLetters, wire, resources }) => {
      assert.deepEqual(deadLetters(), []);
      for (const { physicalId } of resources.filter(({ Type }) => Type === 'AWS::SQS::Queue'))
        assert.deepEqual(wire.queues.bodies(physicalId.split('/').at(-1) ?? ''), [], physicalId);
      return `queues and dead letters are empty, ${wire.attempts.length} calls were made`;
    },
  ],
];

/** Plays the day, telling each scene when it is over. Throws at the first that misses something. */
export async function rehearse(told: (scene: Scene) => void = () => {}): Promise<readonly Scene[]> {
  const deployment = await startDeployment({ files: { 'ratchet.config.jsonc': JSON.stringify(CONFIG) } });
  const scenes: Scene[] = [];
  try {
    for (const [name, play] of SCENES) {
      const from = performance.now();
      const saw = await play(deployment);
      const scene = { name, saw, ms: performance.now() - from };
      scenes.push(scene);
      told(scene);
      deployment.pass(15 * MINUTE_MS);
    }
  } finally {
    await deployment.close();
  }
  return scenes;
}
