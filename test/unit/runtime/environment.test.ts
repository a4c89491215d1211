import { describe, expect, it } from 'vitest';
import { createPublishers } from '../../../shared/runtime/createPublishers.ts';
import { readEnvironment } from '../../../shared/runtime/environment.ts';

const least = {
  RATCHET_BUCKET: 'versions',
  RATCHET_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:findings',
  RATCHET_ACCOUNT_ID: '111122223333',
  RATCHET_OWN_ACTOR_IDS: 'AROA1,AROA2',
  RATCHET_OWN_RESOURCES: '',
};
const feeds = {
  RATCHET_EVENT_BUS: 'arn:aws:events:us-east-1:111122223333:event-bus/findings',
  RATCHET_SECURITY_HUB_PRODUCT: 'arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default',
  RATCHET_OCSF_FEED: 's3://lake/ratchet/',
};
const namesOf = (variables: { readonly [name: string]: string }) =>
  createPublishers(readEnvironment({ ...least, ...variables }), { targets: [] }).map(({ name }) => name);

describe('readEnvironment', () => {
  it('takes apart the folder of the feed', () => {
    const read = (url: string) => readEnvironment({ ...least, RATCHET_OCSF_FEED: url }).RATCHET_OCSF_FEED;

    expect(read('s3://lake/')).toEqual({ bucket: 'lake', prefix: '' });
    expect(read('s3://lake/a/b/')).toEqual({ bucket: 'lake', prefix: 'a/b/' });
  });

  it('takes apart the place of the configuration, and has none where the stack gives none', () => {
    const read = (url: string) => readEnvironment({ ...least, RATCHET_CONFIG: url }).RATCHET_CONFIG;

    expect(read('s3://versions/config/ratchet.config.jsonc')).toEqual({
      bucket: 'versions',
      key: 'config/ratchet.config.jsonc',
    });
    expect(read('')).toBeUndefined();
  });

  it.each([
    ['RATCHET_CONFIG', 's3://versions/'],
    ['RATCHET_CONFIG', 'config/ratchet.config.jsonc'],
    ['RATCHET_OCSF_FEED', 's3://lake/no-slash-at-the-end'],
    ['RATCHET_OCSF_FEED', 'lake'],
    ['RATCHET_SECURITY_HUB_PRODUCT', 'on'],
    ['RATCHET_CHAT_FORM', 'teams'],
    ['RATCHET_TOPIC_ARN', ''],
  ])('names the variable when %s is `%s`', (name, value) => {
    expect(() => readEnvironment({ ...least, [name]: value })).toThrow(name);
  });
});

describe('createPublishers', () => {
  it('lets the topic alone be told like findings at once', () => {
    const feeds = { RATCHET_EVENT_BUS: 'bus', RATCHET_OCSF_FEED: 's3://lake/ratchet/' };
    const publishers = createPublishers(readEnvironment({ ...least, ...feeds }), { targets: [] });

    const grouping = publishers.filter(({ publishGroup }) => publishGroup !== undefined);

    expect(publishers).toHaveLength(3);
    expect(grouping.map(({ name }) => name)).toEqual(['sns']);
  });

  it('tells the topic alone where the stack turned no feed on', () => {
    expect(namesOf({})).toEqual(['sns']);
    expect(
      namesOf({ RATCHET_EVENT_BUS: '', RATCHET_SECURITY_HUB_PRODUCT: '', RATCHET_OCSF_FEED: '' }),
    ).toEqual(['sns']);
  });

  it('tells each feed that is on, under the name that the feed itself has', () => {
    expect(namesOf(feeds)).toEqual(['sns', 'event-bus', 'security-hub', 'ocsf']);
  });
});
