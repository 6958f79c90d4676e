const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' });

/** A moment as short as it can be told from now: `14:02`, `yesterday`, `12 Nov`, `3 Jan 2025`; local time. */
export function whenText(momentMs: number, nowMs: number): string {
  const moment = new Date(momentMs);
  const now = new Date(nowMs);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (moment.toDateString() === now.toDateString()) return TIME.format(moment);
  if (moment.toDateString() === yesterday.toDateString()) return 'yesterday';
  return (moment.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(moment);
}

/** A moment to the second, in local time. */
export function exactWhenText(momentMs: number): string {
  return EXACT.format(new Date(momentMs));
}
