/** The one source of now; tests hand in a fixed one. Milliseconds since the epoch. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

export { dayInParis, yearInParis } from '../../schema/parisCalendar.ts';
