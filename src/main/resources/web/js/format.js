/** Numbers, times and durations as a person reads them. */

const count = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat('en', {
  year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});

export const number = (n) => count.format(n);

export const short = (n) => (n < 10_000 ? count.format(n) : compact.format(n));

/** "1 word", "2 words". */
export const counted = (n, one, many = `${one}s`) => `${count.format(n)} ${n === 1 ? one : many}`;

/** A place in a talk: "08:07", "1:02:33". */
export function talkTime(millis) {
  if (millis === null || millis === undefined) {
    return '';
  }
  const all = Math.max(0, Math.floor(millis / 1000));
  const hours = Math.floor(all / 3600);
  const two = (n) => String(n).padStart(2, '0');
  const minutes = two(Math.floor(all / 60) % 60);
  return hours === 0 ? `${minutes}:${two(all % 60)}` : `${hours}:${minutes}:${two(all % 60)}`;
}

/** How long something lasts or ago: "0.4 s", "12 s", "3 min", "2 h", "5 d". */
export function duration(millis) {
  if (millis < 0) {
    return '0 s';
  }
  if (millis < 1000) {
    return `${(millis / 1000).toFixed(1)} s`;
  }
  const seconds = millis / 1000;
  if (seconds < 90) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 90 * 60) {
    return `${Math.round(seconds / 60)} min`;
  }
  if (seconds < 36 * 3600) {
    return `${Math.round(seconds / 3600)} h`;
  }
  return `${Math.round(seconds / 86_400)} d`;
}

/** "just now" or "12 s ago". */
export const ago = (millis) => (millis < 2000 ? 'just now' : `${duration(millis)} ago`);

/** A moment: the time of today, the date of another day. */
export function moment(millis, now = Date.now()) {
  const at = new Date(millis);
  return new Date(now).toDateString() === at.toDateString() ? clock.format(at) : day.format(at);
}

export function bytes(n) {
  return n < 1024 ? `${n} B` : n < 1024 * 1024 ? `${Math.round(n / 1024)} KiB` : `${(n / 1024 / 1024).toFixed(1)} MiB`;
}

/** Words of a text, the way the counts of the service go. */
export const words = (text) => text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
