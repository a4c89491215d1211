import { describe, expect, it } from 'vitest';
import { createClientsFor } from '../../../shared/runtime/clients.ts';

const place = { accountId: '111122223333', region: 'eu-west-1' };

describe('createClientsFor', () => {
  it('makes the clients of a Region once, for that Region', async () => {
    const clientsFor = createClientsFor();

    const clients = clientsFor(place);

    expect(clientsFor({ ...place })).toBe(clients);
    expect(clientsFor({ ...place, region: 'us-east-1' })).not.toBe(clients);
  });

  it('refuses another account than the one whose credentials there are', () => {
    const clientsFor = createClientsFor({ ownAccountId: place.accountId });

    expect(() => clientsFor({ ...place, accountId: '444455556666' })).toThrow(
      'no credentials for account `444455556666`: this guard works in `111122223333`',
    );
    expect(clientsFor(place)).toBeDefined();
  });
});
