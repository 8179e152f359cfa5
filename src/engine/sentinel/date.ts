const DAY = 86_400;
/** Days from 1 March of the year 0, with which every 400 years begin anew, to 1970. */
const TO_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
/** From March on, so that the day that some years have more is the last one. */
const months = ['Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec', 'Jan', 'Feb'];

/** An instant as C's ctime prints it, in UTC: `Mon Nov 23 19:17:04 2026`. `at` is in ms since 1970. */
export function printDate(at: number): string {
  const seconds = Math.floor(at / 1000);
  const days = Math.floor(seconds / DAY);
  const { year, month, day } = dateOf(days);
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map((number) => String(number).padStart(2, '0'))
    .join(':');
  return `${weekdays[days % 7]} ${months[month]} ${String(day).padStart(2)} ${time} ${year}`;
}

/** The date of a day counted from 1970; month 0 is March. */
function dateOf(days: number) {
  const since = days + TO_1970;
  const within = since % DAYS_IN_400_YEARS;
  // Leap days are every four years, not every hundred, and then every four hundred.
  const leaps =
    Math.floor(within / 1460) - Math.floor(within / 36_524) + Math.floor(within / 146_096);
  const years = Math.floor((within - leaps) / 365);
  const dayOfYear = within - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const whole = Math.floor(since / DAYS_IN_400_YEARS) * 400 + years;
  return { year: month < 10 ? whole : whole + 1, month, day };
}
