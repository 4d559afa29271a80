import { pino, type DestinationStream } from 'pino';

/** An agency's log. Facts hold no value of a person: counts, codes, coordinates, request ids, never names, dates or references. */
export interface KitLog {
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
  error(facts: LogFacts, message: string): void;
}
export type LogFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** `destination`: standard output when left out. */
export function createKitLog(agency: string, destination?: DestinationStream): KitLog {
  const options = { base: { agency }, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * What of a thrown thing may stand in a log: its class, and where. Its message stays out, since drivers and parsers quote the value
 * that they could not digest.
 */
export function describeDefect(thrown: unknown): LogFacts {
  if (!(thrown instanceof Error)) return { defect: typeof thrown };
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { defect: thrown.name, at: frames.slice(0, 6).map((line) => line.trim()) };
}
