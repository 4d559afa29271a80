import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFrontDoor, refusalOf, type FrontDoor } from '../receive/frontDoor.ts';

describe('what a client accepts', () => {
  let door: FrontDoor;
  beforeAll(async () => {
    door = await openFrontDoor();
  });
  afterAll(() => door.server.close());

  test.each([
    ['text/event-stream', 'REQUIRED'],
    ['text/event-stream; charset=utf-8', 'REQUIRED'],
    ['application/json, text/event-stream', 'ACCEPTED'],
    ['text/event-stream, */*;q=0.1', 'ACCEPTED'],
    ['application/json, text/event-stream;q=0', undefined],
    ['application/graphql-response+json', undefined],
    // Whoever takes just anything waits for an answer that ends.
    ['*/*', undefined],
    ['text/*, application/json', undefined],
  ])('%s: events are %s', async (accept, expected) => {
    await door.post('{"query":"{ me { id } }"}', { accept });
    expect(door.received.pop()!.eventStream).toBe(expected);
  });

  test.each(['text/html', 'text/event-stream;q=0', 'text/*'])('%s is nothing that is served', async (accept) => {
    expect(await refusalOf(await door.post('{"query":"{ me { id } }"}', { accept }))).toBe(
      '406 HUB_REQUEST_NOT_ACCEPTABLE',
    );
  });
});
