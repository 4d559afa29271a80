import { expect, test } from '@jest/globals';
import { HubError } from '../../../gateway/platform/errors.ts';
import { type Log, createLog } from '../../../gateway/platform/log.ts';

function capture(level: 'info' | 'debug', write: (log: Log) => void): string {
  let written = '';
  write(createLog({ level, destination: { write: (line: string) => void (written += line) } }));
  return written;
}

test('withholds tokens and pivot claims at any depth and in any case', () => {
  const written = capture('info', (log) => {
    log.info(
      {
        requestId: 'req_1',
        headers: { Authorization: 'Bearer SECRET-A' },
        caller: {
          pivot: { family_name: 'SECRET-B' },
          claims: [{ deeper: { birthdate: 'SECRET-C', sub: 'SECRET-D' } }],
        },
        variables: { id: 'SECRET-E' },
      },
      'request received',
    );
  });
  expect(written).not.toContain('SECRET');
  expect(JSON.parse(written)).toMatchObject({ requestId: 'req_1', level: 'info', msg: 'request received' });
});

test('logs an error by name, code, detail, places and causes, and drops what its maker said or hung on it', () => {
  const cause = Object.assign(new Error('invalid input "SECRET"'), {
    code: '42P01',
    parameters: ['SECRET'],
    detail: 'Key (SECRET)',
  });
  const written = capture('info', (log) => {
    log.error({ err: new HubError('HUB_LEDGER_UNAVAILABLE', { cause, detail: 'reading consents' }) }, 'refused');
  });
  expect(written).not.toContain('SECRET');
  expect(JSON.parse(written).err).toMatchObject({
    name: 'HubError',
    code: 'HUB_LEDGER_UNAVAILABLE',
    detail: 'reading consents',
    cause: { name: 'Error', code: '42P01' },
    at: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
  });
});

test('withholds what lies deeper than anybody looks', () => {
  const deep = { a: { b: { c: { d: { e: { f: { g: 'SECRET' } } } } } } };
  expect(capture('info', (log) => log.info(deep))).not.toContain('SECRET');
});

test('says nothing below its level', () => {
  expect(capture('info', (log) => log.debug('quiet'))).toBe('');
});
