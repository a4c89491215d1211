/** The registry's files as text: what `npm run generate` writes and a test compares. */
import { existsSync, readdirSync } from 'node:fs';
import type { ServiceEvents } from '../shared/changes/eventRow.ts';
import type { RecordedService } from '../shared/recording/account.ts';
import type { ClientDefinition, KindDefinition } from '../shared/targets/kind.ts';

const folder = new URL('../shared/services/', import.meta.url);

/** A sweep takes these services first: what changes there reaches furthest. */
const FIRST = ['iam', 's3', 'lambda', 'kms'];

const HEAD = 'Made by `npm run generate` of the services’ folders; not to be edited.';

/** What a module of a service exports, by name. */
type Exports<T> = readonly (readonly [name: string, value: T])[];

export type Service = {
  readonly name: string;
  readonly kinds: Exports<readonly KindDefinition[]>;
  readonly clients: Exports<readonly ClientDefinition[]>;
  readonly events: Exports<ServiceEvents>;
  readonly recorded: readonly (readonly [name: string, value: RecordedService, file: string])[];
};

/** Returns every service's folder, in the order in which a sweep takes them. */
export async function readServices(): Promise<readonly Service[]> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const inOrder = [...FIRST, ...names.filter((name) => !FIRST.includes(name))];
  return Promise.all(inOrder.map(readService));
}

async function readService(name: string): Promise<Service> {
  const exportsOf = async (file: string): Promise<[string, unknown][]> =>
    existsSync(new URL(`${name}/${file}`, folder))
      ? Object.entries((await import(`${folder}${name}/${file}`)) as object)
      : [];
  const kindsFile = await exportsOf('kinds.ts');
  const recordedFiles = readdirSync(new URL(`${name}/`, folder)).filter((file) =>
    /^recorded\w*\.ts$/.test(file),
  );
  const recorded = await Promise.all(
    recordedFiles.map(async (file) => (await exportsOf(file)).map((one) => [...one, file] as const)),
  );
  return {
    name,
    // By what they hold; the types are those of the files' own.
    kinds: kindsFile.filter(([, value]) => holds(value, 'kind')) as Exports<readonly KindDefinition[]>,
    clients: kindsFile.filter(([, value]) => holds(value, 'protocol')) as Exports<
      readonly ClientDefinition[]
    >,
    events: (await exportsOf('events.ts')).filter(([, value]) =>
      has(value, 'rows'),
    ) as Exports<ServiceEvents>,
    recorded: recorded.flat().filter(([, value]) => has(value, 'operations')) as Service['recorded'],
  };
}

const has = (value: unknown, member: string) =>
  typeof value === 'object' && value !== null && member in value;
const holds = (value: unknown, member: string) =>
  Array.isArray(value) && value.length > 0 && has(value[0], member);

/** Returns the files' paths and texts. */
export async function registryFiles(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const services = await readServices();
  return [
    { path: 'shared/targets/kindNames.ts', text: kindNames(services) },
    { path: 'shared/targets/clients.ts', text: clientTypes(services) },
    { path: 'shared/services/clients.ts', text: clientMakers(services) },
    { path: 'shared/services/registry.ts', text: registry(services) },
    { path: 'shared/services/recorded.ts', text: recordedServices(services) },
  ];
}

function kindNames(services: readonly Service[]): string {
  const kinds = services.flatMap((service) =>
    service.kinds.flatMap(([, list]) => list.map(({ kind }) => kind)),
  );
  return `/** ${HEAD} */

/** Every kind, in the order in which a sweep takes them. */
export const TARGET_KINDS = [
${kinds.map((kind) => `  '${kind}',\n`).join('')}] as const;
`;
}

const allClients = (services: readonly Service[]) =>
  services
    .flatMap(({ name: service, clients }) =>
      clients.flatMap(([, list]) => list.map((client) => ({ ...client, service }))),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));

function clientTypes(services: readonly Service[]): string {
  const clients = allClients(services);
  // Clients by shapes of our own stand with their services, above this room; all of them send alike.
  const isByShapes = (module: string) => module.startsWith('./');
  const imports = clients
    .filter(({ module }) => !isByShapes(module))
    .map(({ class: named, module }) => `import type { ${named} } from '${module}';\n`);
  return `/** ${HEAD} */
${imports.sort().join('')}import type { ShapesClient } from './sdkShapes.ts';

/** The clients of one account and Region. Only \`send\` is used, so a recorded account can stand in. */
export type AwsClients = {
${clients
  .map(({ name, class: named, module }) =>
    isByShapes(module)
      ? `  readonly ${name}: ShapesClient;\n`
      : `  readonly ${name}: Pick<${named}, 'send'>;\n`,
  )
  .join('')}};
`;
}

function clientMakers(services: readonly Service[]): string {
  const makers = allClients(services).map(
    ({ name, module, service, class: made }) =>
      `  ${name}: async (settings: ClientSettings) => new (await import('${module.replace(/^\.\//, `./${service}/`)}')).${made}(settings),\n`,
  );
  return `/** ${HEAD} */

/** What a client is made with. */
export type ClientSettings = {
  readonly region: string;
  readonly maxAttempts: number;
  /** Absent: the function's own. */
  readonly credentials?: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }>;
};

/** What loads and makes the client of a service. */
export const CLIENT_MAKERS = {
${makers.join('')}};
`;
}

function registry(services: readonly Service[]): string {
  const from = (file: string, pick: (service: Service) => Exports<unknown>) =>
    services
      .filter((service) => pick(service).length > 0)
      .map(
        (service) =>
          `import { ${pick(service)
            .map(([name]) => name)
            .join(', ')} } from './${service.name}/${file}.ts';\n`,
      )
      .join('');
  const all = (pick: (service: Service) => Exports<unknown>, spread: string) =>
    services.flatMap((service) => pick(service).map(([name]) => `  ${spread}${name},\n`)).join('');
  const kindsFile = ({ kinds, clients }: Service) => [...clients, ...kinds];
  return `/** ${HEAD} */
import type { ServiceEvents } from '../changes/eventRow.ts';
import type { ClientDefinition, KindDefinition } from '../targets/kind.ts';
${from('kinds', kindsFile)}${from('events', ({ events }) => events)}
/** Every kind. */
export const KINDS: readonly KindDefinition[] = [
${all(({ kinds }) => kinds, '...')}];

/** Every client. */
export const CLIENTS: readonly ClientDefinition[] = [
${all(({ clients }) => clients, '...')}];

/** The events of every service that has kinds. */
export const SERVICE_EVENTS: readonly ServiceEvents[] = [
${all(({ events }) => events, '')}];
`;
}

function recordedServices(services: readonly Service[]): string {
  const found = services.flatMap(({ name: service, recorded }) =>
    recorded.map(([name, { client }, file]) => ({ name, client, path: `./${service}/${file}` })),
  );
  return `/** The calls of every service as an account in memory does them. Only what replays trails loads this. ${HEAD} */
import type { RecordedServices } from '../recording/recordedAccount.ts';
${[...Map.groupBy(found, ({ path }) => path)]
  .map(([path, exported]) => `import { ${exported.map(({ name }) => name).join(', ')} } from '${path}';\n`)
  .join('')}
export const RECORDED_SERVICES: RecordedServices = {
${found.map(({ name, client }) => `  ${client}: ${name},\n`).join('')}};
`;
}
