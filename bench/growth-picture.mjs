// The growth curves as a picture: microseconds of CPU per event over the number of assignments, which grows tenfold per step.
const WIDTH = 720;
const HEIGHT = 360;
const EDGE = { left: 70, right: 20, top: 30, bottom: 60 };
const COLOURS = ['#1f6feb', '#d1570a'];

/** An SVG that reads on light and dark pages alike. */
export function growthPicture(curves) {
  const points = Object.values(curves).flat();
  const top = niceAbove(Math.max(...points.map(({ cpuMicroseconds }) => cpuMicroseconds)) * 1.15);
  const sizes = [...new Set(points.map(({ assignments }) => assignments))].sort((a, b) => a - b);
  const [low, high] = [Math.log10(sizes[0]), Math.log10(sizes.at(-1))];
  const x = (size) => EDGE.left + ((Math.log10(size) - low) / (high - low)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value) => HEIGHT - EDGE.bottom - (value / top) * (HEIGHT - EDGE.top - EDGE.bottom);
  const axis = [
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => rule(y(top * share), String(Math.round(top * share)))),
    ...sizes.map(
      (size) => `<text x="${x(size)}" y="${HEIGHT - EDGE.bottom + 20}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ),
    `<text x="${WIDTH / 2}" y="${HEIGHT - EDGE.bottom + 42}" text-anchor="middle">assignments there already</text>`,
    `<text x="${EDGE.left}" y="18">CPU per event, µs (services and PostgreSQL)</text>`,
  ];
  const lines = Object.entries(curves).map(([name, curve], index) => drawn({ name, curve, colour: COLOURS[index], index, x, y }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="CPU per event over the number of assignments">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    '<g font-family="system-ui, sans-serif" font-size="13" fill="#24292f">',
    ...axis,
    ...lines,
    '</g>',
    '</svg>\n',
  ].join('\n');
}

function rule(at, label) {
  const line = `<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${at}" y2="${at}" stroke="#d0d7de"/>`;
  return `${line}<text x="${EDGE.left - 8}" y="${at + 4}" text-anchor="end">${label}</text>`;
}

function drawn({ name, curve, colour, index, x, y }) {
  const path = curve.map(({ assignments, cpuMicroseconds }) => `${x(assignments)},${y(cpuMicroseconds)}`);
  const dots = curve.map(
    ({ assignments, cpuMicroseconds }) =>
      `<circle cx="${x(assignments)}" cy="${y(cpuMicroseconds)}" r="4" fill="${colour}"/>` +
      `<text x="${x(assignments)}" y="${y(cpuMicroseconds) + (index === 0 ? -10 : 20)}" text-anchor="middle" fill="${colour}">${Math.round(cpuMicroseconds)}</text>`,
  );
  const legend = `<text x="${WIDTH - EDGE.right}" y="${18 + index * 18}" text-anchor="end" fill="${colour}">${name}</text>`;
  return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${legend}`;
}

function niceAbove(value) {
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 8, 10].map((times) => times * step).find((candidate) => candidate >= value);
}
