import { colour, line, picture, rule, text } from './svg.mjs';
import { short } from './table.mjs';

const WIDTH = 820;
const HEIGHT = 360;
const LEFT = 70;
const TOP = 44;
const RIGHT = WIDTH - 210;
const BOTTOM = HEIGHT - 48;

/**
 * Lines over a common axis; `logX` and `logY` make an axis logarithmic.
 * @param {{title: string, xTitle: string, yTitle: string, series: {name: string, points: [number, number][]}[]}} chart
 */
export function lineChart({ title, xTitle, yTitle, series, logX = false, logY = false, dots = true }) {
  const points = series.flatMap((each) => each.points);
  const x = scale(
    points.map(([at]) => at),
    LEFT,
    RIGHT,
    logX,
  );
  const y = scale(points.map(([, value]) => value).concat(logY ? [] : [0]), BOTTOM, TOP, logY);
  const content = [
    ...y.ticks.flatMap((tick) => [
      rule(LEFT, y.at(tick), RIGHT, y.at(tick)),
      text(LEFT - 8, y.at(tick) + 4, short(tick), 'faint', 'end'),
    ]),
    ...x.ticks.map((tick) => text(x.at(tick), BOTTOM + 18, short(tick), 'faint', 'middle')),
    text((LEFT + RIGHT) / 2, HEIGHT - 10, xTitle, 'faint', 'middle'),
    text(12, TOP - 6, yTitle, 'faint'),
    ...series.flatMap(({ name, points }, index) => [
      line(
        points.map(([at, value]) => [x.at(at), y.at(value)]),
        colour(index),
        dots,
      ),
      `<rect x="${RIGHT + 16}" y="${TOP + index * 20}" width="12" height="12" fill="${colour(index)}"/>`,
      text(RIGHT + 34, TOP + 11 + index * 20, name),
    ]),
  ];
  return picture(title, WIDTH, HEIGHT, content);
}

/** Where values come to lie between two edges, and which of them are marked. */
function scale(values, from, to, isLog) {
  // A logarithm has no zero: it is drawn at the left edge, one place before the least other value.
  const positive = values.filter((value) => value > 0);
  const floor = Math.min(...positive) / (values.includes(0) ? 10 : 1);
  const of = isLog ? (value) => Math.log10(Math.max(value, floor)) : (value) => value;
  const least = Math.min(...values.map(of));
  const most = Math.max(...values.map(of));
  const span = most - least || 1;
  const at = (value) => from + ((of(value) - least) / span) * (to - from);
  return { at, ticks: isLog ? logTicks(values) : evenTicks(least, most) };
}

const logTicks = (values) => {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= 8) return distinct;
  const [first, last] = [Math.floor(Math.log10(distinct[0] || 1)), Math.ceil(Math.log10(distinct.at(-1)))];
  return Array.from({ length: last - first + 1 }, (_, step) => 10 ** (first + step)).filter(
    (tick) => tick >= distinct[0] && tick <= distinct.at(-1),
  );
};

function evenTicks(least, most) {
  const rough = (most - least) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, index) => (first + index) * step);
}
