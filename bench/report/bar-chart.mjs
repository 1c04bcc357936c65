import { box, colour, picture, rule, text } from './svg.mjs';
import { short } from './table.mjs';

const LABELS = 190;
const WIDTH = 820;
const BAR = 15;
const GAP = 34;

/** Bars from left to right on a logarithmic scale, in groups; each group has the same series in the same order. */
export function barChart({ title, groups, series }) {
  const values = groups.flatMap((group) => group.values).filter((value) => value > 0);
  const least = Math.min(1, ...values) * 0.8;
  const most = Math.max(...values);
  const x = (value) => LABELS + (Math.log(value / least) / Math.log(most / least)) * (WIDTH - LABELS - 60);
  const content = [];
  let y = 36;
  for (const { label, values } of groups) {
    y += 20;
    content.push(text(12, y - 4, label, 'faint'));
    const top = y;
    for (const [index, value] of values.entries()) {
      content.push(text(LABELS - 8, y + 11, series[index], '', 'end'));
      if (value > 0) {
        content.push(box(LABELS, y, x(value) - LABELS, BAR - 2, colour(index)));
        content.push(text(x(value) + 5, y + 11, short(value)));
      }
      y += BAR;
    }
    content.push(rule(x(1), top - 2, x(1), y + 2));
    y += GAP - 20;
  }
  return picture(title, WIDTH, y + 6, content);
}
