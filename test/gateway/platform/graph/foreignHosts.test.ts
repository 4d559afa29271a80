import { describe, expect, it } from '@jest/globals';
import { refuseForeignHosts } from '../../../../gateway/platform/graph/foreignHosts.ts';
import type { AgencyId } from '../../../../gateway/platform/ids.ts';

const IN_SERVICE = agencies({ family: 'http://127.0.0.1:4102/graphql', income: 'https://income.gouv.example/graphql' });

function agencies(urls: Record<string, string>): ReadonlyMap<AgencyId, string> {
  return new Map(Object.entries(urls) as [AgencyId, string][]);
}

function check(urls: Record<string, string>, ...allowed: string[]): void {
  refuseForeignHosts(agencies(urls), IN_SERVICE, new Set(allowed));
}

describe('where a supergraph may let agencies answer', () => {
  it('is where each of them is', () => {
    expect(() => check({ family: 'http://127.0.0.1:4102/graphql' })).not.toThrow();
  });

  it.each([
    ['another host', 'https://evil.example/graphql', 'evil.example'],
    ['another port', 'http://127.0.0.1:4103/graphql', '127.0.0.1:4103'],
    ['another agency’s place', 'https://income.gouv.example/graphql', 'income.gouv.example'],
    ['no encryption where there was', 'http://income.gouv.example/graphql', 'income.gouv.example'],
    ['another protocol', 'file:///etc/passwd', 'file:'],
    ['credentials before a host', 'https://127.0.0.1:4102@evil.example/graphql', 'evil.example'],
    ['no address at all', 'nowhere', 'got none'],
  ])('is not %s', (_what, url, told) => {
    expect(() => check({ family: url })).toThrow(told);
  });

  it('is also a host that the operator allows, at one port or at any', () => {
    expect(() => check({ school: 'https://school.example:8443/graphql' }, 'school.example')).not.toThrow();
    expect(() => check({ school: 'https://school.example:8443/graphql' }, 'school.example:8443')).not.toThrow();
    expect(() => check({ school: 'https://school.example:9443/graphql' }, 'school.example:8443')).toThrow(TypeError);
    expect(() => check({ school: 'ftp://school.example/graphql' }, 'school.example')).toThrow(TypeError);
  });
});
