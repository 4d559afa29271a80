import { AGENCY_SHOTS } from './agencyPages.ts';
import { CITIZEN_SHOTS } from './citizenPages.ts';
import { SERVICE_SHOTS } from './servicePages.ts';
import type { Shot } from './shot.ts';

/** Every page of the three sites, in the states that it has. */
export const SHOTS: readonly Shot[] = [...CITIZEN_SHOTS, ...SERVICE_SHOTS, ...AGENCY_SHOTS];
