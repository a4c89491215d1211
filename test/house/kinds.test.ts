/** Every kind stands in every place: what one definition forgets, a test here names. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readServices, type Service } from '../../scripts/registry.ts';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { CLIENTS, KINDS } from '../../shared/services/registry.ts';
import { filesIn, textOf } from './sources.ts';

const services = await readServices();
const tests = filesIn('test/unit/services').map(textOf).join('\n');
const manifest = JSON.parse(textOf('package.json')) as {
  readonly devDependencies: { readonly [name: string]: string };
};

describe.each(KINDS.map((definition) => [definition.kind, definition] as const))('%s', (kind, definition) => {
  it('has events', () => {
    expect(EVENT_TABLE.filter((row) => row.kind === kind)).not.toEqual([]);
  });

  it('is tried as every kind is, in test/unit/services', () => {
    expect(tests.includes(`'${kind}'`)).toBe(true);
  });

  it('says where it stands in CloudFormation and Terraform, or why nowhere', () => {
    const { cloudFormation, terraform, none } = definition.places;

    expect(cloudFormation.filter((place) => !/^AWS::\w+::\w+(\.[\w[\]]+)+$/.test(place))).toEqual([]);
    expect(terraform.filter((place) => !/^aws_\w+(\.[\w[\]]+)+$/.test(place))).toEqual([]);
    expect([...cloudFormation, ...terraform].length > 0 || none !== undefined).toBe(true);
  });

  it('tells of each part what it is, and names none twice', () => {
    const ids = definition.parts.map(({ id }) => id);

    expect(ids).not.toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('can be read, and written unless it says why not', () => {
    const { read, write } = definition.permissions;

    expect(read).not.toEqual([]);
    expect(write.length > 0 || definition.whyNotRestorable !== undefined).toBe(true);
  });

  it('loads what it names', async () => {
    expect(Object.keys(await definition.load())).toEqual(expect.arrayContaining(['read', 'list', 'restore']));
  });
});

/** The name of the action that allows a call, where it is another. Source: Service Authorization Reference. */
const ACTIONS: { readonly [call: string]: readonly string[] } = {
  'S3Client:ListBuckets': ['s3:ListAllMyBuckets'],
  'S3Client:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  'S3Client:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  'S3Client:DeletePublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  'S3Client:DeleteBucketOwnershipControls': ['s3:PutBucketOwnershipControls'],
  'S3ControlClient:GetPublicAccessBlock': ['s3:GetAccountPublicAccessBlock'],
  'S3ControlClient:PutPublicAccessBlock': ['s3:PutAccountPublicAccessBlock'],
  'S3ControlClient:DeletePublicAccessBlock': ['s3:PutAccountPublicAccessBlock'],
  'APIGatewayClient:GetRestApi': ['apigateway:GET'],
  'APIGatewayClient:GetRestApis': ['apigateway:GET'],
  'APIGatewayClient:UpdateRestApi': ['apigateway:PATCH', 'apigateway:UpdateRestApiPolicy'],
};

/** The prefix of a client's actions, where it is not the name that signatures have. */
const PREFIXES: { readonly [scope: string]: string } = { 's3-control': 's3' };

describe.each(services.map((service) => [service.name, service] as const))('%s', (_, service) => {
  it('asks for the permission of each call that it makes, and for no other', () => {
    const asked = service.kinds
      .flatMap(([, kinds]) => kinds)
      .flatMap(({ permissions: { read, list, write } }) => [...read, ...list, ...write])
      .flatMap(({ actions }) => actions);
    const needed = callsOf(service);

    // Calls of another service's file are that service's.
    expect(needed.filter((action) => !asked.includes(action))).toEqual([]);
    const made = services.flatMap(callsOf);
    expect([...new Set(asked)].filter((action) => !made.includes(action))).toEqual([]);
  });
});

/** The actions of the calls that the files of a service import. */
function callsOf({ name }: Service): string[] {
  const folder = new URL(`../../shared/services/${name}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => !/^recorded/.test(file));
  return files.flatMap((file) => {
    const code = readFileSync(new URL(file, folder), 'utf8');
    return [...code.matchAll(/import \{([^}]*)\} from '([^']+)'/g)].flatMap(([, names = '', module]) => {
      const client = CLIENTS.find((one) => one.module === module);
      if (client === undefined) return [];
      // `XCommand` or `XCommand as Another`.
      return [...names.matchAll(/(?:^|,)\s*(\w+)Command\b/g)].flatMap(
        ([, operation = '']) =>
          ACTIONS[`${client.class}:${operation}`] ?? [
            `${PREFIXES[client.scope] ?? client.scope}:${operation}`,
          ],
      );
    });
  });
}

describe('clients', () => {
  it('are packages that the manifest pins, or files', () => {
    const missing = CLIENTS.map(({ module }) => module).filter(
      (module) => !module.startsWith('.') && manifest.devDependencies[module] === undefined,
    );

    expect(missing).toEqual([]);
  });
});
