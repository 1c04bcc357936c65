/** Pieces of charts as SVG text, readable on light and dark pages. */

const COLOURS = [
  '#3b7dd8',
  '#d9722b',
  '#2f9e6e',
  '#b3569f',
  '#8a7a1f',
  '#c94a53',
  '#5e6ad2',
  '#7d8590',
  '#1f9aa8',
];

/** The colour of the nth series. */
export const colour = (index) => COLOURS[index % COLOURS.length];

/** A whole picture: its title, and what is in it. */
export const picture = (title, width, height, content) => `<svg xmlns="http://www.w3.org/2000/svg" \
viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .faint { fill: #57606a; }
  line, path.axis { stroke: #8c959f; stroke-opacity: 0.45; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .faint { fill: #9ea7b3; } }
</style>
${text(12, 22, title, 'title')}
${content.join('\n')}
</svg>
`;

/** A line of text; `anchor` is start, middle or end. */
export const text = (x, y, content, kind = '', anchor = 'start') =>
  `<text x="${round(x)}" y="${round(y)}" class="${kind}" text-anchor="${anchor}">${escape(content)}</text>`;

/** A straight line. */
export const rule = (x1, y1, x2, y2) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;

/** A filled box. */
export const box = (x, y, width, height, fill) =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 1))}" height="${height}" fill="${fill}"/>`;

/** A line through points, with a dot on each. */
export const line = (points, stroke, dots = true) =>
  [
    `<polyline points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}" fill="none" stroke="${stroke}" stroke-width="2"/>`,
    ...(dots
      ? points.map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${stroke}"/>`)
      : []),
  ].join('\n');

const round = (value) => Number(value.toFixed(1));

const escape = (content) =>
  String(content).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
