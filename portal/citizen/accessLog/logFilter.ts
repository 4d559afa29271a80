import { dayInParis } from '../../../schema/parisCalendar.ts';
import type { LoggedVisit } from './visits.ts';

/** What somebody wants to see of the log, as the page's address says it. */
export interface LogFilter {
  readonly service: string;
  /** `2026-11-23`, or empty. */
  readonly from: string;
  readonly until: string;
  readonly show: 'every' | 'delivered' | 'refused';
  /** Whether the person's own visits of the portal are shown. */
  readonly mine: boolean;
}

const PORTAL = 'portal';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readFilter({ searchParams }: URL): LogFilter {
  const day = (name: string) => {
    const written = searchParams.get(name) ?? '';
    return DAY.test(written) ? written : '';
  };
  const show = searchParams.get('show');
  return {
    service: searchParams.get('service') ?? '',
    from: day('from'),
    until: day('until'),
    show: show === 'delivered' || show === 'refused' ? show : 'every',
    mine: searchParams.has('mine'),
  };
}

/** Whether anything is left out beside one's own visits: then more of the log is read to fill a page. */
export function isNarrow({ service, from, until, show }: LogFilter): boolean {
  return service !== '' || from !== '' || until !== '' || show !== 'every';
}

export function isShown({ service, at, parts }: LoggedVisit, filter: LogFilter): boolean {
  const isMine = service.clientId === PORTAL;
  if (filter.service === '' ? isMine && !filter.mine : service.clientId !== filter.service) return false;
  const day = dayInParis(Date.parse(at));
  if (filter.from !== '' && day < filter.from) return false;
  if (filter.until !== '' && day > filter.until) return false;
  if (filter.show === 'every') return true;
  const wanted = filter.show === 'delivered' ? ['DELIVERED'] : ['REFUSED', 'MASKED'];
  return parts.some(({ outcome }) => wanted.includes(outcome));
}

export function isOwnVisit({ service }: LoggedVisit): boolean {
  return service.clientId === PORTAL;
}
