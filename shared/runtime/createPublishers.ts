/** Who is told of findings in a deployed function: always the topic, and each feed that the stack turned on. */
import { type Home, withCommands } from '../findings/commands.ts';
import type { Finding } from '../findings/finding.ts';
import { type FindingPublisher, OCSF_FEED } from '../findings/publisher.ts';
import type { SnsPublisherOptions } from '../findings/snsPublisher.ts';
import type { Config } from '../guard/config.ts';
import { ruleOf } from '../guard/config.ts';
import type { Environment } from './environment.ts';

type Feeds = Pick<
  Environment,
  | 'RATCHET_TOPIC_ARN'
  | 'RATCHET_ACCOUNT_ID'
  | 'RATCHET_CHAT_FORM'
  | 'RATCHET_EVENT_BUS'
  | 'RATCHET_SECURITY_HUB_PRODUCT'
  | 'RATCHET_OCSF_FEED'
  | 'RATCHET_APPROVE_FUNCTION'
  | 'RATCHET_BUCKET'
>;

/** Returns the publishers of the environment. One that fails keeps no other from publishing. */
export function createPublishers(
  {
    RATCHET_TOPIC_ARN: topicArn,
    RATCHET_ACCOUNT_ID: accountId,
    RATCHET_CHAT_FORM: chat,
    RATCHET_EVENT_BUS: busName,
    RATCHET_SECURITY_HUB_PRODUCT: productArn,
    RATCHET_OCSF_FEED: feed,
    RATCHET_APPROVE_FUNCTION: approveFunction,
    RATCHET_BUCKET: bucket,
  }: Feeds,
  config: Pick<Config, 'targets'>,
  region: string | undefined = process.env['AWS_REGION'], // Lambda sets it.
): readonly FindingPublisher[] {
  const publishers = [
    lazilyInGroups('sns', () =>
      loadSns({
        topicArn,
        chat,
        groups: true,
        modeOf: (target) => ruleOf(config, target)?.mode ?? 'observe',
      }),
    ),
    ...(busName === undefined ? [] : [lazily('event-bus', () => loadEventBus(busName))]),
    ...(productArn === undefined
      ? []
      : [lazily('security-hub', () => loadSecurityHub({ productArn, accountId }))]),
    ...(feed === undefined ? [] : [lazily(OCSF_FEED, () => loadOcsf(feed))]),
  ];
  if (approveFunction === undefined || region === undefined) return publishers;
  const home: Home = { kind: 'deployed', approveFunction, accountId, region, bucket };
  return publishers.map((publisher) => completing(publisher, home));
}

/** What is published names the guard that keeps it, which the guard's core does not know. */
function completing({ publishGroup, ...publisher }: FindingPublisher, home: Home): FindingPublisher {
  const complete = (findings: readonly Finding[]) => findings.map((finding) => withCommands(finding, home));
  return {
    ...publisher,
    publish: (findings) => publisher.publish(complete(findings)),
    ...(publishGroup === undefined
      ? {}
      : { publishGroup: (findings, form) => publishGroup(complete(findings), form) }),
  };
}

/** Most starts publish nothing: a publisher and its client are loaded with the first finding. */
function lazily(name: string, load: () => Promise<FindingPublisher>): FindingPublisher {
  const { publish } = lazilyInGroups(name, load);
  return { name, publish };
}

/** The same of a publisher that tells like findings at once. */
function lazilyInGroups(name: string, load: () => Promise<FindingPublisher>): FindingPublisher {
  let loaded: Promise<FindingPublisher> | undefined;
  const get = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    name,
    publish: async (findings) => (await get()).publish(findings),
    async publishGroup(findings, form) {
      const { publish, publishGroup } = await get();
      return publishGroup === undefined ? publish(findings) : publishGroup(findings, form);
    },
  };
}

async function loadSns(options: Omit<SnsPublisherOptions, 'client'>): Promise<FindingPublisher> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const { createSnsPublisher } = await import('../findings/snsPublisher.ts');
  return createSnsPublisher({ client: new SNSClient({}), ...options });
}

async function loadEventBus(busName: string): Promise<FindingPublisher> {
  const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
  const { createEventBusPublisher } = await import('../findings/eventBusPublisher.ts');
  return createEventBusPublisher({ client: new EventBridgeClient({}), busName });
}

async function loadSecurityHub(hub: {
  readonly productArn: string;
  readonly accountId: string;
}): Promise<FindingPublisher> {
  const { SecurityHubClient } = await import('@aws-sdk/client-securityhub');
  const { createSecurityHubPublisher } = await import('../findings/securityHubPublisher.ts');
  return createSecurityHubPublisher({ client: new SecurityHubClient({}), ...hub });
}

async function loadOcsf(feed: NonNullable<Feeds['RATCHET_OCSF_FEED']>): Promise<FindingPublisher> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { createOcsfPublisher } = await import('../findings/ocsfPublisher.ts');
  return createOcsfPublisher({ client: new S3Client({}), ...feed });
}
