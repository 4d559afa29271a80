import { describe, expect, it } from '@jest/globals';
import { openAgencyLines } from '../../../gateway/main/agencyLines.ts';
import type { AgencyId } from '../../../gateway/platform/ids.ts';

const FAMILY = 'family' as AgencyId;
const SCHOOL = 'school' as AgencyId;

function openLines(): { lines: ReturnType<typeof openAgencyLines>; happened: string[] } {
  const happened: string[] = [];
  const lines = openAgencyLines({
    addresses: new Map([[FAMILY, 'http://family.example']]),
    agencyKeys: { reread: (agency) => Promise.resolve(void happened.push(`keys of ${agency}`)) },
    open: (addresses) => {
      const at = [...addresses.values()].join();
      happened.push(`open ${at}`);
      return { send: () => Promise.resolve(at), close: () => Promise.resolve(void happened.push(`close ${at}`)) };
    },
  });
  return { lines, happened };
}

const ask = (lines: ReturnType<typeof openAgencyLines>, agency: AgencyId): Promise<string> =>
  lines.send(agency, '', { kind: 'query', signal: new AbortController().signal });

describe('the lines to agencies', () => {
  it('stay as they are for whoever stays where they are, and are opened to whoever joins', async () => {
    const { lines, happened } = openLines();
    await lines.join(
      new Map([
        [FAMILY, 'http://family.example'],
        [SCHOOL, 'http://school.example'],
      ]),
    );
    expect(happened).toEqual(['open http://family.example', 'open http://school.example', 'keys of school']);
    expect(await ask(lines, FAMILY)).toBe('http://family.example');
    expect(await ask(lines, SCHOOL)).toBe('http://school.example');
  });

  it('lead to where an agency has moved, again and again, and all are closed in the end', async () => {
    const { lines, happened } = openLines();
    for (const url of ['http://a.example', 'http://b.example']) {
      await lines.join(new Map([[FAMILY, url]]));
      expect(await ask(lines, FAMILY)).toBe(url);
    }
    expect(happened.filter((one) => one.startsWith('close'))).toEqual([]);
    await lines.close();
    expect(happened.filter((one) => one.startsWith('close')).sort()).toEqual(
      ['http://a.example', 'http://b.example', 'http://family.example'].map((url) => `close ${url}`),
    );
  });
});
