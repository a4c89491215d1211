import { expect, it } from 'vitest';
import { rehearse } from './rehearsal.ts';

it('the first day in a new account goes as it should, scene by scene', async () => {
  const scenes = await rehearse();

  const saw = Object.fromEntries(scenes.map(({ name, saw }) => [name, saw]));
  expect(saw['an escalation interrupts']).toContain('role worker');
  expect(saw['a public bucket is restored']).toContain('ROLLED_BACK public access: bucket policy of reports');
  expect(saw['a person approves the escalation with the command of its mail']).toContain('Approved ');
  expect(saw['what interrupts nobody comes with the digest']).toContain('digest: 2 findings');
  expect(saw['what several roles gain by one policy is two messages']).toMatch(
    /HIGH .*\nRatchet: more by alice/,
  );
});
