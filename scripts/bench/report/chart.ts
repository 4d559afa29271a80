import type { Machine } from '../machine.ts';
import { operationTitle, type OperationName } from '../operations.ts';
import type { FiguresByTarget } from '../ratios.ts';
import type { Target } from '../targets/target.ts';
import { short } from './table.ts';

const WIDTH = 960;
const LABEL_WIDTH = 300;
const VALUE_WIDTH = 60;
const ROW = 22;
const OWN = '#0b5cad';
const PEER = '#6f7d8c';

/**
 * Ratios as bars, one block per operation, on a linear scale of its own; ours in blue. The day and the machine's size stand below,
 * since a ratio is worth nothing without them. Colours keep a contrast of 3:1 on white, and every bar has its number beside it.
 */
export function ratioChart(input: {
  readonly figures: FiguresByTarget;
  readonly targets: readonly Target[];
  readonly operations: readonly OperationName[];
  readonly machine: Machine;
  readonly date: string;
  readonly rounds: number;
}): string {
  const parts: string[] = [];
  let y = 56;
  for (const operation of input.operations) {
    const bars = input.targets.flatMap((target) => {
      const figures = input.figures.get(target.name)?.get(operation)?.['known-callers'];
      return figures ? [{ target, ratio: figures.throughput, range: figures.range }] : [];
    });
    if (bars.length === 0) continue;
    parts.push(text(16, y, operationTitle(operation), 'font-weight="600"'));
    y += 8;
    const longest = Math.max(...bars.map((bar) => bar.ratio));
    for (const { target, ratio, range } of bars) {
      const length = Math.max(1, (ratio / longest) * (WIDTH - LABEL_WIDTH - VALUE_WIDTH - 90));
      const fill = target.protects ? OWN : PEER;
      parts.push(
        text(LABEL_WIDTH - 8, y + 15, target.title, 'text-anchor="end"'),
        `<rect x="${LABEL_WIDTH}" y="${y + 3}" width="${length.toFixed(1)}" height="${ROW - 6}" fill="${fill}"/>`,
        text(LABEL_WIDTH + length + 6, y + 15, `${short(ratio)}${spread(range)}`),
      );
      y += ROW;
    }
    y += 30;
  }
  const { machine } = input;
  const cores = `${machine.cores} cores${machine.pinned ? ', one for the gateway' : ', not pinned'}`;
  const note = `${input.date.slice(0, 10)}, ${machine.cpu}, ${cores}, ${machine.memoryGiB} GiB, Node ${machine.node}, ${input.rounds} round${input.rounds === 1 ? '' : 's'}`;
  const title =
    'Requests per second as a ratio to @apollo/gateway + Apollo Server 5 (blue: token, decision, grants, masks and access record on)';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 10}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escape(title)}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(16, 26, title, 'font-size="14"'),
    ...parts,
    text(16, y - 6, note, 'fill="#52606d"'),
    '</svg>',
    '',
  ].join('\n');
}

function spread([least, most]: readonly [number, number]): string {
  return short(least) === short(most) ? '' : ` (${short(least)}-${short(most)})`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
