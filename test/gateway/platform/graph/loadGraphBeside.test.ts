import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { printSchema } from 'graphql';
import { loadGraph, loadGraphBeside } from '../../../../gateway/platform/graph/loadGraph.ts';

const FILE = join(import.meta.dirname, '../../../../schema/composed/supergraph.graphql');

describe('a supergraph that is read beside what is served', () => {
  it('comes to the same as one that is read at start', async () => {
    const sdl = await readFile(FILE, 'utf8');
    const [beside, atStart] = [await loadGraphBeside(sdl), loadGraph(sdl)];
    expect(printSchema(beside.apiSchema)).toBe(printSchema(atStart.apiSchema));
    expect({ ...beside, apiSchema: undefined }).toEqual({ ...atStart, apiSchema: undefined });
    expect(beside.apiSchema.getType('Date')).toMatchObject({ parseValue: expect.any(Function) });
    expect(String(beside.apiSchema.getType('Date'))).toBe('Date');
  });

  it('is refused when it is none', async () => {
    await expect(loadGraphBeside('type Query { a: Int }')).rejects.toThrow(TypeError);
  });
});
