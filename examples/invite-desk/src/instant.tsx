const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const WHOLE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** An instant as a day, in the reader's own time zone. */
export const Day = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={WHOLE.format(new Date(at))}>
    {DAY.format(new Date(at))}
  </time>
);

/** An instant as the time on the reader's clock, with its day where that is not today. */
export const Clock = ({ at }: { readonly at: string }) => {
  const today = DAY.format(new Date(at)) === DAY.format(new Date());
  return (
    <time dateTime={at} title={WHOLE.format(new Date(at))}>
      {today ? '' : `${DAY.format(new Date(at))}, `}
      {CLOCK.format(new Date(at))}
    </time>
  );
};

/** How far away an instant is: `in 5 days`, `3 hours ago`. */
export function distance(at: string): string {
  const ms = Date.parse(at) - Date.now();
  if (Math.abs(ms) < HOUR_MS) return ms < 0 ? 'less than an hour ago' : 'in less than an hour';
  if (Math.abs(ms) < 2 * DAY_MS) return AGO.format(Math.trunc(ms / HOUR_MS), 'hour');
  return AGO.format(Math.trunc(ms / DAY_MS), 'day');
}
