const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function calendar(at: Date, now: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(Math.abs(now.getTime() - at.getTime()) > 300 * dayMs
      ? { year: 'numeric' }
      : { hour: '2-digit', minute: '2-digit' }),
    ...(timeZone !== undefined && { timeZone }),
  }).format(at);
}

/** How many midnights of the reader lie between the two. */
function daysBetween(at: Date, now: Date, timeZone?: string): number {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  // Sweden writes dates as ISO 8601 does.
  const dates = new Intl.DateTimeFormat('sv-SE', { ...parts, ...(timeZone !== undefined && { timeZone }) });
  return (Date.parse(dates.format(now)) - Date.parse(dates.format(at))) / dayMs;
}

/** A past time as people say it: "2 min ago", then the local date. Text that is no time is given back. */
export function relativeTime(timestamp: string, now: Date, timeZone?: string): string {
  const at = new Date(timestamp);
  const ageMs = now.getTime() - at.getTime();
  if (Number.isNaN(ageMs)) {
    return timestamp;
  }
  if (Math.abs(ageMs) < minuteMs) {
    return 'just now';
  }
  if (ageMs < 0 || ageMs >= 7 * dayMs) {
    return calendar(at, now, timeZone);
  }
  if (ageMs < hourMs) {
    return `${Math.floor(ageMs / minuteMs)} min ago`;
  }
  const days = daysBetween(at, now, timeZone);
  if (ageMs < dayMs || days === 0) {
    return `${Math.floor(ageMs / hourMs)} h ago`;
  }
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

/** A time whole, in the reader's time zone: "22 Nov 2026, 18:00:00 GMT". Text that is no time is given back. */
export function localTime(timestamp: string, timeZone?: string): string {
  const at = new Date(timestamp);
  if (Number.isNaN(at.getTime())) {
    return timestamp;
  }
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone !== undefined && { timeZone }),
  }).format(at);
}

/** A time to come as people say it: "in 5 s", "in 3 h", "in 6 days", then the local date. Text that is no time is given back. */
export function timeUntil(timestamp: string, now: Date, timeZone?: string): string {
  const at = new Date(timestamp);
  const leftMs = at.getTime() - now.getTime();
  if (Number.isNaN(leftMs)) {
    return timestamp;
  }
  if (leftMs <= 0) {
    return 'now';
  }
  const leftSeconds = Math.ceil(leftMs / secondMs);
  if (leftSeconds < 60) {
    return `in ${leftSeconds} s`;
  }
  if (leftMs < hourMs) {
    return `in ${Math.ceil(leftMs / minuteMs)} min`;
  }
  if (leftMs < 2 * dayMs) {
    return `in ${Math.round(leftMs / hourMs)} h`;
  }
  return leftMs < 60 * dayMs ? `in ${Math.round(leftMs / dayMs)} days` : `on ${calendar(at, now, timeZone)}`;
}

/**
 * The time of something that happened just now or lately: the time of day where the reader is, with the date where it was
 * another day.
 */
export function clockTime(timestamp: string, now: Date, timeZone?: string): string {
  const at = new Date(timestamp);
  if (Number.isNaN(at.getTime())) {
    return timestamp;
  }
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...zone });
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', ...zone });
  return day.format(at) === day.format(now) ? time.format(at) : `${day.format(at)}, ${time.format(at)}`;
}

/** A wait as people say it: "in 45 s", "in 12 min", "in 3 h". */
export function waitText(seconds: number): string {
  if (seconds < 120) {
    return `in ${seconds} s`;
  }
  return seconds < 7_200 ? `in ${Math.ceil(seconds / 60)} min` : `in ${Math.ceil(seconds / 3_600)} h`;
}
