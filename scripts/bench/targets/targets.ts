import { apolloTarget } from './apollo.ts';
import { bareHandlerTarget } from './bareHandler.ts';
import { grafbaseTarget } from './grafbase.ts';
import { hiveTarget } from './hive.ts';
import { oursTarget } from './ours.ts';
import type { Target } from './target.ts';

/** Every gateway of the bench, in the order of the table. The first is what the others are compared with. */
export const TARGETS: readonly Target[] = [
  apolloTarget('own'),
  apolloTarget('undici'),
  hiveTarget('javascript'),
  hiveTarget('rust'),
  grafbaseTarget(),
  bareHandlerTarget(),
  oursTarget('ours'),
  oursTarget('ours-embedded'),
  oursTarget('ours-unprotected'),
];

/** Ours with everything on, and with nothing on: their ratio is what protection costs. */
export const PROTECTION_PAIR = { on: 'ours', off: 'ours-unprotected' } as const;

/** Peers of which npm holds no server; they are named in every report, so that nobody takes the list for complete. */
export const NOT_ON_NPM: readonly { readonly name: string; readonly why: string }[] = [
  { name: 'Apollo Router', why: 'npm holds no server binary' },
  { name: 'Hive Router', why: 'npm holds its planner (run here inside Hive Gateway), no server binary' },
  { name: 'Cosmo Router', why: 'npm holds no server binary' },
  { name: 'Fusion', why: 'needs .NET' },
];
