import { PLACES, type Off, type Place } from '../../test/property/hub.ts';
import { search } from '../../test/property/search.ts';

export interface ProveVerdicts {
  readonly cases: number;
  readonly seed: number;
  /** One of the four enforcement places, taken out for this run: then a counterexample must be found. */
  readonly broken: Place | undefined;
}

const PROGRESS_EVERY_CASES = 1000;

/** Whether the run came out as it must: no counterexample in the product, one as soon as a place is out of order. */
export async function proveVerdicts({ cases, seed, broken }: ProveVerdicts): Promise<boolean> {
  const off: Off = new Set(broken === undefined ? [] : [broken]);
  const startedMs = performance.now();
  console.log(`${cases} operations from seed ${seed}${broken === undefined ? '' : `, without ${broken}`}`);
  const found = await search({
    seed,
    cases,
    off,
    onProgress: (done) => {
      if (done % PROGRESS_EVERY_CASES === 0) console.log(`${done} operations`);
    },
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (found) {
    console.log(
      `${found.text}\n\ncounterexample: --seed ${found.seed}, case ${found.case} of its world, after ${seconds} s`,
    );
  } else console.log(`${cases} operations, no counterexample, ${seconds} s`);
  return (found !== undefined) === (broken !== undefined);
}

/** Throws a TypeError for a place that does not exist. */
export function toPlace(name: string | undefined): Place | undefined {
  const place = PLACES.find((one) => one === name);
  if (name !== undefined && place === undefined) {
    throw new TypeError(`--break: expected one of ${PLACES.join(', ')}, got "${name}"`);
  }
  return place;
}
