import type { DeliveryRates } from '../deliveries/deliveries.ts';
import type { Extras } from '../extras/extras.ts';
import type { FiguresByTarget } from '../ratios.ts';
import { operationTitle, type OperationName } from '../operations.ts';
import type { Contestant } from '../rounds.ts';
import type { Soaked } from '../soak.ts';
import type { DecisionCost, StepCosts } from '../steps/steps.ts';
import { short } from './table.ts';

/** First uses, new operations beside known ones and a hanging agency, a line each. */
export function extrasLines(extras: Extras): readonly string[] {
  return Object.entries(extras).flatMap(([target, { firstUse, newBesideKnown, hangingAgency }]) => [
    `${target}: first use of an operation: p50 ${ms(firstUse.p50Ms)}, p99 ${ms(firstUse.p99Ms)} over ${firstUse.operations}${firstUse.failed > 0 ? `, ${firstUse.failed} failed` : ''}`,
    `${target}: ${newBesideKnown.newPerSecond} new operations a second: known ones at ${percent(newBesideKnown.throughput)} of their throughput, p99 at ${percent(newBesideKnown.p99)}`,
    `${target}: one agency hanging: first reply after ${ms(hangingAgency.firstMs)}, later ones ${ms(hangingAgency.laterMs)} (${ms(hangingAgency.allAnswerMs)} when all answer), another operation meanwhile ${ms(hangingAgency.otherOperationMs)}; the others' fields ${hangingAgency.othersIntact ? 'intact' : 'LOST'}`,
  ]);
}

/** What single steps cost, and how the ledger's size tells. */
export function stepLines({ hubToken, reference, grant, decision }: StepCosts): readonly string[] {
  const [small, large] = Object.entries(decision);
  const growth = (key: keyof DecisionCost) => short(large![1][key] / small![1][key]);
  return [
    `hub token, CPU us per request: seen before ${micros(hubToken.seenBefore)}, not seen before ${micros(hubToken.notSeenBefore)}, with DPoP ${micros(hubToken.dpop)}`,
    `reference made and opened, CPU us: reused ${micros(reference.reused)}, fresh ${micros(reference.fresh)}`,
    `grant of one fetch, CPU us: reused ${micros(grant.reused)}, fresh ${micros(grant.fresh)}`,
    `decision with a ledger of ${large![0]} consents against ${small![0]}: ${growth('known')} times the CPU for known callers (${micros(small![1].known)} us), ${growth('firstTime')} times where consents are read, the database's included (${micros(small![1].firstTime)} us)`,
  ];
}

/** What a recipient that is dead costs the others. */
export function deliveryLines(rates: DeliveryRates): readonly string[] {
  const { declarations, recipients, without, besideTheDead, ratio, cpuMicrosPerDelivery } = rates;
  return [
    `${declarations} declarations to ${recipients} recipients, one of them dead: the others at ${percent(ratio)} of their speed without it (${Math.round(besideTheDead)} against ${Math.round(without)} deliveries a second, ${micros(cpuMicrosPerDelivery)} us of the hub's CPU each)`,
  ];
}

/** Memory under a long mixed load. */
export function soakLines({ minutes, requests, distinctOperations, failed, memoryMb }: Soaked): readonly string[] {
  const { start, peak, end } = memoryMb;
  return [
    `${minutes} min of mixed load: ${requests} requests, ${distinctOperations} distinct operations, ${failed} not answered with 200`,
    `memory of the gateway, MB: ${short(start)} at start, ${short(peak)} at its peak, ${short(end)} at the end`,
  ];
}

/** Calls behind one reply, operation by operation; who makes another number than the first target is named. */
export function callLines(contestants: readonly Contestant[], operations: readonly OperationName[]): readonly string[] {
  return operations.flatMap((operation) => {
    const counts = contestants.flatMap(({ target, comparisons }) => {
      const calls = comparisons.get(operation)?.agencyCalls;
      return calls === undefined ? [] : [{ name: target.name, calls }];
    });
    if (counts.length === 0) return [];
    const others = counts.filter(({ calls }) => calls !== counts[0]!.calls);
    const named = others.map(({ name, calls }) => `, ${name} ${calls}`).join('');
    return [`agency calls per reply, ${operationTitle(operation)}: ${counts[0]!.calls}${named}`];
  });
}

/** What protection costs: ours with everything on against ours with nothing on, in one run. */
export function protectionLines(
  figures: FiguresByTarget,
  operations: readonly OperationName[],
  pair: { readonly on: string; readonly off: string },
): readonly string[] {
  return operations.flatMap((operation) => {
    const on = figures.get(pair.on)?.get(operation)?.['known-callers'];
    const off = figures.get(pair.off)?.get(operation)?.['known-callers'];
    if (!on || !off) return [];
    return [
      `protection costs ${percent(1 - on.throughput / off.throughput)} of throughput, ${operationTitle(operation)} (${short(on.throughput)} against ${short(off.throughput)})`,
    ];
  });
}

function ms(value: number | undefined): string {
  return value === undefined ? 'none' : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function micros(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
